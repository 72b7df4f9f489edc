package client

import (
	"context"
	"errors"
)

// passGate waits until the gate of the credentials lets the request through. It
// comes after [Client.limitInFlight], because the gate may close while other
// requests are in flight.
func passGate(ctx context.Context, call *call, next handler) (*Response, error) {
	creds := call.key.Credentials
	leave, err := call.access.enter(ctx, call.request, call.key)
	if rejection, closed := errors.AsType[*APIError](err); closed {
		rejection = call.refusedBefore(rejection)
		if call.access.refused(call.request, creds, rejection) {
			return nil, errOutdatedKey // another token may be accepted
		}
		return nil, rejection
	}
	if err != nil {
		return nil, err
	}
	if call.key.expired() || call.access.outdated(creds) {
		leave(notSent)
		return nil, errOutdatedKey
	}
	resp, err := next(ctx, call)
	leave(attemptFailure(err))

	return resp, err
}

// refusedBefore returns the failure of a request that is not sent because its
// credentials were rejected for another request.
func (r *request) refusedBefore(rejection *APIError) *APIError {
	failed := *rejection
	failed.Region, failed.ProjectID, failed.ProjectConfigured = r.region, r.projectID, r.projectConfigured
	failed.ForAnother, failed.Attempts, failed.Elapsed = true, 0, 0
	failed.Exchange = nil

	return &failed
}

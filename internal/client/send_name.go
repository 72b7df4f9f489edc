package client

import (
	"context"
	"errors"
)

// nameCredentialsStep names the step on the way to credentials that an error comes
// from, and the read that needed the credentials.
func nameCredentialsStep(ctx context.Context, call *call, next handler) (*Response, error) {
	resp, err := next(ctx, call)

	return resp, call.ofReader(call.inCredentialsStep(err))
}

// inCredentialsStep adds to an error the step of the request, unless the error is
// of an earlier step.
func (r *request) inCredentialsStep(err error) error {
	if err == nil || r.credentialsStep == "" || errors.Is(err, ErrNoCredentials) {
		return err
	}
	if _, ok := errors.AsType[*CredentialsError](err); ok {
		return err
	}

	return &CredentialsError{Step: r.credentialsStep, Err: err}
}

// ofReader adds to the error of a step the read that needed the credentials. It
// changes a copy, because other readers get the same error.
func (r *request) ofReader(err error) error {
	step, ok := errors.AsType[*CredentialsError](err)
	if !ok || r.credentialsStep != "" {
		return err
	}
	own := *step
	own.Region, own.ProjectID = r.region, r.projectID

	return &own
}

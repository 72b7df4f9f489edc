package client

import "context"

// exchangeToken exchanges the configured token after a service has refused it,
// and repeats the attempt with the new token.
func exchangeToken(ctx context.Context, call *call, next handler) (*Response, error) {
	for {
		call.exchange = false
		resp, err := next(ctx, call)
		if !call.exchange || ctx.Err() != nil {
			return resp, err
		}
		refusal := attemptFailure(err)
		call.failed = refusal
		if err := call.access.exchange(ctx, refusal); err != nil {
			return resp, err
		}
	}
}

// recordToken records whether a service accepts the configured token.
func recordToken(ctx context.Context, call *call, next handler) (*Response, error) {
	resp, err := next(ctx, call)
	if failed := attemptFailure(err); failed == nil {
		call.access.succeeded(call.request, call.key.Credentials)
	} else {
		call.exchange = call.access.refused(call.request, call.key.Credentials, failed)
	}

	return resp, err
}

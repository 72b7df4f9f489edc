package client

import "context"

// decodeBody reads the value of a response. A body that cannot be decoded makes
// the response malformed.
func decodeBody(ctx context.Context, call *call, next handler) (*Response, error) {
	resp, err := next(ctx, call)
	if err != nil {
		return resp, err
	}
	resp.ended = ctx.Err
	if err = call.decode(resp); err == nil {
		return resp, nil
	}
	failed := call.responseFailure(resp)
	if ctx.Err() != nil {
		failed.Err = causeOf(ctx, err, resp.secrets)
		return resp, failed
	}
	failed.Class, failed.Message = ClassMalformed, resp.secrets.shown(err.Error(), maxMessage)
	if !call.hidesBody(resp.http.StatusCode) {
		failed.Message += "; " + resp.secrets.snippet(resp.body)
	}

	return resp, failed
}

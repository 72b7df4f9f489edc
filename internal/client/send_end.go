package client

import (
	"context"
	"errors"
	"fmt"
)

// explainEnd replaces the error of a context that has ended with an [*APIError]
// that says how far the request had come.
func (c *Client) explainEnd(ctx context.Context, call *call, next handler) (*Response, error) {
	resp, err := next(ctx, call)

	return resp, c.endError(ctx, call.request, err, call.attempted, call.failed)
}

// endError returns err, or, if that is the error of ctx, an [*APIError] in its
// place. attempted is the last attempt, and failed the last failure before the
// end; nil: there is none. If the caller stopped waiting for a cached call, the
// result describes the request that this call had come to.
func (c *Client) endError(ctx context.Context, r *request, err error, attempted, failed *APIError) error {
	if err == nil || ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		return err
	}
	if stopped, ok := errors.AsType[*waitError](err); ok && stopped.progress.request != nil {
		r, attempted, failed = stopped.progress.request, nil, stopped.progress.failed
	}
	ended := r.failure(ctx.Err())
	ended.Class = ClassCancelled
	_, responded := c.responded.Load(ended.Host)
	ended.Silent = !responded
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		ended.Class = ClassDeadline
	}
	if failed != nil {
		cause := *failed
		if attempted != nil {
			cause.Attempts, cause.Elapsed = 0, 0 // ended has both
		}
		ended.Err = fmt.Errorf("%w; before that: %w", ctx.Err(), &cause)
	}
	if attempted != nil {
		ended.Attempts, ended.Elapsed = attempted.Attempts, attempted.Elapsed
	}

	return r.inStep(ended)
}

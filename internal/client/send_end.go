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

	return resp, c.endError(ctx, call, err)
}

// endError returns err, or, if that is the error of ctx, an [*APIError] in its
// place. If the caller stopped waiting for a cached call, the result describes the
// request that this call had come to.
func (c *Client) endError(ctx context.Context, of *call, err error) error {
	if err == nil || ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		return err
	}
	if stopped, ok := errors.AsType[*waitError](err); ok && stopped.progress.request != nil {
		of = &call{request: stopped.progress.request, failed: stopped.progress.failed}
	}
	ended := of.failure(ctx.Err())
	ended.Class, ended.Attempts, ended.Elapsed = ClassCancelled, of.attempts, of.elapsed
	_, responded := c.responded.Load(ended.Host)
	ended.Silent = !responded
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		ended.Class = ClassDeadline
	}
	if of.failed != nil {
		cause := *of.failed
		if of.attempts > 0 {
			cause.Attempts, cause.Elapsed = 0, 0 // ended has both
		}
		ended.Err = fmt.Errorf("%w; before that: %w", ctx.Err(), &cause)
	}

	return of.inCredentialsStep(ended)
}

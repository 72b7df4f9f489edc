package client

import (
	"context"
	"time"
)

// limitTime bounds an attempt, including the body of its response.
func limitTime(ctx context.Context, call *call, next handler) (*Response, error) {
	ctx, cancel := withTimeoutCause(ctx, attemptTimeout, errAttemptTimeout)
	defer cancel()

	return next(ctx, call)
}

// withTimeoutCause returns a context that ends after d with the cause. Unlike
// [context.WithTimeoutCause] it starts a timer even if the deadline of ctx is
// earlier, because that deadline moves when more callers wait for a [cachedCall].
func withTimeoutCause(ctx context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { cancel(cause) })

	return ctx, func() {
		timer.Stop()
		cancel(nil)
	}
}

package client

import (
	"context"
	"time"
)

// retry repeats the attempt while [planRetry] allows it. Errors that keep an
// attempt from being sent end the request.
func retry(ctx context.Context, call *call, next handler) (*Response, error) {
	for {
		resp, err := next(ctx, call)
		failed := attemptFailure(err)
		if failed == nil {
			return resp, err
		}
		if ctx.Err() != nil {
			return resp, ctx.Err()
		}
		if !call.again {
			return resp, err
		}
		call.failed = failed
		reportProgress(ctx, progress{call.request, failed})
		if !sleep(ctx, call.wait) {
			return resp, ctx.Err()
		}
	}
}

// planRetry decides whether another attempt follows a failed one, and after
// which wait.
func planRetry(ctx context.Context, call *call, next handler) (*Response, error) {
	resp, err := next(ctx, call)
	call.wait, call.again = 0, false
	if failed := attemptFailure(err); failed != nil {
		call.wait, call.again = call.retries.next(failed)
	}
	if call.noRetry || endsBefore(ctx, call.wait) {
		call.wait, call.again = 0, false
	}

	return resp, err
}

// sleep waits for d and reports whether it did: false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// endsBefore reports whether the deadline of ctx comes before the end of a wait.
func endsBefore(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()

	return ok && !time.Now().Add(wait).Before(deadline)
}

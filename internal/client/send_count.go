package client

import (
	"context"
	"time"
)

// countAttempts numbers the attempts that are sent, and adds their number and
// the time since the first one to a failure.
func countAttempts(ctx context.Context, call *call, next handler) (*Response, error) {
	reportProgress(ctx, progress{call.request, call.failed})
	call.attempts++
	resp, err := next(ctx, call)
	call.elapsed = time.Since(call.started)
	if failed, ok := err.(*APIError); ok { //nolint:errorlint // the steps inside return no other error
		failed.Attempts, failed.Elapsed = call.attempts, call.elapsed
		call.throttled = call.throttled || failed.Class == ClassThrottled
	}
	if err == nil {
		resp.throttled = call.throttled
	}

	return resp, err
}

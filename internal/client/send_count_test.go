package client

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestCountAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		call, throttled := newCall(), &APIError{Class: ClassThrottled}
		inner := &fakeSteps{errs: []error{throttled, nil}, resp: &Response{}}
		time.Sleep(time.Second)
		if _, err := countAttempts(t.Context(), call, inner.handle); attemptFailure(err) == nil ||
			throttled.Attempts != 1 || throttled.Elapsed != time.Second {
			t.Errorf("got %v, attempt %d after %s", err, throttled.Attempts, throttled.Elapsed)
		}
		resp, err := countAttempts(t.Context(), call, inner.handle)
		if err != nil || call.attempts != 2 || !resp.throttled {
			t.Errorf("got %v, attempt %d, throttled %t", err, call.attempts, resp.throttled)
		}
	})
}

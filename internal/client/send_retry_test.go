package client

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetry(t *testing.T) {
	t.Parallel()

	busy := failedAttempt(ClassServer, 503)
	tests := map[string]struct {
		errs  []error
		again bool
		calls int
		want  error
	}{
		"success":           {[]error{nil}, false, 1, nil},
		"success at last":   {[]error{busy, busy, nil}, true, 3, nil},
		"not again":         {[]error{busy, nil}, false, 1, busy},
		"nothing was sent":  {[]error{ErrNoCredentials, nil}, true, 1, ErrNoCredentials},
		"rejected before":   {[]error{notSent, nil}, true, 1, notSent},
		"busy until no key": {[]error{busy, ErrNoCredentials}, true, 2, ErrNoCredentials},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				call, inner, start := newCall(), &fakeSteps{errs: test.errs}, time.Now()
				call.wait, call.again = time.Second, test.again
				_, err := retry(t.Context(), call, inner.handle)
				if !errors.Is(err, test.want) || inner.calls != test.calls {
					t.Errorf("got %v after %d attempts, want %v after %d", err, inner.calls, test.want, test.calls)
				}
				if waited, want := time.Since(start), time.Duration(test.calls-1)*time.Second; waited != want {
					t.Errorf("waited %s, want %s", waited, want)
				}
			})
		})
	}
}

func TestRetry_contextEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		call, busy := newCall(), failedAttempt(ClassServer, 503)
		call.wait, call.again = time.Minute, true
		_, err := retry(ctx, call, (&fakeSteps{errs: []error{busy}}).handle)
		if !errors.Is(err, context.DeadlineExceeded) || call.failed != busy {
			t.Errorf("during a wait: got %v after %v", err, call.failed)
		}
		call = newCall()
		_, err = retry(ctx, call, (&fakeSteps{errs: []error{busy}}).handle)
		if !errors.Is(err, context.DeadlineExceeded) || call.failed != nil {
			t.Errorf("during an attempt: got %v after %v", err, call.failed)
		}
	})
}

func TestPlanRetry(t *testing.T) {
	t.Parallel()

	busy := failedAttempt(ClassServer, 503)
	tests := map[string]struct {
		err     error
		noRetry bool
		timeout time.Duration
		again   bool
	}{
		"busy":                {busy, false, time.Minute, true},
		"never retried":       {busy, true, time.Minute, false},
		"after the deadline":  {busy, false, time.Millisecond, false},
		"no use":              {failedAttempt(ClassAuth, 401), false, time.Minute, false},
		"nothing was sent":    {ErrNoCredentials, false, time.Minute, false},
		"an attempt succeeds": {nil, false, time.Minute, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
				defer cancel()
				call := newCall()
				call.retries.policy.jitter = func(d time.Duration) time.Duration { return d }
				call.noRetry, call.again = test.noRetry, !test.again
				_, err := planRetry(ctx, call, (&fakeSteps{errs: []error{test.err}}).handle)
				if !errors.Is(err, test.err) || call.again != test.again || (call.wait > 0) != test.again {
					t.Errorf("got %v, again %t after %s", err, call.again, call.wait)
				}
			})
		})
	}
}

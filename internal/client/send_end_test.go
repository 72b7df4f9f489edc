package client

import (
	"context"
	"errors"
	"testing"
)

func TestExplainEnd(t *testing.T) {
	t.Parallel()

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	busy := &APIError{Class: ClassServer, Status: 503, Attempts: 2}
	tests := map[string]struct {
		ctx      context.Context //nolint:containedctx // a case of the test
		err      error
		class    Class // 0: the error stays as it is
		attempts int
		before   bool // it says what failed before
	}{
		"before the first attempt": {ctx: ended, err: context.Canceled, class: ClassCancelled},
		"after a failure":          {ended, context.Canceled, ClassCancelled, 2, true},
		"another error":            {ctx: ended, err: ErrNoCredentials},
		"success":                  {ctx: ended},
		"of another context":       {ctx: t.Context(), err: context.Canceled},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			call := newCall()
			if test.before {
				call.attempts, call.failed = busy.Attempts, busy
			}
			c := newTestClient(t, replying(good))
			_, err := c.explainEnd(test.ctx, call, (&fakeSteps{errs: []error{test.err}}).handle)
			if test.class == 0 {
				if !errors.Is(err, test.err) {
					t.Errorf("got %v, want %v", err, test.err)
				}
				return
			}
			got := wantClass(t, err, test.class)
			before, _ := errors.AsType[*APIError](got.Err)
			if got.Attempts != test.attempts || !got.Silent || (before != nil) != test.before {
				t.Errorf("got %v after %d attempts", got, got.Attempts)
			}
		})
	}
}

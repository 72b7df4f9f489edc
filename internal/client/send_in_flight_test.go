package client

import (
	"context"
	"errors"
	"testing"
)

func TestLimitInFlight(t *testing.T) {
	t.Parallel()

	c := newTestClient(t, replying(good))
	for range maxInFlight - 1 {
		c.inFlight <- struct{}{}
	}
	inner := &fakeSteps{errs: []error{errPassing, nil}}
	for _, want := range []error{errPassing, nil} { // one after the other, because each leaves its place
		if _, err := c.limitInFlight(t.Context(), newCall(), inner.handle); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	c.inFlight <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.limitInFlight(ctx, newCall(), inner.handle); !errors.Is(err, context.Canceled) || inner.calls != 2 {
		t.Errorf("got %v after %d calls", err, inner.calls)
	}
}

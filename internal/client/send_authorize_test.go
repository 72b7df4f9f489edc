package client

import (
	"errors"
	"testing"
	"time"
)

func TestAuthorize(t *testing.T) {
	t.Parallel()

	keys := &issuer{lifetime: time.Hour}
	c := newTestClient(t, replying(good), func(cfg *Config) { cfg.Credentials = keys })
	state, inner := newCall(), &fakeSteps{errs: []error{errOutdatedKey, errOutdatedKey, nil}}
	if _, err := c.authorize(
		t.Context(), state, inner.handle,
	); err != nil || inner.calls != 3 || state.key.AccessKey != "ak1" {
		t.Errorf("got %v after %d calls, with the key %s", err, inner.calls, state.key.AccessKey)
	}
}

func TestAuthorize_noCredentials(t *testing.T) {
	t.Parallel()

	c := newTestClient(t, replying(good), func(cfg *Config) { cfg.Credentials = Credentials{} })
	inner := &fakeSteps{errs: []error{nil}}
	if _, err := c.authorize(t.Context(), newCall(), inner.handle); !errors.Is(err, ErrNoCredentials) || inner.calls != 0 {
		t.Errorf("got %v after %d calls", err, inner.calls)
	}
	state := newCall()
	state.unsigned = true
	if _, err := c.authorize(t.Context(), state, inner.handle); err != nil || inner.calls != 1 {
		t.Errorf("unsigned: got %v after %d calls", err, inner.calls)
	}
}

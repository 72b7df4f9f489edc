package client

import (
	"net/http"
	"testing"
)

func TestBuild(t *testing.T) {
	t.Parallel()

	c := newTestClient(t, replying(good), func(cfg *Config) { cfg.UserAgent = "test/1" })
	call, inner := newCall(), &fakeSteps{errs: []error{nil}}
	call.body, call.method, call.header = []byte(`{}`), http.MethodPost, map[string]string{"X-Extra": "e"}
	if _, err := c.build(t.Context(), call, inner.handle); err != nil || inner.calls != 1 || call.sent.IsZero() {
		t.Fatalf("got %v after %d calls", err, inner.calls)
	}
	for name, want := range map[string]string{
		"User-Agent": "test/1", "Content-Type": "application/json", "X-Extra": "e",
		headerProjectID: "p1", "Authorization": "",
	} {
		if got := call.http.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestBuild_fails(t *testing.T) {
	t.Parallel()

	c, call, inner := newTestClient(t, replying(good)), newCall(), &fakeSteps{errs: []error{nil}}
	call.method = "NO METHOD"
	_, err := c.build(t.Context(), call, inner.handle)
	if wantClass(t, err, ClassNetwork); inner.calls != 0 {
		t.Errorf("%d calls", inner.calls)
	}
}

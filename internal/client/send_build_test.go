package client

import (
	"net/http"
	"net/url"
	"testing"
)

// build, authenticate, chooseTransport and collectSecrets complete the state of a
// call, in this order.
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

func TestAuthenticate(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		keys     Credentials
		unsigned bool
		header   string // the one that authenticates
	}{
		"key":      {testKeys, false, "Authorization"},
		"token":    {Credentials{Token: "t"}, false, headerAuthToken},
		"unsigned": {testKeys, true, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			call := newCall()
			call.key.Credentials, call.unsigned = test.keys, test.unsigned
			call.http = &http.Request{URL: &url.URL{Path: "/"}, Header: http.Header{}}
			if _, err := authenticate(t.Context(), call, (&fakeSteps{errs: []error{nil}}).handle); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"Authorization", headerAuthToken} {
				if got := call.http.Header.Get(name) != ""; got != (name == test.header) {
					t.Errorf("%s: %t", name, got)
				}
			}
		})
	}
}

func TestChooseTransport(t *testing.T) {
	t.Parallel()

	proxy := &url.URL{Scheme: "http", Host: "proxy.example"}
	c, err := New(Config{Region: "r", Proxy: func(*http.Request) (*url.URL, error) { return proxy, nil }})
	if err != nil {
		t.Fatal(err)
	}
	for bypass, want := range map[bool]string{false: "proxy.example", true: ""} {
		call := newCall()
		call.bypassProxy, call.http = bypass, &http.Request{URL: call.url()}
		_, err := c.chooseTransport(t.Context(), call, (&fakeSteps{errs: []error{nil}}).handle)
		if err != nil || call.proxy.Host != want || (call.transport == c.withoutProxy) != bypass {
			t.Errorf("bypass %t: got %v, proxy %q", bypass, err, call.proxy.Host)
		}
	}
}

func TestCollectSecrets(t *testing.T) {
	t.Parallel()

	call := newCall()
	call.http, call.key.Credentials = &http.Request{Header: http.Header{}}, testKeys
	call.proxy.User = url.UserPassword("user", "proxy-password")
	var recorded *secrets
	call.recordSecrets = func(s *secrets) { recorded = s }
	if _, err := collectSecrets(t.Context(), call, (&fakeSteps{errs: []error{nil}}).handle); err != nil {
		t.Fatal(err)
	}
	if got := recorded.shown(
		"a "+testKeys.SecretKey+" b proxy-password", maxMessage,
	); got != "a **** b ****" || recorded != call.secrets {
		t.Errorf("got %q", got)
	}
}

package client

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
)

func TestChooseTransport(t *testing.T) {
	t.Parallel()

	throughProxy := func(*http.Request) (*url.URL, error) { return &url.URL{Host: "proxy.example"}, nil }
	tests := map[string]struct {
		proxy  func(*http.Request) (*url.URL, error)
		bypass bool
		want   string // the host of the proxy
	}{
		"through a proxy": {proxy: throughProxy, want: "proxy.example"},
		"bypassed":        {proxy: throughProxy, bypass: true},
		"no proxy":        {proxy: func(*http.Request) (*url.URL, error) { return nil, nil }}, //nolint:nilnil // as net/http
		"unusable":        {proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("unusable") }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newTestClient(t, nil, func(cfg *Config) { cfg.Proxy = test.proxy })
			call := newCall()
			call.bypassProxy, call.http = test.bypass, httpRequest(t)
			if _, err := c.chooseTransport(t.Context(), call, (&fakeSteps{errs: []error{nil}}).handle); err != nil {
				t.Fatal(err)
			}
			if (call.transport == c.withoutProxy) != test.bypass || call.proxy.Host != test.want {
				t.Errorf("got the proxy %q, want %q", call.proxy.Host, test.want)
			}
		})
	}
}

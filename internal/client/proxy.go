package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// ProxyError means that a proxy did not connect to the service.
type ProxyError struct {
	Host   string // of the proxy, without its user and password; empty: not known
	Status int

	retryAfter *time.Duration // from the Retry-After header; nil: it has none
}

func (e *ProxyError) Error() string {
	proxy := "a proxy"
	if e.Host != "" {
		proxy = "the proxy at " + e.Host
	}

	return fmt.Sprintf("%s refused to connect: HTTP %d %s", proxy, e.Status, http.StatusText(e.Status))
}

// IsTemporary reports whether the request may succeed when it is sent again.
func (e *ProxyError) IsTemporary() bool {
	return e.Status == http.StatusTooManyRequests || slices.Contains(busyStatuses, e.Status)
}

// proxyRefusal returns a [*ProxyError] unless the response of a proxy to CONNECT
// is a success. The error of the transport would not name the proxy, and would
// quote the text of the proxy.
func proxyRefusal(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}

	return &ProxyError{Host: proxy.Host, Status: resp.StatusCode, retryAfter: parseRetryAfter(resp.Header)}
}

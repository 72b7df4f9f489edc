package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// ProxyError says that a proxy did not connect us to the service.
type ProxyError struct {
	Host   string // of the proxy, never its user and password; empty: not known
	Status int

	retryAfter *time.Duration // from the Retry-After header; nil: none
}

// Error implements error.
func (e *ProxyError) Error() string {
	who := "a proxy"
	if e.Host != "" {
		who = "the proxy at " + e.Host
	}

	return fmt.Sprintf("%s refused to connect: HTTP %d %s", who, e.Status, http.StatusText(e.Status))
}

// IsTemporary reports whether the same request may succeed a moment later.
func (e *ProxyError) IsTemporary() bool {
	return e.Status == http.StatusTooManyRequests || slices.Contains(busyStatuses, e.Status)
}

// chooseTransport decides whether an attempt goes through a proxy.
func (c *Client) chooseTransport(ctx context.Context, call *call, next handler) (*Response, error) {
	call.transport = c.http
	if call.bypassProxy {
		call.transport = c.withoutProxy
	}
	call.proxy = proxyFor(call.transport, call.http)

	return next(ctx, call)
}

// proxyFor returns the proxy of a request; the zero URL if it has none, or if that
// is not known.
func proxyFor(sender *http.Client, req *http.Request) url.URL {
	transport, ok := sender.Transport.(*http.Transport)
	if !ok || transport.Proxy == nil {
		return url.URL{}
	}
	proxy, err := transport.Proxy(req)
	if err != nil || proxy == nil {
		return url.URL{}
	}

	return *proxy
}

// refusalOfProxy looks at a proxy's answer to CONNECT. Without it the transport
// would tell of no proxy, and show the proxy's own words as they came.
func refusalOfProxy(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}

	return &ProxyError{Host: proxy.Host, Status: answer.StatusCode, retryAfter: parseRetryAfter(answer.Header)}
}

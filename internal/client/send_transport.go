package client

import (
	"context"
	"net/http"
	"net/url"
)

// chooseTransport decides whether an attempt goes through a proxy.
func (c *Client) chooseTransport(ctx context.Context, call *call, next handler) (*Response, error) {
	call.transport = c.http
	if call.bypassProxy {
		call.transport = c.withoutProxy
	}
	call.proxy = proxyFor(call.transport, call.http)

	return next(ctx, call)
}

// proxyFor returns the proxy of a request. It returns the zero URL if there is no
// proxy or if it is not known.
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

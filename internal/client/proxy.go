package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// ProxyError says that a proxy did not connect us to the service.
type ProxyError struct {
	Host   string // of the proxy; never its user and password
	Status int
}

// Error implements error.
func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy at %s refused to connect: HTTP %d %s", e.Host, e.Status, http.StatusText(e.Status))
}

// refusalOfProxy looks at a proxy's answer to CONNECT. Without it the transport
// would tell of no proxy, and show the proxy's own words as they came.
func refusalOfProxy(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}

	return &ProxyError{Host: proxy.Host, Status: answer.StatusCode}
}

package client

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"
)

// build makes the HTTP request of an attempt, without credentials.
func (c *Client) build(ctx context.Context, call *call, next handler) (*Response, error) {
	call.sent = time.Now()
	var err error
	if call.http, err = call.build(ctx, c.cfg.UserAgent); err != nil {
		return nil, call.failure(err)
	}

	return next(ctx, call)
}

func (r *request) build(ctx context.Context, userAgent string) (*http.Request, error) {
	var body io.Reader // nil: no body is sent
	if len(r.body) > 0 {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url().String(), body)
	if err != nil {
		return nil, err
	}
	req.Host = withoutZone(req.Host)
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	if r.projectID != "" {
		req.Header.Set(headerProjectID, r.projectID)
	}

	return req, nil
}

// withoutZone removes the zone from an IPv6 address, as net/http does when it
// sends the host, so that the signed host is the one that is sent.
func withoutZone(host string) string {
	zone, end := strings.LastIndex(host, "%"), strings.LastIndex(host, "]")
	if !strings.HasPrefix(host, "[") || zone < 0 || end < zone {
		return host
	}

	return host[:zone] + host[end:]
}

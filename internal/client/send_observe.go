package client

import (
	"context"
	"time"
)

// Attempt is one attempt of a request, for logs.
type Attempt struct {
	Method, Host, Path, Query string

	Number    int // 1 for the first attempt
	Status    int // 0: no response came
	RequestID string
	Duration  time.Duration
	Bytes     int           // the size of the response's body
	Body      []byte        // the beginning of the body as a line of text; nil if it contains credentials
	Err       error         // nil: the attempt succeeded
	Wait      time.Duration // before the next attempt; 0: there is none
}

// observe passes each attempt that was sent to [Config.Observe], if that is set.
func (c *Client) observe(ctx context.Context, call *call, next handler) (*Response, error) {
	resp, err := next(ctx, call)
	failed := attemptFailure(err)
	if c.cfg.Observe == nil || failed == nil && err != nil {
		return resp, err // no observer, or not sent
	}
	u := call.url()
	attempt := Attempt{
		Method: call.method, Host: u.Host, Path: u.Path, Query: u.RawQuery,
		Number: call.attempts, Wait: call.wait,
	}
	if resp != nil {
		attempt.Duration = resp.took
	}
	if resp != nil && resp.http != nil {
		attempt.Status, attempt.Bytes, attempt.RequestID = resp.http.StatusCode, resp.size, resp.requestID()
		if !call.hidesBody(resp.http.StatusCode) {
			attempt.Body = resp.secrets.beginning(resp.body)
		}
	}
	if failed != nil {
		attempt.Err, attempt.RequestID = failed, failed.RequestID
	}
	c.cfg.Observe(ctx, attempt)

	return resp, err
}

package client

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// Response is a response, and in a decode function a complete one that says that
// the request succeeded.
type Response struct {
	http       *http.Response // nil: none came
	body       []byte
	size       int   // of the body as it came, in bytes
	incomplete error // why the body could not be read to its end
	sent       time.Time
	took       time.Duration // from sent to the end of the body
	date       time.Time     // the service's clock by the Date header; zero: there is none
	throttled  bool          // an earlier attempt was
	ended      func() error  // why decoding must end; nil: it need not
	secrets    *secrets      // of the request; decoded values must not contain them
}

// requestID returns the ID that the service gave the request; "" if there is none.
func (r *Response) requestID() string {
	header := func(name string) string { return r.secrets.shown(r.http.Header.Get(name), maxSnippet) }

	return cmp.Or(header("X-Request-Id"), header("X-IAM-Trace-Id"))
}

// sendHTTP sends the HTTP request and returns the response with an open body.
func (c *Client) sendHTTP(ctx context.Context, call *call) (*Response, error) {
	resp := &Response{sent: call.sent, secrets: call.secrets}
	var err error
	if resp.http, err = call.transport.Do(call.http); err != nil { //nolint:bodyclose // readBody closes it
		resp.http, resp.took = nil, time.Since(call.sent)
		return resp, call.failure(causeOf(ctx, err, call.secrets))
	}
	c.responded.Store(call.http.URL.Host, true)
	resp.date, _ = http.ParseTime(resp.http.Header.Get("Date")) // zero without one

	return resp, nil
}

// causeOf returns why a transfer ended: the cause of ctx if that has ended,
// otherwise the reason inside of the [url.Error], without secrets.
func causeOf(ctx context.Context, err error, s *secrets) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}

	return cleaned{err, s.shown(err.Error(), maxMessage)}
}

// cleaned is an error of the transport with a printable text. The error itself may
// quote malformed headers or the names in a certificate.
type cleaned struct {
	error
	text string
}

func (c cleaned) Error() string { return c.text }

func (c cleaned) Unwrap() error { return c.error }

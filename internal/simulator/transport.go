package simulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
)

// Transport returns a transport that serves requests in process, without sockets
// and goroutines, for use inside a testing/synctest bubble. It ignores the URL's
// host. Faults cause the same errors as on a socket.
func (c *Cloud) Transport() http.RoundTripper { return transport{c} }

type transport struct{ cloud *Cloud }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a, err := t.cloud.respond(ctx, asReceived(r))
	if errors.Is(err, errReset) {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	if err != nil {
		return nil, err
	}

	body := &responseBody{ctx: ctx, rest: bytes.NewReader(a.body), end: io.EOF}
	if a.truncate {
		body.rest, body.end = bytes.NewReader(a.body[:len(a.body)/2]), io.ErrUnexpectedEOF
	}
	header := http.Header{"Content-Length": {strconv.Itoa(len(a.body))}}
	for name, values := range a.header {
		if values != nil {
			header[name] = values
		}
	}

	return &http.Response{
		Status:        strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          body,
		ContentLength: int64(len(a.body)),
		Request:       r,
	}, nil
}

// asReceived converts a client's request to the form that a server receives.
func asReceived(r *http.Request) *http.Request {
	in := r.Clone(r.Context())
	in.Header = http.Header{}
	for name, values := range r.Header {
		for _, v := range values {
			in.Header.Add(name, v) // HTTP header names are case-insensitive
		}
	}
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	in.URL.Scheme, in.URL.Host, in.URL.User = "", "", nil // only a proxy receives them
	if in.Body == nil {
		in.Body = http.NoBody
	}

	return in
}

// responseBody is a body that ends with a given error, and fails when the
// request's context ends.
type responseBody struct {
	ctx  context.Context //nolint:containedctx // a response body lives as long as its request
	rest *bytes.Reader
	end  error
}

func (b *responseBody) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.rest.Read(p)
	if errors.Is(err, io.EOF) {
		err = b.end
	}

	return n, err
}

func (b *responseBody) Close() error { return nil }

package client

import (
	"bytes"
	"context"
	"io"
	"time"
)

const (
	// maxBody bounds the body of a response, in bytes. A page of rows has about
	// 100 KB.
	maxBody = 16 << 20

	// maxSecretBody bounds the body of a response with credentials, which have a
	// few KB.
	maxSecretBody = 1 << 20
)

// maxBody returns how many bytes the body of the response may have.
func (r *request) maxBody() int {
	if r.returnsCredentials {
		return maxSecretBody
	}

	return maxBody
}

// readBody reads and closes the body of a response. It reads at most one byte
// more than [request.maxBody]. An error of the body is recorded in the response.
func readBody(ctx context.Context, call *call, next handler) (*Response, error) {
	resp, err := next(ctx, call)
	if err != nil {
		return resp, err
	}
	defer resp.http.Body.Close() //nolint:errcheck // the body has been read, or is not wanted
	const trusted = 256 << 10    // the declared length saves copies up to this size
	var body bytes.Buffer
	body.Grow(int(min(max(resp.http.ContentLength, 0), trusted)) + bytes.MinRead) // ReadFrom needs room at the end
	_, resp.incomplete = body.ReadFrom(io.LimitReader(resp.http.Body, int64(call.maxBody())+1))
	resp.body, resp.size, resp.took = body.Bytes(), body.Len(), time.Since(resp.sent)

	return resp, nil
}

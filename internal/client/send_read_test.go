package client

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// closing records that a body was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true

	return nil
}

func TestReadBody(t *testing.T) {
	t.Parallel()

	broken := io.MultiReader(strings.NewReader("part"), &replyBody{
		Reader: strings.NewReader(""), reply: reply{bodyErr: io.ErrUnexpectedEOF},
	})
	tests := map[string]struct {
		body io.Reader
		size int
		err  error
	}{
		"whole":     {strings.NewReader("body"), 4, nil},
		"broken":    {broken, 4, io.ErrUnexpectedEOF},
		"too large": {strings.NewReader(strings.Repeat("x", maxSecretBody+2)), maxSecretBody + 1, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			body, call := &closing{Reader: test.body}, newCall()
			call.returnsCredentials = true
			inner := &fakeSteps{errs: []error{nil}, resp: httpResponse(200, body)}
			resp, err := readBody(t.Context(), call, inner.handle)
			if err != nil {
				t.Fatal(err)
			}
			if len(resp.body) != test.size || resp.size != test.size || !errors.Is(resp.incomplete, test.err) || !body.closed {
				t.Errorf("%d bytes, %v, closed %t", len(resp.body), resp.incomplete, body.closed)
			}
		})
	}
}

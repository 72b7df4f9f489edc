package client

import (
	"errors"
	"testing"
)

func TestDecodeBody(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		body   string
		secret bool
		want   string // the message of the failure; empty: none
	}{
		"decoded":          {body: "good"},
		"malformed":        {body: "bad", want: "not good; the body begins with: bad"},
		"malformed secret": {body: "bad", secret: true, want: "not good"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			call, resp := newCall(), httpResponse(200, nil)
			resp.body, call.returnsCredentials = []byte(test.body), test.secret
			call.decode = func(resp *Response) error {
				if string(resp.body) != "good" {
					return errors.New("not good")
				}
				return nil
			}
			_, err := decodeBody(t.Context(), call, (&fakeSteps{errs: []error{nil}, resp: resp}).handle)
			if test.want == "" && err == nil {
				return
			}
			if failed := wantClass(t, err, ClassMalformed); failed.Message != test.want || failed.Status != 200 {
				t.Errorf("got %q", failed.Message)
			}
		})
	}
}

func TestDecodeBody_failureOfInnerSteps(t *testing.T) {
	t.Parallel()

	want := failedAttempt(ClassServer, 503) // decode is nil, and must not be called
	if _, err := decodeBody(t.Context(), newCall(), (&fakeSteps{errs: []error{want}}).handle); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

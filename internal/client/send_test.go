package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// fakeSteps stands for the steps inside the one that a test is about. Its nth
// call returns the nth error, and the last one when none is left.
type fakeSteps struct {
	errs  []error
	resp  *Response
	calls int
}

func (f *fakeSteps) handle(context.Context, *call) (*Response, error) {
	f.calls++

	return f.resp, f.errs[min(f.calls, len(f.errs))-1]
}

// newCall returns the state of a request that no step has seen yet.
func newCall() *call {
	return &call{request: testRequest("https://service.example"), started: time.Now(), retries: newRetryPolicy(5).begin()}
}

// httpRequest returns a request as [Client.build] makes it.
func httpRequest(t *testing.T) *http.Request {
	t.Helper()

	req, err := testRequest("https://service.example").build(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}

	return req
}

// failedAttempt returns the failure of an attempt that was sent.
func failedAttempt(class Class, status int) *APIError {
	return &APIError{Class: class, Status: status, Attempts: 1}
}

// httpResponse returns a response as [Client.sendHTTP] does.
func httpResponse(status int, body io.ReadCloser) *Response {
	return &Response{http: &http.Response{StatusCode: status, Header: http.Header{}, Body: body}, secrets: &secrets{}}
}

func TestAttemptFailure(t *testing.T) {
	t.Parallel()

	sent := failedAttempt(ClassServer, 503)
	tests := map[string]struct {
		err  error
		want *APIError
	}{
		"success":            {nil, nil},
		"sent":               {sent, sent},
		"not sent":           {&APIError{Class: ClassAuth, ForAnother: true}, nil},
		"of another request": {&CredentialsError{Err: sent}, nil},
		"end of the context": {context.Canceled, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := attemptFailure(test.err); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// Each attempt is observed after its credentials have been released and before
// the wait, and each is signed with its own date.
func TestSend_order(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{status: http.StatusServiceUnavailable}, good)
		var c *Client
		observed := 0
		c = newTestClient(t, s, func(cfg *Config) {
			cfg.Observe = func(context.Context, Attempt) {
				if observed++; s.sent() != observed || len(c.inFlight) != 0 {
					t.Errorf("attempt %d observed after %d requests, with %d in flight", observed, s.sent(), len(c.inFlight))
				}
			}
		})
		if err := get(t.Context(), c); err != nil || observed != 2 {
			t.Fatalf("got %v, observed %d attempts", err, observed)
		}
		if first := s.requests[0].Header.Get(headerDate); first == "" || s.requests[1].Header.Get("Authorization") == "" {
			t.Error("an attempt was sent without a signature")
		}
	})
}

// A failed request has no value, even if decode returned one before it failed.
func TestDo_value(t *testing.T) {
	t.Parallel()

	c := newTestClient(t, replying(good), maxRetries(0))
	decode := func(*Response) (int, error) { return 1, errors.New("no number") }
	if got, resp, err := do(t.Context(), c, testRequest("https://service.example"), decode); got != 0 || resp != nil ||
		err == nil {
		t.Errorf("got %d, %v, %v", got, resp, err)
	}
}

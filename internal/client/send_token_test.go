package client

import (
	"context"
	"errors"
	"net/http"
	"testing"
)

// newTokenCall returns a call of a client with a token, whose IAM sends replies.
func newTokenCall(t *testing.T, replies ...reply) *call {
	t.Helper()

	c := newTestClient(t, replying(replies...), maxRetries(0), func(cfg *Config) {
		cfg.Credentials, cfg.ProjectID = Credentials{Token: "configured", Source: "the test"}, "p1"
	})
	call := newCall()
	call.access, call.key = c.home.access, key{Credentials: c.home.access.token, gate: newGate()}

	return call
}

func TestExchangeToken(t *testing.T) {
	t.Parallel()

	scoped := reply{status: http.StatusCreated, body: `{"token":{}}`, header: map[string]string{"X-Subject-Token": "new"}}
	refused := failedAttempt(ClassAuth, 401)
	tests := map[string]struct {
		iam      reply
		errs     []error // of the attempts
		exchange bool    // the first attempt allows it
		calls    int
		fails    bool
	}{
		"exchanged":              {scoped, []error{refused, nil}, true, 2, false},
		"not exchanged":          {reply{status: http.StatusForbidden}, []error{refused, nil}, true, 1, true},
		"no exchange can help":   {scoped, []error{refused, nil}, false, 1, true},
		"the token was accepted": {scoped, []error{nil}, false, 1, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			state, inner := newTokenCall(t, test.iam), &fakeSteps{errs: test.errs}
			_, err := exchangeToken(t.Context(), state, func(ctx context.Context, call *call) (*Response, error) {
				call.exchange = test.exchange && inner.calls == 0
				return inner.handle(ctx, call)
			})
			if (err != nil) != test.fails || inner.calls != test.calls {
				t.Errorf("got %v after %d attempts", err, inner.calls)
			}
			if failed, ok := errors.AsType[*APIError](err); ok && (failed.Exchange != nil) != test.exchange {
				t.Errorf("the reason is %v", failed.Exchange)
			}
		})
	}
}

func TestRecordToken(t *testing.T) {
	t.Parallel()

	call := newTokenCall(t, good)
	refused := failedAttempt(ClassPermission, 403)
	if _, err := recordToken(
		t.Context(), call, (&fakeSteps{errs: []error{refused}}).handle,
	); err == nil || !call.exchange {
		t.Errorf("refused: got %v, exchange %t", err, call.exchange)
	}
	if _, err := recordToken(
		t.Context(), call, (&fakeSteps{errs: []error{nil}}).handle,
	); err != nil || !call.access.accepted {
		t.Errorf("accepted: got %v, recorded %t", err, call.access.accepted)
	}
	if _, err := recordToken(t.Context(), call, (&fakeSteps{errs: []error{refused}}).handle); err == nil || call.exchange {
		t.Errorf("refused after that: got %v, exchange %t", err, call.exchange)
	}
}

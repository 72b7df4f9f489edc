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

func TestSendHTTP(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		reply reply
		err   error // inside of the failure
	}{
		"response":    {reply{status: 200, delay: time.Second, header: map[string]string{"X-IAM-Trace-Id": "r1"}}, nil},
		"no response": {reply{delay: time.Second, err: io.EOF}, io.EOF},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, call := newTestClient(t, replying(test.reply)), newCall()
				call.sent, call.transport, call.secrets = time.Now(), c.http, &secrets{}
				var err error
				if call.http, err = call.build(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
				resp, err := c.sendHTTP(t.Context(), call)
				if test.err != nil {
					failed := wantClass(t, err, ClassNetwork)
					if !errors.Is(failed, test.err) || resp.took != time.Second || resp.http != nil {
						t.Errorf("got %v after %s", failed, resp.took)
					}
					return
				}
				if err != nil || resp.http.StatusCode != http.StatusOK || resp.requestID() != "r1" {
					t.Errorf("got %v", err)
				}
				if _, responded := c.responded.Load("service.example"); !responded {
					t.Error("the response is not recorded")
				}
			})
		})
	}
}

// The end of the context is the cause, whatever the transport says.
func TestCauseOf(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancelCause(t.Context())
	if got := causeOf(ctx, io.EOF, nil); !errors.Is(got, io.EOF) {
		t.Errorf("got %v", got)
	}
	cancel(errAttemptTimeout)
	if got := causeOf(ctx, io.EOF, nil); !errors.Is(got, errAttemptTimeout) {
		t.Errorf("got %v", got)
	}
}

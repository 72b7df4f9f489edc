package client

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestObserve(t *testing.T) {
	t.Parallel()

	busy := failedAttempt(ClassServer, 503)
	busy.RequestID = "r1"
	withBody := httpResponse(503, io.NopCloser(strings.NewReader("")))
	withBody.body, withBody.size, withBody.took = []byte("busy"), 4, time.Second
	attempt := Attempt{Method: "GET", Host: "service.example", Path: "/v2/p1/things", Number: 3, Wait: time.Minute}
	complete := attempt
	complete.Status, complete.Bytes, complete.Body, complete.Duration = 503, 4, []byte("busy"), time.Second
	failed, hidden := complete, complete
	failed.Err, failed.RequestID = busy, "r1"
	hidden.Body = nil
	lost := attempt
	lost.Err, lost.RequestID, lost.Duration = busy, "r1", time.Hour
	tests := map[string]struct {
		resp   *Response
		err    error
		secret bool
		want   []Attempt
	}{
		"success":              {withBody, nil, false, []Attempt{complete}},
		"failure":              {withBody, busy, false, []Attempt{failed}},
		"credentials":          {withBody, nil, true, []Attempt{hidden}},
		"no response":          {&Response{took: time.Hour}, busy, false, []Attempt{lost}},
		"nothing was sent":     {nil, ErrNoCredentials, false, nil},
		"rejected for another": {nil, notSent, false, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var seen []Attempt
			c := newTestClient(t, replying(good), func(cfg *Config) { cfg.Observe = observeInto(&seen) })
			call := newCall()
			call.attempts, call.wait, call.returnsCredentials = 3, time.Minute, test.secret
			inner := &fakeSteps{errs: []error{test.err}, resp: test.resp}
			resp, err := c.observe(t.Context(), call, inner.handle)
			if resp != test.resp || !errors.Is(err, test.err) {
				t.Errorf("got %v, %v", resp, err)
			}
			sameError := cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })
			if diff := cmp.Diff(test.want, seen, sameError); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

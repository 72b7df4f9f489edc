package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// dialing returns the error of package net for a failed connection.
func dialing(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

// unlimited stands for as many retries as max_retries allows.
const unlimited = 20

func TestRetryPolicy_howOften(t *testing.T) {
	t.Parallel()

	status := func(status int, code string) *APIError {
		e := &APIError{Status: status, Code: code}
		e.Class = e.classify()

		return e
	}
	network := func(err error) *APIError { return &APIError{Class: ClassNetwork, Err: err} }

	tests := map[string]struct {
		err  *APIError
		want int
	}{
		"429":                          {status(429, ""), unlimited},
		"429 of FunctionGraph":         {status(429, "FSS.0429"), unlimited},
		"gateway's throttling":         {status(429, "APIGW.0308"), unlimited},
		"dedicated gateway's":          {status(403, "APIG.0308"), unlimited},
		"502":                          {status(502, ""), unlimited},
		"503":                          {status(503, "APIGW.0801"), unlimited},
		"504":                          {status(504, ""), unlimited},
		"500":                          {status(500, "FSS.0500"), 2},
		"501":                          {status(501, ""), 0},
		"505":                          {status(505, ""), 0},
		"408":                          {status(408, ""), unlimited},
		"408 of FunctionGraph":         {status(408, "FSS.0408"), unlimited},
		"425":                          {status(425, ""), unlimited},
		"400":                          {status(400, "FGS.3002"), 0},
		"401":                          {status(401, "APIGW.0301"), 0},
		"401 of FunctionGraph":         {status(401, "FSS.0401"), 0},
		"403":                          {status(403, "APIGW.0302"), 0},
		"404":                          {status(404, "FGS.5002"), 0},
		"405":                          {status(405, ""), 0},
		"not found with the status of": {status(500, "FGS.5002"), 0},
		"malformed 200":                {&APIError{Class: ClassMalformed, Status: 200}, 1},
		"redirect":                     {status(302, ""), 0},
		"204":                          {status(204, ""), 0},
		"deadline":                     {&APIError{Class: ClassDeadline, Err: context.DeadlineExceeded}, 0},
		"cancelled":                    {&APIError{Class: ClassCancelled, Err: context.Canceled}, 0},

		"proxy, 408": {network(&ProxyError{Status: 408}), unlimited},
		"proxy, 425": {network(&ProxyError{Status: 425}), unlimited},
		"proxy, 429": {network(&ProxyError{Status: 429}), unlimited},
		"proxy, 502": {network(&ProxyError{Status: 502}), unlimited},
		"proxy, 503": {network(&ProxyError{Status: 503}), unlimited},
		"proxy, 504": {network(&ProxyError{Status: 504}), unlimited},
		"proxy, 400": {network(&ProxyError{Status: 400}), 0},
		"proxy, 403": {network(&ProxyError{Status: 403}), 0},
		"proxy, 407": {network(&ProxyError{Status: 407}), 0},

		"too long an attempt": {network(errAttemptTimeout), unlimited},
		"reset": {
			network(&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}), unlimited,
		},
		"reset on Windows": {
			network(&net.OpError{Op: "read", Err: os.NewSyscallError("wsarecv", syscall.Errno(10054))}), unlimited,
		},
		"aborted on Windows": {
			network(&net.OpError{Op: "read", Err: os.NewSyscallError("wsarecv", syscall.Errno(10053))}), unlimited,
		},
		"broken pipe": {
			network(&net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}), unlimited,
		},
		"closed, no response": {network(io.EOF), unlimited},
		"body incomplete":     {&APIError{Class: ClassNetwork, Status: 200, Err: io.ErrUnexpectedEOF}, unlimited},
		"gateway replaced": {
			&APIError{
				Class: ClassNetwork,
				Err: errors.New(`http2: server sent GOAWAY and closed the connection; ` +
					`LastStreamID=1, ErrCode=NO_ERROR, debug=""`),
			},
			unlimited,
		},
		"no response to a dial":  {network(dialing(os.ErrDeadlineExceeded)), unlimited},
		"no response of the DNS": {network(dialing(&net.DNSError{Err: "i/o timeout", IsTimeout: true})), unlimited},
		"refused":                {network(dialing(os.NewSyscallError("connect", syscall.ECONNREFUSED))), 0},
		"no route":               {network(dialing(os.NewSyscallError("connect", syscall.EHOSTUNREACH))), 0},
		"unknown host":           {network(dialing(&net.DNSError{Err: "no such host", IsNotFound: true})), 0},
		"unknown certificate":    {network(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), 0},
		"certificate of another host": {
			network(&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"}}), 0,
		},
		"no TLS at all": {network(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}), 0},
		"TLS alert":     {network(&net.OpError{Op: "remote error", Err: tls.AlertError(40)}), 0},
		"anything else": {network(errors.New("unheard of")), 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for _, bound := range []int{0, 1, unlimited} {
				request := newRetryPolicy(bound).begin()
				retries := 0
				for {
					if _, again := request.next(test.err); !again {
						break
					}
					retries++
				}
				if want := min(bound, test.want); retries != want {
					t.Errorf("max_retries %d: %d retries, want %d", bound, retries, want)
				}
			}
		})
	}
}

// waitAfter is the wait that a policy sets after the given try (1 is the first)
// of a request that always fails in the same way.
func waitAfter(t *testing.T, policy retryPolicy, err *APIError, try int) time.Duration {
	t.Helper()

	request := policy.begin()
	for range try - 1 {
		request.next(err)
	}
	wait, again := request.next(err)
	if !again {
		t.Fatalf("no retry after try %d", try)
	}

	return wait
}

func TestRetryPolicy_waits(t *testing.T) {
	t.Parallel()

	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	minute := throttled("time:1 minute")
	lost := &APIError{Class: ClassNetwork, Err: io.EOF}
	server := func(status int, retryAfter time.Duration) *APIError {
		return &APIError{Class: ClassServer, Status: status, retryAfter: &retryAfter}
	}
	tests := map[string]struct {
		err       *APIError
		try       int
		low, high time.Duration
	}{
		"first":             {throttled(""), 1, 0, seconds(0.5)},
		"second":            {throttled(""), 2, 0, seconds(1)},
		"sixth":             {throttled(""), 6, 0, seconds(16)},
		"seventh":           {throttled(""), 7, 0, seconds(30)},
		"thirty-fifth":      {throttled(""), 35, 0, seconds(30)},
		"thirty-sixth":      {throttled(""), 36, 0, seconds(30)},
		"hundredth":         {throttled(""), 100, 0, seconds(30)},
		"503":               {server(503, 0), 3, 0, seconds(2)},
		"500":               {server(500, 0), 2, 0, seconds(1)},
		"lost connection":   {lost, 4, 0, seconds(4)},
		"malformed":         {&APIError{Class: ClassMalformed, Status: 200}, 1, 0, seconds(0.5)},
		"period":            {minute, 1, seconds(60), seconds(60.5)},
		"period, later":     {minute, 9, seconds(60), seconds(90)},
		"short period":      {throttled("time:1 second"), 9, seconds(1), seconds(2)},
		"429 with a header": {&APIError{Class: ClassThrottled, retryAfter: new(seconds(7))}, 1, seconds(7), seconds(7.5)},
		"502 with a header": {server(502, seconds(7)), 1, seconds(7), seconds(7.5)},
		"503 with a header": {server(503, seconds(7)), 1, seconds(7), seconds(7.5)},
		"504 with a header": {server(504, seconds(7)), 1, seconds(7), seconds(7.5)},
		"500 with a header": {server(500, seconds(7)), 1, seconds(7), seconds(7.5)},
		"200 with a header": {
			&APIError{Class: ClassMalformed, Status: 200, retryAfter: new(seconds(7))}, 1, seconds(7), seconds(7.5),
		},
		"header beats period": {
			&APIError{Class: ClassThrottled, Message: "time:1 minute", retryAfter: new(seconds(90))}, 1, seconds(90),
			seconds(90.5),
		},
		"shorter header": {
			&APIError{Class: ClassThrottled, Message: "time:1 minute", retryAfter: new(seconds(7))}, 1, seconds(7), seconds(7.5),
		},
		"header of now": {
			&APIError{Class: ClassThrottled, Message: "time:1 minute", retryAfter: new(seconds(0))}, 1, 0, seconds(0.5),
		},
		"408 with a header": {server(408, seconds(7)), 1, seconds(7), seconds(7.5)},
		"proxy's header": {
			&APIError{Class: ClassNetwork, Err: &ProxyError{Status: 503}, retryAfter: new(seconds(7))}, 1, seconds(7),
			seconds(7.5),
		},
		// Only the text of a throttled response has a period.
		"503 with the text": {&APIError{Class: ClassServer, Status: 503, Message: "time:1 minute"}, 1, 0, seconds(0.5)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			// Random draws, and the ends of the range.
			for range 3 {
				if wait := waitAfter(t, newRetryPolicy(1000), test.err, test.try); wait < test.low || wait > test.high {
					t.Errorf("got %s, want %s to %s", wait, test.low, test.high)
				}
			}
			low := waitAfter(
				t, retryPolicy{maxRetries: 1000, jitter: func(time.Duration) time.Duration { return 0 }}, test.err, test.try,
			)
			high := waitAfter(
				t, retryPolicy{maxRetries: 1000, jitter: func(d time.Duration) time.Duration { return d }}, test.err, test.try,
			)
			if low != test.low || high != test.high {
				t.Errorf("from %s to %s, want %s to %s", low, high, test.low, test.high)
			}
		})
	}
}

// Each kind of failure has a budget of its own; max_retries bounds them all.
func TestRetryPolicy_budgets(t *testing.T) {
	t.Parallel()

	status := func(status int) *APIError {
		e := &APIError{Status: status}
		e.Class = e.classify()

		return e
	}
	kinds := map[string]*APIError{
		"t": status(429), "2": status(502), "3": status(503), "5": status(500),
		"m": {Class: ClassMalformed, Status: 200}, "l": {Class: ClassNetwork, Err: io.EOF}, "f": status(403),
	}
	tests := map[string]struct {
		failures   string // one letter each; the last one ends the request
		maxRetries int
	}{
		"500s after others":            {"222555", unlimited},
		"500s among others":            {"5t5l5", unlimited},
		"a 200 after others":           {"23tlmm", unlimited},
		"a 200 among 500s":             {"5m5m", unlimited},
		"500s among 200s":              {"m55m", unlimited},
		"all of it":                    {"m5t2l3t5lllll5", unlimited},
		"a refusal ends it":            {"23f", unlimited},
		"a refusal at once":            {"f", unlimited},
		"max_retries bounds them all":  {"25ml", 3},
		"max_retries bounds the first": {"2222", 3},
		"no retries at all":            {"5", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			policy := retryPolicy{maxRetries: test.maxRetries, jitter: func(d time.Duration) time.Duration { return d }}
			request := policy.begin()
			for i, kind := range test.failures {
				wait, again := request.next(kinds[string(kind)])
				last := i == len(test.failures)-1
				if again == last {
					t.Fatalf("failure %d of %s: tried again %t", i+1, test.failures, again)
				}
				if want := min(30*time.Second, 500*time.Millisecond<<i); again && wait != want {
					t.Errorf(
						"failure %d of %s: waits %s, want %s: waits grow with every try, whatever the failure", i+1, test.failures, wait,
						want,
					)
				}
			}

			// Another request has budgets of its own.
			if _, again := policy.begin().next(kinds["2"]); again != (test.maxRetries > 0) {
				t.Errorf("another request is tried again: %t", again)
			}
		})
	}
}

// The rules have different names, because the budgets are counted by name.
func TestRetryRules_names(t *testing.T) {
	t.Parallel()

	seen := map[string]bool{}
	for _, rule := range retryRules {
		if rule.name == "" || seen[rule.name] {
			t.Errorf("the name %q is missing or there twice", rule.name)
		}
		seen[rule.name] = true
	}
}

func TestRetryPolicy_jitterSpreads(t *testing.T) {
	t.Parallel()

	drawn := map[time.Duration]bool{}
	for range 50 {
		drawn[waitAfter(t, newRetryPolicy(9), throttled(""), 7)] = true
	}
	if len(drawn) < 40 {
		t.Errorf("only %d different waits of 50", len(drawn))
	}
}

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()

	const date = "Fri, 12 Dec 2025 08:15:00 GMT"
	tests := map[string]struct {
		retryAfter, date string
		want             time.Duration // -1: nothing is understood
	}{
		"none":                       {"", date, -1},
		"seconds":                    {"120", date, 2 * time.Minute},
		"zero":                       {"0", date, 0},
		"negative":                   {"-5", date, -1},
		"fraction":                   {"1.5", date, -1},
		"garbage":                    {"soon", date, -1},
		"unit":                       {"5s", date, -1},
		"most seconds":               {"2147483647", date, 2147483647 * time.Second},
		"too many seconds":           {"2147483648", date, 2147483647 * time.Second},
		"far too many seconds":       {"99999999999999999999", date, 2147483647 * time.Second},
		"date by the service's time": {"Fri, 12 Dec 2025 08:15:30 GMT", date, 30 * time.Second},
		"date in the old form":       {"Friday, 12-Dec-25 08:15:30 GMT", date, 30 * time.Second},
		"date that has passed":       {"Fri, 12 Dec 2025 08:14:30 GMT", date, 0},
		"date in the far future":     {"Fri, 31 Dec 9999 23:59:59 GMT", date, 2147483647 * time.Second},
		"broken date":                {"Fri, 32 Dec 2025 08:15:30 GMT", date, -1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			header := http.Header{"Retry-After": {test.retryAfter}, "Date": {test.date}}
			got := time.Duration(-1)
			if wait := parseRetryAfter(header); wait != nil {
				got = *wait
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestParseRetryAfter_ownClock(t *testing.T) {
	t.Parallel()

	for name, date := range map[string]string{"no date": "", "broken date": "today"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				header := http.Header{"Retry-After": {time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)}, "Date": {date}}
				if got := parseRetryAfter(header); got == nil || *got != time.Minute {
					t.Errorf("got %v, want 1m", got)
				}
			})
		})
	}
}

// throttled is a throttled response with a text.
func throttled(message string) *APIError { return &APIError{Class: ClassThrottled, Message: message} }

func TestThrottlePeriod(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		err  *APIError
		want time.Duration
	}{
		"minute":         {throttled("policy ip over ratelimit,limit:5,time:1 minute"), time.Minute},
		"30 seconds":     {throttled("policy api over ratelimit,limit:5,time:30 second"), 30 * time.Second},
		"second":         {throttled("limit:5,time:1 second"), time.Second},
		"hours":          {throttled("time:2 hours"), 2 * time.Hour},
		"no count":       {throttled("time:minute"), time.Minute},
		"spaces":         {throttled("time: 3  minutes"), 3 * time.Minute},
		"most":           {throttled("time:9999 hour"), 9999 * time.Hour},
		"more":           {throttled("time:10000 hour"), 10000 * time.Hour},
		"too many":       {throttled("time:99999999999999999999 hour"), 596523 * time.Hour},
		"day":            {throttled("time:1 day"), 24 * time.Hour},
		"none":           {throttled("api is busy now"), 0},
		"no text":        {throttled(""), 0},
		"unknown unit":   {throttled("time:1 fortnight"), 0},
		"another word":   {throttled("runtime:1 minute"), 0},
		"zero":           {throttled("time:0 second"), 0},
		"not throttled":  {&APIError{Class: ClassServer, Status: 503, Message: "time:1 minute"}, 0},
		"only the limit": {throttled("limit:5"), 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := throttlePeriod(test.err); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// The policy with real responses: the number of requests, the waits between them
// and the error.
func TestDo_retries(t *testing.T) {
	t.Parallel()

	const sec = time.Second
	date := map[string]string{"Date": "Fri, 12 Dec 2025 08:15:00 GMT", "Retry-After": "Fri, 12 Dec 2025 08:15:40 GMT"}
	html := reply{status: 200, body: "<html>"}
	incomplete := reply{status: 200, body: `{"a":`, bodyErr: io.ErrUnexpectedEOF}
	tests := map[string]struct {
		replies []reply
		want    []time.Duration // between the requests
		class   Class           // 0: success
	}{
		"good at once":   {replies: []reply{good}},
		"503, then good": {replies: []reply{{status: 503}, good}, want: []time.Duration{sec / 2}},
		"waits grow": {
			replies: []reply{{status: 502}, {status: 503}, {status: 504}, good}, want: []time.Duration{sec / 2, sec, 2 * sec},
		},
		"tries run out": {
			replies: []reply{{status: 503}}, want: []time.Duration{sec / 2, sec, 2 * sec, 4 * sec, 8 * sec}, class: ClassServer,
		},
		"throttled for a minute": {replies: []reply{throttledFor("1 minute"), good}, want: []time.Duration{60*sec + sec/2}},
		"throttled for 30 s":     {replies: []reply{throttledFor("30 second"), good}, want: []time.Duration{30*sec + sec/2}},
		"throttled for a second": {replies: []reply{throttledFor("1 second"), good}, want: []time.Duration{sec + sec/2}},
		"throttled with no text": {replies: []reply{{status: 429}, good}, want: []time.Duration{sec / 2}},
		"Retry-After in seconds": {
			replies: []reply{{status: 429, header: map[string]string{"Retry-After": "20"}}, good},
			want:    []time.Duration{20*sec + sec/2},
		},
		"Retry-After and a period": {
			replies: []reply{
				{status: 429, header: map[string]string{"Retry-After": "2"}, body: throttledFor("1 minute").body}, good,
			},
			want: []time.Duration{2*sec + sec/2},
		},
		"408 and 425, then good": {
			replies: []reply{{status: 408}, {status: 425}, good}, want: []time.Duration{sec / 2, sec},
		},
		"always 408": {replies: []reply{{status: 408}}, want: []time.Duration{
			sec / 2, sec, 2 * sec, 4 * sec, 8 * sec,
		}, class: ClassServer},
		"Retry-After with a date": {
			replies: []reply{{status: 503, header: date}, good}, want: []time.Duration{40*sec + sec/2},
		},
		"always 500": {replies: []reply{{status: 500}}, want: []time.Duration{sec / 2, sec}, class: ClassServer},
		"500, then good": {
			replies: []reply{{status: 500}, {status: 500}, good}, want: []time.Duration{sec / 2, sec},
		},
		"500 after others": {
			replies: []reply{{status: 502}, {status: 502}, {status: 502}, {status: 500}, good},
			want:    []time.Duration{sec / 2, sec, 2 * sec, 4 * sec},
		},
		"malformed after others": {
			replies: []reply{{status: 503}, {status: 500}, html, good}, want: []time.Duration{sec / 2, sec, 2 * sec},
		},
		"always malformed":     {replies: []reply{html}, want: []time.Duration{sec / 2}, class: ClassMalformed},
		"malformed, then good": {replies: []reply{html, good}, want: []time.Duration{sec / 2}},
		"body incomplete":      {replies: []reply{incomplete, incomplete, good}, want: []time.Duration{sec / 2, sec}},
		"body always incomplete": {replies: []reply{incomplete}, want: []time.Duration{
			sec / 2, sec, 2 * sec, 4 * sec, 8 * sec,
		}, class: ClassNetwork},
		"hangs, then good":     {replies: []reply{{hang: true}, good}, want: []time.Duration{30*sec + sec/2}},
		"responses after 29 s": {replies: []reply{{status: 200, body: "{}", delay: 29 * sec}}},
		"body hangs, then good": {
			replies: []reply{{status: 200, body: "{", bodyHang: true}, good}, want: []time.Duration{30*sec + sec/2},
		},
		"reset, then good": {replies: []reply{{err: syscall.ECONNRESET}, good}, want: []time.Duration{sec / 2}},
		"refused":          {replies: []reply{{err: dialing(syscall.ECONNREFUSED)}, good}, class: ClassNetwork},
		"400":              {replies: []reply{{status: 400}, good}, class: ClassBadRequest},
		"401":              {replies: []reply{{status: 401}, good}, class: ClassAuth},
		"403":              {replies: []reply{{status: 403}, good}, class: ClassPermission},
		"404":              {replies: []reply{{status: 404}, good}, class: ClassNotFound},
		"another failure at last": {
			replies: []reply{{status: 503}, {status: 403}}, want: []time.Duration{sec / 2}, class: ClassPermission,
		},

		// The status decides, even without a complete body.
		"403, body incomplete": {
			replies: []reply{{status: 403, body: "{", bodyErr: io.ErrUnexpectedEOF}, good}, class: ClassPermission,
		},
		"401, body incomplete": {
			replies: []reply{{status: 401, body: "{", bodyErr: io.ErrUnexpectedEOF}, good}, class: ClassAuth,
		},
		"401, body hangs": {replies: []reply{{status: 401, body: "{", bodyHang: true}, good}, class: ClassAuth},
		"503, body incomplete": {
			replies: []reply{{status: 503, body: "{", bodyErr: syscall.EBADF}, good}, want: []time.Duration{sec / 2},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(test.replies...)
				start := time.Now()
				err := get(t.Context(), newTestClient(t, s))
				took := time.Since(start)

				if diff := cmp.Diff(test.want, s.gaps()); diff != "" {
					t.Errorf("waits (-want +got):\n%s", diff)
				}
				if test.class == 0 {
					if err != nil {
						t.Errorf("got %v", err)
					}
					return
				}
				failed := wantClass(t, err, test.class)
				if failed.Attempts != s.sent() {
					t.Errorf("the error says %d tries, want %d", failed.Attempts, s.sent())
				}
				if failed.Elapsed != took {
					t.Errorf("the error says %s, want %s", failed.Elapsed, took)
				}
			})
		})
	}
}

func TestDo_noRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{status: 503}, good)
		failed := wantClass(t, get(t.Context(), newTestClient(t, s, maxRetries(0))), ClassServer)
		if s.sent() != 1 || failed.Attempts != 1 {
			t.Errorf("%d requests, the error says %d, want 1", s.sent(), failed.Attempts)
		}
	})
}

// The policy with the real errors of net/http and the network.
func TestDo_realNetwork(t *testing.T) {
	t.Parallel()

	responding := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }
	aborting := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"a":`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	tests := map[string]struct {
		handler  http.HandlerFunc
		tls      bool // the server's
		http2    bool
		insecure bool   // the client's
		scheme   string // of the address that is called
		want     int    // tries
	}{
		"refused":             {want: 1},
		"unknown certificate": {handler: responding, tls: true, want: 1},
		"HTTP where TLS is":   {handler: responding, scheme: "https", want: 1},
		"connection lost":     {handler: aborting, want: 3},
		"closed, no response": {
			handler: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, want: 3,
		},
		"HTTP/2 connection lost": {handler: aborting, tls: true, http2: true, insecure: true, want: 3},
		"HTTP/2 stream closed": {
			handler: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, tls: true, http2: true,
			insecure: true, want: 3,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			server := httptest.NewUnstartedServer(test.handler)
			server.EnableHTTP2 = test.http2
			server.Config.ErrorLog = quiet
			if test.tls {
				server.StartTLS()
			} else {
				server.Start()
			}
			if test.handler == nil {
				server.Close()
			} else {
				t.Cleanup(server.Close)
			}
			address, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			if test.scheme != "" {
				address.Scheme = test.scheme
			}

			transport := newTransport(Config{Insecure: test.insecure}, nil)
			t.Cleanup(transport.CloseIdleConnections)
			c := newTestClient(t, transport, maxRetries(2))
			c.retry.jitter = func(time.Duration) time.Duration { return 0 }
			_, err = c.send(t.Context(), testRequest(address.String()), func(*Response) error { return nil })
			failed := wantClass(t, err, ClassNetwork)
			if failed.Attempts != test.want {
				t.Errorf("%d tries, want %d: %v", failed.Attempts, test.want, err)
			}
		})
	}
}

func TestDo_unknownHost(t *testing.T) {
	t.Parallel()

	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "service.example", IsNotFound: true}
	}}
	transport := newTransport(Config{}, nil)
	transport.Proxy = nil
	transport.DialContext = (&net.Dialer{Resolver: resolver}).DialContext
	failed := wantClass(t, get(t.Context(), newTestClient(t, transport)), ClassNetwork)
	if failed.Attempts != 1 {
		t.Errorf("%d tries, want 1: %v", failed.Attempts, failed)
	}
}

// A wait beyond the deadline does not begin.
func TestDo_waitPastTheDeadline(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		timeout time.Duration
		reply   reply
		want    time.Duration // until the end of the last attempt
		class   Class
	}{
		"far past it":   {30 * time.Second, throttledFor("1 minute"), 0, ClassThrottled},
		"just past it":  {60 * time.Second, throttledFor("1 minute"), 0, ClassThrottled},
		"exactly at it": {60*time.Second + 500*time.Millisecond, throttledFor("1 minute"), 0, ClassThrottled},
		"before it": {
			61 * time.Second, throttledFor("1 minute"), 60*time.Second + 500*time.Millisecond, ClassThrottled,
		},
		"after several": {5 * time.Second, reply{status: 503}, 3500 * time.Millisecond, ClassServer},
		"by Retry-After": {
			time.Hour, reply{status: 503, header: map[string]string{"Retry-After": "999999999"}}, 0, ClassServer,
		},
		"by a far-away date": {
			time.Hour, reply{status: 503, header: map[string]string{"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}}, 0,
			ClassServer,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
				defer cancel()
				s := replying(test.reply)
				var waits []time.Duration
				c := newTestClient(t, s, func(cfg *Config) {
					cfg.Observe = func(_ context.Context, seen Attempt) { waits = append(waits, seen.Wait) }
				})
				start := time.Now()
				failed := wantClass(t, get(ctx, c), test.class)
				if took := time.Since(start); took != test.want || failed.Elapsed != test.want {
					t.Errorf("took %s, the error says %s, want %s", took, failed.Elapsed, test.want)
				}
				if failed.Attempts != s.sent() {
					t.Errorf("the error says %d tries, want %d", failed.Attempts, s.sent())
				}
				if want := append(s.gaps(), 0); !slices.Equal(waits, want) {
					t.Errorf("observed the waits %v, want %v", waits, want)
				}
			})
		})
	}
}

// A signature expires after 15 minutes, so that a longer wait needs a new one.
func TestDo_signsEveryTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{})
		cloud.Script(simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"1200"}}})
		c := newTestClient(t, cloud.Transport())
		r, err := c.region("")
		if err != nil {
			t.Fatal(err)
		}
		id, err := c.projectID(t.Context(), r)
		if err != nil || id != simulator.DefaultProjectID {
			t.Fatalf("got %q, %v", id, err)
		}

		requests := cloud.Requests()
		if len(requests) != 2 {
			t.Fatalf("%d requests, want 2", len(requests))
		}
		first, second := requests[0], requests[1]
		if waited := second.Time.Sub(first.Time); waited < 20*time.Minute {
			t.Errorf("waited %s, want 20m", waited)
		}
		for _, r := range requests {
			if got, want := r.Header.Get(headerDate), r.Time.UTC().Format(signingDate); got != want {
				t.Errorf("dated %s at %s", got, want)
			}
		}
		if !second.SignatureValid || second.Status != http.StatusOK {
			t.Errorf("the second signature is valid: %t, status %d", second.SignatureValid, second.Status)
		}
		if first.Header.Get("Authorization") == second.Header.Get("Authorization") {
			t.Error("the signature is the same for both")
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	const date = "Fri, 12 Dec 2025 08:15:00 GMT"
	for _, seed := range []string{
		"120", "-1", "99999999999", "Fri, 12 Dec 2025 08:15:30 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "soon", "",
	} {
		f.Add(seed, date, 1)
		f.Add(seed, seed, 40)
	}
	f.Fuzz(func(t *testing.T, value, date string, try int) {
		hint := parseRetryAfter(http.Header{"Retry-After": {value}, "Date": {date}})
		if hint == nil {
			return
		}
		if *hint < 0 {
			t.Fatalf("%q at %q: %s", value, date, *hint)
		}
		wantWait(t, &APIError{Class: ClassThrottled, retryAfter: hint}, try, *hint)
	})
}

func FuzzThrottlePeriod(f *testing.F) {
	for _, seed := range []string{
		"policy ip over ratelimit,limit:5,time:1 minute", "time:30 second", "time:9999 hour", "time:99999 hour",
		"time:-1 second", "time:", "",
	} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, message string, try int) {
		err := throttled(message)
		period := throttlePeriod(err)
		if period < 0 {
			t.Fatalf("%q: %s", message, period)
		}
		wantWait(t, err, try, period)
	})
}

// wantWait checks that the wait after a try is not shorter than what the
// service requested.
func wantWait(t *testing.T, err *APIError, try int, hint time.Duration) {
	t.Helper()

	if try < 1 || try > unlimited {
		return
	}
	if wait := waitAfter(t, newRetryPolicy(unlimited), err, try); wait < hint {
		t.Fatalf("try %d waits for %s, less than %s", try, wait, hint)
	}
}

package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestClassify(t *testing.T) {
	t.Parallel()

	const skew = 16 * time.Minute
	tests := map[string]struct {
		err  APIError
		want Class
	}{
		"400":                          {APIError{Status: 400}, ClassBadRequest},
		"400 of FunctionGraph":         {APIError{Status: 400, Code: "FSS.0400"}, ClassBadRequest},
		"400 of workflows":             {APIError{Status: 400, Code: "FGS.3002"}, ClassBadRequest},
		"400, resource does not exist": {APIError{Status: 400, Code: "FSS.1308"}, ClassNotFound},
		"401":                          {APIError{Status: 401}, ClassAuth},
		"401 of the gateway":           {APIError{Status: 401, Code: "APIGW.0301"}, ClassAuth},
		"401 of a dedicated gateway":   {APIError{Status: 401, Code: "APIG.0301"}, ClassAuth},
		"401 of IAM":                   {APIError{Status: 401, Code: "401"}, ClassAuth},
		"401 of STS":                   {APIError{Status: 401, Code: "STS5.1001"}, ClassAuth},
		"401 of FunctionGraph":         {APIError{Status: 401, Code: "FSS.0401"}, ClassPermission},
		"401, signature expired": {
			APIError{Status: 401, Code: "APIGW.0301", Message: "calc ak sk signature fail: signature expired"}, ClassClock,
		},
		"401, clock behind": {APIError{Status: 401, Code: "APIGW.0301", ClockOffset: skew}, ClassClock},
		"401, clock ahead":  {APIError{Status: 401, Code: "APIGW.0301", ClockOffset: -skew}, ClassClock},
		"401, clock a little off": {
			APIError{Status: 401, Code: "APIGW.0301", ClockOffset: 14 * time.Minute}, ClassAuth,
		},
		"401 of FunctionGraph, clock":    {APIError{Status: 401, Code: "FSS.0401", ClockOffset: skew}, ClassPermission},
		"403":                            {APIError{Status: 403}, ClassPermission},
		"403 of the gateway":             {APIError{Status: 403, Code: "APIGW.0302"}, ClassPermission},
		"403 of FunctionGraph":           {APIError{Status: 403, Code: "FSS.0403"}, ClassPermission},
		"403, clock off":                 {APIError{Status: 403, ClockOffset: skew}, ClassPermission},
		"404":                            {APIError{Status: 404}, ClassNotFound},
		"404, no such API":               {APIError{Status: 404, Code: "APIGW.0101"}, ClassNotFound},
		"400, no such API":               {APIError{Status: 400, Code: "APIG.0101"}, ClassNotFound},
		"404, no such workflow":          {APIError{Status: 404, Code: "FGS.5002"}, ClassNotFound},
		"400, no such workflow":          {APIError{Status: 400, Code: "FGS.5002"}, ClassNotFound},
		"500, no such workflow":          {APIError{Status: 500, Code: "FGS.5002"}, ClassNotFound},
		"500, no such function":          {APIError{Status: 500, Code: "FSS.1051"}, ClassNotFound},
		"401, not found":                 {APIError{Status: 401, Code: "FSS.0404"}, ClassNotFound},
		"405":                            {APIError{Status: 405, Code: "APIGW.0501"}, ClassBadRequest},
		"407":                            {APIError{Status: 407}, ClassBadRequest},
		"414":                            {APIError{Status: 414, Code: "APIGW.0201"}, ClassBadRequest},
		"429":                            {APIError{Status: 429}, ClassThrottled},
		"429 of FunctionGraph":           {APIError{Status: 429, Code: "FSS.0429"}, ClassThrottled},
		"429 of the gateway":             {APIError{Status: 429, Code: "APIGW.0308"}, ClassThrottled},
		"throttled, with another status": {APIError{Status: 403, Code: "APIG.0308"}, ClassThrottled},
		"500":                            {APIError{Status: 500, Code: "FSS.0500"}, ClassServer},
		"502":                            {APIError{Status: 502}, ClassServer},
		"503":                            {APIError{Status: 503, Code: "APIGW.0801"}, ClassServer},
		"504":                            {APIError{Status: 504}, ClassServer},
		"599":                            {APIError{Status: 599}, ClassServer},
		"204":                            {APIError{Status: 204}, ClassMalformed},
		"302":                            {APIError{Status: 302}, ClassMalformed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := test.err.classify(); got != test.want {
				t.Errorf("class %d, want %d", got, test.want)
			}
		})
	}
}

func TestGatewayCode(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"APIGW.0101": "0101", "APIG.0301": "0301",
		"": "", "FSS.0401": "", "APIGW.101": "", "APIGW.01011": "", "APIGX.0101": "", "xAPIGW.0101": "", "APIGW0101": "",
		"apigw.0101": "",
	}
	for code, want := range tests {
		if got := (&APIError{Code: code}).GatewayCode(); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

func TestAPIError_Error(t *testing.T) {
	t.Parallel()

	request := APIError{Method: "GET", Host: "h", Path: "/p"}
	with := func(change func(*APIError)) *APIError {
		e := request
		change(&e)

		return &e
	}
	tests := map[string]struct {
		err  *APIError
		want string
	}{
		"everything": {
			with(func(e *APIError) {
				e.Status, e.Code, e.Message, e.RequestID = 503, "APIGW.0801", "Service unavailable", "r1"
				e.Attempts, e.Elapsed = 6, 12345678*time.Microsecond
			}),
			"GET h/p: HTTP 503, error code APIGW.0801, request ID r1: Service unavailable (6 tries in 12.346s)",
		},
		"one try":     {with(func(e *APIError) { e.Status, e.Message, e.Attempts = 400, "m", 1 }), "GET h/p: HTTP 400: m"},
		"no message":  {with(func(e *APIError) { e.Status, e.Code = 400, "X.1" }), "GET h/p: HTTP 400, error code X.1"},
		"no response": {with(func(e *APIError) { e.Err = errAttemptTimeout }), "GET h/p: no complete response within 30s"},
		"incomplete response": {
			with(func(e *APIError) { e.Status, e.RequestID, e.Err = 200, "r1", io.ErrUnexpectedEOF }),
			"GET h/p: HTTP 200, request ID r1: unexpected EOF",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := test.err.Error(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestAPIError_wrapped(t *testing.T) {
	t.Parallel()

	var err error = &APIError{Status: 404, Err: context.Canceled}
	for range 2 {
		err = fmt.Errorf("while reading: %w", err)
	}
	var apiErr *APIError
	if !errors.As(err, &apiErr) || apiErr.Status != 404 {
		t.Errorf("errors.As finds %v in %v", apiErr, err)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("errors.Is does not find the cause of %v", err)
	}
}

// The gate depends on what a failure proves about the key.
func TestAPIError_key(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		status           int
		code             string
		accepts, rejects bool
	}{
		"400":                    {status: 400, code: "FGS.3002", accepts: true},
		"400 without a code":     {status: 400},
		"401":                    {status: 401, rejects: true},
		"401 of the gateway":     {status: 401, code: "APIGW.0301", rejects: true},
		"401 of IAM":             {status: 401, code: "IAM.0001", rejects: true},
		"401 of FunctionGraph":   {status: 401, code: "FSS.0401"},
		"401 of workflows":       {status: 401, code: "FGS.5002"},
		"403":                    {status: 403, code: "APIGW.0302", accepts: true},
		"403 in this region":     {status: 403, code: "APIG.0802", accepts: true},
		"403 before the key":     {status: 403, code: "APIGW.0401"},
		"403 of a proxy":         {status: 403},
		"403 of IAM":             {status: 403, code: "403", accepts: true},
		"404":                    {status: 404, code: "FSS.0404", accepts: true},
		"404 without an API":     {status: 404, code: "APIGW.0101"},
		"429":                    {status: 429},
		"throttled without 429":  {status: 403, code: "APIGW.0308"},
		"500":                    {status: 500},
		"503":                    {status: 503, code: "APIGW.0613"},
		"302":                    {status: 302},
		"no response":            {},
		"500 of workflows":       {status: 500, code: "FGS.5002"},
		"404 without a workflow": {status: 404, code: "FGS.5002", accepts: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			e := &APIError{Status: test.status, Code: test.code}
			e.Class = e.classify()
			if got := e.AcceptsKey(); got != test.accepts {
				t.Errorf("accepts the key: %t, want %t", got, test.accepts)
			}
			if got := e.rejectsKey(); got != test.rejects {
				t.Errorf("rejects the key: %t, want %t", got, test.rejects)
			}
		})
	}
}

func TestDo_requestID(t *testing.T) {
	t.Parallel()

	const body = `{"error_msg":"m","request_id":"of the body"}`
	tests := map[string]struct {
		reply reply
		want  string
	}{
		"body": {reply{status: 400, body: body}, "of the body"},
		"header": {
			reply{status: 400, header: map[string]string{"X-Request-Id": "of the header"}}, "of the header",
		},
		"IAM's header": {reply{status: 400, header: map[string]string{"X-IAM-Trace-Id": "of IAM"}}, "of IAM"},
		"both headers": {
			reply{status: 400, header: map[string]string{"X-Request-Id": "of the header", "X-IAM-Trace-Id": "of IAM"}},
			"of the header",
		},
		"body and header": {
			reply{status: 400, body: body, header: map[string]string{"X-Request-Id": "of the header"}}, "of the body",
		},
		"none": {reply{status: 400}, ""},
		"malformed 200": {
			reply{status: 200, header: map[string]string{"X-Request-Id": "of the header"}}, "of the header",
		},
		"incomplete 200": {
			reply{status: 200, bodyErr: io.ErrUnexpectedEOF, header: map[string]string{"X-Request-Id": "of the header"}},
			"of the header",
		},
		"with terminal code": {reply{status: 400, header: map[string]string{"X-Request-Id": "a\x1b[31mb"}}, "a[31mb"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var seen Attempt
			c := newTestClient(t, replying(test.reply), maxRetries(0), func(cfg *Config) {
				cfg.Observe = func(_ context.Context, a Attempt) { seen = a }
			})
			failed := asAPIError(t, get(t.Context(), c))
			if failed.RequestID != test.want {
				t.Errorf("got %q, want %q", failed.RequestID, test.want)
			}
			if seen.RequestID != test.want {
				t.Errorf("observed %q, want %q", seen.RequestID, test.want)
			}
		})
	}
}

func TestDo_clockOffset(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		ahead time.Duration // of the service
		took  time.Duration // by the request
		want  time.Duration
		class Class
	}{
		"equal":  {want: 0, class: ClassAuth},
		"behind": {ahead: -20 * time.Minute, want: -20 * time.Minute, class: ClassClock},
		"ahead":  {ahead: 20 * time.Minute, want: 20 * time.Minute, class: ClassClock},
		"slow":   {ahead: time.Minute, took: 20 * time.Second, want: time.Minute - 10*time.Second, class: ClassAuth},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(reply{
					status: 401, delay: test.took,
					header: map[string]string{"Date": time.Now().Add(test.ahead).UTC().Format(http.TimeFormat)},
				})
				failed := wantClass(t, get(t.Context(), newTestClient(t, s)), test.class)
				if failed.ClockOffset != test.want {
					t.Errorf("offset %s, want %s", failed.ClockOffset, test.want)
				}
			})
		})
	}
}

func TestDo_noClockOffset(t *testing.T) {
	t.Parallel()

	for name, date := range map[string]string{"no date": "", "garbage": "today"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := replying(reply{status: 401, header: map[string]string{"Date": date}})
			if failed := wantClass(t, get(t.Context(), newTestClient(t, s)), ClassAuth); failed.ClockOffset != 0 {
				t.Errorf("offset %s, want none", failed.ClockOffset)
			}
		})
	}
}

func TestDo_failureTellsWhere(t *testing.T) {
	t.Parallel()

	tests := map[string]reply{"response": {status: 403}, "no response": {err: errors.New("unheard of")}}
	for name, response := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got := asAPIError(t, get(t.Context(), newTestClient(t, replying(response))))
			if got.Method != "GET" || got.Host != "service.example" || got.Path != "/v2/p1/things" ||
				got.Region != "cn-north-4" || got.ProjectID != "p1" {
				t.Errorf("got %+v", got)
			}
			if response.status != 0 && got.KeySource != "the test" {
				t.Errorf("the key is from %q", got.KeySource)
			}
		})
	}
}

package client

import (
	"net/http"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// A second implementation of the retry policy, from the side of the service: the
// faults, and what a client may do after each. It shares no code with the first.

// faultKind is one way in which a request fails.
type faultKind struct {
	name  string
	fault func(now time.Time) simulator.Fault

	budget    string        // kinds of one name share a number of retries; "": there are none
	most      int           // that number; 0: max_retries alone bounds it
	requested time.Duration // the wait that the service requests
	class     Class         // of the error without a further try

	ofQuery bool // the query is at fault: a list may then try another one
	proves  bool // the client that gets this response has a good key
	revokes bool // the client that gets this response has a bad key
}

// fixed returns the same fault at any time.
func fixed(f simulator.Fault) func(time.Time) simulator.Fault {
	return func(time.Time) simulator.Fault { return f }
}

func canned(status int, body string) func(time.Time) simulator.Fault {
	return fixed(simulator.Fault{Status: status, Body: body})
}

// withHeader is a fault with one header line more.
func withHeader(f simulator.Fault, name, value string) func(time.Time) simulator.Fault {
	f.Header = http.Header{name: {value}}

	return fixed(f)
}

// incomplete is a fault with half of its body.
func incomplete(f simulator.Fault) func(time.Time) simulator.Fault {
	f.CutBody = true

	return fixed(f)
}

var faultKinds = []*faultKind{
	// 429 and gateway code 0308: as often as max_retries allows, after the time that
	// they ask for.
	{name: "busy", fault: fixed(simulator.Status(429)), budget: "transient", class: ClassThrottled},
	{
		name: "throttled for a second", fault: fixed(simulator.Throttled("1 second")), budget: "transient",
		requested: time.Second,
		class:     ClassThrottled,
	},
	{
		name: "throttled for 30 s", fault: fixed(simulator.Throttled("30 second")), budget: "transient",
		requested: 30 * time.Second,
		class:     ClassThrottled,
	},
	{
		name: "throttled for a minute", fault: fixed(simulator.Throttled("1 minute")), budget: "transient",
		requested: time.Minute,
		class:     ClassThrottled,
	},
	{
		name:   "0308 with another status",
		fault:  canned(403, `{"error_code":"APIG.0308","error_msg":"policy api over ratelimit,limit:5,time:2 second"}`),
		budget: "transient", requested: 2 * time.Second, class: ClassThrottled,
	},
	{
		name: "429, Retry-After in seconds", fault: withHeader(simulator.Status(429), "Retry-After", "7"),
		budget: "transient", requested: 7 * time.Second, class: ClassThrottled,
	},
	{name: "429, Retry-After with a date", fault: func(now time.Time) simulator.Fault {
		f := simulator.Status(429)
		f.Header = http.Header{
			"Date":        {now.UTC().Format(http.TimeFormat)},
			"Retry-After": {now.Add(12 * time.Second).UTC().Format(http.TimeFormat)},
		}
		return f
	}, budget: "transient", requested: 12 * time.Second, class: ClassThrottled},

	// 502, 503 and 504, from the service or a proxy, complete or not.
	{name: "502", fault: fixed(simulator.Status(502)), budget: "transient", class: ClassServer},
	{name: "502 of a proxy", fault: fixed(simulator.HTML(502)), budget: "transient", class: ClassServer},
	{name: "503", fault: fixed(simulator.Status(503)), budget: "transient", class: ClassServer},
	{
		name: "503, Retry-After", fault: withHeader(simulator.Status(503), "Retry-After", "3"), budget: "transient",
		requested: 3 * time.Second, class: ClassServer,
	},
	{name: "503, incomplete", fault: incomplete(simulator.Status(503)), budget: "transient", class: ClassServer},
	{name: "504", fault: fixed(simulator.Status(504)), budget: "transient", class: ClassServer},

	// Resets, incomplete bodies, and responses that take longer than 30 s.
	{name: "reset", fault: fixed(simulator.Fault{Reset: true}), budget: "transient", class: ClassNetwork},
	{
		name: "connection lost", fault: incomplete(simulator.Fault{Status: 200, Body: goodList}), budget: "transient",
		class: ClassNetwork,
	},
	{name: "hang", fault: fixed(simulator.Fault{Hang: true}), budget: "transient", class: ClassNetwork},
	{
		name: "a good response after 45 s", fault: fixed(
			simulator.Fault{Status: 200, Body: goodList, Delay: 45 * time.Second},
		),
		budget: "transient", class: ClassNetwork,
	},

	// 500: twice. A complete 200 that cannot be read: once.
	{name: "500", fault: fixed(simulator.Status(500)), budget: "500", most: 2, class: ClassServer},
	{
		name: "500 of the gateway", fault: canned(500, `{"error_code":"APIGW.0601","error_msg":"Internal error"}`),
		budget: "500", most: 2, class: ClassServer,
	},
	{name: "500 in HTML", fault: fixed(simulator.HTML(500)), budget: "500", most: 2, class: ClassServer},
	{name: "HTML", fault: fixed(simulator.HTML(200)), budget: "unreadable", most: 1, class: ClassMalformed},
	{name: "garbage", fault: canned(200, "\x00\x1b[31m"), budget: "unreadable", most: 1, class: ClassMalformed},
	{
		name: "wrong types", fault: canned(200, `{"executions":{},"projects":7}`), budget: "unreadable", most: 1,
		class: ClassMalformed,
	},
	{
		name: "an error with 200", fault: canned(200, `{"error_code":"FSS.0500","error_msg":"busy"}`), budget: "unreadable",
		most: 1, class: ClassMalformed,
	},

	// Everything else: never.
	{name: "400", fault: fixed(simulator.Status(400)), class: ClassBadRequest, ofQuery: true, proves: true},
	{
		name: "405", fault: canned(405, `{"error_code":"APIGW.0501","error_msg":"quota"}`), class: ClassBadRequest,
		ofQuery: true,
	},
	{
		name: "401 of FunctionGraph", fault: canned(401, `{"error_code":"FSS.0401","error_msg":"not permit"}`),
		class: ClassPermission,
	},
	{name: "403", fault: fixed(simulator.Status(403)), class: ClassPermission, proves: true},
	{name: "404", fault: fixed(simulator.Status(404)), class: ClassNotFound, proves: true},
	{
		name: "404 of the gateway", fault: canned(404, `{"error_code":"APIGW.0101","error_msg":"no such API"}`),
		class: ClassNotFound,
	},
	{name: "501", fault: fixed(simulator.Fault{Status: 501}), class: ClassServer},
	{name: "204", fault: fixed(simulator.Fault{Status: 204}), class: ClassMalformed},
	{
		name: "redirect", fault: withHeader(simulator.Fault{Status: 302}, "Location", "https://elsewhere.example/"),
		class: ClassMalformed,
	},
	{name: "a key revoked", fault: fixed(simulator.Status(401)), class: ClassAuth, revokes: true},
}

// attemptLasts is how long one try may take.
const attemptLasts = 30 * time.Second

// account counts the retries of one request.
type account struct {
	maxRetries, retries int
	spent               map[string]int
}

// after reports whether the policy allows another try after a fault, and the
// bounds of the wait before it.
func (a *account) after(t *faultKind) (again bool, low, high time.Duration) {
	if t.budget == "" || a.retries >= a.maxRetries || t.most > 0 && a.spent[t.budget] >= t.most {
		return false, 0, 0
	}
	high = 30 * time.Second
	if grown := time.Second / 2 * time.Duration(1<<min(a.retries, 10)); grown < high {
		high = grown
	}
	if t.requested > 0 { // never early, and not much later
		low, high = t.requested, t.requested+min(t.requested, high)
	}

	return true, low, high
}

// retried counts a retry.
func (a *account) retried(t *faultKind) {
	if a.spent == nil {
		a.spent = map[string]int{}
	}
	a.retries++
	a.spent[t.budget]++
}

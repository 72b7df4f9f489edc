package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Request is the record of a request.
type Request struct {
	Operation Operation // empty without an operation
	Method    string
	Host      string
	Path      string // escaped, with any prefix
	Query     url.Values
	Header    http.Header
	Body      []byte    // as sent; nil if it is empty
	Proxied   bool      // sent to a proxy: with a complete URL, or CONNECT (which is refused)
	Time      time.Time // of arrival, by the service's clock
	RequestID string    // X-Request-Id of the response

	SignatureValid bool          // of the signature or the token; false without either
	Caller         string        // owner: CallerHome, CallerInstance or the result of a Caller method; empty if invalid
	Status         int           // of the response; 0 before it and without one
	Took           time.Duration // time until the response, by the process's clock
}

// record records a request and calls the hook. The number counts from 1.
func (c *Cloud) record(q *call) (int, *Request) {
	entry := &Request{
		Method:         q.Method,
		Host:           q.Host,
		Path:           q.URL.EscapedPath(),
		Query:          q.query.values(),
		Header:         q.Header.Clone(),
		Proxied:        q.URL.Host != "",
		Time:           q.now,
		RequestID:      q.requestID,
		SignatureValid: q.denied == nil,
		Caller:         q.caller.owner.name,
	}
	if len(q.body) > 0 {
		entry.Body = q.body
	}
	if q.route != nil {
		entry.Operation = q.route.operation
	}

	c.mu.Lock()
	c.requests = append(c.requests, entry)
	n, hook, seen := len(c.requests), c.onRequest, *entry
	c.mu.Unlock()
	if hook != nil {
		hook(n, seen)
	}

	return n, entry
}

// Requests returns the requests since the start or the last reset, in order of
// arrival.
func (c *Cloud) Requests() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	log := make([]Request, len(c.requests))
	for i, r := range c.requests {
		log[i] = *r
	}

	return log
}

// RequestsOf returns the requests for one operation, in order of arrival.
func (c *Cloud) RequestsOf(operation Operation) []Request {
	return slices.DeleteFunc(c.Requests(), func(r Request) bool { return r.Operation != operation })
}

// ResetRequests removes all records. The next request has number 1.
func (c *Cloud) ResetRequests() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = nil
}

// OnRequest sets a hook that runs before the response, so that a test can change
// data, faults or behaviour between requests. n counts from 1 since the start or
// the last reset. Concurrent requests call the hook concurrently. Nil removes it.
func (c *Cloud) OnRequest(hook func(n int, r Request)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onRequest = hook
}

// OnResponse sets a hook that runs when the response to a request is ready, with
// its Status and Took. n is the number that OnRequest got. Nil removes it.
func (c *Cloud) OnResponse(hook func(n int, r Request)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onResponse = hook
}

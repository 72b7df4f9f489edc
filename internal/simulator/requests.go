package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Request is the record of one request that came.
type Request struct {
	Operation Operation // empty if no operation has this method and path
	Method    string
	Host      string
	Path      string // as sent, with its escapes and any prefix
	Query     url.Values
	Header    http.Header
	Body      []byte    // as sent; nil if it is empty
	Proxied   bool      // asked of a proxy: with a whole URL instead of a path, or for a tunnel (which is refused)
	Time      time.Time // arrival, by the service's clock
	RequestID string    // as in the answer's X-Request-Id

	SignatureValid bool          // whether the signature or the token holds; false if neither came
	Caller         string        // whose they are: CallerHome, CallerInstance or what a Caller method says; else empty
	Status         int           // of the answer; 0 while it is outstanding and if none was given
	Took           time.Duration // until the answer was ready, by the process's clock
}

// record puts a request into the log and tells the hook. The number counts from 1.
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
		Caller:         q.caller.name,
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

// Requests returns the requests that came since the start or the last reset, in order of arrival.
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

// ResetRequests empties the log; the next request is number 1 again.
func (c *Cloud) ResetRequests() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = nil
}

// OnRequest sets a hook that is called before a request is answered, so that a test can change data, faults or
// behaviour between requests. n counts from 1 since the start or the last reset. Requests in flight together call it
// concurrently. Nil removes it.
func (c *Cloud) OnRequest(hook func(n int, r Request)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onRequest = hook
}

// OnResponse sets a hook that is called when the answer of a request is settled, with its Status and Took. n is the
// number that OnRequest got. Nil removes it.
func (c *Cloud) OnResponse(hook func(n int, r Request)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onResponse = hook
}

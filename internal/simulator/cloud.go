package simulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// maxBody is the largest request body that the gateway accepts, in bytes (CLOUD.md
// 2.3, 0201).
const maxBody = 12 << 20

// Cloud is the simulated service. It is an [http.Handler], and [Cloud.Transport]
// serves requests in process. It is safe for concurrent use.
type Cloud struct {
	cfg Config

	mu         sync.Mutex // guards the fields below; never held during a hook or while a response is written
	behaviour  Behaviour
	workflows  map[string]*workflow
	made       int // workflows since New
	keys       map[string]*keyState
	creds      credentials
	script     []*Fault
	requests   []*Request
	received   int    // requests since New, for request IDs
	listed     uint64 // lists since New, for orders that differ
	onRequest  func(int, Request)
	onResponse func(int, Request)
}

// New returns a service without workflows.
func New(cfg Config) *Cloud {
	cfg = cfg.withDefaults()

	return &Cloud{
		cfg:       cfg,
		behaviour: cfg.Behaviour,
		workflows: map[string]*workflow{},
		keys:      map[string]*keyState{},
		creds:     newCredentials(cfg),
	}
}

// SetBehaviour changes the behaviour from the next request on.
func (c *Cloud) SetBehaviour(b Behaviour) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behaviour = b
}

func (c *Cloud) currentBehaviour() Behaviour {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.behaviour
}

// call is a request and what the service finds out about it.
type call struct {
	*http.Request
	body      []byte
	query     query
	route     *route
	vars      map[string]string // path parameters
	requestID string
	now       time.Time // the service's clock when the request came
	caller    term      // owner of the signature or the token
	denied    error     // reason why they are invalid; nil if they are valid

	// Set before the operation.
	behaviour Behaviour
	project   Project // in the path of requests to FunctionGraph
}

// response is a response, independent of the transport.
type response struct {
	status   int
	header   http.Header
	body     []byte
	truncate bool // whether to send half of the body
}

// errReset is the error of a request whose connection is reset.
var errReset = errors.New("connection reset by fault")

// respond returns the response to a request. The error is errReset, or that of ctx
// if it ends during a fault.
func (c *Cloud) respond(ctx context.Context, r *http.Request) (response, error) {
	q, err := c.receive(r)
	if err != nil {
		return response{}, err
	}
	n, entry := c.record(q)
	arrived := time.Now()

	c.mu.Lock()
	fault := c.nextFault(entry.Operation)
	c.mu.Unlock()

	a, err := c.respondWith(ctx, fault, q)

	c.mu.Lock()
	entry.Status, entry.Took = a.status, time.Since(arrived)
	hook, done := c.onResponse, *entry
	c.mu.Unlock()
	if hook != nil {
		hook(n, done)
	}

	return a, err
}

// receive reads a request and checks its signature.
func (c *Cloud) receive(r *http.Request) (*call, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read request body: %w", err)
	}
	c.mu.Lock()
	c.received++
	id := fmt.Sprintf("%032x", c.received)
	c.mu.Unlock()

	q := &call{Request: r, body: body, query: parseQuery(r.URL.RawQuery), requestID: id, now: c.cfg.Now()}
	q.route, q.vars = findRoute(r.Method, r.URL.EscapedPath(), body)
	q.caller, q.denied = c.verify(q)

	return q, nil
}

// respondWith applies a fault. The zero Fault changes nothing.
func (c *Cloud) respondWith(ctx context.Context, f Fault, q *call) (response, error) {
	if err := f.wait(ctx); err != nil {
		return response{}, err
	}
	if f.Reset {
		return response{}, errReset
	}
	a, canned := f.canned(q.requestID)
	if !canned {
		a = c.serve(q)
	}
	c.stamp(q, &a)
	f.applyTo(&a)

	return a, nil
}

// serve returns the response of the service without a fault.
func (c *Cloud) serve(q *call) response {
	switch {
	case len(q.body) > maxBody:
		return q.fail(http.StatusRequestEntityTooLarge, "APIGW.0201", "Request entity too large")
	case q.route == nil:
		return q.noSuchAPI()
	case q.route.unsigned:
		return q.route.serve(c, q)
	}
	if err := c.admit(q); err != nil {
		return q.route.unauthorized(q, err.Error())
	}
	q.behaviour = c.currentBehaviour()
	if q.route.service == functionGraph {
		if denial, denied := c.denyProject(q); denied {
			return denial
		}
	}

	return q.route.serve(c, q)
}

// stamp adds the headers of every response, except those that are already set.
func (c *Cloud) stamp(q *call, a *response) {
	if a.header == nil {
		a.header = http.Header{}
	}
	set := func(name, value string) {
		if _, ok := a.header[name]; !ok {
			a.header.Set(name, value)
		}
	}
	set("Content-Type", "application/json")
	if b := c.currentBehaviour(); !b.NoDate {
		set("Date", q.now.Add(b.DateSkew).UTC().Format(http.TimeFormat))
	} else if _, ok := a.header["Date"]; !ok {
		a.header["Date"] = nil // net/http must not add its own
	}
	set("X-Request-Id", q.requestID)
	if q.route == nil {
		set("Server", "api-gateway")
		return
	}
	switch q.route.service {
	case functionGraph, sts:
		set("Server", "api-gateway")
	case keystone, iam:
		set("X-Iam-Trace-Id", q.requestID)
	case instance:
	}
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

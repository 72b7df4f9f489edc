package client

import (
	"context"
	"sync"
)

// gate keeps a wrong key from being sent more than once, because five failures
// in a row lock an access key for five minutes (CLOUD.md 2.3) and Terraform reads
// ten data sources at a time. It is safe for concurrent use.
//
// One request at a time is in flight until a response has shown that the key is
// good. A response that rejects the key closes the gate for good: requests that
// wait or arrive later are not sent, and fail with that response.
type gate struct {
	turn chan struct{} // holds an element while a request is in flight that may open or close the gate

	mu        sync.Mutex
	open      bool
	rejection *APIError // nil: the gate is not closed

	// proven reports whether the key has proved good elsewhere, so that a 401
	// concerns its own request only. Nil: it has not.
	proven func() bool
}

// notSent is the outcome of a request that was not sent after all.
var notSent = &APIError{}

func newGate() *gate {
	return &gate{turn: make(chan struct{}, 1)}
}

// enter waits until a request may be sent. The caller passes the outcome of the
// request, nil for success, to leave exactly once. The error is the rejection of
// the key, an [*APIError], or that of ctx.
func (g *gate) enter(ctx context.Context) (leave func(*APIError), err error) {
	open, rejection := g.state()
	if !open && rejection == nil {
		select {
		case g.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		// The previous request may have opened or closed the gate.
		if open, rejection = g.state(); !open && rejection == nil {
			return func(outcome *APIError) {
				g.record(outcome)
				<-g.turn
			}, nil
		}
		<-g.turn
	}
	if rejection != nil {
		return nil, rejection
	}

	return g.record, nil
}

func (g *gate) state() (open bool, rejection *APIError) {
	g.mu.Lock()
	defer g.mu.Unlock()

	return g.open, g.rejection
}

// record opens or closes the gate if the outcome of a request shows that the key
// is good or wrong.
func (g *gate) record(outcome *APIError) {
	g.mu.Lock()
	defer g.mu.Unlock()

	switch {
	case outcome == nil, outcome.AcceptsKey():
		g.open = true
	case outcome.rejectsKey() && g.rejection == nil && (g.proven == nil || !g.proven()):
		g.rejection = outcome
	}
}

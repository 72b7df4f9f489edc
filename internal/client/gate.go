package client

import (
	"context"
	"sync"
)

// gate keeps a wrong key from being tried more than once: five failures in a
// row lock an access key for five minutes (API.md 2.3), and Terraform reads
// ten data sources at a time.
//
// Until a response has shown that the key is good, one request at a time is in
// flight. A response that rejects the key shuts the gate for good: requests that
// wait or come later are not sent, and fail with that response.
type gate struct {
	turn chan struct{} // held by the one request that may find out

	mu      sync.Mutex
	open    bool
	verdict *APIError // not nil: shut

	// proven reports whether the key has proved good elsewhere, so that a 401
	// concerns its own request only. Nil: it has not.
	proven func() bool
}

// notSent is the outcome of a request that was not sent after all.
var notSent = &APIError{}

func newGate() *gate {
	return &gate{turn: make(chan struct{}, 1)}
}

// enter waits until a request may go out. The caller passes the outcome of
// that request (nil for success) to leave, exactly once.
func (g *gate) enter(ctx context.Context) (leave func(*APIError), err error) {
	if ready, verdict := g.state(); verdict != nil {
		return nil, verdict
	} else if ready {
		return g.judge, nil
	}

	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	release := func() { <-g.turn }

	// The one before may have settled it.
	if ready, verdict := g.state(); verdict != nil {
		release()
		return nil, verdict
	} else if ready {
		release()
		return g.judge, nil
	}

	return func(err *APIError) {
		g.judge(err)
		release()
	}, nil
}

func (g *gate) state() (open bool, verdict *APIError) {
	g.mu.Lock()
	defer g.mu.Unlock()

	return g.open, g.verdict
}

func (g *gate) judge(err *APIError) {
	g.mu.Lock()
	defer g.mu.Unlock()

	switch {
	case err == nil, err.AcceptsKey():
		g.open = true
	case err.rejectsKey() && g.verdict == nil && (g.proven == nil || !g.proven()):
		g.verdict = err
	}
}

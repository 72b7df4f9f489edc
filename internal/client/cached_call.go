package client

import (
	"context"
	"sync"
	"time"
)

// shared does a piece of work once for all who need its result. Success is
// kept as long as fresh says so; a failure is kept if final says so, and else
// told to those who waited, so that the next caller tries again.
type cachedCall[T any] struct {
	work  func(context.Context) (T, error)
	fresh func(T) bool // nil: for ever
	final func(error) bool

	mu      sync.Mutex
	flight  *flight[T]
	settled bool
	value   T
	err     error
}

// get returns the result, or ctx's error as soon as ctx ends: a caller that
// leaves does not disturb the others, and the work is cancelled when the last
// one has left.
func (s *cachedCall[T]) get(ctx context.Context) (T, error) {
	s.mu.Lock()
	if s.settled && (s.err != nil || s.fresh == nil || s.fresh(s.value)) {
		defer s.mu.Unlock()
		return s.value, s.err
	}
	s.settled = false
	f := s.flight
	if f == nil {
		f = newFlight[T](ctx)
		s.flight = f
		go s.run(f) //nolint:contextcheck // it has one of its own
	}
	f.callers++
	caller := f.callers
	f.waiting[caller] = ctx
	s.mu.Unlock()

	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		if delete(f.waiting, caller); len(f.waiting) == 0 {
			f.cancel()
			if s.flight == f {
				s.flight = nil // who comes now starts afresh
			}
		}
		var zero T
		return zero, &waitError{reason: ctx.Err(), progress: f.progress}
	}
}

// progress is how far a piece of work has come: the request that it is at, if
// it has begun one, and what that has failed with until now.
type progress struct {
	request *request
	failed  *APIError
}

// waitError says that a caller left before the work was done.
type waitError struct {
	reason   error
	progress progress
}

// Error implements error.
func (e *waitError) Error() string { return e.reason.Error() }

// Unwrap returns why the caller left.
func (e *waitError) Unwrap() error { return e.reason }

func (s *cachedCall[T]) run(f *flight[T]) {
	defer f.cancel()
	f.value, f.err = s.work(flightContext[T]{Context: f.ctx, call: s, flight: f})

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flight == f {
		s.flight = nil
		if f.err == nil || s.final(f.err) {
			s.settled, s.value, s.err = true, f.value, f.err
		}
	}
	close(f.done)
}

// flight is one run of the work. Its fields but for value and err, which are
// set before done is closed, are guarded by the mutex of its shared.
type flight[T any] struct {
	ctx      context.Context //nolint:containedctx // it is the flight's own, not a caller's
	cancel   context.CancelFunc
	callers  int                     // who have come until now
	waiting  map[int]context.Context // those of them who have not left
	progress progress
	done     chan struct{}
	value    T
	err      error
}

func newFlight[T any](first context.Context) *flight[T] {
	// The first caller's values (its logger) serve, its end does not.
	ctx, cancel := context.WithCancel(context.WithoutCancel(first)) //nolint:gosec // run calls it

	return &flight[T]{ctx: ctx, cancel: cancel, waiting: map[int]context.Context{}, done: make(chan struct{})}
}

// flightContext tells the work how long somebody will wait for it, so that a
// retry that would come too late for all of them ends it at once. The work tells
// it how far it has come.
type flightContext[T any] struct {
	context.Context //nolint:containedctx // this is a context
	call            *cachedCall[T]
	flight          *flight[T]
}

// Deadline implements [context.Context]. It is the latest of those who wait now,
// which changes as they come and go; some of them may be flights themselves.
func (c flightContext[T]) Deadline() (latest time.Time, ok bool) {
	c.call.mu.Lock()
	defer c.call.mu.Unlock()
	for _, waiting := range c.flight.waiting {
		deadline, bounded := waiting.Deadline()
		if !bounded {
			return time.Time{}, false
		}
		if deadline.After(latest) {
			latest = deadline
		}
	}

	return latest, true
}

// progressSink is the key under which a flightContext has its method report.
type progressSink struct{}

// Value implements [context.Context].
func (c flightContext[T]) Value(name any) any {
	if name == (progressSink{}) {
		return c.report
	}

	return c.Context.Value(name)
}

func (c flightContext[T]) report(p progress) {
	c.call.mu.Lock()
	c.flight.progress = p
	c.call.mu.Unlock()
	reportProgress(c.Context, p) // this work may be a part of another's
}

// reportProgress tells those who wait for the work of ctx, if any do, how far it
// has come.
func reportProgress(ctx context.Context, p progress) {
	if report, ok := ctx.Value(progressSink{}).(func(progress)); ok {
		report(p)
	}
}

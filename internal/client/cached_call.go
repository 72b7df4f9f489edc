package client

import (
	"context"
	"sync"
	"time"
)

// cachedCall runs a function once for all callers that need its result at the
// same time, and caches the result. It is safe for concurrent use.
type cachedCall[T any] struct {
	run         func(context.Context) (T, error)
	isValid     func(T) bool     // reports whether a cached value can still be used; nil: always
	isPermanent func(error) bool // reports whether an error is cached, too

	mu     sync.Mutex
	flight *flight[T]
	cached bool // value or err is a cached result
	value  T
	err    error
}

// get returns the cached result, or that of a run. When ctx ends it returns a
// [*waitError] at once. The run goes on for the other callers, and is cancelled
// when no caller waits any more.
func (c *cachedCall[T]) get(ctx context.Context) (T, error) {
	c.mu.Lock()
	if c.cached && (c.err != nil || c.isValid == nil || c.isValid(c.value)) {
		defer c.mu.Unlock()
		return c.value, c.err
	}
	c.cached = false
	f := c.flight
	if f == nil {
		// It has the values of the first caller's context, such as its logger, but not
		// the end of that context.
		flightCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &flight[T]{ctx: flightCtx, cancel: cancel, waiting: map[int]context.Context{}, done: make(chan struct{})}
		c.flight = f
		go c.complete(f) //nolint:contextcheck // the flight has a context of its own
	}
	f.callers++
	caller := f.callers
	f.waiting[caller] = ctx
	c.mu.Unlock()

	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		if delete(f.waiting, caller); len(f.waiting) == 0 {
			f.cancel()
			if c.flight == f {
				c.flight = nil // callers that arrive later start a new run
			}
		}
		return *new(T), &waitError{reason: ctx.Err(), progress: f.progress}
	}
}

// progress is how far a run has come.
type progress struct {
	request *request  // the current one; nil: the run has not sent any
	failed  *APIError // the last failure of that request; nil: there is none
}

// waitError says that a caller stopped waiting before the run was complete.
type waitError struct {
	reason   error
	progress progress
}

func (e *waitError) Error() string { return e.reason.Error() }

func (e *waitError) Unwrap() error { return e.reason }

// complete runs the function and ends the flight.
func (c *cachedCall[T]) complete(f *flight[T]) {
	defer f.cancel()
	f.value, f.err = c.run(flightContext[T]{Context: f.ctx, call: c, flight: f})

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flight == f {
		c.flight = nil
		if f.err == nil || c.isPermanent(f.err) {
			c.cached, c.value, c.err = true, f.value, f.err
		}
	}
	close(f.done)
}

// flight is a run in flight. The mutex of its cachedCall guards all fields but
// value and err, which are set before done is closed.
type flight[T any] struct {
	ctx      context.Context //nolint:containedctx // the flight's own, not that of a caller
	cancel   context.CancelFunc
	callers  int                     // the number of callers so far
	waiting  map[int]context.Context // the contexts of the callers that still wait
	progress progress
	done     chan struct{}
	value    T
	err      error
}

// flightContext is the context of a run. Its deadline is the latest one of the
// callers, so that a retry that would come too late for all of them ends the run
// at once. It receives the progress of the run.
type flightContext[T any] struct {
	context.Context //nolint:containedctx // this is a context
	call            *cachedCall[T]
	flight          *flight[T]
}

// Deadline implements [context.Context]. The result changes as callers come and
// go. A caller's context may be a flightContext itself.
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

// progressKey is the context key of the function that receives the progress.
type progressKey struct{}

// Value implements [context.Context].
func (c flightContext[T]) Value(name any) any {
	if name == (progressKey{}) {
		return c.report
	}

	return c.Context.Value(name)
}

func (c flightContext[T]) report(p progress) {
	c.call.mu.Lock()
	c.flight.progress = p
	c.call.mu.Unlock()
	reportProgress(c.Context, p) // this run may be a part of another run
}

// reportProgress records the progress of the run that ctx belongs to, if any.
func reportProgress(ctx context.Context, p progress) {
	if report, ok := ctx.Value(progressKey{}).(func(progress)); ok {
		report(p)
	}
}

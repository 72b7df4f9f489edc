package client

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var (
	errFinal   = errors.New("final")
	errPassing = errors.New("passing")
)

// lookup is a call that takes a minute. Its nth run returns outcomes[n-1]; nil is
// success.
type lookup struct {
	cachedCall[int]
	runs      int
	cancelled int
	contexts  []context.Context // checked by the test
}

func newLookup(outcomes ...error) *lookup {
	l := &lookup{}
	l.isPermanent = func(err error) bool { return errors.Is(err, errFinal) }
	l.run = func(ctx context.Context) (int, error) {
		l.runs++
		run := l.runs
		l.contexts = append(l.contexts, ctx)
		if !sleep(ctx, time.Minute) {
			l.cancelled++
			return 0, ctx.Err()
		}
		if err := outcomes[run-1]; err != nil {
			return 0, err
		}

		return run, nil
	}

	return l
}

func TestCachedCall(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		outcomes []error
		want     []error // of one group of callers after another
		runs     int
	}{
		"success is kept":               {[]error{nil}, []error{nil, nil}, 1},
		"a final failure is kept":       {[]error{errFinal, nil}, []error{errFinal, errFinal}, 1},
		"a passing failure is not kept": {[]error{errPassing, errPassing, nil}, []error{errPassing, errPassing, nil, nil}, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLookup(test.outcomes...)
				for i, want := range test.want {
					for _, err := range together(10, func(int) error {
						value, err := l.get(t.Context())
						if err == nil && value != test.runs {
							t.Errorf("value %d, want %d", value, test.runs)
						}
						return err
					}) {
						if !errors.Is(err, want) {
							t.Errorf("group %d: got %v, want %v", i+1, err, want)
						}
					}
				}
				if l.runs != test.runs {
					t.Errorf("%d runs, want %d", l.runs, test.runs)
				}
			})
		})
	}
}

func TestCachedCall_oneLeaves(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		leave func(context.Context) (context.Context, context.CancelFunc)
		first bool // the caller that starts the run leaves
		want  error
	}{
		"the first is cancelled": {afterSeconds(10), true, context.Canceled},
		"another is cancelled":   {afterSeconds(10), false, context.Canceled},
		"the first's deadline":   {tenSeconds, true, context.DeadlineExceeded},
		"another's deadline":     {tenSeconds, false, context.DeadlineExceeded},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLookup(nil)
				leaving, cancel := test.leave(t.Context())
				defer cancel()
				contexts := []context.Context{t.Context(), leaving}
				if test.first {
					contexts[0], contexts[1] = contexts[1], contexts[0]
				}
				var outcomes []<-chan error
				start := time.Now()
				for _, ctx := range contexts {
					outcomes = append(outcomes, started(func() error { _, err := l.get(ctx); return err }))
					synctest.Wait()
				}
				if test.first {
					outcomes[0], outcomes[1] = outcomes[1], outcomes[0]
				}
				if err := <-outcomes[1]; !errors.Is(err, test.want) || time.Since(start) != 10*time.Second {
					t.Errorf("who leaves got %v after %s", err, time.Since(start))
				}
				if err := <-outcomes[0]; err != nil || time.Since(start) != time.Minute {
					t.Errorf("the caller that stays got %v after %s", err, time.Since(start))
				}
				if l.runs != 1 {
					t.Errorf("%d runs, want 1", l.runs)
				}
			})
		})
	}
}

func afterSeconds(n int) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(time.Duration(n)*time.Second, cancel)

		return ctx, cancel
	}
}

func tenSeconds(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, 10*time.Second)
}

func TestCachedCall_allLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLookup(nil, nil)
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		first := started(func() error { _, err := l.get(ctx); return err })
		second := started(func() error { _, err := l.get(ctx); return err })
		synctest.Wait()
		if l.cancelled != 0 {
			t.Fatal("cancelled while a caller waits")
		}
		cancel()
		for _, outcome := range []<-chan error{first, second} {
			if err := <-outcome; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		}
		synctest.Wait()
		if l.cancelled != 1 || time.Since(start) != 0 {
			t.Errorf("%d cancelled after %s, want 1 at once", l.cancelled, time.Since(start))
		}

		// No caller gets the result of the abandoned run.
		if value, err := l.get(t.Context()); value != 2 || err != nil {
			t.Errorf("a new caller got %d, %v", value, err)
		}
	})
}

// A caller that arrives while an abandoned run has not ended starts a new run.
func TestCachedCall_slowToEnd(t *testing.T) {
	t.Parallel()

	for name, late := range map[string]error{"that fails at last": errFinal, "that succeeds at last": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var runs atomic.Int32
				s := &cachedCall[int]{isPermanent: func(error) bool { return true }}
				s.run = func(context.Context) (int, error) {
					if runs.Add(1) == 1 {
						time.Sleep(time.Hour) // it ignores its context
						return 1, late
					}

					return 2, nil
				}
				ctx, cancel := tenSeconds(t.Context())
				defer cancel()
				if _, err := s.get(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Fatalf("got %v", err)
				}
				for range 2 {
					if value, err := s.get(t.Context()); value != 2 || err != nil {
						t.Errorf("got %d, %v", value, err)
					}
					time.Sleep(2 * time.Hour)
				}
			})
		})
	}
}

// The context of a run has the latest deadline of the callers, and the values of
// the first one.
func TestCachedCall_context(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		l := newLookup(nil)
		start := time.Now()
		wait := func(ctx context.Context, d time.Duration) <-chan error {
			var cancel context.CancelFunc
			if d > 0 {
				ctx, cancel = context.WithTimeout(ctx, d)
				t.Cleanup(cancel)
			}
			outcome := started(func() error { _, err := l.get(ctx); return err })
			synctest.Wait()

			return outcome
		}
		first := wait(context.WithValue(t.Context(), key{}, "logger"), 90*time.Second)
		work := l.contexts[0]
		if work.Value(key{}) != "logger" {
			t.Error("the first caller's values are gone")
		}

		wantDeadline := func(want time.Duration, wantOK bool) {
			t.Helper()
			if deadline, ok := work.Deadline(); ok != wantOK || ok && deadline.Sub(start) != want {
				t.Errorf("deadline after %s, %t; want %s, %t", deadline.Sub(start), ok, want, wantOK)
			}
		}
		wantDeadline(90*time.Second, true)
		second := wait(t.Context(), 70*time.Second)
		wantDeadline(90*time.Second, true)
		third := wait(t.Context(), 2*time.Minute)
		wantDeadline(2*time.Minute, true)
		fourth := wait(t.Context(), 0)
		wantDeadline(0, false)
		for _, outcome := range []<-chan error{first, second, third, fourth} {
			if err := <-outcome; err != nil {
				t.Error(err)
			}
		}
	})
}

package client

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// issuer returns numbered keys with a lifetime.
type issuer struct {
	lifetime time.Duration
	delay    time.Duration
	err      func(n int) error // of the nth retrieval
	same     bool              // the keys do not change

	retrieved atomic.Int32
}

func (i *issuer) retrieve(ctx context.Context, _ sender) (Credentials, error) {
	n := int(i.retrieved.Add(1))
	if !sleep(ctx, i.delay) {
		return Credentials{}, ctx.Err()
	}
	if i.err != nil {
		if err := i.err(n); err != nil {
			return Credentials{}, err
		}
	}
	if i.same {
		n = 1
	}

	return Credentials{
		AccessKey: fmt.Sprintf("ak%d", n), SecretKey: "sk", SecurityToken: "t", Expires: time.Now().Add(i.lifetime),
		Source: "the issuer",
	}, nil
}

// accessKeyOf is the key that a request was signed with.
func accessKeyOf(s *service, n int) string {
	var key, rest string
	_, _ = fmt.Sscanf(s.requests[n].Header.Get("Authorization"), "SDK-HMAC-SHA256 Access=%s SignedHeaders=%s", &key, &rest)

	return key[:len(key)-1]
}

func TestKeyring_renewal(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		lifetime time.Duration
		reads    map[time.Duration]string // after this time, signed with this key
	}{
		"an hour": {time.Hour, map[time.Duration]string{0: "ak1", 49 * time.Minute: "ak1", 50 * time.Minute: "ak2"}},
		"twelve minutes": {
			12 * time.Minute, map[time.Duration]string{0: "ak1", 8 * time.Minute: "ak1", 9 * time.Minute: "ak2"},
		},
		"ten seconds": {
			10 * time.Second, map[time.Duration]string{0: "ak1", 7 * time.Second: "ak1", 8 * time.Second: "ak2"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for after, want := range test.reads {
				synctest.Test(t, func(t *testing.T) {
					s := replying(good)
					c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = &issuer{lifetime: test.lifetime} })
					for range 2 {
						if err := get(t.Context(), c); err != nil {
							t.Fatal(err)
						}
						time.Sleep(after)
					}
					if got := accessKeyOf(s, 1); got != want {
						t.Errorf("after %s: signed with %s, want %s", after, got, want)
					}
				})
			}
		})
	}
}

// All readers share one retrieval at the start, and one for each renewal.
func TestKeyring_oneRenewalAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := &issuer{lifetime: time.Hour, delay: time.Second}
		c := newTestClient(t, replying(good), func(cfg *Config) { cfg.Credentials = keys })
		for round := range 3 {
			for _, err := range together(50, func(int) error { return get(t.Context(), c) }) {
				if err != nil {
					t.Fatal(err)
				}
			}
			if got := int(keys.retrieved.Load()); got != round+1 {
				t.Errorf("asked for keys %d times in round %d", got, round+1)
			}
			time.Sleep(55 * time.Minute)
		}
	})
}

// Keys that expire while their request waits for its turn are not used.
func TestKeyring_expiredInTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{status: 200, body: "{}", delay: 20 * time.Second})
		c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = &issuer{lifetime: 10 * time.Second} })
		for _, err := range together(3, func(int) error { return get(t.Context(), c) }) {
			if err != nil {
				t.Fatal(err)
			}
		}
		// The first was sent while its key was good; for the others it had expired.
		if first, second := accessKeyOf(s, 0), accessKeyOf(s, 1); first != "ak1" || second != "ak2" {
			t.Errorf("signed with %s and %s", first, second)
		}
	})
}

// A new key starts with a closed gate, unless it is the same key.
func TestKeyring_gates(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		same bool
		peak int // requests at once after the renewal
	}{
		"other keys": {false, 1},
		"same keys":  {true, 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(slow)
				c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = &issuer{lifetime: time.Hour, same: test.same} })
				if err := get(t.Context(), c); err != nil {
					t.Fatal(err)
				}
				time.Sleep(55 * time.Minute)
				for range 10 {
					go func() { _ = get(t.Context(), c) }()
				}
				synctest.Wait()
				if s.inFlight != test.peak {
					t.Errorf("%d requests in flight, want %d", s.inFlight, test.peak)
				}
			})
		})
	}
}

// A rejection of one key does not affect the next one.
func TestKeyring_rejectionOfOneKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{status: 401, body: `{"error_code":"APIGW.0301"}`}, good)
		c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = &issuer{lifetime: time.Hour} })
		for range 2 {
			wantClass(t, get(t.Context(), c), ClassAuth)
		}
		time.Sleep(55 * time.Minute)
		if err := get(t.Context(), c); err != nil {
			t.Error(err)
		}
		if s.sent() != 2 {
			t.Errorf("%d requests, want 2", s.sent())
		}
	})
}

func TestKeyring_failures(t *testing.T) {
	t.Parallel()

	at := func(class Class) error { return &CredentialsError{Step: "step", Err: &APIError{Class: class}} }
	tests := map[string]struct {
		err       error
		retrieved int32 // by three reads
	}{
		"refused":     {at(ClassAuth), 1},
		"clock":       {at(ClassClock), 1},
		"not allowed": {at(ClassPermission), 1},
		"metadata": {
			&CredentialsError{Step: "step", Err: &APIError{Class: ClassNetwork, Operation: OperationMetadata}}, 1,
		},
		"none at all":                 {&CredentialsError{Step: "step", Err: fmt.Errorf("%w: x", ErrNoCredentials)}, 1},
		"bad request":                 {at(ClassBadRequest), 3},
		"server":                      {at(ClassServer), 3},
		"not found":                   {at(ClassNotFound), 1},
		"no request":                  {&CredentialsError{Step: "step", Err: errors.New("no file")}, 3},
		"expired when they are given": {nil, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				keys := &issuer{err: func(int) error { return test.err }}
				s := replying(good)
				c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = keys })
				for range 3 {
					err := get(t.Context(), c)
					var step *CredentialsError
					if !errors.As(err, &step) || step.Renewal || test.err != nil && !errors.Is(err, errors.Unwrap(test.err)) {
						t.Errorf("got %v, want %v", err, test.err)
					}
				}
				if got := keys.retrieved.Load(); got != test.retrieved || s.sent() != 0 {
					t.Errorf("asked for keys %d times, want %d; %d requests", got, test.retrieved, s.sent())
				}
			})
		})
	}
}

// A failed renewal has no effect while the previous keys are valid. After that its
// error is returned.
func TestKeyring_failedRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		failing := false
		keys := &issuer{lifetime: time.Hour, err: func(int) error {
			if failing {
				return &CredentialsError{Step: "step", Err: fmt.Errorf("%w: gone", ErrNoCredentials)}
			}
			return nil
		}}
		s := replying(good)
		c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = keys })
		read := func(after time.Duration, wantRetrieved int32, wantKey string) {
			t.Helper()
			time.Sleep(after)
			if err := get(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if got := accessKeyOf(s, s.sent()-1); got != wantKey || keys.retrieved.Load() != wantRetrieved {
				t.Errorf("signed with %s after %d retrievals, want %s after %d", got, keys.retrieved.Load(), wantKey, wantRetrieved)
			}
		}
		read(0, 1, "ak1")
		failing = true
		read(50*time.Minute, 2, "ak1")
		read(59*time.Second, 2, "ak1") // not retrieved again at once
		read(time.Second, 3, "ak1")
		read(8*time.Minute-time.Nanosecond, 4, "ak1")
		time.Sleep(time.Minute + time.Nanosecond) // an hour has passed
		var step *CredentialsError
		if err := get(t.Context(), c); !errors.As(err, &step) || !step.Renewal || step.Step != "step" {
			t.Errorf("got %v, want a failed renewal", err)
		}
		failing = false
		read(0, 6, "ak6")
	})
}

// One reader's deadline does not end a step that another reader still waits for,
// however many steps away it is. The error of a reader that leaves contains their
// last failure.
func TestKeyring_deadlinesThroughSteps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		busy := reply{
			status: 503, body: `{"error_code":"APIGW.0613"}`, delay: 500 * time.Millisecond,
			header: map[string]string{"Retry-After": "10"},
		}
		s := replying(
			busy,
			reply{
				status: 201,
				body:   `{"credential":{"access":"ak","secret":"sk","securitytoken":"t","expires_at":"2100-01-01T00:00:00Z"}}`,
			},
		)
		c := newTestClient(t, s, func(cfg *Config) { cfg.Agencies = []Agency{firstByName, secondByName} })
		read := func(timeout time.Duration) <-chan error {
			return started(func() error {
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				_, err := c.keys.get(ctx)
				if err != nil {
					return c.endError(ctx, &call{request: c.projectRequest(c.home)}, err)
				}
				return nil
			})
		}
		impatient := read(5 * time.Second)
		synctest.Wait()
		patient := read(time.Hour)
		failed := wantClass(t, <-impatient, ClassDeadline)
		var before *APIError
		if !errors.As(failed.Err, &before) || before.Code != "APIGW.0613" {
			t.Errorf("got %v, want what had failed", failed)
		}
		if err := <-patient; err != nil {
			t.Error(err)
		}
	})
}

// A renewal that hangs costs a reader a few seconds while the previous keys are
// valid, and leaves no request behind.
func TestKeyring_hungRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := &issuer{lifetime: time.Hour}
		s := replying(good)
		c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = keys })
		if err := get(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		keys.delay = 24 * time.Hour
		time.Sleep(51 * time.Minute)
		for _, want := range []time.Duration{renewalTimeout, 0} { // the next one does not try again at once
			began := time.Now()
			for _, err := range together(20, func(int) error { return get(t.Context(), c) }) {
				if err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(began); took != want {
				t.Errorf("it took %s, want %s", took, want)
			}
		}
		if got := keys.retrieved.Load(); got != 2 {
			t.Errorf("asked for keys %d times", got)
		}
		keys.delay = 0
		time.Sleep(time.Minute)
		if err := get(t.Context(), c); err != nil || accessKeyOf(s, s.sent()-1) != "ak3" {
			t.Errorf("got %v, signed with %s", err, accessKeyOf(s, s.sent()-1))
		}
	})
}

// endedContext has an error, but its channel is not closed yet.
type endedContext struct{ context.Context } //nolint:containedctx // this is a context

func (endedContext) Done() <-chan struct{} { return nil }

func (endedContext) Err() error { return context.DeadlineExceeded }

// A reader whose context ends at the same time as the timeout of a renewal gets
// the previous keys.
func TestKeyring_patienceAndTimeEndTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := &issuer{lifetime: time.Hour}
		c := newTestClient(t, replying(good), func(cfg *Config) { cfg.Credentials = keys })
		if err := get(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		keys.delay = 24 * time.Hour
		time.Sleep(51 * time.Minute)
		if held, err := c.keys.get(endedContext{t.Context()}); err != nil || held.AccessKey != "ak1" {
			t.Errorf("got %s, %v", held.AccessKey, err)
		}
	})
}

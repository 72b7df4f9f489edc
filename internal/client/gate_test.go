package client

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

var (
	wrongKey = reply{
		status: 401, body: `{"error_code":"APIGW.0301","error_msg":"verify aksk signature fail"}`, delay: time.Second,
	}
	denied = reply{status: 401, body: `{"error_code":"FSS.0401","error_msg":"not permit"}`, delay: time.Second}
	slow   = reply{status: 200, body: `{}`, delay: time.Second}
)

// Five failures in a row lock a key, and Terraform reads ten data sources at a
// time.
func TestGate_wrongKeyIsTriedOnce(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		keys Credentials
		read func(context.Context, *Client, int) error
	}{
		"lookups of one region": {
			Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: "wrong"},
			func(ctx context.Context, c *Client, _ int) error { return lookUp(ctx, c, "") },
		},
		"lookups of two regions": {
			Credentials{AccessKey: "wrong", SecretKey: "wrong"},
			func(ctx context.Context, c *Client, i int) error { return lookUp(ctx, c, []string{"", "r2"}[i%2]) },
		},
		"lists": {
			Credentials{AccessKey: "wrong", SecretKey: "wrong"},
			func(ctx context.Context, c *Client, _ int) error { return list(ctx, c) },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := simulator.New(simulator.Config{})
				cloud.Script(simulator.Fault{Delay: time.Second}.Repeat(-1))
				c := newTestClient(t, cloud.Transport(), func(cfg *Config) { cfg.Credentials = test.keys })
				for _, err := range together(50, func(i int) error { return test.read(t.Context(), c, i) }) {
					wantClass(t, err, ClassAuth)
				}
				wantClass(t, test.read(t.Context(), c, 0), ClassAuth) // and later requests
				if n := len(cloud.Requests()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
			})
		})
	}
}

// lookUp looks up the project of a region.
func lookUp(ctx context.Context, c *Client, name string) error {
	r, err := c.region(name)
	if err != nil {
		return err
	}
	_, err = c.projectID(ctx, r)

	return err
}

// list reads executions of a known project.
func list(ctx context.Context, c *Client) error {
	r := testRequest("https://functiongraph.example")
	r.projectID = simulator.DefaultProjectID
	r.path = []string{"v2", r.projectID, "fgs", "workflows", "w", "executions"}
	_, err := c.send(ctx, r, func(*Response) error { return nil })

	return err
}

// A good key costs one serial round trip. Later requests run in parallel.
func TestGate_goodKey(t *testing.T) {
	t.Parallel()

	tests := map[string]reply{
		"200": slow,
		"404": {status: 404, body: `{"error_code":"FGS.5002"}`, delay: time.Second},
		"403": {status: 403, body: `{"error_code":"APIGW.0302"}`, delay: time.Second},
		"400": {status: 400, body: `{"error_code":"FGS.3002"}`, delay: time.Second},
	}
	for name, first := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(first, slow)
				c := newTestClient(t, s)
				start := time.Now()
				failures := 0
				for _, err := range together(10, func(int) error { return get(t.Context(), c) }) {
					if err != nil {
						failures++
					}
				}
				if took := time.Since(start); took != 2*time.Second {
					t.Errorf("took %s, want 2s", took)
				}
				if s.peak != 9 || s.sent() != 10 {
					t.Errorf("%d of %d requests at once, want 9 of 10", s.peak, s.sent())
				}
				if want := map[bool]int{true: 0, false: 1}[first.status == 200]; failures != want {
					t.Errorf("%d failures, want %d", failures, want)
				}
			})
		})
	}
}

// A response that proves nothing about the key keeps requests serial, and rejects
// no other request.
func TestGate_undecided(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		reply reply
		sent  int // with four readers and no retries; the fourth request is good
	}{
		"429":                  {reply{status: 429, delay: time.Second}, 4},
		"408":                  {reply{status: 408, body: `{"error_code":"FSS.0408"}`, delay: time.Second}, 4},
		"502":                  {reply{status: 502, delay: time.Second}, 4},
		"503":                  {reply{status: 503, delay: time.Second}, 4},
		"500":                  {reply{status: 500, delay: time.Second}, 4},
		"401 of FunctionGraph": {denied, 4},
		"redirect":             {reply{status: 302, delay: time.Second}, 4},
		"no response":          {reply{err: errors.New("unheard of"), delay: time.Second}, 4},
		"hangs":                {reply{hang: true}, 4},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(test.reply, test.reply, test.reply, slow)
				c := newTestClient(t, s, maxRetries(0))
				failures := 0
				for _, err := range together(4, func(int) error { return get(t.Context(), c) }) {
					if err != nil {
						failures++
					}
				}
				if s.peak != 1 {
					t.Errorf("%d requests at once, want 1", s.peak)
				}
				if s.sent() != test.sent || failures != 3 {
					t.Errorf("%d requests and %d failures, want %d and 3", s.sent(), failures, test.sent)
				}

				// The good response has opened the gate.
				start := time.Now()
				together(4, func(int) error { return get(t.Context(), c) })
				if took := time.Since(start); took != time.Second {
					t.Errorf("then 4 requests took %s, want 1s", took)
				}
			})
		})
	}
}

// A request leaves the gate while it waits for its retry.
func TestGate_waitingForARetryBlocksNoRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(throttledFor("1 minute"), slow)
		c := newTestClient(t, s)
		first := started(func() error { return get(t.Context(), c) })
		synctest.Wait()
		start := time.Now()
		if err := get(t.Context(), c); err != nil || time.Since(start) != time.Second {
			t.Errorf("got %v after %s, want success after 1s", err, time.Since(start))
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
	})
}

// A key may be revoked, or expire, at any time.
func TestGate_shutsLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(good, denied, wrongKey, slow)
		c := newTestClient(t, s)
		if err := get(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		wantClass(t, get(t.Context(), c), ClassPermission)
		first := wantClass(t, get(t.Context(), c), ClassAuth)
		for range 3 {
			if later := wantClass(t, get(t.Context(), c), ClassAuth); later.Code != first.Code {
				t.Errorf("got %v, want %v", later, first)
			}
		}
		if s.sent() != 3 {
			t.Errorf("%d requests, want 3", s.sent())
		}
	})
}

// Requests in flight when the gate closes may still succeed. Those that wait for
// their retry fail with the rejection.
func TestGate_shutsWhileOthersAreUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(
			reply{status: 200, body: "{}", delay: 3 * time.Second}, reply{status: 503, delay: 100 * time.Millisecond}, wrongKey,
			slow,
		)
		c := opened(newTestClient(t, s))
		read := func() error { return get(t.Context(), c) }
		underWay := started(read)
		synctest.Wait()
		retrying := started(read)
		synctest.Wait()
		judged := started(read)

		wantClass(t, <-judged, ClassAuth)
		if err := <-underWay; err != nil {
			t.Errorf("under way: %v", err)
		}
		// Its second try began before the rejection, at 0.6 s, and takes 1 s.
		if err := <-retrying; err != nil {
			t.Errorf("retrying: %v", err)
		}
		wantClass(t, read(), ClassAuth) // a success does not open it again
		if s.sent() != 4 {
			t.Errorf("%d requests, want 4", s.sent())
		}
	})
}

// A request that waits for the limit of requests in flight waits at the gate, too.
func TestGate_shutsWhileOthersQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(wrongKey)
		c := opened(newTestClient(t, s))
		for _, err := range together(25, func(int) error { return get(t.Context(), c) }) {
			wantClass(t, err, ClassAuth)
		}
		if s.sent() != maxInFlight {
			t.Errorf("%d requests, want %d", s.sent(), maxInFlight)
		}
	})
}

func TestGate_shutsDuringAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(throttledFor("1 minute"), wrongKey, good)
		c := opened(newTestClient(t, s))
		waiting := started(func() error { return get(t.Context(), c) })
		synctest.Wait()
		wantClass(t, get(t.Context(), c), ClassAuth)
		wantClass(t, <-waiting, ClassAuth)
		if s.sent() != 2 {
			t.Errorf("%d requests, want 2", s.sent())
		}
	})
}

// A rejection also ends other requests, even if its own request was cancelled. It
// must not contain that request's cancellation.
func TestGate_rejectionOfACancelledRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{status: 401, body: `{"err`, bodyHang: true}, good)
		c := newTestClient(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		first := started(func() error { return get(ctx, c) })
		synctest.Wait()
		cancel()
		wantClass(t, <-first, ClassCancelled)

		err := get(t.Context(), c)
		wantClass(t, err, ClassAuth)
		if errors.Is(err, context.Canceled) || s.sent() != 1 {
			t.Errorf("got %v after %d requests", err, s.sent())
		}
	})
}

func TestGate_waiterLeaves(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		want Class
	}{
		"cancelled": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(5*time.Second, cancel)
			return ctx, cancel
		}, ClassCancelled},
		"deadline": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 5*time.Second)
		}, ClassDeadline},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(reply{status: 200, body: "{}", delay: 20 * time.Second}, good)
				c := newTestClient(t, s)
				first := started(func() error { return get(t.Context(), c) })
				synctest.Wait()

				ctx, cancel := test.end(t.Context())
				defer cancel()
				start := time.Now()
				wantClass(t, get(ctx, c), test.want)
				if took := time.Since(start); took != 5*time.Second {
					t.Errorf("left after %s, want 5s", took)
				}
				if err := <-first; err != nil || s.sent() != 1 {
					t.Errorf("the first got %v, with %d requests", err, s.sent())
				}
			})
		})
	}
}

func TestGate_firstLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{hang: true}, good)
		c := newTestClient(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		first := started(func() error { return get(ctx, c) })
		synctest.Wait()
		second := started(func() error { return get(t.Context(), c) })
		synctest.Wait()
		cancel()
		wantClass(t, <-first, ClassCancelled)
		if err := <-second; err != nil {
			t.Errorf("the second got %v", err)
		}
	})
}

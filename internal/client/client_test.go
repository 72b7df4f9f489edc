package client

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

func TestNew(t *testing.T) {
	t.Parallel()

	c, err := New(Config{Region: "cn-north-4"})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Region(); got != "cn-north-4" {
		t.Errorf("region %q", got)
	}
	if err := get(t.Context(), c); !errors.Is(err, ErrNoCredentials) {
		t.Errorf("got %v, want %v", err, ErrNoCredentials)
	}
}

func TestNew_insecure(t *testing.T) {
	t.Parallel()

	server := httptest.NewTLSServer(
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }),
	)
	t.Cleanup(server.Close)
	server.Config.ErrorLog = quiet
	for insecure, want := range map[bool]Class{true: 0, false: ClassNetwork} {
		c, err := New(Config{Region: "r", Credentials: testKeys, Insecure: insecure})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.send(t.Context(), testRequest(server.URL), func(*Response) error { return nil })
		if want == 0 {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		var unverified *tls.CertificateVerificationError
		if wantClass(t, err, want); !errors.As(err, &unverified) {
			t.Errorf("got %v", err)
		}
	}
}

func TestDo_sends(t *testing.T) {
	t.Parallel()

	s := replying(good)
	c := newTestClient(t, s, func(cfg *Config) {
		cfg.UserAgent = "test/1.0"
		cfg.Credentials = Credentials{AccessKey: "ak", SecretKey: "sk", SecurityToken: "token"}
	})
	if err := get(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := s.requests[0]
	want := map[string]string{
		"User-Agent":        "test/1.0",
		"Accept":            "application/json",
		headerProjectID:     "p1",
		headerSecurityToken: "token",
		"Accept-Encoding":   "", // otherwise the transport does not decompress gzip
	}
	for name, value := range want {
		if got := r.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if r.Method != http.MethodGet || r.Body != nil ||
		!strings.HasPrefix(r.Header.Get("Authorization"), "SDK-HMAC-SHA256 Access=ak, ") {
		t.Errorf("sent %s with %q", r.Method, r.Header.Get("Authorization"))
	}
}

func TestDo_response(t *testing.T) {
	t.Parallel()

	sent := time.Date(2025, 12, 12, 8, 15, 0, 0, time.UTC)
	tests := map[string]struct {
		date string
		want time.Time
	}{
		"date":        {"Fri, 12 Dec 2025 08:15:00 GMT", sent},
		"no date":     {"", time.Time{}},
		"broken date": {"today", time.Time{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newTestClient(t, replying(reply{status: 200, body: "{}", header: map[string]string{"Date": test.date}}))
				var decoded string
				got, err := c.send(t.Context(), testRequest("https://service.example"), func(resp *Response) error {
					decoded = string(resp.body)
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if !got.date.Equal(test.want) || string(got.body) != "{}" || decoded != "{}" {
					t.Errorf("got %q at %s, decoded %q; want {} at %s", got.body, got.date, decoded, test.want)
				}
			})
		})
	}
}

// A list sends fewer requests at once to a service that throttles.
func TestDo_throttled(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		replies []reply
		want    bool
	}{
		"good at once":         {[]reply{good}, false},
		"503, then good":       {[]reply{{status: 503}, good}, false},
		"429, then good":       {[]reply{{status: 429}, good}, true},
		"429, 503, then good":  {[]reply{{status: 429}, {status: 503}, good}, true},
		"0308 without its 429": {[]reply{{status: 403, body: `{"error_code":"APIG.0308"}`}, good}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got, err := newTestClient(t, replying(test.replies...)).send(
					t.Context(), testRequest("https://service.example"), func(*Response) error { return nil },
				)
				if err != nil || got.throttled != test.want {
					t.Errorf("got %+v, %v; want %t", got, err, test.want)
				}
			})
		})
	}
}

// Responses that this API does not send.
func TestDo_unexpectedResponses(t *testing.T) {
	t.Parallel()

	page := "<html>\r\n<body>Please log in</body></html>"
	tests := map[string]struct {
		reply   reply
		class   Class
		message string
	}{
		"204":                {reply{status: 204}, ClassMalformed, "the response has no body"},
		"201":                {reply{status: 201, body: "{}"}, ClassMalformed, "the body begins with: {}"},
		"200 without a body": {reply{status: 200}, ClassMalformed, "unexpected end of JSON input; the response has no body"},
		"200 with HTML": {
			reply{status: 200, body: page}, ClassMalformed,
			"invalid character '<' looking for beginning of value; " +
				"the body begins with: <html> <body>Please log in</body></html>",
		},
		"503 with HTML": {
			reply{status: 503, body: page}, ClassServer, "the body begins with: <html> <body>Please log in</body></html>",
		},
		"too large a 200": {
			reply{status: 200, body: strings.Repeat(" ", maxBody+1)}, ClassMalformed, "the response is larger than 16 MiB",
		},
		"too large a 403": {
			reply{status: 403, body: "no " + strings.Repeat(" ", maxBody)}, ClassPermission, "the body begins with: no",
		},
		"redirect": {
			reply{status: 302, header: map[string]string{"Location": "https://elsewhere.example/\u202efdp"}}, ClassMalformed,
			"the response is a redirect, to https://elsewhere.example/fdp",
		},
		"redirect to nowhere": {reply{status: 302}, ClassMalformed, "the response has no body"},
		"304":                 {reply{status: 304}, ClassMalformed, "the response has no body"},
	}
	for name, test := range tests {
		if race.Enabled && len(test.reply.body) > maxBody {
			continue // TestDo_tooLargeABodyIsNotRead reads one
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newTestClient(t, replying(test.reply), maxRetries(0))
			failed := wantClass(t, get(t.Context(), c), test.class)
			if failed.Message != test.message || failed.Status != test.reply.status {
				t.Errorf("got  %d %s\nwant %d %s", failed.Status, failed.Message, test.reply.status, test.message)
			}
		})
	}
}

func TestDo_largestBody(t *testing.T) {
	t.Parallel()
	if race.Enabled {
		t.Skip("it takes seconds there: see make test-norace")
	}

	c := newTestClient(t, replying(reply{status: 200, body: strings.Repeat(" ", maxBody)}))
	got, err := c.send(t.Context(), testRequest("https://service.example"), func(*Response) error { return nil })
	if err != nil || len(got.body) != maxBody {
		t.Errorf("got %v, want %d bytes", err, maxBody)
	}
}

// A body is read only until it is known to be too large.
func TestDo_tooLargeABodyIsNotRead(t *testing.T) {
	t.Parallel()

	var seen Attempt
	c := newTestClient(t, replying(
		reply{status: 200, body: strings.Repeat(" ", maxBody+1000)},
	), maxRetries(0), func(cfg *Config) {
		cfg.Observe = func(_ context.Context, a Attempt) { seen = a }
	})
	wantClass(t, get(t.Context(), c), ClassMalformed)
	if got, want := seen.Bytes, maxBody+1; got != want || len(seen.Body) > 8<<10 {
		t.Errorf("read %d bytes, want %d", got, want)
	}
}

// A signature must not be sent to the target of a redirect.
func TestDo_redirectsAreNotFollowed(t *testing.T) {
	t.Parallel()

	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()

			var seen atomic.Int32
			elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
			t.Cleanup(elsewhere.Close)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL, status)
			}))
			t.Cleanup(server.Close)

			transport := newTransport(Config{}, nil)
			t.Cleanup(transport.CloseIdleConnections)
			_, err := newTestClient(t, transport).send(
				t.Context(), testRequest(server.URL), func(*Response) error { return nil },
			)
			failed := wantClass(t, err, ClassMalformed)
			if failed.Status != status || failed.Message != "the response is a redirect, to "+elsewhere.URL ||
				failed.Attempts != 1 {
				t.Errorf("got %v after %d tries", failed, failed.Attempts)
			}
			if n := seen.Load(); n != 0 {
				t.Errorf("the other server saw %d requests", n)
			}
		})
	}
}

func TestDo_gzip(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("accepts %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `{"packed":true}`)
		_ = z.Close()
	}))
	t.Cleanup(server.Close)
	transport := newTransport(Config{}, nil)
	t.Cleanup(transport.CloseIdleConnections)
	got, err := newTestClient(t, transport).send(
		t.Context(), testRequest(server.URL), func(*Response) error { return nil },
	)
	if err != nil || string(got.body) != `{"packed":true}` {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestDo_inFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(slow)
		c := opened(newTestClient(t, s))
		start := time.Now()
		for _, err := range together(25, func(int) error { return get(t.Context(), c) }) {
			if err != nil {
				t.Error(err)
			}
		}
		if s.peak != 10 || s.sent() != 25 {
			t.Errorf("%d of %d requests at once, want 10 of 25", s.peak, s.sent())
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("took %s, want 3s", took)
		}
	})
}

// A request is in flight until its body ends, but not while it waits for a retry.
func TestDo_inFlightUntilTheEndOfTheBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{respond: func(n int, _ *http.Request) reply {
			if n <= 10 {
				return reply{status: 200, body: "{", bodyHang: true}
			}
			return good
		}}
		c := opened(newTestClient(t, s))
		start := time.Now()
		for range 10 {
			go func() { _ = get(t.Context(), c) }()
		}
		synctest.Wait()
		if err := get(t.Context(), c); err != nil || time.Since(start) != attemptTimeout {
			t.Errorf("got %v after %s, want success after %s", err, time.Since(start), attemptTimeout)
		}
		time.Sleep(time.Minute) // lets the others finish
	})
}

// Every wait of a read ends at once when its context is cancelled.
func TestDo_cancelled(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		replies []reply
		tries   int // in the error
		want    string
	}{
		"hung request": {[]reply{{hang: true}}, 1, "GET https://service.example/v2/p1/things: context canceled"},
		"slow body": {
			[]reply{{status: 200, body: "{", bodyHang: true}}, 1, "GET https://service.example/v2/p1/things: context canceled",
		},
		"slow body of an error": {
			[]reply{{status: 503, bodyHang: true}}, 1, "GET https://service.example/v2/p1/things: context canceled",
		},
		"wait for a retry": {[]reply{
			{status: 503, body: "b"},
		}, 1, "GET https://service.example/v2/p1/things: context canceled; before that: " +
			"GET https://service.example/v2/p1/things: HTTP 503: the body begins with: b"},
		"long wait for a retry": {[]reply{
			throttledFor("1 hour"),
		}, 1, "GET https://service.example/v2/p1/things: context canceled; before that: " +
			"GET https://service.example/v2/p1/things: HTTP 429, error code APIGW.0308: " +
			"policy ip over ratelimit,limit:5,time:1 hour"},
		"second request": {
			[]reply{{status: 503, body: "b"}, {hang: true}}, 2,
			"GET https://service.example/v2/p1/things: context canceled; before that: " +
				"GET https://service.example/v2/p1/things: HTTP 503: the body begins with: b (2 tries in 600ms)",
		},
		"wait for a second retry": {[]reply{
			{status: 503, body: "b"}, {status: 502, body: "c"},
		}, 2, "GET https://service.example/v2/p1/things: context canceled; before that: " +
			"GET https://service.example/v2/p1/things: HTTP 502: the body begins with: c (2 tries in 500ms)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(test.replies...)
				c := newTestClient(t, s)
				ctx, cancel := context.WithCancel(t.Context())
				outcome := started(func() error { return get(ctx, c) })
				if test.tries > 1 {
					time.Sleep(600 * time.Millisecond) // the second try is at 500 ms
				}
				synctest.Wait()
				before := time.Now()
				cancel()
				failed := wantClass(t, <-outcome, ClassCancelled)
				if took := time.Since(before); took != 0 {
					t.Errorf("took %s", took)
				}
				if !errors.Is(failed, context.Canceled) {
					t.Errorf("%v is not context.Canceled", failed)
				}
				if failed.Attempts != test.tries || s.sent() != test.tries {
					t.Errorf("the error says %d of %d tries, want %d", failed.Attempts, s.sent(), test.tries)
				}
				if failed.Error() != test.want {
					t.Errorf("got  %s\nwant %s", failed, test.want)
				}
			})
		})
	}
}

func TestDo_deadline(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		replies []reply
		tries   int
		want    string
	}{
		"hung request": {[]reply{{hang: true}}, 1, "GET https://service.example/v2/p1/things: context deadline exceeded"},
		"slow body": {
			[]reply{{status: 200, body: "{", bodyHang: true}}, 1,
			"GET https://service.example/v2/p1/things: context deadline exceeded",
		},
		"last try": {
			[]reply{{status: 503, body: "b"}, {hang: true}}, 2,
			"GET https://service.example/v2/p1/things: context deadline exceeded; before that: " +
				"GET https://service.example/v2/p1/things: HTTP 503: the body begins with: b (2 tries in 20s)",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				start := time.Now()
				failed := wantClass(t, get(ctx, newTestClient(t, replying(test.replies...))), ClassDeadline)
				if took := time.Since(start); took != 20*time.Second {
					t.Errorf("took %s, want 20s", took)
				}
				if !errors.Is(failed, context.DeadlineExceeded) {
					t.Errorf("%v is not context.DeadlineExceeded", failed)
				}
				if failed.Attempts != test.tries || failed.Elapsed != 20*time.Second {
					t.Errorf("the error says %d tries in %s, want %d in 20s", failed.Attempts, failed.Elapsed, test.tries)
				}
				if failed.Error() != test.want {
					t.Errorf("got  %s\nwant %s", failed, test.want)
				}
			})
		})
	}
}

// A request that waits for the limit of requests in flight has not been sent.
func TestDo_cancelledInTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{hang: true})
		var seen atomic.Int32
		c := opened(newTestClient(t, s, func(cfg *Config) {
			cfg.Observe = func(context.Context, Attempt) { seen.Add(1) }
		}))
		hanging, release := context.WithCancel(t.Context())
		for range 10 {
			go func() { _ = get(hanging, c) }()
		}
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		outcome := started(func() error { return get(ctx, c) })
		synctest.Wait()
		cancel()
		failed := wantClass(t, <-outcome, ClassCancelled)
		if s.sent() != 10 || failed.Attempts != 0 || seen.Load() != 0 {
			t.Errorf("%d requests, the error says %d tries, observed %d", s.sent(), failed.Attempts, seen.Load())
		}
		release()
	})
}

// keysAfter returns credentials after a delay, or never.
type keysAfter struct {
	delay time.Duration
	err   error
}

func (k keysAfter) retrieve(ctx context.Context, _ sender) (Credentials, error) {
	if !sleep(ctx, k.delay) {
		return Credentials{}, fmt.Errorf("asking for keys: %w", ctx.Err())
	}

	return testKeys, k.err
}

func TestDo_credentials(t *testing.T) {
	t.Parallel()

	errKeys := errors.New("no metadata service")
	tests := map[string]struct {
		keys  CredentialsProvider
		sent  int
		err   error
		class Class // of an APIError
	}{
		"in time":    {keysAfter{delay: time.Second}, 1, nil, 0},
		"not at all": {keysAfter{err: errKeys}, 0, errKeys, 0},
		"too late":   {keysAfter{delay: time.Hour}, 0, context.DeadlineExceeded, ClassDeadline},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				s := replying(good)
				err := get(ctx, newTestClient(t, s, func(cfg *Config) { cfg.Credentials = test.keys }))
				if !errors.Is(err, test.err) || s.sent() != test.sent {
					t.Errorf("got %v after %d requests, want %v after %d", err, s.sent(), test.err, test.sent)
				}
				if test.class != 0 {
					wantClass(t, err, test.class)
				}
			})
		})
	}
}

// Each attempt is observed with the values that a log needs, and without secrets.
func TestDo_observe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		var seen []Attempt
		s := replying(
			reply{status: 503, body: "busy", delay: time.Second, header: map[string]string{"X-Request-Id": "r1"}},
			reply{err: io.EOF},
			reply{status: 200, body: "{}", delay: 2 * time.Second, header: map[string]string{"X-Request-Id": "r3"}},
		)
		c := newTestClient(t, s, func(cfg *Config) {
			cfg.Observe = func(ctx context.Context, a Attempt) {
				if ctx.Value(key{}) != "logger" {
					t.Error("observed with another context")
				}
				seen = append(seen, a)
			}
		})
		r := testRequest("https://service.example")
		r.query = map[string][]string{"limit": {"1"}}
		if _, err := c.send(
			context.WithValue(t.Context(), key{}, "logger"), r, func(*Response) error { return nil },
		); err != nil {
			t.Fatal(err)
		}

		base := Attempt{Method: "GET", Host: "service.example", Path: "/v2/p1/things", Query: "limit=1"}
		first, second, third := base, base, base
		first.Number, first.Status, first.RequestID, first.Body, first.Bytes = 1, 503, "r1", []byte("busy"), 4
		first.Duration, first.Wait = time.Second, 500*time.Millisecond
		second.Number, second.Wait = 2, time.Second
		third.Number, third.Status, third.RequestID, third.Body, third.Bytes, third.Duration = 3, 200, "r3", []byte(
			"{}",
		), 2, 2*time.Second
		if diff := cmp.Diff([]Attempt{first, second, third}, seen, cmpopts.IgnoreFields(Attempt{}, "Err")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for i, want := range []Class{ClassServer, ClassNetwork} {
			wantClass(t, seen[i].Err, want)
		}
		if seen[2].Err != nil {
			t.Errorf("the last try failed: %v", seen[2].Err)
		}
	})
}

// A proxy of a service without TLS may refuse the request itself.
func TestDo_refusedByAProxy(t *testing.T) {
	t.Parallel()

	refusal := reply{status: http.StatusProxyAuthRequired, body: `{"error_code":"x"}`}
	err := get(t.Context(), newTestClient(t, replying(refusal)))
	failed := wantClass(t, err, ClassNetwork)
	refused, ok := errors.AsType[*ProxyError](err)
	if !ok || refused.Status != http.StatusProxyAuthRequired || failed.Attempts != 1 ||
		failed.AcceptsKey() || failed.rejectsKey() {
		t.Errorf("got %v after %d tries", err, failed.Attempts)
	}
	if want := "a proxy refused to connect: HTTP 407 Proxy Authentication Required"; failed.Err.Error() != want {
		t.Errorf("got %q, want %q", failed.Err, want)
	}
}

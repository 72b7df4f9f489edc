package client

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"
)

// A read whose context ends returns at once, whatever it waits for, and leaves no
// goroutine behind. TestDo_cancelled checks "at once" in virtual time; this test
// uses real sockets, which may be slow to close.

// stuck is where a read gets stuck.
type stuck struct {
	respond func(waiting func()) func(net.Conn)    // calls waiting when the read is stuck
	dial    func(context.Context, func()) net.Conn // nil: the network's own
	scheme  string                                 // of the address; "": http
	lookup  bool

	// A wait beyond the deadline does not begin, so that this read can only be
	// cancelled.
	noDeadline bool
}

var moments = map[string]stuck{
	"hung response":         {respond: hanging("")},
	"half a header":         {respond: hanging("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n")},
	"slow body":             {respond: hanging("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")},
	"slow body of an error": {respond: hanging("HTTP/1.1 503 Busy\r\nContent-Length: 1000\r\n\r\n{")},
	"endless body": {respond: func(waiting func()) func(net.Conn) {
		return func(c net.Conn) { waiting(); slowly("HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat(" ", 1e6))(c) }
	}},
	"retry wait":               {respond: throttling, noDeadline: true},
	"hung lookup":              {respond: hanging(""), lookup: true},
	"slow body of the lookup":  {respond: hanging("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"), lookup: true},
	"retry wait of the lookup": {respond: throttling, lookup: true, noDeadline: true},
	"connection that hangs": {
		dial: func(ctx context.Context, waiting func()) net.Conn { waiting(); <-ctx.Done(); return nil },
	},
	"TLS handshake that hangs": {scheme: "https"},
}

// hanging sends a text and then nothing more.
func hanging(text string) func(func()) func(net.Conn) {
	return func(waiting func()) func(net.Conn) {
		return func(conn net.Conn) {
			says(text)(conn)
			waiting()
			hang(conn)
		}
	}
}

func throttling(waiting func()) func(net.Conn) {
	return func(conn net.Conn) {
		says("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n")(conn)
		waiting()
	}
}

func TestCancellation(t *testing.T) {
	t.Parallel()

	for name, moment := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for how, want := range map[string]Class{"cancelled": ClassCancelled, "deadline": ClassDeadline} {
				if want == ClassDeadline && moment.noDeadline {
					continue
				}
				t.Run(how, func(t *testing.T) {
					t.Parallel()

					// The machine may be busy, so that one fast read is enough.
					var took time.Duration
					for range 3 {
						if took = moment.leave(t, want); took < 100*time.Millisecond {
							return
						}
					}
					t.Errorf("it took %s to leave", took)
				})
			}
		})
	}
}

// leave lets a read get stuck, ends its context, and returns how long it took to
// return.
func (s stuck) leave(t *testing.T, want Class) time.Duration {
	t.Helper()

	isStuck := make(chan struct{}, 10)
	waiting := func() { isStuck <- struct{}{} }
	transport := newTransport(Config{}, nil)
	transport.Proxy = nil
	var server *wire
	if s.respond != nil {
		server = startWire(t, s.respond(waiting))
	} else {
		server = startWire(t, nil, func(l net.Listener) net.Listener {
			return blunt{l, func(conn net.Conn) { waiting(); hang(conn) }}
		})
	}
	if s.dial != nil {
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return s.dial(ctx, waiting), ctx.Err()
		}
	}
	address := server.address
	if s.scheme == "" {
		address = "http://" + address
	}
	c := newTestClient(t, transport, func(cfg *Config) {
		cfg.Endpoints = map[string]string{"fgs": address, "iam": address}
		if !s.lookup {
			cfg.ProjectID = "p1"
		}
	})

	var took time.Duration
	leavesNothing(t, transport, func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		ends := time.Now()
		if want == ClassDeadline {
			// It takes less than that to get stuck.
			ends = ends.Add(150 * time.Millisecond)
			ctx, cancel = context.WithDeadline(ctx, ends)
			defer cancel()
		}
		outcome := started(func() error {
			_, err := listThings(ctx, c)
			return err
		})
		if want == ClassCancelled {
			<-isStuck
			ends = time.Now()
			cancel()
		}
		err := <-outcome
		took = time.Since(ends)
		wantClass(t, err, want)
	})

	return took
}

package simulator

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Server is a Cloud on a loopback port.
type Server struct {
	*Cloud
	URL string // "http://127.0.0.1:<port>", no slash at the end

	server  http.Server
	hangUp  context.CancelFunc
	opened  atomic.Int64
	running sync.WaitGroup // the accepting goroutine and one for each connection
	failed  chan error
}

// Serve serves cloud at an address until Stop. Port 0 stands for a free port.
// Requests end with ctx.
func Serve(ctx context.Context, address string, cloud *Cloud) (*Server, error) {
	ctx, hangUp := context.WithCancel(ctx)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		hangUp()
		return nil, err
	}
	s := &Server{Cloud: cloud, URL: "http://" + listener.Addr().String(), hangUp: hangUp, failed: make(chan error, 1)}
	s.server = http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		Handler:           cloud,
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				s.opened.Add(1)
				s.running.Add(1)
			case http.StateClosed, http.StateHijacked:
				s.running.Done()
			}
		},
	}
	s.running.Go(func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	})

	return s, nil
}

// Connections returns how many connections clients have opened.
func (s *Server) Connections() int { return int(s.opened.Load()) }

// Failed delivers the error that ended the server before Stop, if any.
func (s *Server) Failed() <-chan error { return s.failed }

// Stop ends the server and every request, hanging ones too.
func (s *Server) Stop() {
	s.hangUp()
	_ = s.server.Close() // the connections are given up on purpose
}

// TB is what Start needs of a *testing.T or *testing.B. It is declared here so
// that programs can use the package without linking package testing.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Start serves a new Cloud on a free port until the test ends.
func Start(t TB, cfg Config) *Server {
	t.Helper()
	s, err := Serve(context.Background(), "127.0.0.1:0", New(cfg))
	if err != nil {
		t.Fatalf("simulator: %v", err)
		return nil
	}
	t.Cleanup(func() {
		s.Stop()
		if !endsWithin(&s.running, 5*time.Second) {
			t.Errorf("simulator: requests are still being served; does a hook wait for the end of the test?")
		}
		select {
		case err := <-s.failed:
			t.Errorf("simulator: %v", err)
		default:
		}
	})

	return s
}

func endsWithin(group *sync.WaitGroup, d time.Duration) bool {
	ended := make(chan struct{})
	go func() {
		group.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-time.After(d):
		return false
	}
}

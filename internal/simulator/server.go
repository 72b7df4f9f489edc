package simulator

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// TB is what Start needs of a *testing.T or *testing.B. It is declared here so that programs can use the package
// without linking package testing.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Server is a Cloud on a loopback port.
type Server struct {
	*Cloud
	URL string // "http://127.0.0.1:<port>", no slash at the end
}

// Start serves a new Cloud until the test ends. Requests that still hang then are let go.
func Start(t TB, cfg Config) *Server {
	t.Helper()
	ctx, hangUp := context.WithCancel(context.Background())
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		hangUp()
		t.Fatalf("simulator: %v", err)
		return nil
	}
	cloud := New(cfg)
	var running sync.WaitGroup // the accepting goroutine and one for each connection
	server := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		Handler:           cloud,
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				running.Add(1)
			case http.StateClosed, http.StateHijacked:
				running.Done()
			}
		},
	}
	running.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("simulator: %v", err)
		}
	})
	t.Cleanup(func() {
		hangUp()
		_ = server.Close() // the connections are given up on purpose
		if !endsWithin(&running, 5*time.Second) {
			t.Errorf("simulator: requests are still being served; a hook that waits for the test to end?")
		}
	})
	return &Server{Cloud: cloud, URL: "http://" + listener.Addr().String()}
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

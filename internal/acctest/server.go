package acctest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// Server returns the constructor of a provider that reads environment variables
// with getenv.
type Server func(getenv func(string) string) func() tfprotov6.ProviderServer

// Attach serves a provider in this process until the end of the test, with env as
// its environment. It returns the variable that makes the CLI use it.
//
// Where the CLI would start a process, it connects instead. Each connection has a
// provider of its own, because providers of two blocks would otherwise be one, and
// the last one configured would count.
func (s Server) Attach(t *testing.T, env []string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed below
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer conn.Close() //nolint:errcheck // the CLI has what it asked for
				if err := s.serve(t, conn, env); err != nil {
					t.Errorf("serving the provider: %v", err)
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait() // the CLI has ended, and its connections with it
	})

	// As Terraform reads it.
	type address struct{ Network, String string }
	type provider struct {
		Protocol        string
		ProtocolVersion int
		Pid             int
		Test            bool
		Addr            address
	}
	text, err := json.Marshal(map[string]provider{workspace.Address: {
		Protocol: string(plugin.ProtocolGRPC), ProtocolVersion: 6, Pid: os.Getpid(), Test: true,
		Addr: address{listener.Addr().Network(), listener.Addr().String()},
	}})
	if err != nil {
		t.Fatal(err)
	}

	return "TF_REATTACH_PROVIDERS=" + string(text)
}

// serve serves a provider on one connection until it is closed.
func (s Server) serve(t *testing.T, conn net.Conn, env []string) error {
	request := bufio.NewReader(conn)
	if _, err := request.Peek(1); err != nil {
		return nil // the CLI only wanted to know whether anybody listens
	}
	ctx, stop := context.WithCancel(context.Background())
	started, stopped := make(chan *plugin.ReattachConfig, 1), make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		failed <- tf6server.Serve(workspace.Address, s(lookup(env)), tf6server.WithDebug(ctx, started, stopped),
			tf6server.WithLoggingSink(t), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	var config *plugin.ReattachConfig
	select {
	case config = <-started:
	case err := <-failed:
		stop()
		return errors.Join(err, errors.New("the provider did not start"))
	}
	defer func() {
		stop()
		<-stopped
	}()
	inner, err := net.Dial(config.Addr.Network(), config.Addr.String()) //nolint:noctx // it listens
	if err != nil {
		return err
	}
	var copying sync.WaitGroup
	copying.Go(func() {
		defer conn.Close() //nolint:errcheck // ends the other direction
		_, _ = io.Copy(conn, inner)
	})
	_, _ = io.Copy(inner, request)
	_ = inner.Close()
	copying.Wait()

	return nil
}

// lookup reads variables of an environment, of which the last one of a name
// counts.
func lookup(env []string) func(string) string {
	return func(name string) string {
		value := ""
		for _, entry := range env {
			if found, ok := strings.CutPrefix(entry, name+"="); ok {
				value = found
			}
		}

		return value
	}
}

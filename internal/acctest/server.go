//go:build unix

package acctest

import (
	"context"
	"encoding/json"
	"strings"
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
// its environment. It returns the variable that makes a command of the CLI use it.
// Each command gets a provider of its own, as if it had started it.
func (s Server) Attach(t *testing.T, env []string) string {
	t.Helper()
	getenv := func(name string) string {
		value := ""
		for _, entry := range env { // the last one counts
			if found, ok := strings.CutPrefix(entry, name+"="); ok {
				value = found
			}
		}

		return value
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	started, stopped := make(chan *plugin.ReattachConfig, 1), make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		failed <- tf6server.Serve(workspace.Address, s(getenv), tf6server.WithDebug(ctx, started, stopped),
			tf6server.WithLoggingSink(t), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	var config *plugin.ReattachConfig
	select {
	case config = <-started:
	case err := <-failed:
		stop()
		t.Fatalf("the provider is not served: %v", err)
	}
	t.Cleanup(func() {
		stop()
		<-stopped
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
		Protocol: string(config.Protocol), ProtocolVersion: config.ProtocolVersion, Pid: config.Pid,
		Test: config.Test, Addr: address{config.Addr.Network(), config.Addr.String()},
	}})
	if err != nil {
		t.Fatal(err)
	}

	return "TF_REATTACH_PROVIDERS=" + string(text)
}

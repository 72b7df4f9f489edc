//go:build unix

package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// The variables for logs have the documented effects.
func TestAccLog(t *testing.T) {
	t.Parallel()
	const own = "TF_LOG_PROVIDER_HUAWEICLOUD_FGS_CLIENT="
	tests := map[string]struct {
		env                          []string
		sources, requests, responses bool
	}{
		"DEBUG":                           {env: []string{"TF_LOG_PROVIDER=DEBUG"}, sources: true, requests: true},
		"DEBUG, with Terraform's own log": {env: []string{"TF_LOG=DEBUG"}, sources: true, requests: true},
		"TRACE": {env: []string{"TF_LOG_PROVIDER=TRACE"}, sources: true, requests: true,
			responses: true},
		"fewer of requests": {env: []string{"TF_LOG_PROVIDER=TRACE", own + "DEBUG"}, sources: true,
			requests: true},
		"none of requests": {env: []string{"TF_LOG=TRACE", own + "INFO"}, sources: true},
		"more of requests, not let through": {env: []string{"TF_LOG_PROVIDER=DEBUG", own + "TRACE"}, sources: true,
			requests: true},
		"requests alone, not let through": {env: []string{own + "TRACE"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.AddWorkflow("w")
			said, err := acctest.NewBinaryWorkspace(t, readConfig(srv.URL), tt.env...).Run(t, "plan", "-input=false")
			if err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			for line, want := range map[string]bool{"Provider settings by their sources": tt.sources,
				"HTTP request": tt.requests, "HTTP response": tt.responses} {
				if strings.Contains(said, line) != want {
					t.Errorf("%q is logged: %t, want %t", line, !want, want)
				}
			}
		})
	}
}

// The provider writes log lines only if Terraform shows them. The lines of
// go-plugin have no module.
func TestAccLog_written(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		env  []string
		want bool
	}{
		"by default":                {},
		"requests alone":            {env: []string{"TF_LOG_PROVIDER_HUAWEICLOUD_FGS_CLIENT=TRACE"}},
		"Terraform's own log":       {env: []string{"TF_LOG_CORE=TRACE"}},
		"the provider's":            {env: []string{"TF_LOG_PROVIDER=DEBUG"}, want: true},
		"the provider's, by TF_LOG": {env: []string{"TF_LOG=DEBUG"}, want: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.AddWorkflow("w")
			w := acctest.NewBinaryWorkspace(t, readConfig(srv.URL), tt.env...)
			log, script := filepath.Join(w.Dir, "log"), filepath.Join(w.Dir, "wrapper", workspace.Binary)
			w.Write(t, "log", "")
			w.Write(t, filepath.Join("wrapper", workspace.Binary), fmt.Sprintf("#!/bin/sh\nexec %q 2>>%q\n", w.Provider, log))
			if err := os.Chmod(script, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := w.Configure(workspace.DevOverride(filepath.Dir(script))); err != nil {
				t.Fatal(err)
			}
			if said, err := w.Run(t, "plan", "-input=false"); err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			written, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(written), `"@module"`) != tt.want {
				t.Errorf("want log lines: %t, got:\n%s", tt.want, written)
			}
		})
	}
}

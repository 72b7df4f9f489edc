//go:build unix

package provider_test

import (
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
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
			said, err := acctest.NewWorkspace(t, readConfig(srv.URL), tt.env...).Run(t, "plan", "-input=false")
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

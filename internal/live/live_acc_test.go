// Package live_test holds the acceptance tests that can be run against the real
// service, because they only read and expect nothing of the data but what the
// provider promises of any data.
package live_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// The variables that say what to read. `make testacc-live` sets them.
const (
	liveWorkflow = "HW_FGS_LIVE_WORKFLOW_ID"
	liveEndpoint = "HW_FGS_LIVE_ENDPOINT"
)

// place is a service and a workflow to read.
type place struct {
	workflow, endpoint string
	getenv             func(string) string
}

// promises are data sources whose conditions state what a list promises.
func (p place) promises(now time.Time) string {
	block := `provider "huaweicloud" {}`
	if p.endpoint != "" {
		block = fmt.Sprintf("provider \"huaweicloud\" {\n  endpoints = { fgs = %q }\n}", p.endpoint)
	}
	start, end := now.Add(-48*time.Hour).Format(time.RFC3339), now.Add(-time.Hour).Format(time.RFC3339)
	config := block
	for name, more := range map[string][2]string{
		"all": {"", "length(self.executions) >= 0"},
		"one": {"limit = 1", "length(self.executions) <= 1"},
		"failed": {`status = "fail"`,
			`alltrue([for e in self.executions : e.status == null || lower(coalesce(e.status, "fail")) == "fail"])`},
		"window": {
			fmt.Sprintf("start_time = %q\n  end_time = %q", start, end),
			fmt.Sprintf("alltrue([for e in self.executions : timecmp(coalesce(e.begin_time, %q), %q) <= 0])", end, end),
		},
		"start": {fmt.Sprintf("start_time = %q", start), "length(self.executions) >= 0"},
		"end":   {fmt.Sprintf("end_time = %q", end), "length(self.executions) >= 0"},
	} {
		config += fmt.Sprintf(`
data "huaweicloud_fgs_workflow_executions" %q {
  workflow_id = %q
  %s
  lifecycle {
    postcondition {
      condition     = length(toset(self.executions[*].execution_id)) == length(self.executions)
      error_message = "An execution is listed twice."
    }
    postcondition {
      condition     = alltrue([for e in self.executions : coalesce(e.workflow_id,
	self.workflow_id) == self.workflow_id])
      error_message = "An execution of another workflow is listed."
    }
    postcondition {
      condition = alltrue([for i, e in self.executions :
        i == 0 || try(timecmp(self.executions[i - 1].begin_time, e.begin_time) >= 0, true)])
      error_message = "The newest execution is not first."
    }
    postcondition {
      condition     = %s
      error_message = "An execution is listed that was not asked for."
    }
  }
}
`, name, p.workflow, more[0], more[1])
	}

	return config
}

func (p place) run(t *testing.T) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"huaweicloud": func() (tfprotov6.ProviderServer, error) {
				return provider.Server(provider.Options{Version: "test", Getenv: p.getenv})(), nil
			},
		},
		Steps: []resource.TestStep{{Config: p.promises(time.Now().UTC())}},
	})
}

func TestAccLive(t *testing.T) {
	t.Parallel()
	workflow := os.Getenv(liveWorkflow)
	if workflow == "" {
		t.Skipf("TestAccLive reads the real service: run make testacc-live WORKFLOW_ID=... (%s is not "+
			"set)", liveWorkflow)
	}
	for _, variables := range [][]string{
		{"HW_REGION_NAME", "OS_REGION_NAME", "HW_SHARED_CONFIG_FILE"},
		{"HW_ACCESS_KEY", "OS_ACCESS_KEY", "HW_AUTH_TOKEN", "OS_AUTH_TOKEN", "HW_SHARED_CONFIG_FILE"},
	} {
		if !slices.ContainsFunc(variables, func(name string) bool { return os.Getenv(name) != "" }) {
			t.Skipf("TestAccLive reads the real service: set one of %s", strings.Join(variables, ", "))
		}
	}
	place{workflow, os.Getenv(liveEndpoint), os.Getenv}.run(t)
}

// TestAccLive_simulated reads the same from the simulator, so that a failure
// against the real service is about the service.
func TestAccLive_simulated(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	const workflow = "48aff955-ea10-4ffd-b426-190bc192dc14"
	srv.AddWorkflow(workflow, simulator.Seed(250, time.Now().Add(-time.Minute), 12*time.Minute, 1)...)
	variables := map[string]string{
		"HW_REGION_NAME": simulator.DefaultRegion, "HW_ACCESS_KEY": simulator.DefaultAccessKey,
		"HW_SECRET_KEY": simulator.DefaultSecretKey, "HW_AUTH_URL": srv.URL,
	}
	place{workflow, srv.URL, func(name string) string { return variables[name] }}.run(t)
}

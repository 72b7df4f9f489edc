//go:build unix

package provider_test

import (
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// brokenEnvironment has no region and half a pair of keys. All its other variables
// are invalid.
var brokenEnvironment = []string{
	"HW_REGION_NAME=", "HW_ACCESS_KEY=AK\r", "HW_SECRET_KEY=", "HW_MAX_RETRIES=many", "HW_PROJECT_NAME=n\r",
	"OS_CACERT=/nowhere/ca.pem", "OS_CERT=/nowhere/cert.pem", "HTTPS_PROXY=http://proxy.example.invalid:port",
}

// A saved plan can be applied and everything destroyed in an invalid environment,
// because neither reads. A read in that environment reports each error once.
func TestAccBrokenEnvironment(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string][]string{
		"variables and certificates": brokenEnvironment,
		"configuration file":         {"HW_SHARED_CONFIG_FILE=/nowhere/config.json"},
		"profile":                    {"HW_PROFILE=nobody"},
		"ID token file": {
			"HW_ASSUME_ROLE_IDP_ID=ci", "HW_ASSUME_ROLE_AGENCY_NAME=ops", "HW_ASSUME_ROLE_DOMAIN_ID=d",
			"HW_ASSUME_ROLE_ID_TOKEN_FILE=/nowhere/token",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.AddWorkflow("w", simulator.Seed(3, time.Now(), time.Minute, 1)...)
			config := readConfig(srv.URL) + `
resource "terraform_data" "number" {
  input = length(data.huaweicloud_fgs_workflow_executions.test.executions)
}
`
			w := newWorkspace(t, config)
			run := func(args ...string) {
				t.Helper()
				if said, err := w.Run(t, args...); err != nil {
					t.Fatalf("%s: %v\n%s", args, err, said)
				}
			}
			run("plan", "-input=false", "-out=saved")
			requests := len(srv.Requests())
			w.Env = append(w.Env, broken...)
			run("apply", "-input=false", "saved")
			run("destroy", "-input=false", "-auto-approve", "-refresh=false")
			if n := len(srv.Requests()); n != requests {
				t.Errorf("%d requests to apply and destroy, want none", n-requests)
			}
			if said, err := w.Run(t, "plan", "-input=false"); err == nil {
				t.Errorf("the plan reads:\n%s", said)
			}
		})
	}
}

func TestAccBrokenEnvironment_saidAtOnce(t *testing.T) {
	t.Parallel()
	config := strings.Replace(readConfig("https://fgs.example.invalid"), "workflow_id =",
		"count = 1\n  workflow_id =", 1)
	config = strings.ReplaceAll(config, "test.executions", "test[0].executions")
	said, err := newWorkspace(t, config, brokenEnvironment...).Run(t, "plan", "-input=false")
	if err == nil {
		t.Fatalf("the plan reads:\n%s", said)
	}
	for _, summary := range []string{
		"Missing region", "Invalid access key", "Missing secret key", "Invalid number of retries",
		"Invalid project name",
		"Invalid CA certificates", "Invalid client certificate", "Missing key of the client certificate",
		"Invalid proxy",
	} {
		if n := strings.Count(said, "Error: "+summary+"\n"); n != 1 {
			t.Errorf("%q is said %d times", summary, n)
		}
	}
	if t.Failed() {
		t.Log(said)
	}
}

package provider_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// The workflow that the examples read, and one of its executions.
const (
	exampleWorkflow     = "48aff955-ea10-4ffd-b426-190bc192dc14"
	exampleWorkflowName = "orders"
	exampleExecution    = "3f3b2c64-5f0a-4b8e-9d0e-2f7f6a1c8e55"
)

// examplesApart need a service of their own, and have tests of their own.
var examplesApart = []string{"last-night", "not-while-running"}

// Every folder of examples is planned against the simulator, to which an
// override file leads. An example of a provider block alone is configured, but
// reads nothing.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	const root = "../../examples"
	folders := map[string]string{} // folder to text
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".tf" {
			return err
		}
		text, err := os.ReadFile(path)
		folders[filepath.Dir(path)] += string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{
		"demo", "provider", "provider/oidc", "data-sources/huaweicloud_fgs_workflow_executions",
		"data-sources/huaweicloud_fgs_workflow_execution", "data-sources/huaweicloud_fgs_workflows",
		"functions/parse_workflow_urn", "functions/seconds_between", "report", "failed-nodes", "all-workflows",
	} {
		if folders[filepath.Join(root, folder)] == "" {
			t.Errorf("no example in %s", folder)
		}
	}

	env := acctest.Keys().With(acctest.Environment{"HOME": exampleHome(t)})
	for folder, text := range folders {
		if slices.Contains(examplesApart, strings.TrimPrefix(folder, root+"/")) {
			continue
		}
		t.Run(strings.TrimPrefix(folder, root+"/"), func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.PutWorkflow(simulator.Workflow{ID: exampleWorkflow, Name: exampleWorkflowName})
			srv.AddWorkflow(exampleWorkflow, simulator.Execution{
				ID:     exampleExecution,
				Status: "fail",
				Begin:  time.Now().Add(-time.Minute),
				End:    time.Now().Add(-time.Minute),
			})
			srv.AddWorkflow(exampleWorkflow, simulator.Seed(50, time.Now(), time.Hour, 1)...)
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(folder)); err != nil {
				t.Fatal(err)
			}
			reads := strings.Contains(text, "\ndata ")
			files := map[string]string{
				"simulator_override.tf": workspace.ProviderBlock(srv.URL),
			}
			if !reads { // Terraform configures only providers with a resource or a data source
				files["configured.tf"] = workspace.DataSource("none", acctest.WorkflowID, "count = 0")
			}
			for name, text := range files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			var configured atomic.Bool
			resource.Test(t, resource.TestCase{TerraformVersionChecks: checksOf(text), Steps: []resource.TestStep{{
				ProtoV6ProviderFactories: factories(provider.Options{Getenv: func(name string) string {
					if name == "HW_MAX_RETRIES" { // read only by Configure
						configured.Store(true)
					}

					return env.Getenv(name)
				}}),
				ConfigDirectory: config.StaticDirectory(dir),
				ConfigVariables: config.Variables{
					"workflow_name":  config.StringVariable(exampleWorkflowName),
					"workflow_id":    config.StringVariable(exampleWorkflow),
					"endpoint":       config.StringVariable(srv.URL),
					"access_key":     config.StringVariable(simulator.DefaultAccessKey),
					"secret_key":     config.StringVariable(simulator.DefaultSecretKey),
					"security_token": config.StringVariable("token"),
					"token":          config.StringVariable("token"),
				},
				PlanOnly:           true,
				ExpectNonEmptyPlan: strings.Contains(text, "\noutput "), // no state: each output is a change
			}}})

			if !configured.Load() {
				t.Error("the provider was not configured")
			}
			if reads != (len(srv.Requests()) > 0) {
				t.Errorf("has a data source: %t, but got %d requests", reads, len(srv.Requests()))
			}
			for _, r := range srv.Requests() {
				if r.Status != 200 {
					t.Errorf("status %d for %s", r.Status, r.Path)
				}
			}
		})
	}
}

// checksOf skips an example that needs a newer CLI than Terraform 1.5.
func checksOf(example string) []tfversion.TerraformVersionCheck {
	if !strings.Contains(example, "provider::") {
		return nil
	}

	return []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)} // functions of providers
}

// exampleHome returns a home directory with the files that the examples name.
func exampleHome(t *testing.T) string {
	t.Helper()
	cert, key := acctest.Certificate(t)

	return acctest.Home(t, map[string]string{
		".hcloud/config.json": `{"profiles":[{"name":"dev","mode":"AKSK","accessKeyId":"AK",` +
			`"secretAccessKey":"SK","region":"cn-north-4"}]}`,
		"id-token":                    "token\n",
		"certificates/ca.pem":         cert,
		"certificates/client.pem":     cert,
		"certificates/client-key.pem": key,
	})
}

//go:build unix

package provider_test

import (
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// The workflow that the examples read, and one of its executions.
const (
	exampleWorkflow     = "48aff955-ea10-4ffd-b426-190bc192dc14"
	exampleWorkflowName = "orders"
	exampleExecution    = "3f3b2c64-5f0a-4b8e-9d0e-2f7f6a1c8e55"
)

const examplesRoot = "../../examples"

// examplesApart need a service of their own, and have tests of their own.
var examplesApart = []string{"last-night", "not-while-running"}

// Every folder of examples is planned against the simulator, to which an override
// file leads. Those of a provider block alone are parts of pages, whose
// configurations TestAccGuides_authentication reads.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	folders := examples(t)
	for _, folder := range []string{
		"demo", "provider", "provider/oidc", "data-sources/huaweicloud_fgs_workflow_executions",
		"data-sources/huaweicloud_fgs_workflow_execution", "data-sources/huaweicloud_fgs_workflows",
		"functions/parse_workflow_urn", "functions/seconds_between", "report", "failed-nodes", "all-workflows",
	} {
		if folders[folder] == "" {
			t.Errorf("no example in %s", folder)
		}
	}
	var pages string
	for _, page := range pagesRead {
		pages += string(read(t, filepath.Join("../../docs", page)))
	}
	for folder, text := range folders {
		switch {
		case slices.Contains(examplesApart, folder):
		case strings.HasPrefix(folder, "provider"):
			if text := string(read(t, filepath.Join(examplesRoot, folder, "provider.tf"))); !strings.Contains(pages, text) {
				t.Errorf("%s is in no page whose configurations are read", folder)
			}
		default:
			t.Run(folder, func(t *testing.T) {
				t.Parallel()
				planExample(t, folder, text)
			})
		}
	}
}

// examples returns the folders with a configuration, and its text.
func examples(t *testing.T) map[string]string {
	t.Helper()
	folders := map[string]string{}
	root := os.DirFS(examplesRoot)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".tf" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		folders[path.Dir(name)] += "\n" + string(text)

		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return folders
}

func planExample(t *testing.T, folder, text string) {
	t.Helper()
	srv := simulator.Start(t, simulator.Config{})
	srv.PutWorkflow(simulator.Workflow{ID: exampleWorkflow, Name: exampleWorkflowName})
	now := time.Now()
	srv.AddWorkflow(exampleWorkflow, simulator.Execution{
		ID: exampleExecution, Status: "fail", Begin: now.Add(-time.Minute), End: now.Add(-time.Minute),
	})
	srv.AddWorkflow(exampleWorkflow, simulator.Seed(50, now, time.Hour, 1)...)
	w := newWorkspace(t, "", "TF_VAR_workflow_name="+exampleWorkflowName, "TF_VAR_workflow_id="+exampleWorkflow,
		"TF_VAR_endpoint="+srv.URL, "TF_VAR_access_key="+simulator.DefaultAccessKey,
		"TF_VAR_secret_key="+simulator.DefaultSecretKey)
	if strings.Contains(text, "provider::") {
		acctest.SkipBelow(t, 8, 7)
	}
	if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(w.Dir, os.DirFS(filepath.Join(examplesRoot, folder))); err != nil {
		t.Fatal(err)
	}
	w.Write(t, "simulator_override.tf", workspace.ProviderBlock(srv.URL))
	if said, err := w.Run(t, "plan", "-input=false"); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}

	if reads := strings.Contains(text, "\ndata "); reads != (len(srv.Requests()) > 0) {
		t.Errorf("has a data source: %t, but got %d requests", reads, len(srv.Requests()))
	}
	for _, r := range srv.Requests() {
		if r.Status != http.StatusOK {
			t.Errorf("status %d for %s", r.Status, r.Path)
		}
	}
}

//go:build unix

package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// reportWorkspace returns a workspace with the report example as its
// configuration.
func reportWorkspace(t *testing.T, env ...string) *acctest.Workspace {
	t.Helper()
	w := newWorkspace(t, "", env...)
	acctest.SkipBelow(t, 8, 7)
	if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(w.Dir, os.DirFS("../../examples/report")); err != nil {
		t.Fatal(err)
	}

	return w
}

// The report's output is a table in Markdown.
func TestAccReport(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{Behaviour: simulator.Behaviour{NoEnd: simulator.NoEndZeroDate}})
	now := time.Now().UTC().Truncate(time.Second)
	begin, long := now.Add(-2*time.Hour), now.Add(-20*time.Hour)
	srv.AddWorkflow(acctest.WorkflowID,
		simulator.Execution{ID: "e-3", Status: "running", Begin: now.Add(-time.Minute)},
		simulator.Execution{ID: "e-2", Status: "success", Begin: begin, End: begin.Add(75 * time.Second)},
		simulator.Execution{ID: "e-1", Status: "fail", Begin: long, End: long.Add(10*time.Hour + 2*time.Second)},
	)
	w := reportWorkspace(t)
	w.Write(t, "simulator.tf", workspace.ProviderBlock(srv.URL))
	out, err := w.Run(t, "apply", "-auto-approve", "-var", "workflow_id="+acctest.WorkflowID, "-var", "rows=3")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err = w.Run(t, "output", "-raw", "report")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	at := func(t time.Time) string { return t.Format(time.RFC3339) }
	want := strings.Join([]string{
		"3 executions, 1 of them failed or timed out.",
		"",
		"| Execution | Status | Began (UTC) | Took |",
		"|---|---|---|---|",
		"| e-3 | running | " + at(now.Add(-time.Minute)) + " | – |",
		"| e-2 | success | " + at(begin) + " | 0:01:15 |",
		"| e-1 | fail | " + at(long) + " | 10:00:02 |",
		"",
	}, "\n")
	if out != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}

// The report's own tests pass, without keys and without a service.
func TestAccReport_mocked(t *testing.T) {
	t.Parallel()
	w := reportWorkspace(t, "HW_ACCESS_KEY=", "HW_SECRET_KEY=")
	acctest.SkipBelow(t, 7, 8)
	out, err := w.Run(t, "test")
	if err != nil || !strings.Contains(out, "2 passed, 0 failed") {
		t.Errorf("%v\n%s", err, out)
	}
}

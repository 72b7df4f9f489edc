//go:build unix

package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// job is a workspace with an example instead of a configuration.
type job struct{ *acctest.Workspace }

// jobWorkspace returns a workspace with an example, which reads from srv.
func jobWorkspace(t *testing.T, example string, srv *simulator.Server) job {
	t.Helper()
	w := newWorkspace(t, "")
	if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(w.Dir, os.DirFS("../../examples/"+example)); err != nil {
		t.Fatal(err)
	}
	const block = "provider \"huaweicloud\" {\n  endpoints = { fgs = %[1]q, iam = %[1]q }\n}\n"
	w.Write(t, "simulator.tf", fmt.Sprintf(block, srv.URL))

	return job{w}
}

// apply applies and returns the outputs.
func (w job) apply(t *testing.T, args ...string) map[string]any {
	t.Helper()
	if out, err := w.Run(t, append([]string{"apply", "-auto-approve", "-input=false"}, args...)...); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := w.Run(t, "output", "-json")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var outputs map[string]struct{ Value any }
	if err := json.Unmarshal([]byte(out), &outputs); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	values := map[string]any{}
	for name, output := range outputs {
		values[name] = output.Value
	}

	return values
}

// fails wants a command to fail with a text, however the CLI wraps it.
func (w job) fails(t *testing.T, want string, args ...string) {
	t.Helper()
	out, err := w.Run(t, args...)
	pattern := strings.Join(strings.Fields(regexp.QuoteMeta(want)), `[\s│]+`)
	if err == nil || !regexp.MustCompile(pattern).MatchString(out) {
		t.Errorf("got %v, want %s in\n%s", err, want, out)
	}
}

func TestAccJob_failedNodes(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	begin := time.Now().UTC().Truncate(time.Second).Add(-50 * time.Hour)
	for id, name := range map[string]string{"w": "订单", "archive": "订单-归档"} {
		srv.PutWorkflow(simulator.Workflow{ID: id, Name: name})
		srv.AddWorkflow(id)
	}
	w := jobWorkspace(t, "failed-nodes", srv)
	const name = "-var=workflow_name=订单"
	none := map[string]any{"failed_nodes": []any{}} // an output that is null is not kept
	if diff := cmp.Diff(none, w.apply(t, name)); diff != "" {
		t.Errorf("nothing failed (-want +got):\n%s", diff)
	}

	failed := func(id string, begin time.Time) simulator.Execution {
		return simulator.Execution{ID: id, Status: "fail", Begin: begin, End: begin.Add(time.Minute)}
	}
	newest := failed("newest", begin)
	newest.Nodes = []simulator.Node{
		{ID: "a", Name: "retried", Tries: []simulator.Try{
			{Status: "fail", Begin: begin, RequestID: "r-1"}, {Status: "success", Begin: begin, RequestID: "r-2"},
		}},
		{ID: "b", Name: "broken", Tries: []simulator.Try{
			{Status: "fail", Begin: begin, Error: `"no disk space"`, RequestID: "r-3"},
		}},
		{ID: "c", Name: "never ran"},
	}
	srv.AddWorkflow("w", newest, failed("older", begin.Add(-time.Hour)),
		simulator.Execution{ID: "fine", Status: "success", Begin: begin.Add(time.Hour), End: begin.Add(2 * time.Hour)})
	srv.AddWorkflow("archive", failed("another", begin.Add(time.Hour)))
	want := map[string]any{
		"failed_at":    begin.Format(time.RFC3339),
		"failed_nodes": []any{map[string]any{"node": "broken", "error": "no disk space", "request_id": "r-3"}},
	}
	if diff := cmp.Diff(want, w.apply(t, name)); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	w.fails(t, "There are 0 workflows named 归档 in region cn-north-4.", "plan", "-var=workflow_name=归档")
}

func TestAccJob_lastNight(t *testing.T) {
	t.Parallel()
	// The night of 10 March at UTC+8 is from 14:00 to 22:00 UTC on the 9th.
	at := func(hour int) time.Time { return time.Date(2026, 3, 9, hour, 30, 0, 0, time.UTC) }
	run := func(id, status string, begin time.Time) simulator.Execution {
		e := simulator.Execution{ID: id, Status: status, Begin: begin, LastUpdate: begin.Add(time.Minute)}
		if status != "running" {
			e.End = begin.Add(time.Minute)
		}
		return e
	}
	const morning = "2026-03-10T02:00:00Z"
	tests := map[string]struct {
		runs []simulator.Execution
		now  string
		want string // of the run, or of the error
		fail bool
	}{
		"it succeeded": {runs: []simulator.Execution{run("e", "success", at(20))}, want: "e"},
		"before noon in UTC": {
			runs: []simulator.Execution{run("e", "success", at(20))},
			now:  "2026-03-09T23:00:00Z",
			want: "e",
		},
		"the last of two": {
			runs: []simulator.Execution{run("d", "fail", at(19)), run("e", "success", at(20))},
			want: "e",
		},
		"nothing ran": {
			want: "Nothing ran from 2026-03-09T22:00:00+08:00 to 2026-03-10T06:00:00+08:00.",
			fail: true,
		},
		"only in the afternoon": {
			runs: []simulator.Execution{run("e", "success", at(10))},
			want: "Nothing ran from",
			fail: true,
		},
		"only in the morning": {
			runs: []simulator.Execution{run("e", "success", at(23))},
			want: "Nothing ran from",
			fail: true,
		},
		"the last failed": {
			runs: []simulator.Execution{run("d", "success", at(19)), run("e", "fail", at(20))},
			want: "The last of 2 runs, e, has the status fail.", fail: true,
		},
		"it is running": {
			runs: []simulator.Execution{run("e", "running", at(20))},
			want: "The last of 1 runs, e, has the status running.", fail: true,
		},
		"the night is not over": {
			now: "2026-03-09T21:00:00Z", want: "The night is not over: it ends at " +
				"2026-03-10T06:00:00+08:00.", fail: true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.AddWorkflow(exampleWorkflow, tt.runs...)
			w := jobWorkspace(t, "last-night", srv)
			now := morning
			if tt.now != "" {
				now = tt.now
			}
			args := []string{"-var=workflow_id=" + exampleWorkflow, "-var=now=" + now}
			if tt.fail {
				w.fails(t, tt.want, append([]string{"plan", "-input=false"}, args...)...)
				return
			}
			if diff := cmp.Diff(map[string]any{"run": tt.want}, w.apply(t, args...)); diff != "" {
				t.Errorf("outputs (-want +got):\n%s", diff)
			}
		})
	}

}

// Offsets of hours and minutes, on both sides of UTC.
func TestAccJob_lastNight_offsets(t *testing.T) {
	t.Parallel()
	tests := []struct{ offset, now, begin string }{
		{"+05:45", "2026-03-10T12:00:00Z", "2026-03-09T22:00:00+05:45"},
		{"+00:00", "2026-03-10T12:00:00Z", "2026-03-09T22:00:00Z"},
		{"-03:30", "2026-03-10T01:00:00Z", "2026-03-08T22:00:00-03:30"}, // the evening of the 9th
	}
	for _, tt := range tests {
		t.Run(tt.offset, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.AddWorkflow(exampleWorkflow)
			jobWorkspace(t, "last-night", srv).fails(t, "Nothing ran from "+tt.begin, "plan", "-input=false",
				"-var=workflow_id="+exampleWorkflow, "-var=utc_offset="+tt.offset, "-var=now="+tt.now)
		})
	}
}

func TestAccJob_notWhileRunning(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	ended := time.Now().Add(-time.Hour)
	srv.AddWorkflow(exampleWorkflow,
		simulator.Execution{ID: "ended", Status: "success", Begin: ended, End: ended, LastUpdate: ended})
	w := jobWorkspace(t, "not-while-running", srv)
	const workflow = "-var=workflow_id=" + exampleWorkflow

	// Nothing runs when the plan is made, and something by the time of the apply: it
	// began ten days ago.
	if out, err := w.Run(t, "plan", "-input=false", workflow, "-out=plan.tfplan"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n := len(srv.Requests()); n > 0 {
		t.Errorf("got %d requests while planning", n)
	}
	begin := time.Now().UTC().Truncate(time.Second).Add(-240 * time.Hour)
	srv.AddWorkflow(exampleWorkflow,
		simulator.Execution{ID: "long", Status: "running", Begin: begin, LastUpdate: begin})
	running := "1 runs are going on, the newest since " + begin.Format(time.RFC3339) + "."
	w.fails(t, running, "apply", "-input=false", "plan.tfplan")
	w.fails(t, running, "apply", "-input=false", "-auto-approve", workflow)
	if out, err := w.Run(t, "state", "list"); err != nil || strings.Contains(out, "terraform_data.deployment") {
		t.Errorf("applied, or no state: %v\n%s", err, out)
	}

	srv.UpdateExecution(exampleWorkflow, "long", func(e *simulator.Execution) {
		e.Status, e.End = "success", time.Now()
	})
	if out, err := w.Run(t, "plan", "-input=false", workflow, "-out=plan.tfplan"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := w.Run(t, "apply", "-input=false", "plan.tfplan"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := w.Run(t, "state", "list"); err != nil || !strings.Contains(out, "terraform_data.deployment") {
		t.Errorf("not applied: %v\n%s", err, out)
	}
}

func TestAccJob_allWorkflows(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	now := time.Now().UTC().Truncate(time.Second).Add(-time.Minute)
	failed := func(id string, age time.Duration) simulator.Execution {
		begin := now.Add(-age)
		return simulator.Execution{ID: id, Status: "fail", Begin: begin, End: begin, LastUpdate: begin}
	}
	for _, w := range []simulator.Workflow{
		{ID: "1", Name: "订单"}, {ID: "2", Name: "orders"}, {ID: "3", Name: "twin"}, {ID: "4", Name: "twin"},
		{ID: "5", Name: "express", Mode: "EXPRESS"},
	} {
		srv.PutWorkflow(w)
	}
	srv.AddWorkflow("1", failed("a", time.Hour), failed("b", 2*time.Hour), failed("old", 48*time.Hour))
	srv.AddWorkflow("3", failed("c", time.Hour))
	srv.AddWorkflow("4", failed("d", time.Hour))
	srv.AddWorkflow("5", failed("e", time.Hour))
	want := map[string]any{"failures": map[string]any{"订单": 2.0, "twin": 2.0}}
	if diff := cmp.Diff(want, jobWorkspace(t, "all-workflows", srv).apply(t)); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}

package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// show returns the details of an execution as they are written.
func show(t *testing.T, c *Cloud, executionID string, headers ...string) map[string]any {
	t.Helper()
	r := inProcess(c).send(t, http.MethodGet, detailPath(testWorkflow, executionID), "", headers...)
	if r.status != http.StatusOK {
		t.Fatalf("got %d %s", r.status, r.body)
	}
	var detail map[string]any
	if err := json.Unmarshal([]byte(r.body), &detail); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
	return detail
}

func detailPath(workflowID, executionID string) string {
	return workflowsPath + "/" + workflowID + "/executions/" + executionID
}

// The details have the fields of the list's row.
func TestShowWorkflowExecution_row(t *testing.T) {
	t.Parallel()
	for way := NoEndOmitted; way <= NoEndBegin; way++ {
		c := newCloud(10, Behaviour{NoEnd: way})
		for _, row := range inProcess(c).list(t).rows {
			id, _ := row["execution_id"].(string)
			got := show(t, c, id)
			for _, more := range []string{"headers", "input", "output", "node_execution_details"} {
				delete(got, more)
			}
			if diff := cmp.Diff(row, got); diff != "" {
				t.Errorf("(-list +details):\n%s", diff)
			}
		}
	}
}

func TestShowWorkflowExecution_nodes(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	long := `{"text":"` + strings.Repeat("x", 1000) + `"}`
	c.AddWorkflow(testWorkflow,
		Execution{ID: "sample", Status: "fail", Begin: at(2), End: at(1)},
		Execution{ID: "own", Status: "fail", Begin: at(2), End: at(1), Input: `{"password":"p"}`, Output: "-", Nodes: []Node{
			{ID: "n", Name: "节点", Tries: []Try{{
				Status: "fail", Begin: at(2).Add(time.Millisecond), Input: "1", Output: long, Error: `{"code":1}`, RequestID: "r",
				Raw: map[string]string{"status": `"odd"`},
			}}},
			{ID: "empty"},
		}},
	)
	var failed int
	nodes, _ := show(t, c, "sample")["node_execution_details"].([]any)
	for _, node := range nodes {
		text, err := json.Marshal(node)
		if err != nil {
			t.Fatal(err)
		}
		failed += strings.Count(string(text), `"status":"fail"`)
	}
	if failed != 2 || len(nodes) != 2 {
		t.Errorf("got %d nodes and %d failed tries, want 2 and 2", len(nodes), failed)
	}

	want := map[string]any{
		"node_id": "n", "node_name": "节点", "execution_id": "own",
		"executions": []any{map[string]any{
			"status": "odd", "input": 1.0, "output": long[:shortOutput],
			"error_message": map[string]any{"code": 1.0}, "request_id": "r",
			"begin_time": float64(at(2).UnixMilli() + 1), "end_time": 0.0,
		}},
	}
	empty := map[string]any{"node_id": "empty", "node_name": "", "execution_id": "own", "executions": []any{}}
	got := show(t, c, "own")
	if diff := cmp.Diff([]any{want, empty}, got["node_execution_details"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, output := got["output"]
	if diff := cmp.Diff(map[string]any{"password": "p"}, got["input"]); diff != "" || output {
		t.Errorf("output: %t, input (-want +got):\n%s", output, diff)
	}
	text, err := json.Marshal(show(t, c, "own", fullHistory, "true"))
	if err != nil || !strings.Contains(string(text), long) {
		t.Errorf("the output is not whole: %s, %v", text, err)
	}
}

func TestShowWorkflowExecution_unknown(t *testing.T) {
	t.Parallel()
	c := newCloud(1, Behaviour{})
	c.AddWorkflow("other", Execution{ID: "elsewhere"})
	for _, path := range []string{detailPath(testWorkflow, "elsewhere"), detailPath("none", "0")} {
		r := inProcess(c).get(t, path)
		if r.status != http.StatusNotFound || !strings.Contains(r.body, `"FGS.5002"`) {
			t.Errorf("%s: got %d %s", path, r.status, r.body)
		}
	}
	if r := inProcess(c).get(t, detailPath(strings.ToUpper(testWorkflow), "0")); r.status != http.StatusNotFound {
		t.Errorf("got %d for another letter case", r.status)
	}
	c.SetBehaviour(Behaviour{WorkflowIDCase: true})
	if r := inProcess(c).get(t, detailPath(strings.ToUpper(testWorkflow), "0")); r.status != http.StatusOK {
		t.Errorf("got %d for another letter case", r.status)
	}
}

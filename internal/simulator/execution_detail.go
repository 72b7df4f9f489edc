package simulator

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Node is a step of an execution, with its attempts.
type Node struct {
	ID, Name string
	Tries    []Try
}

// Try is an attempt of a node. A zero time is written as 0, and an empty string is
// left out.
type Try struct {
	Status        string
	Begin, End    time.Time
	Input, Output string // JSON text
	Error         string // JSON text
	RequestID     string

	// Raw replaces fields of the try as it is written, as [Execution].Raw does.
	Raw map[string]string
}

// fullHistory is the header that asks for the complete outputs of nodes.
const fullHistory = "X-Get-Workflow-Full-History-Data"

// shortOutput is the most of a node's output, in bytes, that is shown without the
// header. The service's own limit is not documented.
const shortOutput = 256

// showWorkflowExecution serves GET
// /v2/{project_id}/fgs/workflows/{workflow_id}/executions/{execution_id}.
func (c *Cloud) showWorkflowExecution(q *call) response {
	w, r := c.execution(q)
	if r == nil {
		return q.failAs(http.StatusNotFound)
	}

	return success(encodeExecution(q, w, r))
}

// execution returns the execution of a request and its workflow. The row is nil if
// there is none.
func (c *Cloud) execution(q *call) (Workflow, *row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.find(q)
	if w == nil {
		return Workflow{}, nil
	}
	i := slices.IndexFunc(w.rows, func(r *row) bool { return r.ID == q.vars["execution_id"] })
	if i < 0 {
		return Workflow{}, nil
	}

	return w.Workflow, w.rows[i]
}

// encodeExecution writes the body of ShowWorkflowExecution (CLOUD.md 4.3).
func encodeExecution(q *call, w Workflow, r *row) []byte {
	o := object{raw: r.Raw}
	o.brief(r, w.ID, w.urn(q.project), rowStyle{Behaviour: q.behaviour})
	o.field("headers", []byte("{}"))
	o.payload("input", cmp.Or(r.Input, `{"source":"simulator"}`))
	output := r.Output
	if r.Status == "success" {
		output = cmp.Or(output, `{"result":"success"}`)
	}
	o.payload("output", output)
	full := q.Header.Get(fullHistory) == "true"
	o.field("node_execution_details", array(nodesOf(r), func(n Node) []byte { return encodeNode(n, r.ID, full) }))

	return o.end()
}

// nodesOf returns the nodes of a run. Those of a sample are a first node that
// succeeds, and a second one that ends as the run does, in two tries if it fails.
func nodesOf(r *row) []Node {
	if r.Nodes != nil {
		return r.Nodes
	}
	begin, end := wholeSecond(r.Begin), wholeSecond(r.End)
	between := begin
	if !end.IsZero() {
		between = begin.Add(end.Sub(begin) / 2).Truncate(time.Millisecond)
	}
	first := Node{ID: "first", Name: "prepare", Tries: []Try{{
		Status: "success", Begin: begin, End: between, RequestID: "request-" + r.ID + "-1",
		Input: `{"source":"simulator"}`, Output: `{"rows":1}`,
	}}}
	second := Node{ID: "second", Name: "process"}
	try := Try{
		Status: r.Status, Begin: between, End: end, RequestID: "request-" + r.ID + "-2", Input: `{"rows":1}`,
	}
	switch r.Status {
	case "success":
		try.Output = `{"result":"success"}`
	case "fail":
		try.Error = `"the function returned an error"`
		second.Tries = append(second.Tries, try)
		try.RequestID = "request-" + r.ID + "-3"
	}
	second.Tries = append(second.Tries, try)

	return []Node{first, second}
}

func encodeNode(node Node, executionID string, full bool) []byte {
	var o object
	o.text("node_id", node.ID)
	o.text("node_name", node.Name)
	o.text("execution_id", executionID)
	o.field("executions", array(node.Tries, func(t Try) []byte { return encodeTry(t, full) }))

	return o.end()
}

func encodeTry(try Try, full bool) []byte {
	o := object{raw: try.Raw}
	o.text("status", try.Status)
	o.payload("input", try.Input)
	output := try.Output
	if !full && len(output) > shortOutput {
		output = string(encode(output[:shortOutput]))
	}
	o.payload("output", output)
	o.milliseconds("begin_time", try.Begin)
	o.milliseconds("end_time", try.End)
	o.payload("error_message", try.Error)
	o.text("request_id", try.RequestID)

	return o.end()
}

// payload writes JSON text; none, and "-", leave the field out.
func (o *object) payload(name, text string) {
	if text == "-" {
		text = ""
	}
	o.field(name, []byte(text))
}

// milliseconds writes a time as the number of milliseconds since 1970, an absent
// one as 0.
func (o *object) milliseconds(name string, t time.Time) {
	var n int64
	if !t.IsZero() {
		n = t.UnixMilli()
	}
	o.number(name, n)
}

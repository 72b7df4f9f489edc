package simulator

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Node is a step of an execution, with its attempts.
type Node struct {
	ID, Name string
	Tries    []Try
}

// Try is an attempt of a node. A zero time is written as 0, and an empty string is left out.
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

// shortOutput is the most of a node's output, in bytes, that is shown without the header. How much it is is not
// documented.
const shortOutput = 256

// showWorkflowExecution serves GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions/{execution_id}.
func (c *Cloud) showWorkflowExecution(q *call) response {
	project, denial, ok := c.projectOf(q)
	if !ok {
		return denial
	}
	b := c.currentBehaviour()
	workflowID, r, ok := c.execution(q.vars["workflow_id"], q.vars["execution_id"], b)
	if !ok {
		return q.noSuchWorkflow()
	}
	body := encodeExecution(r, workflowID, workflowURN(project, c.nameOf(workflowID)), b,
		q.Header.Get(fullHistory) == "true")

	return response{status: http.StatusOK, body: body}
}

// execution finds one execution. The ID is the workflow's own.
func (c *Cloud) execution(workflowID, executionID string, b Behaviour) (id string, r *row, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, w := range c.workflows {
		if id != workflowID && (!b.WorkflowIDCase || !strings.EqualFold(id, workflowID)) {
			continue
		}
		i := slices.IndexFunc(w.rows, func(r *row) bool { return r.ID == executionID })
		if i >= 0 {
			return id, w.rows[i], true
		}
	}

	return workflowID, nil, false
}

// encodeExecution writes the body of ShowWorkflowExecution (CLOUD.md 4.3).
func encodeExecution(r *row, workflowID, urn string, b Behaviour, full bool) []byte {
	o := object{out: []byte{'{'}, raw: r.Raw}
	o.brief(r, workflowID, urn, rowStyle{Behaviour: b})
	o.field("headers", []byte("{}"))
	o.payload("input", cmp.Or(r.Input, `{"source":"simulator"}`))
	output := r.Output
	if r.Status == "success" {
		output = cmp.Or(output, `{"result":"success"}`)
	}
	o.payload("output", output)

	nodes := []byte{'['}
	for i, node := range nodesOf(r) {
		if i > 0 {
			nodes = append(nodes, ',')
		}
		nodes = append(nodes, encodeNode(node, r.ID, full)...)
	}
	o.field("node_execution_details", append(nodes, ']'))
	o.rest()

	return append(o.out, '}')
}

// nodesOf returns the nodes of a run. Those of a sample are a first node that succeeds, and a second one that ends as
// the run does, in two tries if it fails.
func nodesOf(r *row) []Node {
	if r.Nodes != nil {
		return r.Nodes
	}
	between := r.Begin
	if !r.End.IsZero() {
		between = r.Begin.Add(r.End.Sub(r.Begin) / 2).Truncate(time.Millisecond)
	}
	first := Node{ID: "first", Name: "prepare", Tries: []Try{{
		Status: "success", Begin: r.Begin, End: between, RequestID: "request-" + r.ID + "-1",
		Input: `{"source":"simulator"}`, Output: `{"rows":1}`,
	}}}
	second := Node{ID: "second", Name: "process"}
	try := Try{
		Status: r.Status, Begin: between, End: r.End, RequestID: "request-" + r.ID + "-2", Input: `{"rows":1}`,
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
	o := object{out: []byte{'{'}}
	o.text("node_id", node.ID)
	o.text("node_name", node.Name)
	o.text("execution_id", executionID)
	tries := []byte{'['}
	for i, try := range node.Tries {
		if i > 0 {
			tries = append(tries, ',')
		}
		tries = append(tries, encodeTry(try, full)...)
	}
	o.field("executions", append(tries, ']'))

	return append(o.out, '}')
}

func encodeTry(try Try, full bool) []byte {
	o := object{out: []byte{'{'}, raw: try.Raw}
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
	o.rest()

	return append(o.out, '}')
}

// payload writes JSON text; none, and "-", leave the field out.
func (o *object) payload(name, text string) {
	if text == "-" {
		text = ""
	}
	o.field(name, []byte(text))
}

// milliseconds writes a time as the number of milliseconds since 1970, an absent one as 0.
func (o *object) milliseconds(name string, t time.Time) {
	var n int64
	if !t.IsZero() {
		n = t.UnixMilli()
	}
	o.field(name, strconv.AppendInt(nil, n, 10))
}

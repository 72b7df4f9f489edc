package functiongraph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const fullHistoryHeader = "X-Get-Workflow-Full-History-Data"

// executionCloud has one workflow, w, with one failed execution, e, that handled
// a password.
func executionCloud() *simulator.Cloud {
	cloud := simulator.New(simulator.Config{})
	begin := time.Now().Add(-time.Hour).Truncate(time.Second)
	cloud.AddWorkflow("w", simulator.Execution{
		ID: "e", Status: "fail", CreatedBy: "李雷",
		Begin: begin, End: begin.Add(time.Minute), LastUpdate: begin.Add(time.Minute),
		Input: `{"password": "hunter2"}`, Output: `["hunter2"]`,
		Nodes: []simulator.Node{
			{ID: "later", Name: "节点", Tries: []simulator.Try{
				{
					Status: "fail", Begin: begin.Add(1500 * time.Millisecond), End: begin.Add(2 * time.Second),
					Input: `{"password":"hunter2"}`, Output: `"` + strings.Repeat("hunter2", 100) + `"`,
					Error: `"wrong password"`, RequestID: "r",
				},
			}},
			{ID: "waiting"},
			{ID: "first", Name: "first", Tries: []simulator.Try{{Status: "success", Begin: begin, End: begin.Add(time.Second)}}},
		},
	})

	return cloud
}

// diffDetails compares what was read with what is wanted.
func diffDetails(want, got WorkflowExecutionDetail) string {
	return cmp.Diff(want, got, cmpopts.IgnoreUnexported(executions.Execution{}), cmpopts.EquateEmpty())
}

func TestWorkflowExecution(t *testing.T) {
	t.Parallel()
	for _, payloads := range []bool{false, true} {
		t.Run(fmt.Sprintf("payloads %t", payloads), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := executionCloud()
				var bodies strings.Builder
				c := newTestClient(t, cloud.Transport(), withProject, func(cfg *client.Config) {
					cfg.Observe = func(_ context.Context, attempt client.Attempt) { bodies.Write(attempt.Body) }
				})
				got, err := c.WorkflowExecution(t.Context(), "w", "e", payloads)
				if err != nil {
					t.Fatal(err)
				}
				begin := time.Now().Add(-time.Hour).Truncate(time.Second).UTC()
				at := func(d time.Duration) string { return begin.Add(d).Format(time.RFC3339Nano) }
				want := WorkflowExecutionDetail{
					WorkflowExecution: WorkflowExecution{
						WorkflowID:  "w",
						WorkflowURN: "urn:fss:cn-north-4:" + simulator.DefaultProjectID + ":workflow:default:flow-w:latest",
						ExecutionID: "e", Status: "fail", CreatedBy: "李雷",
						BeginTime: at(0), EndTime: at(time.Minute), LastUpdateTime: at(time.Minute),
					},
					Nodes: []WorkflowNode{
						{ID: "first", Name: "first", Tries: []WorkflowNodeTry{
							{Status: "success", BeginTime: at(0), EndTime: at(time.Second)},
						}},
						{ID: "later", Name: "节点", Tries: []WorkflowNodeTry{{
							Status: "fail", BeginTime: at(1500 * time.Millisecond), EndTime: at(2 * time.Second),
							ErrorMessage: "wrong password", RequestID: "r",
						}}},
						{ID: "waiting"},
					},
				}
				if payloads {
					want.Input, want.Output = `{"password":"hunter2"}`, `["hunter2"]`
					try := &want.Nodes[1].Tries[0]
					try.Input, try.Output = `{"password":"hunter2"}`, `"`+strings.Repeat("hunter2", 100)+`"`
				}
				if diff := diffDetails(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if bodies.Len() > 0 {
					t.Errorf("observed: %s", bodies.String())
				}

				requests := cloud.Requests()
				if len(requests) != 1 || len(requests[0].Query) > 0 || !requests[0].SignatureValid ||
					requests[0].Path != workflowsPath+"/w/executions/e" {
					t.Fatalf("got requests %+v", requests)
				}
				header, wantHeader := requests[0].Header.Get(fullHistoryHeader), map[bool]string{true: "true"}[payloads]
				if header != wantHeader {
					t.Errorf("got %s: %q, want %q", fullHistoryHeader, header, wantHeader)
				}
			})
		})
	}
}

func TestWorkflowExecution_unknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := executionCloud()
		c := newTestClient(t, cloud.Transport())
		_, err := c.WorkflowExecution(t.Context(), "w", "none", false)
		failed, ok := errors.AsType[*client.APIError](err)
		if !ok || failed.Class != client.ClassNotFound || failed.Code != "FGS.5002" ||
			failed.Operation != OperationShowWorkflowExecution || failed.ProjectID != simulator.DefaultProjectID {
			t.Errorf("got %+v", err)
		}
	})
}

// What the service says of something else is refused, and neither the error nor
// what observers get quotes the payload.
func TestWorkflowExecution_malformed(t *testing.T) {
	t.Parallel()
	const payload = `"input":{"password":"hunter2"}`
	tests := map[string]struct{ body, want string }{
		"another workflow": {
			`{"workflow_id":"v","execution_id":"e",` + payload + `}`,
			"the response is about another workflow, v",
		},
		"another execution": {
			`{"workflow_id":"W","execution_id":"f",` + payload + `}`,
			"the response is about another execution, f",
		},
		"incomplete":    {`{"execution_id":"e",` + payload, "unexpected end of JSON input"},
		"a list":        {`[{` + payload + `}]`, "the body has the wrong type, array"},
		"only payloads": {`{` + payload + `}`, "the execution is missing"},
		"nulls":         {`{"execution_id":null,` + payload + `}`, "the execution is missing"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := executionCloud()
				cloud.Script(simulator.Fault{Body: tt.body, Times: -1})
				var observed strings.Builder
				c := newTestClient(t, cloud.Transport(), withProject, func(cfg *client.Config) {
					cfg.Observe = func(_ context.Context, attempt client.Attempt) {
						fmt.Fprintf(&observed, "%s %v", attempt.Body, attempt.Err)
					}
				})
				got, err := c.WorkflowExecution(t.Context(), "w", "e", true)
				failed, ok := errors.AsType[*client.APIError](err)
				if !ok || failed.Class != client.ClassMalformed || !strings.Contains(failed.Message, tt.want) {
					t.Fatalf("got %+v, want %s", err, tt.want)
				}
				if strings.Contains(err.Error()+observed.String(), "hunter2") || got.Input != "" {
					t.Errorf("a payload is shown: %v %s", err, observed.String())
				}
			})
		})
	}
}

func TestDecodeWorkflowExecutionDetail(t *testing.T) {
	t.Parallel()
	e := WorkflowExecution{ExecutionID: "e"}
	try := func(try string) string {
		return `{"execution_id":"e","node_execution_details":[{"node_id":"n","executions":[{` + try + `}]}]}`
	}
	tried := func(try WorkflowNodeTry) WorkflowExecutionDetail {
		return WorkflowExecutionDetail{
			WorkflowExecution: e,
			Nodes:             []WorkflowNode{{ID: "n", Tries: []WorkflowNodeTry{try}}},
		}
	}
	tests := map[string]struct {
		body string
		want WorkflowExecutionDetail
		err  string
	}{
		"no nodes": {
			body: `{"execution_id":"e"}`,
			want: WorkflowExecutionDetail{WorkflowExecution: e},
		},
		"null nodes": {
			body: `{"execution_id":"e","node_execution_details":null}`,
			want: WorkflowExecutionDetail{WorkflowExecution: e},
		},
		"white space": {
			body: `{"execution_id":"e","input": [ 1.50 , "a b" ] }`,
			want: WorkflowExecutionDetail{WorkflowExecution: e, Input: `[1.50,"a b"]`},
		},
		"a text": {
			body: `{"execution_id":"e","output":"a\u0041\n"}`,
			want: WorkflowExecutionDetail{WorkflowExecution: e, Output: `"a\u0041\n"`},
		},
		"broken UTF-8": {
			body: "{\"execution_id\":\"e\",\"output\":\"\xff\"}",
			want: WorkflowExecutionDetail{WorkflowExecution: e, Output: "\"\ufffd\""},
		},
		"null payloads": {
			body: try(`"input":null,"output":null,"error_message":null,"request_id":null,"begin_time":null`),
			want: tried(WorkflowNodeTry{}),
		},
		"times": {
			body: try(`"begin_time":1646906400001,"end_time":"1646906401000"`),
			want: tried(WorkflowNodeTry{BeginTime: "2022-03-10T10:00:00.001Z", EndTime: "2022-03-10T10:00:01Z"}),
		},
		"no times": {body: try(`"begin_time":0,"end_time":-1`), want: tried(WorkflowNodeTry{})},
		"other times": {
			body: try(`"begin_time":"2022-03-10T10:00:00Z","end_time":1.5e3`),
			want: tried(WorkflowNodeTry{BeginTime: "2022-03-10T10:00:00Z", EndTime: "1.5e3"}),
		},
		"an error as an object": {
			body: try(`"error_message":{"code": 7, "text": "no"}`),
			want: tried(WorkflowNodeTry{ErrorMessage: `{"code":7,"text":"no"}`}),
		},
		"an empty error":      {body: try(`"error_message":{}`), want: tried(WorkflowNodeTry{})},
		"an empty text":       {body: try(`"error_message":""`), want: tried(WorkflowNodeTry{})},
		"a request as number": {body: try(`"request_id":7`), want: tried(WorkflowNodeTry{RequestID: "7"})},
		"a null node": {
			body: `{"execution_id":"e","node_execution_details":[null]}`,
			err:  "node_execution_details has the wrong type, null",
		},
		"nodes as an object": {body: `{"execution_id":"e","node_execution_details":{}}`, err: "wrong type, object"},
		"status as a number": {
			body: try(`"status":7`),
			err:  "node_execution_details.executions.status has the wrong type, number",
		},
		"a time as a list": {
			body: try(`"begin_time":[]`),
			err:  "node_execution_details.executions.begin_time has the wrong type, array",
		},
		"an error beside it": {body: `{"execution_id":"e","error_code":"FGS.1"}`, err: "the error FGS.1"},
		"twice":              {body: `{"execution_id":"e","execution_id":"e"}`, err: "appears twice"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeWorkflowExecutionDetail(client.NewResponse([]byte(tt.body)), true)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want an error with %q", err, tt.err)
				}
				return
			}
			if diff := diffDetails(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// A value that repeats a secret of the request is refused wherever it is kept.
func TestDecodeWorkflowExecutionDetail_secrets(t *testing.T) {
	t.Parallel()
	const secret = "the secret of the request"
	node := func(node string) string { return `{"execution_id":"e","node_execution_details":[{` + node + `}]}` }
	for name, body := range map[string]string{
		"input":            `{"execution_id":"e","input":{"a":["` + secret + `"]}}`,
		"below escapes":    `{"execution_id":"e","input":"the\u0020secret\u0020of the request"}`,
		"key":              `{"execution_id":"e","input":{"` + secret + `":1}}`,
		"error as a text":  node(`"executions":[{"error_message":"` + secret + `"}]`),
		"error as objects": node(`"executions":[{"error_message":{"a":"` + secret + `"}}]`),
		"node":             node(`"node_name":"` + secret + `"`),
	} {
		_, err := decodeWorkflowExecutionDetail(client.NewResponse([]byte(body), secret), true)
		isRefused := err != nil && strings.Contains(err.Error(), "repeats a secret of the request")
		if !isRefused || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzDecodeWorkflowExecutionDetail(f *testing.F) {
	for _, payloads := range []bool{true, false} {
		f.Add([]byte(`{"execution_id":"e","status":"fail","input":{"a":[1,null]},"output":"x","headers":{}}`), payloads)
		f.Add([]byte(`{"execution_id":"e","node_execution_details":[{"node_id":"n","executions":[
			{"begin_time":1646906400000,"error_message":{}}]}]}`), payloads)
		f.Add([]byte("{\"execution_id\":\"e\",\"input\":\"\xff\\ud800\",\"node_execution_details\":[]}"), payloads)
		f.Add([]byte(`{"execution_id":"e","input":"the secret of\u0020the request"}`), payloads)
	}
	f.Fuzz(func(t *testing.T, body []byte, payloads bool) {
		got, err := decodeWorkflowExecutionDetail(client.NewResponse(body, "the secret of the request"), payloads)
		if err != nil {
			if got.Nodes != nil || got.Input != "" {
				t.Error("an error comes with values")
			}
			return
		}
		if !json.Valid(body) {
			t.Error("it is no JSON")
		}
		texts := []string{got.ExecutionID, got.Status, got.Input, got.Output}
		inputs := []string{got.Input, got.Output}
		for _, node := range got.Nodes {
			texts = append(texts, node.ID, node.Name)
			for _, try := range node.Tries {
				texts = append(texts, try.Status, try.BeginTime, try.EndTime, try.ErrorMessage, try.RequestID)
				inputs = append(inputs, try.Input, try.Output)
			}
		}
		for _, text := range append(texts, inputs...) {
			if !utf8.ValidString(text) || strings.Contains(text, "the secret of the re") {
				t.Errorf("%q got into a value", text)
			}
		}
		for _, input := range inputs {
			if input != "" && (!payloads || !json.Valid([]byte(input))) {
				t.Errorf("payloads: %t, got %q", payloads, input)
			}
		}
	})
}

package functiongraph

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// OperationShowWorkflowExecution shows one execution of a workflow:
// GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions/{execution_id}.
var OperationShowWorkflowExecution = client.NewOperation("ShowWorkflowExecution",
	"https://support.huaweicloud.com/api-functiongraph/functiongraph_06_1006.html")

// WorkflowExecutionDetail is one execution with its nodes.
type WorkflowExecutionDetail struct {
	WorkflowExecution

	Input, Output string // JSON text; empty unless asked for
	Nodes         []WorkflowNode
}

// WorkflowNode is one node of an execution.
type WorkflowNode struct {
	ID, Name string
	Tries    []WorkflowNodeTry // in the order of the service
}

// WorkflowNodeTry is one try of a node. An absent text is empty.
type WorkflowNodeTry struct {
	Status       string
	BeginTime    string // RFC 3339, as in [WorkflowExecution]
	EndTime      string
	ErrorMessage string // a text, or JSON text if the service sends anything else
	RequestID    string

	Input, Output string // JSON text; empty unless asked for
}

// WorkflowExecution returns one execution. Its nodes are in the order in which
// they began. Nodes that have not begun come last. Without payloads decoding skips
// inputs and outputs, because they may contain secrets. The error is one of
// [client.Client.Session] or [client.Get].
func (c *Client) WorkflowExecution(
	ctx context.Context, workflowID, executionID string, payloads bool,
) (WorkflowExecutionDetail, error) {
	session, err := c.session(ctx)
	if err != nil {
		return WorkflowExecutionDetail{}, err
	}
	request := client.Request{
		Operation: OperationShowWorkflowExecution,
		Path:      []string{"workflows", workflowID, "executions", executionID},
		Sensitive: true,
	}
	if payloads {
		// Without it the service shortens the outputs of nodes.
		request.Header = map[string]string{"X-Get-Workflow-Full-History-Data": "true"}
	}
	reply, err := client.Get(ctx, session, request, func(resp *client.Response) (WorkflowExecutionDetail, error) {
		detail, err := decodeWorkflowExecutionDetail(resp, payloads)
		if err == nil {
			err = detail.check(workflowID, executionID)
		}
		return detail, err
	})

	return reply.Value, err
}

// check returns an error if the response has the ID of another workflow or of
// another execution.
func (e *WorkflowExecutionDetail) check(workflowID, executionID string) error {
	switch {
	case e.WorkflowID != "" && !executions.SameID(e.WorkflowID, workflowID):
		return fmt.Errorf("the response is about another workflow, %s", e.WorkflowID)
	case e.ExecutionID != "" && !executions.SameID(e.ExecutionID, executionID):
		return fmt.Errorf("the response is about another execution, %s", e.ExecutionID)
	default:
		return nil
	}
}

// decodeWorkflowExecutionDetail reads the body of a 200.
func decodeWorkflowExecutionDetail(resp *client.Response, payloads bool) (WorkflowExecutionDetail, error) {
	const what = "the execution"
	var e WorkflowExecutionDetail
	err := client.DecodeObject(resp, what, func(d *client.Decoder, key string) (bool, error) {
		switch key {
		case "input":
			return true, payload(d, &e.Input, payloads)
		case "output":
			return true, payload(d, &e.Output, payloads)
		case "headers": // of the request that started it; they may contain secrets
			return true, d.Skip()
		case "node_execution_details":
			return true, d.List(func() error {
				e.Nodes = append(e.Nodes, WorkflowNode{})
				return decodeWorkflowNode(d, &e.Nodes[len(e.Nodes)-1], payloads)
			})
		default:
			return workflowExecutionField(d, key, &e.WorkflowExecution)
		}
	})
	switch {
	case err != nil:
		return WorkflowExecutionDetail{}, err
	case e.WorkflowExecution == WorkflowExecution{}:
		return WorkflowExecutionDetail{}, errors.New(what + " is missing")
	}
	slices.SortStableFunc(e.Nodes, func(a, b WorkflowNode) int { return a.begin().Compare(b.begin()) })

	return e, nil
}

// begin returns the earliest begin of a node's tries. It is later than any other
// time if there is none, or if it is not known.
func (n WorkflowNode) begin() time.Time {
	first := time.UnixMilli(math.MaxInt64)
	for _, try := range n.Tries {
		t, err := executions.ParseTime(try.BeginTime)
		if err == nil && !t.IsZero() && t.Before(first) {
			first = t
		}
	}

	return first
}

func decodeWorkflowNode(d *client.Decoder, node *WorkflowNode, payloads bool) error {
	return d.Object(func(key string) error {
		switch key {
		case "node_id":
			return d.Identifier(&node.ID)
		case "node_name":
			return d.Text(&node.Name)
		case "executions":
			return d.List(func() error {
				node.Tries = append(node.Tries, WorkflowNodeTry{})
				return decodeWorkflowNodeTry(d, &node.Tries[len(node.Tries)-1], payloads)
			})
		default:
			return d.Skip()
		}
	})
}

func decodeWorkflowNodeTry(d *client.Decoder, try *WorkflowNodeTry, payloads bool) error {
	return d.Object(func(key string) error {
		switch key {
		case "status":
			return d.Identifier(&try.Status)
		case "begin_time":
			return milliseconds(d, &try.BeginTime)
		case "end_time":
			return milliseconds(d, &try.EndTime)
		case "error_message":
			return textOrJSON(d, &try.ErrorMessage)
		case "request_id":
			return d.AnyText(&try.RequestID)
		case "input":
			return payload(d, &try.Input, payloads)
		case "output":
			return payload(d, &try.Output, payloads)
		default:
			return d.Skip()
		}
	})
}

// payload reads JSON text if it is wanted, and skips it otherwise.
func payload(d *client.Decoder, target *string, wanted bool) error {
	if !wanted {
		return d.Skip()
	}

	return d.JSON(target)
}

// textOrJSON reads a string as its content, and any other value as JSON text. An
// empty object is empty.
func textOrJSON(d *client.Decoder, target *string) error {
	if d.IsString() {
		return d.Text(target)
	}
	err := d.JSON(target)
	if *target == "{}" {
		*target = ""
	}

	return err
}

// milliseconds reads a time in milliseconds since 1970 and stores it in RFC 3339.
// 0 and negative numbers mean that there is no time. Other texts are not changed.
func milliseconds(d *client.Decoder, target *string) error {
	if err := d.AnyText(target); err != nil {
		return err
	}
	n, err := strconv.ParseInt(*target, 10, 64)
	if err != nil {
		return nil //nolint:nilerr // a time in another form, which is passed on
	}
	*target = ""
	if n > 0 {
		*target = time.UnixMilli(n).UTC().Format(time.RFC3339Nano)
	}

	return nil
}

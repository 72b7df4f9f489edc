package functiongraph

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// OperationListWorkflowExecutions lists the executions of a workflow:
// GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions.
var OperationListWorkflowExecutions = client.NewOperation("ListWorkflowExecutions",
	"https://support.huaweicloud.com/api-functiongraph/functiongraph_06_1005.html")

// WorkflowExecution is one row of a list: FlowExecutionBrief on the API page.
type WorkflowExecution = executions.Execution

// ListingError says that a list could not be read completely.
type ListingError = executions.Error

// TooLongError says that a list was given up because of its length.
type TooLongError = executions.TooLongError

// ListWorkflowExecutionsOptions narrow a list of executions.
type ListWorkflowExecutionsOptions struct {
	// Region overrides the client's own.
	Region string

	// Status keeps the executions of one status.
	Status string

	// Start and End bound the window by the service's rules: without both it
	// is the last three days, with one of them three days from or up to it.
	// Fractions of a second are rounded outwards.
	Start, End time.Time

	// Limit keeps that many of the newest executions; 0: all.
	Limit int

	// TooLong, if set, is called with the number of executions read so far and the
	// least number of bytes of their text, with times in RFC 3339. The read ends
	// with a [*TooLongError] when it returns true. It is not called under a Limit.
	TooLong func(executions, text int) bool
}

// AllWorkflowExecutions returns every execution of a workflow that matches,
// the newest first, each once; or an error, never a part of them. The service's
// own failures are a [*client.APIError], a list that cannot be read completely is
// a [*ListingError], one that TooLong ended a [*TooLongError], an unknown project
// a [*client.ProjectError].
func (c *Client) AllWorkflowExecutions(ctx context.Context, workflowID string, opts ListWorkflowExecutionsOptions) (
	[]WorkflowExecution, error,
) {
	session, err := c.Session(ctx, opts.Region)
	if err != nil {
		return nil, err
	}
	getPage := func(ctx context.Context, q executions.Query) (executions.Page, error) {
		return listWorkflowExecutions(ctx, session, workflowID, q)
	}

	rows, err := executions.All(ctx, c.factsOf(session.Region()), getPage, executions.Options{
		WorkflowID: workflowID,
		Status:     opts.Status,
		Start:      opts.Start,
		End:        opts.End,
		Limit:      opts.Limit,
		TooLong:    opts.TooLong,
	})
	if refused, ok := errors.AsType[*ListingError](err); ok {
		// They may quote what the service wrote.
		err = &ListingError{Reason: session.Hide(refused.Reason), Advice: session.Hide(refused.Advice)}
	}

	return rows, err
}

// listWorkflowExecutions requests one page.
func listWorkflowExecutions(ctx context.Context, session *client.Session, workflowID string, q executions.Query) (
	executions.Page, error,
) {
	query := url.Values{"limit": {strconv.Itoa(q.Limit)}}
	if q.Status != "" {
		query.Set("status", q.Status)
	}
	if !q.Start.IsZero() {
		query.Set("start_time", q.Form.Format(q.Start))
	}
	if !q.End.IsZero() {
		query.Set("end_time", q.Form.Format(q.End))
	}
	if q.Offset > 0 {
		query.Set("offset", strconv.Itoa(q.Offset))
	}

	reply, err := client.Get(ctx, session, client.Request{
		Operation: OperationListWorkflowExecutions,
		Path:      []string{"workflows", workflowID, "executions"},
		Query:     query,
	}, func(resp *client.Response) ([]WorkflowExecution, error) {
		return decodeWorkflowExecutions(resp, q.Offset)
	})
	if failed, ok := errors.AsType[*client.APIError](err); ok && failed.Class == client.ClassBadRequest {
		err = badRequest{err}
	}

	return executions.Page{Rows: reply.Value, Date: reply.Date, Throttled: reply.Throttled}, err
}

// badRequest tells the list that the service calls a query invalid.
type badRequest struct{ error }

// Is implements the interface of [errors.Is].
func (badRequest) Is(target error) bool { return target == executions.ErrBadRequest }

// Unwrap returns the service's error.
func (b badRequest) Unwrap() error { return b.error }

// decodeWorkflowExecutions reads the body of a 200. offset is the offset of
// the request.
func decodeWorkflowExecutions(resp *client.Response, offset int) ([]WorkflowExecution, error) {
	const what = "the list of executions"
	list, err := client.DecodeList(resp, what, "executions", decodeWorkflowExecution)
	switch {
	case err != nil:
		return nil, err
	case len(list.Rows) == 0 && offset == 0 && strings.Trim(list.Total, "0") != "":
		return nil, fmt.Errorf("%s is empty, and its total is %s", what, list.Total)
	case slices.Contains(list.Rows, WorkflowExecution{}):
		return nil, errors.New("one of the executions is empty")
	}

	return list.Rows, nil
}

// decodeWorkflowExecution reads one row. What rows are told apart and filtered by
// must be valid UTF-8.
func decodeWorkflowExecution(d *client.Decoder, row *WorkflowExecution) error {
	return d.ObjectOrNull(func(key string) error {
		known, err := workflowExecutionField(d, key, row)
		if !known {
			return d.Skip()
		}
		return err
	})
}

// workflowExecutionField reads the value of one of the fields that a row has, and
// reports whether the key is one of theirs.
func workflowExecutionField(d *client.Decoder, key string, row *WorkflowExecution) (known bool, err error) {
	switch key {
	case "workflow_id":
		return true, d.Identifier(&row.WorkflowID)
	case "workflow_urn":
		return true, d.Text(&row.WorkflowURN)
	case "execution_id":
		return true, d.Identifier(&row.ExecutionID)
	case "status":
		return true, d.Identifier(&row.Status)
	case "begin_time":
		return true, d.Text(&row.BeginTime)
	case "end_time":
		return true, d.Text(&row.EndTime)
	case "last_update_time":
		return true, d.Text(&row.LastUpdateTime)
	case "created_by":
		return true, d.AnyText(&row.CreatedBy)
	default:
		return false, nil
	}
}

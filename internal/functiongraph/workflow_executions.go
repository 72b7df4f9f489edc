package functiongraph

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

// AllWorkflowExecutions returns every execution of a workflow that the question
// matches, without duplicates, the newest first. It never returns a part of them.
// The error is a [*ListingError] if the list cannot be read completely, a
// [*TooLongError] if it is too long, and otherwise as in
// [Client.WorkflowExecution].
func (c *Client) AllWorkflowExecutions(ctx context.Context, question executions.Question) ([]WorkflowExecution, error) {
	session, err := c.session(ctx)
	if err != nil {
		return nil, err
	}
	ask := func(ctx context.Context, q executions.Query) (executions.Page, error) {
		return listWorkflowExecutions(ctx, session, question.WorkflowID, q)
	}
	rows, err := executions.All(ctx, c.factsOfRegion(), ask, question)

	return rows, withoutSecrets(err, session)
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

// badRequest is the service's error for an invalid query, and also an
// [executions.ErrBadRequest].
type badRequest struct{ error }

func (b badRequest) Unwrap() []error { return []error{b.error, executions.ErrBadRequest} }

// decodeWorkflowExecutions reads the body of a 200. offset is the number of rows
// that the service was asked to skip.
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

// decodeWorkflowExecution reads one row.
func decodeWorkflowExecution(d *client.Decoder, row *WorkflowExecution) error {
	return d.ObjectOrNull(func(key string) error {
		known, err := workflowExecutionField(d, key, row)
		if !known {
			return d.Skip()
		}
		return err
	})
}

// workflowExecutionField reads the value of a key if it is a field of a row, and
// reports whether it is. Values that identify or filter rows must be valid UTF-8.
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

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client/listing"
)

// WorkflowExecution is one row of a list: FlowExecutionBrief on the API page.
type WorkflowExecution = listing.Execution

// ListingError says that a list could not be read completely.
type ListingError = listing.Error

// TooLongError says that a list was given up because of its length.
type TooLongError = listing.TooLongError

// ListOptions narrow a list of executions.
type ListOptions struct {
	// Region overrides the client's own.
	Region string

	// Status keeps the executions of one status.
	Status string

	// Start and End bound the window by the service's rules: without both it
	// is the last three days, with one of them three days from or up to it.
	// Fractions of a second are rounded outwards.
	Start, End time.Time

	// Limit keeps the newest that many; 0: all.
	Limit int

	// TooLong, if set, ends a read with a [*TooLongError] as soon as it finds
	// what has been read too long: so many executions, with at least so many
	// bytes of text, times in RFC 3339. Not asked under a Limit.
	TooLong func(executions, text int) bool
}

// AllWorkflowExecutions returns every execution of a workflow that matches,
// the newest first, each once; or an error, never a part of them. The service's
// own failures are an [*APIError], a list that cannot be read completely is a
// [*ListingError], one that was given up a [*TooLongError], an unknown project a [*ProjectError].
func (c *Client) AllWorkflowExecutions(ctx context.Context, workflowID string, opts ListOptions) ([]WorkflowExecution, error) {
	r, err := c.region(opts.Region)
	if err != nil {
		return nil, err
	}
	projectID, err := c.projectID(ctx, r)
	if err != nil {
		return nil, err
	}
	ask := func(ctx context.Context, q listing.Query) (listing.Page, error) {
		return c.listWorkflowExecutions(ctx, r, projectID, workflowID, q)
	}

	rows, err := listing.All(ctx, &r.facts, ask, listing.Question{
		WorkflowID: workflowID,
		Status:     opts.Status,
		Start:      opts.Start,
		End:        opts.End,
		Limit:      opts.Limit,
		TooLong:    opts.TooLong,
	})
	if refused, ok := errors.AsType[*ListingError](err); ok {
		// The reason may quote what the service wrote.
		err = &ListingError{Reason: printable(refused.Reason, maxMessage), Advice: refused.Advice}
	}

	return rows, err
}

// listWorkflowExecutions sends
// GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions once, retries
// apart.
func (c *Client) listWorkflowExecutions(ctx context.Context, r *region, projectID, workflowID string, q listing.Query) (listing.Page, error) {
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

	var rows []WorkflowExecution
	resp, err := c.do(ctx, &request{
		service:   serviceNameFunctionGraph,
		purpose:   PurposeListExecutions,
		base:      r.endpoints.functionGraph,
		path:      []string{"v2", projectID, "fgs", "workflows", workflowID, "executions"},
		query:     query,
		region:    r.name,
		projectID: projectID,

		projectSource: c.projectSource(r),
	}, func(resp *response) (err error) {
		rows, err = decodeExecutions(resp.body)
		return err
	})
	if err != nil {
		return listing.Page{}, err
	}

	return listing.Page{Rows: rows, Date: resp.date, Throttled: resp.throttled}, nil
}

// decodeExecutions reads the body of a 200. A list that is null or missing is
// empty, unless the body says that something failed.
func decodeExecutions(body []byte) ([]WorkflowExecution, error) {
	var answer struct {
		Executions []WorkflowExecution `json:"executions"`
		ErrorCode  json.RawMessage     `json:"error_code"`
	}
	answer.Executions = make([]WorkflowExecution, 0, listing.MaxPage)
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, unreadable("the list of executions", err)
	}
	if bytes.Count(body, []byte("[")) > 1 { // there may be two lists
		var last struct {
			Executions fresh[WorkflowExecution] `json:"executions"`
		}
		if err := json.Unmarshal(body, &last); err != nil {
			return nil, unreadable("the list of executions", err)
		}
		answer.Executions = last.Executions
	}
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		return nil, errors.New("the answer is null")
	}
	if len(answer.Executions) == 0 || answer.ErrorCode != nil {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(body, &fields); err != nil {
			return nil, unreadable("the list of executions", err)
		}
		var said errorBody
		said.read(fields, maxNesting)
		list := string(fields["executions"])
		if said.code != "" || (list == "" || list == "null") && said.message != "" {
			return nil, fmt.Errorf("the answer has the status of a success and the error %s", strings.TrimSpace(said.code+" "+said.message))
		}
	}
	if slices.Contains(answer.Executions, WorkflowExecution{}) {
		return nil, errors.New("one of the executions is empty")
	}

	return answer.Executions, nil
}

// fresh is a list that starts empty whenever it is read. A plain slice would mix
// the rows of a list that is there twice: fields that the later one leaves out
// keep the values of the earlier one.
type fresh[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (f *fresh[T]) UnmarshalJSON(text []byte) error {
	*f = nil

	return json.Unmarshal(text, (*[]T)(f))
}

// unreadable says what is wrong with a body, without the names of Go's types.
func unreadable(what string, err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := "the body"
		if wrong.Field != "" {
			field = wrong.Field
		}
		return fmt.Errorf("%s cannot be read: %s has the wrong type, %s", what, field, wrong.Value)
	}

	return fmt.Errorf("%s cannot be read: %w", what, err)
}

package client

import (
	"context"
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
	var sent sentSecrets
	ask := func(ctx context.Context, q listing.Query) (listing.Page, error) {
		return c.listWorkflowExecutions(ctx, r, projectID, workflowID, q, sent.add)
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
		// They may quote what the service wrote.
		err = &ListingError{Reason: sent.shown(refused.Reason), Advice: sent.shown(refused.Advice)}
	}

	return rows, err
}

// listWorkflowExecutions sends
// GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions once, retries
// apart.
func (c *Client) listWorkflowExecutions(ctx context.Context, r *region, projectID, workflowID string, q listing.Query,
	sent func(*secrets),
) (listing.Page, error) {
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
		sent:      sent,
		access:    r.access,

		projectConfigured: c.isProjectConfigured(r),
	}, func(resp *response) (err error) {
		rows, err = decodeExecutions(resp, q.Offset)
		return err
	})
	if err != nil {
		return listing.Page{}, err
	}

	return listing.Page{Rows: rows, Date: resp.date, Throttled: resp.throttled}, nil
}

// decodeExecutions reads the body of a 200. offset is how many rows the request
// asked to skip. A list that is null or missing is empty, unless the body says
// otherwise.
func decodeExecutions(resp *response, offset int) ([]WorkflowExecution, error) {
	const what = "the list of executions"
	rows := make([]WorkflowExecution, 0, listing.MaxPage)
	var others errorFields
	var total string
	keys, hasList := 0, false
	err := resp.decode(what, func(d *decoder) error {
		if d.kind() == '[' { // an empty list without its object
			hasList = true
			return d.array(func() error { return d.wrongType('[') })
		}
		return d.object(func(key string) error {
			keys++
			switch key {
			case "executions":
				hasList = true
				return d.list(func() error {
					rows = append(rows, WorkflowExecution{})
					return d.execution(&rows[len(rows)-1])
				})
			case "total":
				return d.lenientText(&total)
			default:
				return others.field(d, key, maxErrorLevels)
			}
		})
	})
	if err != nil {
		return nil, err
	}
	if err := others.failure(len(rows)); err != nil {
		return nil, err
	}
	switch {
	case !hasList && keys > 0:
		return nil, errors.New(what + " is missing")
	case len(rows) == 0 && offset == 0 && strings.Trim(total, "0") != "":
		return nil, fmt.Errorf("%s is empty, and its total is %s", what, total)
	case slices.Contains(rows, WorkflowExecution{}):
		return nil, errors.New("one of the executions is empty")
	}

	return rows, nil
}

// execution reads one row. What rows are told apart and filtered by is exact.
func (d *decoder) execution(row *WorkflowExecution) error {
	return d.objectOrNull(func(key string) error {
		switch key {
		case "workflow_id":
			return d.identifier(&row.WorkflowID)
		case "workflow_urn":
			return d.text(&row.WorkflowURN)
		case "execution_id":
			return d.identifier(&row.ExecutionID)
		case "status":
			return d.identifier(&row.Status)
		case "begin_time":
			return d.text(&row.BeginTime)
		case "end_time":
			return d.text(&row.EndTime)
		case "last_update_time":
			return d.text(&row.LastUpdateTime)
		case "created_by":
			return d.anyText(&row.CreatedBy)
		default:
			return d.skip()
		}
	})
}

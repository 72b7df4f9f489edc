package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// maxPage is the most rows that the service returns at once; a larger limit
// counts as this one (the API page).
const maxPage = 200

// WorkflowExecution is one row of a list: FlowExecutionBrief on the API page.
// All fields are texts of the service as they came; an absent or null one is
// empty. Times are in UTC, normally of the form yyyy-MM-ddTHH:mm:ssZ, and
// [ParseTime] reads them.
type WorkflowExecution struct {
	WorkflowID     string `json:"workflow_id"`
	WorkflowURN    string `json:"workflow_urn"`
	ExecutionID    string `json:"execution_id"`
	Status         string `json:"status"`
	BeginTime      string `json:"begin_time"`
	EndTime        string `json:"end_time"`
	LastUpdateTime string `json:"last_update_time"`
	CreatedBy      string `json:"created_by"`

	begin time.Time // BeginTime, if it can be read
}

// pageQuery asks for one page. A zero bound is left to the service.
type pageQuery struct {
	status     string
	start, end time.Time
	limit      int
}

// page is one answer.
type page struct {
	rows []WorkflowExecution
	date time.Time // the service's clock
}

// workflow names what is listed, and where.
type workflow struct {
	id        string
	region    *region
	projectID string
}

// listPage asks for one page in the form of times that is known to work. A 400
// on a request with times may mean that the form cannot be read: it is asked
// once more in the other, as a new question. If both fail, the first error says
// more.
func (c *Client) listPage(ctx context.Context, w workflow, q pageQuery) (page, error) {
	form := c.knownTimeForm()
	result, err := c.listPageAs(ctx, w, q, form)

	var refused *APIError
	if !errors.As(err, &refused) || refused.Class != ClassBadRequest || q.start.IsZero() && q.end.IsZero() {
		return result, err
	}
	retried, retryErr := c.listPageAs(ctx, w, q, form.other())
	if retryErr != nil {
		return page{}, err
	}
	c.learnTimeForm(form.other())

	return retried, nil
}

// listPageAs sends GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions.
func (c *Client) listPageAs(ctx context.Context, w workflow, q pageQuery, form timeForm) (page, error) {
	query := url.Values{"limit": {strconv.Itoa(q.limit)}}
	if q.status != "" {
		query.Set("status", q.status)
	}
	if !q.start.IsZero() {
		query.Set("start_time", form.format(q.start))
	}
	if !q.end.IsZero() {
		query.Set("end_time", form.format(q.end))
	}

	var rows []WorkflowExecution
	resp, err := c.do(ctx, &request{
		base:      w.region.endpoints.functionGraph,
		path:      []string{"v2", w.projectID, "fgs", "workflows", w.id, "executions"},
		query:     query,
		region:    w.region.name,
		projectID: w.projectID,
	}, func(body []byte) (err error) {
		rows, err = decodeExecutions(body)
		return err
	})
	if err != nil {
		return page{}, err
	}

	return page{rows: rows, date: resp.date}, nil
}

// decodeExecutions reads the body of a 200. A list that is null or missing is
// empty; an error code is no list.
func decodeExecutions(body []byte) ([]WorkflowExecution, error) {
	var answer struct {
		Executions []WorkflowExecution `json:"executions"`
		ErrorCode  json.RawMessage     `json:"error_code"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("the list of executions cannot be read: %w", err)
	}
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		return nil, errors.New("the answer is null")
	}
	if code := string(answer.ErrorCode); code != "" && code != "null" && code != `""` {
		return nil, fmt.Errorf("the answer has the status of a success and the error code %s", code)
	}
	for i := range answer.Executions {
		row := &answer.Executions[i]
		row.begin, _ = ParseTime(row.BeginTime) // not readable: zero
	}

	return answer.Executions, nil
}

func (c *Client) knownTimeForm() timeForm {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.timeForm
}

func (c *Client) learnTimeForm(form timeForm) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.timeForm = form
}

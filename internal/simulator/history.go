package simulator

import (
	"math"
	"net/http"
	"slices"
	"strconv"
)

// historyCap is the most rows on a page of executions-history (CLOUD.md 4.4).
const historyCap = 100

// showWorkflowExecutionForPage serves GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions-history. Both offset
// and limit are required, and there is no filter by status. The bounds and the order are those of the other list.
func (c *Cloud) showWorkflowExecutionForPage(q *call) response {
	project, ok := c.project(q.vars["project_id"])
	if !ok {
		return q.fail(http.StatusForbidden, "APIGW.0310", "The project is unavailable")
	}
	if !c.owns(q.caller, project) {
		return q.fail(http.StatusForbidden, "APIGW.0302", "The IAM user is not authorized to access the API")
	}
	if denial, denied := c.denyToken(q, project); denied {
		return denial
	}
	b := c.currentBehaviour()
	query, err := parseHistoryQuery(q, b)
	if err != nil {
		return q.fail(http.StatusBadRequest, "FGS.3002", "Invalid parameters.")
	}
	all := query
	all.skip, all.limit = 0, math.MaxInt32
	if b.HistoryTotal == HistoryTotalOfWorkflow {
		all.window.start, all.window.end, all.window.field = beginningOfTime, endOfTime, WindowBegin
	}
	workflowID, page, ok := c.page(q.vars["workflow_id"], query, b)
	if !ok {
		return q.fail(http.StatusNotFound, "FGS.5002", "Function flow not found.")
	}
	total := len(page)
	if b.HistoryTotal != HistoryTotalOfPage {
		total = c.count(workflowID, all)
	}
	body := encodeExecutions(page, workflowID, workflowURN(project, workflowID), rowStyle{Behaviour: b})
	if len(page) == 0 {
		body = []byte(`{"executions":[]}`)
	}
	body = append(slices.Clone(body[:len(body)-1]), `,"total":`...)
	body = strconv.AppendInt(body, int64(total), 10)
	body = strconv.AppendInt(append(body, `,"size":`...), int64(len(page)), 10)
	return response{status: http.StatusOK, body: append(body, '}')}
}

func parseHistoryQuery(q *call, b Behaviour) (listQuery, error) {
	var query listQuery
	var err error
	if query.window, err = parseWindow(q.query, b, q.now); err != nil {
		return query, err
	}
	limit, _ := q.query.get("limit")
	if query.limit, err = parseInt32(limit); err != nil || query.limit < 1 || query.limit > historyCap {
		return query, errBadParameter
	}
	offset, _ := q.query.get("offset")
	if query.skip, err = parseInt32(offset); err != nil || query.skip < 0 {
		return query, errBadParameter
	}
	return query, nil
}

// count returns how many rows match, on any page.
func (c *Cloud) count(workflowID string, query listQuery) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workflows[workflowID]
	if w == nil {
		return 0
	}
	return len(matching(w.rows, query))
}

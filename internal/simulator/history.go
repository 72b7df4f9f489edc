package simulator

import "net/http"

// historyCap is the most rows on a page of executions-history (CLOUD.md 4.4).
const historyCap = 100

// showWorkflowExecutionForPage serves a page of
// /v2/{project_id}/fgs/workflows/{workflow_id}/executions-history. It requires
// offset and limit and ignores status. Bounds and order are those of the other
// list.
func (c *Cloud) showWorkflowExecutionForPage(q *call) response {
	query, err := parseHistoryQuery(q)
	if err != nil {
		return q.failAs(http.StatusBadRequest)
	}
	w, rows, found := c.page(q, query)
	if !found {
		return q.failAs(http.StatusNotFound)
	}
	total := len(rows)
	if q.behaviour.HistoryTotal != HistoryTotalOfPage {
		total = c.count(w.ID, query, q.behaviour.HistoryTotal)
	}
	var o object
	o.executions(q, w, rows, EmptyArray, false) // the switch EmptyList is for the other list
	o.number("total", int64(total))
	o.number("size", int64(len(rows)))

	return success(o.end())
}

func parseHistoryQuery(q *call) (listQuery, error) {
	var query listQuery
	var err error
	if query.window, err = parseWindow(q.query, q.behaviour, q.now); err != nil {
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

// count returns how many rows match, on any page, or how many the workflow has.
func (c *Cloud) count(workflowID string, query listQuery, what HistoryTotal) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workflows[workflowID]
	switch {
	case w == nil:
		return 0
	case what == HistoryTotalOfWorkflow:
		return len(w.rows)
	default:
		return len(matching(w.rows, query))
	}
}

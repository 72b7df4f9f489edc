package simulator

import (
	"cmp"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// documentedCap is the most rows on a page. The page size without limit is not documented, and assumed to be the same
// (CLOUD.md 1.1).
const documentedCap = 200

var (
	statuses = []string{"success", "fail", "running", "timeout", "cancel"}

	errBadParameter = errors.New("invalid parameter")
)

// listQuery are the parameters of a ListWorkflowExecutions request.
type listQuery struct {
	window window
	status string // "" for any
	skip   int
	limit  int

	documented bool // whether rows of undocumented statuses are left out
}

func (query listQuery) matches(r *row) bool {
	if query.documented && !slices.Contains(statuses, r.Status) {
		return false
	}
	return (query.status == "" || query.status == r.Status) && query.window.contains(r)
}

// listWorkflowExecutions serves GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions.
func (c *Cloud) listWorkflowExecutions(q *call) response {
	project, denial, ok := c.projectOf(q)
	if !ok {
		return denial
	}
	b := c.currentBehaviour()
	query, err := parseListQuery(q, b)
	if err != nil {
		return q.fail(http.StatusBadRequest, "FGS.3002", "Invalid parameters.")
	}
	query.documented = b.HideStatuses
	workflowID, page, ok := c.page(q.vars["workflow_id"], query, b)
	if !ok {
		return q.noSuchWorkflow()
	}
	show := rowStyle{Behaviour: b, filtered: query.status != ""}
	body := encodeExecutions(page, workflowID, workflowURN(project, c.nameOf(workflowID)), show)

	return response{status: http.StatusOK, body: body}
}

// parseListQuery reads the first value of each documented parameter and ignores others. An empty parameter is invalid.
func parseListQuery(q *call, b Behaviour) (listQuery, error) {
	var query listQuery
	var err error
	if query.window, err = parseWindow(q.query, b, q.now); err != nil {
		return query, err
	}

	if status, sent := q.query.get("status"); sent && !b.IgnoreStatus {
		if b.StatusCase {
			status = strings.ToLower(status)
		}
		if !slices.Contains(statuses, status) {
			return query, errBadParameter
		}
		query.status = status
	}

	query.limit = cmp.Or(b.DefaultLimit, documentedCap)
	if limit, sent := q.query.get("limit"); sent {
		if query.limit, err = parseInt32(limit); err != nil || query.limit < 1 {
			return query, errBadParameter
		}
	}
	query.limit = min(query.limit, cmp.Or(b.PageCap, documentedCap))

	if offset, sent := q.query.get("offset"); sent && b.Offset != OffsetIgnored {
		if query.skip, err = parseInt32(offset); err != nil || b.Offset == OffsetRejected {
			return query, errBadParameter
		}
		query.skip = max(query.skip, 0) // a negative offset counts as 0 (CLOUD.md 1.1)
		err = query.limitOffset(b)
	}

	return query, err
}

// limitOffset applies OffsetCap.
func (query *listQuery) limitOffset(b Behaviour) error {
	if b.OffsetCap == 0 || query.skip <= b.OffsetCap {
		return nil
	}
	switch b.OffsetBeyond {
	case OffsetBadRequest:
		return errBadParameter
	case OffsetFirstPage:
		query.skip = 0
	case OffsetNoRows:
		query.skip = math.MaxInt
	default:
		query.skip = b.OffsetCap
	}

	return nil
}

func parseInt32(s string) (int, error) {
	n, err := strconv.ParseInt(s, 10, 32)

	return int(n), err
}

// workflowURN returns the URN of a workflow (CLOUD.md 8).
func workflowURN(p Project, name string) string {
	return "urn:fss:" + p.region() + ":" + p.ID + ":workflow:default:" + name + ":latest"
}

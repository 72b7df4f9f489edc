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

// documentedCap is the most rows on a page. The page size without limit is not
// documented, and assumed to be the same (CLOUD.md 1.1).
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

// listWorkflowExecutions serves GET
// /v2/{project_id}/fgs/workflows/{workflow_id}/executions.
func (c *Cloud) listWorkflowExecutions(q *call) response {
	query, err := parseListQuery(q)
	if err != nil {
		return q.failAs(http.StatusBadRequest)
	}
	w, rows, found := c.page(q, query)
	if !found {
		return q.failAs(http.StatusNotFound)
	}
	var o object
	o.executions(q, w, rows, q.behaviour.EmptyList, query.status != "")

	return success(o.end())
}

// parseListQuery reads the first value of each documented parameter and ignores
// others. An empty parameter is invalid.
func parseListQuery(q *call) (listQuery, error) {
	b := q.behaviour
	query := listQuery{documented: b.HideStatuses}
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

	if query.skip, query.limit, err = q.paging(b.Offset); err != nil {
		return query, err
	}

	return query, query.limitOffset(b)
}

// paging reads offset and limit.
func (q *call) paging(mode OffsetMode) (skip, limit int, err error) {
	limit = cmp.Or(q.behaviour.DefaultLimit, documentedCap)
	if text, sent := q.query.get("limit"); sent {
		if limit, err = parseInt32(text); err != nil || limit < 1 {
			return 0, 0, errBadParameter
		}
	}
	if text, sent := q.query.get("offset"); sent && mode != OffsetIgnored {
		if skip, err = parseInt32(text); err != nil || mode == OffsetRejected {
			return 0, 0, errBadParameter
		}
	}
	// A negative offset counts as 0 (CLOUD.md 1.1).
	return max(skip, 0), min(limit, cmp.Or(q.behaviour.PageCap, documentedCap)), nil
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

// urn returns the URN of a workflow (CLOUD.md 8).
func (w Workflow) urn(p Project) string {
	return "urn:fss:" + p.region() + ":" + p.ID + ":workflow:default:" + w.Name + ":latest"
}

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

// documentedCap is the most rows on a page, and our guess at a page when limit is not sent (API.md 1.1).
const documentedCap = 200

var (
	statuses = []string{"success", "fail", "running", "timeout", "cancel"}

	errBadParameter = errors.New("invalid parameter")
)

// listQuery is the question of one ListWorkflowExecutions request.
type listQuery struct {
	window window
	status string // "" for any
	skip   int
	limit  int

	documented bool // whether rows of undocumented statuses are left out
}

func (ask listQuery) matches(r *row) bool {
	if ask.documented && !slices.Contains(statuses, r.Status) {
		return false
	}
	return (ask.status == "" || ask.status == r.Status) && ask.window.contains(r)
}

// listWorkflowExecutions serves GET /v2/{project_id}/fgs/workflows/{workflow_id}/executions.
func (c *Cloud) listWorkflowExecutions(q *call) answer {
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
	ask, err := parseListQuery(q, b)
	if err != nil {
		return q.fail(http.StatusBadRequest, "FGS.3002", "Invalid parameters.")
	}
	ask.documented = b.HideStatuses
	workflowID, page, ok := c.page(q.vars["workflow_id"], ask, b)
	if !ok {
		return q.fail(http.StatusNotFound, "FGS.5002", "Function flow not found.")
	}
	show := rowStyle{Behaviour: b, filtered: ask.status != ""}
	body := encodeExecutions(page, workflowID, workflowURN(project, workflowID), show)
	return answer{status: http.StatusOK, body: body}
}

// parseListQuery reads the parameters that the API has, the first value of each; others have no effect. A parameter
// that is sent empty is invalid: a client that means "none" leaves it out.
func parseListQuery(q *call, b Behaviour) (listQuery, error) {
	var ask listQuery
	var err error
	if ask.window, err = parseWindow(q.query, b, q.now); err != nil {
		return ask, err
	}

	if status, sent := q.query.get("status"); sent && !b.IgnoreStatus {
		if b.StatusCase {
			status = strings.ToLower(status)
		}
		if !slices.Contains(statuses, status) {
			return ask, errBadParameter
		}
		ask.status = status
	}

	ask.limit = cmp.Or(b.DefaultLimit, documentedCap)
	if limit, sent := q.query.get("limit"); sent {
		if ask.limit, err = parseInt32(limit); err != nil || ask.limit < 1 {
			return ask, errBadParameter
		}
	}
	ask.limit = min(ask.limit, cmp.Or(b.PageCap, documentedCap))

	if offset, sent := q.query.get("offset"); sent && b.Offset != OffsetIgnored {
		if ask.skip, err = parseInt32(offset); err != nil || b.Offset == OffsetRejected {
			return ask, errBadParameter
		}
		ask.skip = max(ask.skip, 0) // a negative one counts as 0 (API.md 1.1)
		err = ask.limitOffset(b)
	}
	return ask, err
}

// limitOffset applies the largest offset that the service honours.
func (ask *listQuery) limitOffset(b Behaviour) error {
	if b.OffsetCap == 0 || ask.skip <= b.OffsetCap {
		return nil
	}
	switch b.OffsetBeyond {
	case OffsetBadRequest:
		return errBadParameter
	case OffsetFirstPage:
		ask.skip = 0
	case OffsetNoRows:
		ask.skip = math.MaxInt
	default:
		ask.skip = b.OffsetCap
	}
	return nil
}

func parseInt32(s string) (int, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	return int(n), err
}

// workflowURN follows API.md 8. Names are made from IDs, since nothing here needs real ones.
func workflowURN(p Project, workflowID string) string {
	return "urn:fss:" + p.region() + ":" + p.ID + ":workflow:default:flow-" + workflowID[:min(8, len(workflowID))] + ":latest"
}

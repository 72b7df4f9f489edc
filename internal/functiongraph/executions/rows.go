package executions

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// rows are the executions of the list, each once.
type rows struct {
	question Question

	all      []*Execution   // in the order in which they came, which is nearly sorted
	byID     map[string]int // where in all
	nameless []*Execution   // without an execution_id

	matching int // how many of all have the status that was asked for
	text     int // bytes of these
	added    int // how often a row was added to all or replaced there
	recount  int // for hasNewest: with fewer matching rows counting is useless
}

func newRows(q Question) *rows { return &rows{question: q, byID: map[string]int{}} }

// add takes in the rows of a response that holds everything that was asked for.
// Of two copies of an execution the later one stays.
func (r *rows) add(page []*Execution) error {
	for _, row := range page {
		if row.ExecutionID == "" {
			r.nameless = append(r.nameless, row)
			continue
		}
		at, known := r.byID[row.ExecutionID]
		if known && !row.isNewer(r.all[at]) {
			continue
		}
		r.added++
		r.weigh(row, 1)
		if known {
			r.weigh(r.all[at], -1)
			r.all[at] = row
		} else {
			r.byID[row.ExecutionID] = len(r.all)
			r.all = append(r.all, row)
		}
	}
	if q := r.question; q.TooLong != nil && q.Limit == 0 && q.TooLong(r.matching, r.text) {
		return &TooLongError{Executions: r.matching}
	}

	return nil
}

func (r *rows) has(id string) bool {
	_, ok := r.byID[id]

	return ok
}

// weigh adds an execution to the totals (1) or takes it out (-1).
func (r *rows) weigh(row *Execution, sign int) {
	if r.hasStatus(row) {
		r.matching += sign
		r.text += sign * row.text()
	}
}

// hasStatus reports whether a row has the status that was asked for. A row that
// shows no status has passed the service's own filter.
func (r *rows) hasStatus(row *Execution) bool {
	return r.question.Status == "" || row.Status == "" || strings.EqualFold(row.Status, r.question.Status)
}

// hasNewest reports whether the newest executions are known, as many as the
// limit asks for, when everything from a time on has been read. No field that a
// service may compare lies before begin_time, so that what has not been read
// began before that time. A row whose begin_time cannot be read may have begun
// at any time: then the whole list is needed.
func (r *rows) hasNewest(edge time.Time) bool {
	limit := r.question.Limit
	if limit == 0 || r.matching < max(limit, r.recount) {
		return false
	}
	count := 0
	for _, row := range r.all {
		switch {
		case !r.hasStatus(row):
		case row.begin.IsZero():
			r.recount = len(r.all) * 2
			return false
		case row.begin.After(edge):
			count++
		}
	}
	r.recount = r.matching + limit - count // so many are missing

	return count >= limit
}

// result returns what belongs to the list, in order. It ends the use of r.
func (r *rows) result() ([]Execution, error) {
	all := append(r.all, r.nameless...)
	for _, row := range all {
		if !r.hasStatus(row) && !isDocumented(row.Status) {
			return nil, &Error{
				Reason: fmt.Sprintf("Asked for executions with the status %q, the service listed execution %s with the status %q, "+
					"which its documentation does not contain.", r.question.Status, row.ExecutionID, row.Status),
				Advice: "Leave out status, and filter the executions in the configuration.",
			}
		}
	}
	all = slices.DeleteFunc(all, func(row *Execution) bool { return !r.hasStatus(row) })
	compare := func(a, b *Execution) int {
		// An unknown begin_time is the zero time, which sorts last.
		if newer := b.begin.Compare(a.begin); newer != 0 {
			return newer
		}
		return strings.Compare(a.ExecutionID, b.ExecutionID)
	}
	if len(r.nameless) > 0 {
		slices.SortStableFunc(all, compare) // rows may be equal
	} else {
		slices.SortFunc(all, compare) // faster
	}
	if limit := r.question.Limit; limit > 0 && len(all) > limit {
		all = all[:limit]
	}
	result := make([]Execution, len(all))
	for i, row := range all {
		result[i] = *row
	}

	return result, nil
}

// checkWorkflow refuses rows of another workflow.
func (q Question) checkWorkflow(page []*Execution) error {
	for _, row := range page {
		if row.WorkflowID == "" || SameID(row.WorkflowID, q.WorkflowID) {
			continue
		}
		return &Error{
			Reason: fmt.Sprintf("The service listed execution %s of another workflow, %s.", row.ExecutionID, row.WorkflowID),
			Advice: "Check that the endpoint leads to FunctionGraph and that no proxy answers in its place.",
		}
	}

	return nil
}

// SameID reports whether two IDs are equal. Letter case and dashes of a UUID do
// not count.
func SameID(a, b string) bool { return a == b || plainID(a) == plainID(b) }

func plainID(id string) string { return strings.ToLower(strings.ReplaceAll(id, "-", "")) }

// unseen returns one of the rows whose ID has not been seen, or nil.
func unseen(rows []*Execution, seen map[string]bool) *Execution {
	for _, row := range rows {
		if !seen[row.ExecutionID] {
			return row
		}
	}

	return nil
}

func idsOf(page []*Execution) map[string]bool {
	ids := make(map[string]bool, len(page))
	for _, row := range page {
		ids[row.ExecutionID] = true
	}

	return ids
}

package listing

import (
	"time"
	"unique"
)

// Execution is one row of a list: FlowExecutionBrief on the API page. The texts
// are the service's, as they came; an absent or null one is empty. Times are in
// UTC, normally of the form yyyy-MM-ddTHH:mm:ssZ, and [ParseTime] reads them.
type Execution struct {
	WorkflowID     string `json:"workflow_id"`
	WorkflowURN    string `json:"workflow_urn"`
	ExecutionID    string `json:"execution_id"`
	Status         string `json:"status"`
	BeginTime      string `json:"begin_time"`
	EndTime        string `json:"end_time"`
	LastUpdateTime string `json:"last_update_time"`
	CreatedBy      string `json:"created_by"`

	begin, end, update time.Time // zero: absent or not readable
}

// readTimes is called on every row that comes in.
func (e *Execution) readTimes() {
	e.begin, _ = ParseTime(e.BeginTime)
	e.end, _ = ParseTime(e.EndTime)
	e.update, _ = ParseTime(e.LastUpdateTime)
}

// text is the length of all fields. Times count as RFC 3339 in UTC writes them
// at least, for they need not stay as they came, and not at all if they cannot
// be read.
func (e *Execution) text() int {
	n := len(e.WorkflowID) + len(e.WorkflowURN) + len(e.ExecutionID) + len(e.Status) + len(e.CreatedBy)
	for _, t := range []time.Time{e.begin, e.end, e.update} {
		if !t.IsZero() {
			n += len("2006-01-02T15:04:05Z")
		}
	}

	return n
}

// share keeps in memory once what many executions have in common.
func (e *Execution) share() {
	for _, text := range []*string{&e.WorkflowID, &e.WorkflowURN, &e.Status, &e.CreatedBy} {
		*text = unique.Make(*text).Value()
	}
}

// disjoint reports whether a run surely had nothing to do with a span,
// whichever of its times the service compares. A second is granted at each end,
// and a run without an end may still go on.
func (e *Execution) disjoint(s span) bool {
	if e.begin.IsZero() {
		return false
	}
	first, last := e.begin, e.begin
	for _, t := range []time.Time{e.end, e.update} {
		if !t.IsZero() {
			first, last = earlier(first, t), later(last, t)
		}
	}
	mayRun := e.end.IsZero() || e.Status == statusRunning

	return first.After(s.to.Add(time.Second)) || !mayRun && last.Before(s.from.Add(-time.Second))
}

// statusRunning is the one status of the page that does not end a run.
const statusRunning = "running"

// isLater reports whether a is the newer copy of an execution. A row without a
// readable last_update_time counts as the oldest.
func isLater(a, b Execution) bool { return a.update.After(b.update) }

package executions

import (
	"strings"
	"time"
	"unique"
)

// Execution is one row of a list: FlowExecutionBrief on the API page. The texts
// are the service's; an absent or null one is empty. Times are in UTC, normally
// of the form yyyy-MM-ddTHH:mm:ssZ, and [ParseTime] reads them.
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

// readTimes parses the times once, when the row comes in.
func (e *Execution) readTimes() {
	e.begin, _ = ParseTime(e.BeginTime)
	e.end, _ = ParseTime(e.EndTime)
	e.update, _ = ParseTime(e.LastUpdateTime)
}

// text is the length of all fields in bytes. A time counts as RFC 3339 in UTC
// writes it at least, or not at all if it cannot be read.
func (e *Execution) text() int {
	n := len(e.WorkflowID) + len(e.WorkflowURN) + len(e.ExecutionID) + len(e.Status) + len(e.CreatedBy)
	for _, t := range [...]time.Time{e.begin, e.end, e.update} {
		if !t.IsZero() {
			n += len("2006-01-02T15:04:05Z")
		}
	}

	return n
}

// intern keeps in memory once what many executions have in common.
func (e *Execution) intern() {
	for _, text := range [...]*string{&e.WorkflowID, &e.WorkflowURN, &e.Status, &e.CreatedBy} {
		*text = unique.Make(*text).Value()
	}
}

// compared are the fields that a service may compare with bounds, the likeliest
// first.
var compared = []func(*Execution) time.Time{
	func(e *Execution) time.Time { return e.begin },
	func(e *Execution) time.Time { return e.update },
	func(e *Execution) time.Time { return e.end },
}

// first and last bound all times that a row shows.
func (e *Execution) first() time.Time {
	first := e.begin
	for _, t := range [...]time.Time{e.end, e.update} {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}

	return first
}

func (e *Execution) last() time.Time { return later(e.begin, later(e.end, e.update)) }

// seen is the last time that a row shows as past. The end of a run that goes on
// may be far in the future.
func (e *Execution) seen() time.Time {
	if e.hasEnded() {
		return e.last()
	}

	return later(e.begin, e.update)
}

// hasEnded reports whether the times of a row are final. A run that goes on may
// show its begin as its end, which only its status tells from a short run.
func (e *Execution) hasEnded() bool {
	if e.Status == "" {
		return e.end.After(e.begin)
	}

	return !e.end.IsZero() && !strings.EqualFold(e.Status, statusRunning)
}

// isOutside reports whether a run has nothing to do with a span, whichever of
// its times the service compares with the bounds. Displayed times may lack a
// fraction of a second, and a run that has not ended may still go on.
func (e *Execution) isOutside(s span) bool {
	if e.begin.IsZero() {
		return false
	}

	return e.first().After(s.to.Add(time.Second)) || e.hasEnded() && e.last().Before(s.from.Add(-time.Second))
}

// isWithin reports whether all times of a run lie in a span.
func (e *Execution) isWithin(s span) bool {
	return s.contains(e.begin) && s.contains(e.update) && (!e.hasEnded() || s.contains(e.end))
}

// isInside reports whether a run belongs to a span, whichever of its times the
// service compares with the bounds, and however precisely.
func (e *Execution) isInside(s span) bool { return e.isWithin(s.widened(-time.Second)) }

// covers reports whether a run began before a span and ended after it, and was not
// updated in it.
func (e *Execution) covers(s span) bool {
	s = s.widened(time.Second)

	return !e.begin.IsZero() && e.begin.Before(s.from) && (!e.hasEnded() || e.end.After(s.to)) && !s.contains(e.update)
}

// statusRunning is the one documented status of a run that has not ended.
const statusRunning = "running"

// isDocumented reports whether the API page lists a status. Letter case does not
// count.
func isDocumented(status string) bool {
	switch strings.ToLower(status) {
	case statusRunning, "success", "fail", "timeout", "cancel":
		return true
	default:
		return false
	}
}

// isNewer reports whether a is a later copy of the same execution than b. A row
// without a readable last_update_time counts as the oldest.
func (e *Execution) isNewer(b *Execution) bool { return e.update.After(b.update) }

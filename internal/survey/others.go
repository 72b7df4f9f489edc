package survey

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	onRunningEnd = "What is the end_time of an execution that runs?"
	onUnknown    = "What is the response for a workflow that does not exist?"
	onFilter     = "How does the filter by status work?"
	onKept       = "How long are executions kept?"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// askRunning looks at the rows of executions that run.
func (s *survey) askRunning(ctx context.Context) {
	hasRunning := func() bool {
		return slices.ContainsFunc(s.responses, func(r *response) bool {
			return slices.ContainsFunc(r.rows, func(row row) bool { return row.isRunning() })
		})
	}
	if !hasRunning() {
		s.send(ctx, query{status: "running"})
	}
	if !hasRunning() {
		s.report.cannotTell("no execution was listed that runs", onRunningEnd)
		return
	}
	forms := map[string]int{}
	first := map[string]*row{}
	differs := map[string]bool{} // from one response to another
	for _, r := range s.responses {
		for i := range r.rows {
			if row := &r.rows[i]; row.isRunning() && first[row.id] == nil {
				first[row.id] = row
			} else if row.isRunning() && !row.times[end].Equal(first[row.id].times[end]) {
				differs[row.id] = true
			}
		}
	}
	for id, row := range first {
		forms[s.endOf(row, differs[id])]++
	}
	var texts []string
	for _, form := range slices.Sorted(maps.Keys(forms)) {
		texts = append(texts, fmt.Sprintf("%s (%s)", form, plural(forms[form], "row")))
	}
	s.report.add(onRunningEnd, proven, plural(len(first), "execution")+" with the status running", "%s.",
		strings.Join(texts, "; "))
}

// endOf says how the end of an execution that runs is written, and whether it differs
// from one response to another.
func (s *survey) endOf(r *row, differs bool) string {
	raw, isThere := r.raw[end.String()]
	switch text := textOf(raw); {
	case !isThere:
		return "There is no such field"
	case string(raw) == "null":
		return "null"
	case string(raw) == `""`:
		return "An empty text"
	case strings.HasPrefix(text, "0001-01-01"):
		return "The zero date, 0001-01-01"
	case strings.HasPrefix(text, "1970-01-01"):
		return "The zero time of Unix, 1970-01-01"
	case r.times[end].IsZero():
		return "Something that is not a time"
	case r.times[end].Equal(r.times[begin]) && r.times[end].Equal(r.times[update]):
		return "The same as begin_time and last_update_time"
	case r.times[end].Equal(r.times[begin]):
		return "The same as begin_time"
	case r.times[end].Equal(r.times[update]):
		return "The same as last_update_time"
	case differs:
		return "Another time in each response"
	case r.times[end].After(s.began.Add(time.Hour)):
		return "A time in the future"
	default:
		return "Another time"
	}
}

// askUnknownWorkflow asks for a workflow with a random ID.
func (s *survey) askUnknownWorkflow(ctx context.Context) {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	id := fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	r := s.send(ctx, query{workflow: id})
	const seen = "one request with a random ID"
	switch {
	case r.spent:
		s.report.cannotTell(r.why(), onUnknown)
	case r.failed != nil:
		s.report.add(onUnknown, proven, seen, "An error: %s.", r.why())
	case len(r.rows) == 0:
		s.report.add(onUnknown, proven, seen, "An empty list.")
		s.report.surprise("A workflow that does not exist is answered with an empty list, so that a wrong workflow_id " +
			"cannot be reported. The promise to say what is wrong is touched.")
	default:
		s.report.add(onUnknown, proven, seen, "A list of %s.", plural(len(r.rows), "row"))
		s.report.surprise("A workflow that does not exist is answered with executions. The promise that a list is " +
			"right is touched.")
	}
}

// askStatuses tries the filter by status.
func (s *survey) askStatuses(ctx context.Context) {
	statuses := rareStatuses(s.baseline.rows)
	if len(statuses) == 0 {
		s.report.cannotTell("no execution of the list without bounds shows a documented status other than running", onFilter)
		return
	}
	status := statuses[0]
	plain := s.send(ctx, query{status: status})
	upper := s.send(ctx, query{status: strings.ToUpper(status)})
	invented := s.send(ctx, query{status: "nosuchstatus"})
	mixed := false
	texts := []string{s.textOfFilter(plain, status, &mixed)}
	texts = append(texts,
		"The same status in capitals: "+s.compareFilter(upper, plain)+".",
		"A status that does not exist: "+s.compareFilter(invented, plain)+".")
	seen := fmt.Sprintf("one request each for %q, %q and %q", status, strings.ToUpper(status), "nosuchstatus")
	sure := proven
	if !plain.isOK() {
		sure = untold
	}
	s.report.add(onFilter, sure, seen, "%s", strings.Join(texts, " "))
	if mixed {
		s.report.surprise("The filter by status lists executions of other statuses, which the provider drops from " +
			"complete lists only. The promise that a list is right costs more requests or a refusal.")
	}
}

// textOfFilter says what a filtered list shows.
func (s *survey) textOfFilter(r *response, status string, mixed *bool) string {
	if !r.isOK() {
		return "Filtered by a status, there is no list: " + r.why() + "."
	}
	others, silent := 0, 0
	for i := range r.rows {
		switch {
		case r.rows[i].status == "":
			silent++
		case !equalFold(r.rows[i].status, status):
			others++
		}
	}
	switch {
	case others > 0:
		*mixed = true
		return fmt.Sprintf("The filter does not hold: %d of %s have another status.",
			others, plural(len(r.rows), "row"))
	case len(r.rows) == 0:
		return "The filter lists nothing, although there are executions of this status."
	case silent > 0:
		return fmt.Sprintf("Filtered by a status, %d of %s do not show it.", silent, plural(len(r.rows), "row"))
	case s.lacks(r, status) > 0:
		return fmt.Sprintf("Filtered by a status, all %s have it, but %d that the list without a filter "+
			"shows are missing.",
			plural(len(r.rows), "row"), s.lacks(r, status))
	default:
		return fmt.Sprintf("Filtered by a status, all %s have it.", plural(len(r.rows), "row"))
	}
}

// lacks is how many executions of a status the list without a filter shows and a
// short filtered one does not. The oldest may have left the window meanwhile.
func (s *survey) lacks(r *response, status string) int {
	n, ids := 0, idsOf(r.rows)
	for _, row := range s.settledOf(s.baseline.rows) {
		isInside := row.first().After(s.oldestStart(s.baseline.rows).Add(10 * time.Minute))
		if equalFold(row.status, status) && isInside && s.isShort(r) && !slices.Contains(ids, row.id) {
			n++
		}
	}

	return n
}

// compareFilter compares the filter by another spelling of a status with the plain one.
func (s *survey) compareFilter(r, plain *response) string {
	switch {
	case r.isRefused():
		return "the request is refused (" + r.why() + ")"
	case !r.isOK():
		return "cannot be told, because " + r.why()
	case len(r.rows) == 0:
		return "nothing is listed"
	case isSameSet(r.rows, plain.rows):
		return "the same executions are listed"
	case isSameSet(s.settledOf(r.rows), s.settledOf(s.baseline.rows)):
		return "the list is the one without a filter"
	default:
		return plural(len(r.rows), "row")
	}
}

// askRetention looks for the oldest execution, a few steps back.
func (s *survey) askRetention(ctx context.Context) {
	if s.bounds == nil {
		s.report.cannotTell("it is not known how bounds are read, so that older executions cannot be asked for", onKept)
		return
	}
	ages := []time.Duration{30 * day, 60 * day, 90 * day, 180 * day, 370 * day, 740 * day}
	var reached time.Duration
	for i := 1; i < len(ages) && s.left() > 0; i++ {
		q := s.between(s.began.Add(-ages[i]), s.began.Add(-ages[i-1]))
		q.status = ""
		r := s.send(ctx, q)
		if !r.isOK() {
			break
		}
		reached = ages[i]
	}
	rows := s.settled()
	if len(rows) == 0 {
		s.report.cannotTell(noSettled, onKept)
		return
	}
	oldest := slices.MinFunc(rows, func(a, b *row) int { return a.first().Compare(b.first()) })
	age := s.began.Sub(oldest.first())
	seen := fmt.Sprintf("executions were asked for as far back as %s", length(max(reached, 30*day)))
	s.report.add(onKept, observed, seen,
		"The oldest execution that was listed began %s ago. Whether older ones have been removed or never "+
			"were cannot be told; a page that is full or a window that is cut may hide some.", length(age))
}

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
func (s *survey) askRunning(ctx context.Context) string {
	running := s.running()
	if len(running) == 0 {
		s.send(ctx, query{status: "running"})
		if running = s.running(); len(running) == 0 {
			return "no execution was listed that runs"
		}
	}
	count := map[string]int{}
	for _, rows := range running {
		count[s.runningEnd(rows)]++
	}
	var texts []string
	for _, text := range slices.Sorted(maps.Keys(count)) {
		texts = append(texts, fmt.Sprintf("%s (%s)", text, plural(count[text], "row")))
	}
	s.answer(onRunningEnd, proven.by(plural(len(running), "execution")+" with the status running", "%s.",
		strings.Join(texts, "; ")))

	return ""
}

// running returns the rows with the status running of all responses, by execution.
func (s *survey) running() map[string][]*row {
	running := map[string][]*row{}
	for _, r := range s.responses {
		for _, row := range r.rows {
			if row.isRunning() {
				running[row.id] = append(running[row.id], row)
			}
		}
	}

	return running
}

// runningEnd says how the end of an execution that runs is written in the rows
// about it.
func (s *survey) runningEnd(rows []*row) string {
	r := rows[0]
	at := r.times[end]
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
	case at.IsZero():
		return "Something that is not a time"
	case at.Equal(r.times[begin]) && at.Equal(r.times[update]):
		return "The same as begin_time and last_update_time"
	case at.Equal(r.times[begin]):
		return "The same as begin_time"
	case at.Equal(r.times[update]):
		return "The same as last_update_time"
	case slices.ContainsFunc(rows, func(r *row) bool { return !r.times[end].Equal(at) }):
		return "Another time in each response"
	case at.After(s.began.Add(time.Hour)):
		return "A time in the future"
	default:
		return "Another time"
	}
}

// askUnknownWorkflow asks for a workflow with a random ID.
func (s *survey) askUnknownWorkflow(ctx context.Context) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	id := fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	r := s.send(ctx, query{workflow: id})
	const seen = "one request with a random ID"
	switch {
	case r.spent:
		return r.why()
	case r.failed != nil:
		s.answer(onUnknown, proven.by(seen, "An error: %s.", r.why()))
	case len(r.rows) == 0:
		s.answer(onUnknown, proven.by(seen, "An empty list."))
		s.report.surprise("A workflow that does not exist is answered with an empty list, so that a wrong workflow_id " +
			"cannot be reported. The promise to say what is wrong is touched.")
	default:
		s.answer(onUnknown, proven.by(seen, "A list of %s.", plural(len(r.rows), "row")))
		s.report.surprise("A workflow that does not exist is answered with executions. The promise that a list is " +
			"right is touched.")
	}

	return ""
}

// askStatuses tries the filter by status.
func (s *survey) askStatuses(ctx context.Context) string {
	statuses := rareStatuses(s.baseline.rows)
	if len(statuses) == 0 {
		return "no execution of the list without bounds shows a documented status other than running"
	}
	status, capitals, invented := statuses[0], strings.ToUpper(statuses[0]), "nosuchstatus"
	plain := s.send(ctx, query{status: status})
	inCapitals, ofNone := s.send(ctx, query{status: capitals}), s.send(ctx, query{status: invented})
	sure := proven
	if !plain.isOK() {
		sure = untold
	}
	s.answer(onFilter, sure.by(fmt.Sprintf("one request each for %q, %q and %q", status, capitals, invented),
		"%s The same status in capitals: %s. A status that does not exist: %s.",
		s.textOfFilter(plain), s.compareFilter(inCapitals, plain), s.compareFilter(ofNone, plain)))

	return ""
}

// textOfFilter says what a filtered list shows.
func (s *survey) textOfFilter(r *response) string {
	if !r.isOK() {
		return "Filtered by a status, there is no list: " + r.why() + "."
	}
	others, silent, lacking := 0, 0, s.lacks(r)
	for _, row := range r.rows {
		switch {
		case row.status == "":
			silent++
		case !equalFold(row.status, r.query.status):
			others++
		}
	}
	rows := plural(len(r.rows), "row")
	switch {
	case others > 0:
		s.report.surprise("The filter by status lists executions of other statuses, which the provider drops from " +
			"complete lists only. The promise that a list is right costs more requests or a refusal.")
		return fmt.Sprintf("The filter does not hold: %d of %s have another status.", others, rows)
	case len(r.rows) == 0:
		return "The filter lists nothing, although there are executions of this status."
	case silent > 0:
		return fmt.Sprintf("Filtered by a status, %d of %s do not show it.", silent, rows)
	case lacking > 0:
		return fmt.Sprintf("Filtered by a status, all %s have it, but %d that the list without a filter shows are missing.",
			rows, lacking)
	default:
		return fmt.Sprintf("Filtered by a status, all %s have it.", rows)
	}
}

// lacks is how many executions of a status the list without a filter shows and a
// short filtered one does not. The oldest may have left the window meanwhile.
func (s *survey) lacks(r *response) int {
	if !s.isShort(r) {
		return 0
	}
	n, shown, from := 0, setOf(r.rows), s.oldestStart(s.baseline.rows).Add(10*time.Minute)
	for _, row := range s.settledOf(s.baseline.rows) {
		if equalFold(row.status, r.query.status) && row.first().After(from) && !shown[row.id] {
			n++
		}
	}

	return n
}

// compareFilter compares the filter by another spelling of a status with the plain
// one.
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
func (s *survey) askRetention(ctx context.Context) string {
	if s.bounds == nil {
		return noBounds
	}
	ages := []time.Duration{30 * day, 60 * day, 90 * day, 180 * day, 370 * day, 740 * day}
	reached := ages[0]
	for i := 1; i < len(ages) && s.left() > 0; i++ {
		q := s.between(s.began.Add(-ages[i]), s.began.Add(-ages[i-1]))
		q.status = ""
		if !s.send(ctx, q).isOK() {
			break
		}
		reached = ages[i]
	}
	rows := s.settled()
	if len(rows) == 0 {
		return noSettled
	}
	oldest := slices.MinFunc(rows, func(a, b *row) int { return a.first().Compare(b.first()) })
	s.answer(onKept, observed.by("executions were asked for as far back as "+length(reached),
		"The oldest execution that was listed began %s ago. Whether older ones have been removed or never were cannot be "+
			"told; a page that is full or a window that is cut may hide some.", length(s.began.Sub(oldest.first()))))

	return ""
}

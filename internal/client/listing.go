package client

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The service pages without a marker, a total, a documented offset or a
// documented order: at most 200 rows, and silence about the rest. What it does
// document are the bounds start_time and end_time. So a list that does not fit
// one page is read by time.
//
// The first request is the practitioner's question. Fewer rows than it asked
// for are all there are; that is the everyday case. After a full page the
// window is pinned, so that executions that begin meanwhile are outside it, and
// the parts of it that have not been seen are asked for, newest first:
//
//   - A full page in the order of begin_time covers the part up to its last
//     row; what is left of the part is asked next, that row's second included.
//   - A full page without an order covers nothing: the part is halved.
//   - A page that is not full covers its part.
//
// This rests on what the service does: the bounds apply to begin_time, whole
// seconds at a time, and a page in order is the beginning of the part. Every
// page is held against that. One that contradicts it (a row from outside its
// part, a known row missing) ends the list with a [ListingError].

const (
	// defaultWindow is what the service adds to a bound that is given alone,
	// and what it takes up to now when neither is (the API page).
	defaultWindow = 3 * 24 * time.Hour

	// The bounds that the service chooses itself are known to this much.
	boundSlack = time.Minute
)

// ListOptions narrow a list of executions.
type ListOptions struct {
	// Region overrides the client's own.
	Region string

	// Status keeps the executions of one status.
	Status string

	// Start and End bound the window by the service's rules: without both it
	// is the last three days, with one of them three days from or up to it.
	// Fractions of a second are rounded outwards.
	Start, End time.Time

	// Limit keeps the newest that many; 0: all.
	Limit int
}

// ListingError says that a list could not be read completely.
type ListingError struct {
	Reason string // a sentence
}

// Error implements error.
func (e *ListingError) Error() string { return e.Reason }

func listingErrorf(format string, args ...any) *ListingError {
	return &ListingError{Reason: fmt.Sprintf(format, args...)}
}

// AllWorkflowExecutions returns every execution of a workflow that matches,
// the newest first, each once; or an error, never a part of them. The service's
// own failures are an [*APIError], a list that cannot be read completely is a
// [*ListingError], an unknown project a [*ProjectError].
func (c *Client) AllWorkflowExecutions(ctx context.Context, workflowID string, opts ListOptions) ([]WorkflowExecution, error) {
	r, err := c.region(opts.Region)
	if err != nil {
		return nil, err
	}
	projectID, err := c.projectID(ctx, r)
	if err != nil {
		return nil, err
	}
	opts.Start, opts.End = outwards(opts.Start, opts.End)
	l := &listing{
		client:   c,
		workflow: workflow{id: workflowID, region: r, projectID: projectID},
		opts:     opts,
		rows:     map[string]WorkflowExecution{},
	}
	if err := l.read(ctx); err != nil {
		return nil, err
	}

	return l.result(), nil
}

func outwards(start, end time.Time) (time.Time, time.Time) {
	if !start.IsZero() {
		start = floorSecond(start)
	}
	if !end.IsZero() {
		end = ceilSecond(end)
	}

	return start, end
}

// listing is one list while it is read.
type listing struct {
	client   *Client
	workflow workflow
	opts     ListOptions

	window   span
	rows     map[string]WorkflowExecution // by execution_id
	nameless []WorkflowExecution          // rows without one
	unseen   []span                       // parts of the window, the newest last
}

// span is a part of the window, in whole seconds, both ends included.
type span struct{ from, to time.Time }

func (s span) contains(t time.Time) bool { return !t.Before(s.from) && !t.After(s.to) }

func (s span) String() string {
	return s.from.Format(time.RFC3339) + " to " + s.to.Format(time.RFC3339)
}

func (l *listing) read(ctx context.Context) error {
	limit := maxPage
	if l.opts.Limit > 0 {
		limit = min(limit, l.opts.Limit)
	}
	first, err := l.firstPage(ctx, limit)
	if err != nil {
		return err
	}
	if err := l.keep(first.rows); err != nil {
		return err
	}
	if len(first.rows) < limit {
		return nil
	}
	if limit == l.opts.Limit && orderOf(first.rows) == newestFirst && !slices.ContainsFunc(first.rows, l.otherStatus) {
		return nil
	}

	l.pin(first.date)
	covered := span{l.window.from.Add(-boundSlack), l.window.to.Add(boundSlack)}
	if err := l.settle(l.window, covered, first.rows, len(first.rows) >= limit); err != nil {
		return err
	}
	for len(l.unseen) > 0 && !l.enough() {
		last := len(l.unseen) - 1
		part := l.unseen[last]
		l.unseen = l.unseen[:last]

		asked := l.widened(part)
		next, err := l.client.listPage(ctx, l.workflow, pageQuery{status: l.opts.Status, start: asked.from, end: asked.to, limit: maxPage})
		if err != nil {
			return err
		}
		if err := l.keep(next.rows); err != nil {
			return err
		}
		if err := l.settle(part, asked, next.rows, len(next.rows) >= maxPage); err != nil {
			return err
		}
	}

	return nil
}

// firstPage asks the practitioner's question. Rows that cannot belong to the
// window mean that the service did not read its bounds, so they are sent once
// more in the other form.
func (l *listing) firstPage(ctx context.Context, limit int) (page, error) {
	q := pageQuery{status: l.opts.Status, start: l.opts.Start, end: l.opts.End, limit: limit}
	first, err := l.client.listPage(ctx, l.workflow, q)
	if err != nil || !slices.ContainsFunc(first.rows, l.misplaced) {
		return first, err
	}

	other := l.client.knownTimeForm().other()
	first, err = l.client.listPageAs(ctx, l.workflow, q, other)
	if err != nil {
		return page{}, err
	}
	if i := slices.IndexFunc(first.rows, l.misplaced); i >= 0 {
		return page{}, listingErrorf("The service answered with execution %s, which ran outside the window that was asked for: it does not seem to read start_time and end_time.", first.rows[i].ExecutionID)
	}
	l.client.learnTimeForm(other)

	return first, nil
}

// misplaced reports whether a row has nothing to do with the bounds that were
// asked for, whichever of its times the service compares with them.
func (l *listing) misplaced(row WorkflowExecution) bool {
	if row.begin.IsZero() {
		return false
	}
	if !l.opts.End.IsZero() && row.begin.After(l.opts.End.Add(boundSlack)) {
		return true
	}
	earliest := l.opts.Start.Add(-boundSlack)
	ended, _ := ParseTime(row.EndTime) // zero: it may still run
	updated, _ := ParseTime(row.LastUpdateTime)

	return !l.opts.Start.IsZero() && !ended.IsZero() &&
		row.begin.Before(earliest) && ended.Before(earliest) && updated.Before(earliest)
}

// keep adds rows to what is known. Of two copies of an execution the later one
// stays.
func (l *listing) keep(rows []WorkflowExecution) error {
	for _, row := range rows {
		if row.WorkflowID != "" && !strings.EqualFold(row.WorkflowID, l.workflow.id) {
			return listingErrorf("The service answered with execution %s of another workflow, %s.", row.ExecutionID, row.WorkflowID)
		}
		if row.ExecutionID == "" {
			l.nameless = append(l.nameless, row)
			continue
		}
		if known, ok := l.rows[row.ExecutionID]; ok && !isLater(row, known) {
			continue
		}
		l.rows[row.ExecutionID] = row
	}

	return nil
}

func isLater(a, b WorkflowExecution) bool {
	updatedA, _ := ParseTime(a.LastUpdateTime) // unreadable: the earliest
	updatedB, _ := ParseTime(b.LastUpdateTime)

	return updatedA.After(updatedB)
}

// pin fixes the window at the service's own clock.
func (l *listing) pin(now time.Time) {
	now = floorSecond(now)
	from, to := l.opts.Start, l.opts.End
	switch {
	case from.IsZero() && to.IsZero():
		from, to = now.Add(-defaultWindow), now
	case from.IsZero():
		from = to.Add(-defaultWindow)
	case to.IsZero():
		to = from.Add(defaultWindow)
	}
	if to.After(now) {
		to = now
	}
	l.window = span{from, to}
}

// widened is what to ask for to see a part whole, whether the service takes its
// bounds as inside or outside. The window's own bounds are not ours to move.
func (l *listing) widened(part span) span {
	if part.from.After(l.window.from) {
		part.from = part.from.Add(-time.Second)
	}
	if part.to.Before(l.window.to) {
		part.to = part.to.Add(time.Second)
	}

	return part
}

// settle holds a page against what was asked and known, and puts what is still
// unseen of its part back.
func (l *listing) settle(part, asked span, rows []WorkflowExecution, full bool) error {
	if len(l.nameless) > 0 {
		return listingErrorf("The service answered with an execution without an execution_id, which cannot be followed over several pages.")
	}
	slack := span{asked.from, asked.to}
	if !asked.from.After(l.window.from) && l.opts.Start.IsZero() {
		slack.from = slack.from.Add(-boundSlack)
	}
	listed := make(map[string]bool, len(rows))
	for _, row := range rows {
		listed[row.ExecutionID] = true
		switch {
		case row.begin.IsZero():
			return listingErrorf("The service answered with execution %s, whose begin_time %q cannot be read, in a list of more than one page.", row.ExecutionID, row.BeginTime)
		case !slack.contains(row.begin):
			return listingErrorf("The service answered with execution %s, which began at %s, when asked for those from %s.", row.ExecutionID, row.BeginTime, asked)
		}
	}

	var rest []span
	if full {
		var err error
		if rest, err = remaining(part, rows); err != nil {
			return err
		}
	}
	for id, row := range l.rows {
		inRest := slices.ContainsFunc(rest, func(s span) bool { return s.contains(row.begin) })
		// A status may change while the list is read; otherwise rows stay.
		if part.contains(row.begin) && !inRest && !listed[id] && l.opts.Status == "" {
			return listingErrorf("Execution %s, which began at %s, was missing when asked for those from %s, although it had been listed before.", id, row.BeginTime, asked)
		}
	}
	l.unseen = append(l.unseen, rest...)

	return nil
}

// remaining returns what a full page leaves unseen of its part, oldest first.
func remaining(part span, rows []WorkflowExecution) ([]span, error) {
	if part.from.Equal(part.to) {
		return nil, listingErrorf("At least %d executions began within a second of %s, more than the service lists at once.", len(rows), part.from.Format(time.RFC3339))
	}

	last := rows[len(rows)-1].begin
	switch order := orderOf(rows); {
	case order == newestFirst && last.Before(part.to):
		return []span{{part.from, later(last, part.from)}}, nil
	case order == oldestFirst && last.After(part.from):
		return []span{{earlier(last, part.to), part.to}}, nil
	}

	// Split where the rows are, if they are all in one second, else halfway.
	middle := part.from.Add(part.to.Sub(part.from) / 2).Truncate(time.Second).Add(time.Second)
	if rows[0].begin.Equal(last) && last.After(part.from) && !last.After(part.to) {
		middle = last
	}

	return []span{{part.from, middle.Add(-time.Second)}, {middle, part.to}}, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}

	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}

	return b
}

type order int

const (
	noOrder order = iota
	newestFirst
	oldestFirst
)

// orderOf tells in which order a page came. Rows that all began in the same
// second show none.
func orderOf(rows []WorkflowExecution) order {
	byBegin := func(a, b WorkflowExecution) int { return a.begin.Compare(b.begin) }
	ascending := slices.IsSortedFunc(rows, byBegin)
	descending := slices.IsSortedFunc(rows, func(a, b WorkflowExecution) int { return byBegin(b, a) })
	switch {
	case ascending == descending:
		return noOrder
	case descending:
		return newestFirst
	default:
		return oldestFirst
	}
}

// enough reports whether the newest rows up to the limit are known: nothing
// that is still unseen can be newer than they are.
func (l *listing) enough() bool {
	if l.opts.Limit == 0 {
		return false
	}
	var horizon time.Time
	for _, part := range l.unseen {
		horizon = later(part.to, horizon)
	}
	count := 0
	for _, row := range l.rows {
		if row.begin.After(horizon) && !l.otherStatus(row) {
			count++
		}
	}

	return count >= l.opts.Limit
}

func (l *listing) otherStatus(row WorkflowExecution) bool {
	return l.opts.Status != "" && row.Status != l.opts.Status
}

// result returns what belongs, in order.
func (l *listing) result() []WorkflowExecution {
	result := make([]WorkflowExecution, 0, len(l.rows)+len(l.nameless))
	for _, row := range l.rows {
		result = append(result, row)
	}
	result = append(result, l.nameless...)
	result = slices.DeleteFunc(result, l.otherStatus)
	slices.SortStableFunc(result, func(a, b WorkflowExecution) int {
		// An unknown begin is the zero time: it sorts last.
		return cmp.Or(b.begin.Compare(a.begin), strings.Compare(a.ExecutionID, b.ExecutionID))
	})
	if l.opts.Limit > 0 && len(result) > l.opts.Limit {
		result = result[:l.opts.Limit]
	}

	return result
}

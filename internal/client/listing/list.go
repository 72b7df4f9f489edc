package listing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// All reads every execution that a question asks for, the newest first; where
// those are equal, by execution_id. The error is an [*Error] if the list cannot
// be had completely, else the [Asker]'s own.
func All(ctx context.Context, facts *Facts, ask Asker, q Question) ([]Execution, error) {
	if !q.Start.IsZero() {
		q.Start = floorSecond(q.Start)
	}
	if !q.End.IsZero() {
		q.End = ceilSecond(q.End)
	}
	l := &list{ask: ask, question: q, learnt: facts.get(), width: maxWidth}
	if err := l.read(ctx); err != nil {
		if c, ok := err.(*contradiction); ok { //nolint:errorlint // never wrapped
			return nil, refuse("%s", c.reason)
		}
		return nil, err
	}
	facts.set(l.learnt)

	return l.result(), nil
}

// list is one list while it is read.
type list struct {
	ask      Asker
	question Question
	learnt

	window   span
	now      time.Time            // the service's clock, as of the last answer
	since    time.Time            // the service's clock, as of the first
	rows     map[string]Execution // by execution_id
	ids      []string             // of rows, as they came: nearly in order, and so soon sorted
	nameless []Execution          // rows without one
	matching int                  // how many of rows belong, as far as is known
	text     int                  // of those
	unseen   []part               // the newest last
	covered  float64              // seconds of the window that have been seen
	rate     float64              // executions in a second of what the last full page covered
	requests int                  // for parts
	patient  bool                 // there is no other way than many requests

	calibrated int // how often it was tried
	width      int // parts that are read at a time
}

func (l *list) read(ctx context.Context) error {
	first, err := l.first(ctx)
	if err != nil {
		return err
	}
	for {
		if err := l.restart(first); err != nil {
			return err
		}
		if len(first.Rows) < l.limit() || l.isAnswered(first) {
			return nil
		}
		l.pin(first)
		err = l.byTime(ctx, first)

		switch {
		case !isContradiction(err):
			return err
		case errors.Is(err, errOtherForm):
			if first, err = l.fetch(ctx, l.asked()); err != nil {
				return err
			}
		case l.byBegin == proven:
			l.byBegin = refuted
		case errors.Is(err, errDivided):
			if err = l.byOffset(ctx, l.asked()); !isRefusal(err) {
				return err
			}
			l.patient = true
		case l.question.bounded():
			return refuse("The service does not seem to honour start_time and end_time: %s", err)
		default:
			if err := l.restart(first); err != nil {
				return err
			}
			return l.byOffset(ctx, l.asked())
		}
	}
}

// limit is what the question's own request asks for.
func (l *list) limit() int {
	if l.question.Limit > 0 {
		return min(l.question.Limit, MaxPage)
	}

	return MaxPage
}

// asked is the question as it stands.
func (l *list) asked() Query {
	return Query{Status: l.question.Status, Start: l.question.Start, End: l.question.End, Limit: l.limit()}
}

// restart forgets all rows but those of the first page.
func (l *list) restart(first Page) error {
	l.rows = map[string]Execution{}
	l.ids, l.nameless, l.matching, l.text, l.unseen, l.covered, l.rate, l.requests = nil, nil, 0, 0, nil, 0, 0, 0

	return l.keep(first.Rows)
}

// isAnswered reports whether a full first page holds the newest executions, as
// many as were asked for.
func (l *list) isAnswered(first Page) bool {
	if l.question.Limit != l.limit() || slices.ContainsFunc(first.Rows, l.otherStatus) {
		return false
	}
	begins := readableBegins(first.Rows)
	if len(begins) < len(first.Rows) {
		return false
	}
	seen, bits := orderOf(first.Rows)
	if bits >= noAccident {
		l.order = seen
	}
	isSorted := slices.IsSortedFunc(begins, func(a, b time.Time) int { return b.Compare(a) })

	return isSorted && l.order == newestFirst
}

// pin fixes the window at the service's own clock. A bound in the future
// becomes now.
func (l *list) pin(first Page) {
	now, slack := floorSecond(first.Date), time.Duration(0)
	if first.Date.IsZero() {
		now, slack = floorSecond(time.Now()), clockSlack
	}
	l.now, l.since = now, now.Add(-slack)
	l.window = l.question.window(now)
	// A second more: the service may leave out the one that a bound names.
	latest := now.Add(slack + time.Second)
	if l.question.Start.IsZero() && l.question.End.IsZero() {
		l.window.to = latest
	} else {
		l.window.to = earlier(l.window.to, latest)
	}
}

// keep adds rows to what is known. Of two copies of an execution the later one
// stays.
func (l *list) keep(rows []Execution) error {
	for i := range rows {
		row := &rows[i]
		row.readTimes()
		if row.WorkflowID != "" && !strings.EqualFold(row.WorkflowID, l.question.WorkflowID) {
			return &Error{
				Reason: fmt.Sprintf("The service answered with execution %s of another workflow, %s.", row.ExecutionID, row.WorkflowID),
				Advice: "Check that endpoints lead to FunctionGraph, and that no proxy answers in its place.",
			}
		}
		if row.ExecutionID == "" {
			l.nameless = append(l.nameless, *row)
			continue
		}
		known, ok := l.rows[row.ExecutionID]
		if ok && !isLater(*row, known) {
			continue
		}
		row.share()
		l.rows[row.ExecutionID] = *row
		l.weigh(*row, 1)
		if ok {
			l.weigh(known, -1)
		} else {
			l.ids = append(l.ids, row.ExecutionID)
		}
	}
	if q := l.question; q.TooLong != nil && q.Limit == 0 && q.TooLong(l.matching, l.text) {
		return &TooLongError{Executions: l.matching}
	}

	return nil
}

// weigh adds an execution to what the list will hold (1) or takes it out (-1).
func (l *list) weigh(row Execution, sign int) {
	if !l.otherStatus(row) {
		l.matching += sign
		l.text += sign * row.text()
	}
}

func (l *list) otherStatus(row Execution) bool {
	return l.question.Status != "" && row.Status != l.question.Status
}

// result returns what belongs, in order.
func (l *list) result() []Execution {
	result := make([]Execution, 0, len(l.rows)+len(l.nameless))
	for _, id := range l.ids {
		result = append(result, l.rows[id])
	}
	result = append(result, l.nameless...)
	result = slices.DeleteFunc(result, l.otherStatus)
	compare := func(a, b Execution) int {
		// An unknown begin is the zero time: it sorts last.
		return cmp.Or(b.begin.Compare(a.begin), strings.Compare(a.ExecutionID, b.ExecutionID))
	}
	if len(l.nameless) > 0 {
		slices.SortStableFunc(result, compare) // they may be equal
	} else {
		slices.SortFunc(result, compare) // several times as fast
	}
	if l.question.Limit > 0 && len(result) > l.question.Limit {
		result = result[:l.question.Limit]
	}

	return result
}

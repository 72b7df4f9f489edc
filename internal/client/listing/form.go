package listing

import (
	"context"
	"errors"
	"slices"
	"time"
)

// fetch asks in the form that is believed in. A 400 on a query with bounds may
// mean that their form cannot be read: it is asked once more in the other, as a
// new question. If it refuses both, the first error says more.
func (l *list) fetch(ctx context.Context, q Query) (Page, error) {
	q.Form = l.form
	page, err := l.ask(ctx, q)
	if !errors.Is(err, ErrBadRequest) || !q.bounded() || l.formProven {
		return page, err
	}
	q.Form = l.form.other()
	page, otherErr := l.ask(ctx, q)
	switch {
	case errors.Is(otherErr, ErrBadRequest):
		return Page{}, err
	case otherErr != nil:
		return Page{}, otherErr
	}
	l.believe(q.Form)

	return page, nil
}

// believe settles the form.
func (l *list) believe(form Form) { l.form, l.formProven = form, true }

// first asks the question. Until it is known that the service reads the form of
// the bounds, an answer to a question with bounds may be that to a question
// without: the last three days.
func (l *list) first(ctx context.Context) (Page, error) {
	q := l.asked()
	page, err := l.fetch(ctx, q)
	if err != nil || l.formProven || !q.bounded() {
		return page, err
	}
	for i := range page.Rows {
		page.Rows[i].readTimes()
	}

	now, slack := page.Date, boundSlack
	if now.IsZero() {
		now, slack = time.Now(), clockSlack
	}
	window := l.question.window(floorSecond(now))
	recent := span{now.Add(-serviceWindow - slack), now.Add(clockSlack)}
	reachesBack := window.from.Before(now.Add(-serviceWindow + slack))
	isOld := func(row Execution) bool { return row.begin.Before(recent.from) && row.disjoint(recent) }
	switch {
	case l.outside(page, window) > 0:
		return l.probeForm(ctx, q, page, window)
	case !reachesBack, slices.ContainsFunc(page.Rows, isOld):
		return page, nil // whatever was read, everything that belongs is there
	case len(page.Rows) == 0:
		return l.askOtherForm(ctx, q, page)
	case len(page.Rows) < q.Limit:
		return l.probeForm(ctx, q, page, window)
	default:
		return page, nil
	}
}

// outside counts the rows that did not begin in the window. There are none if
// the bounds are read and apply to begin_time.
func (l *list) outside(page Page, window span) int {
	window, count := l.question.loosened(window), 0
	for _, row := range page.Rows {
		if !row.begin.IsZero() && !window.contains(row.begin) {
			count++
		}
	}

	return count
}

// few rows may all be purged between two requests.
const few = 10

// longAgo is before the service existed: whoever reads the bounds has nothing
// to show, and whoever does not shows the last three days.
var longAgo = time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC)

// isRead asks for a time long ago, knowing that the answer would not be empty
// if it meant the last three days. It stays unknown if the service refuses that.
func (l *list) isRead(ctx context.Context, form Form) (belief, error) {
	page, err := l.ask(ctx, Query{Start: longAgo, End: longAgo.Add(time.Hour), Form: form, Limit: MaxPage})
	switch {
	case errors.Is(err, ErrBadRequest):
		return unknown, nil
	case err != nil:
		return unknown, err
	case strayFrom(page, span{longAgo, longAgo.Add(time.Hour)}) != nil:
		return refuted, nil
	default:
		return proven, nil // runs that may have begun then do not count
	}
}

var errBoundsIgnored = refuse("The service does not seem to honour start_time and end_time in any form: it answers with executions from outside.")

// probeForm finds out whether the form was read that brought some rows.
func (l *list) probeForm(ctx context.Context, q Query, page Page, window span) (Page, error) {
	read, err := l.isRead(ctx, l.form)
	if err == nil && read == proven && len(page.Rows) < few {
		// Unless the few rows that should have been shown are gone.
		var again Page
		if again, err = l.fetch(ctx, q); err == nil && !slices.ContainsFunc(again.Rows, func(row Execution) bool { return idsOf(page.Rows)[row.ExecutionID] }) {
			read = unknown
		}
	}
	switch {
	case err != nil:
		return Page{}, err
	case read == proven:
		l.formProven = true
		return page, nil
	case read == unknown:
		return l.compareForms(ctx, q, page, window)
	}

	l.believe(l.form.other())
	other, err := l.fetch(ctx, q)
	if err != nil {
		return Page{}, err
	}
	for i := range other.Rows {
		other.Rows[i].readTimes()
	}
	if l.outside(page, window) > 0 && l.outside(other, window) == 0 {
		return other, nil // it left out what lies outside
	}
	if read, err := l.isRead(ctx, l.form); err != nil {
		return Page{}, err
	} else if read == refuted {
		return Page{}, errBoundsIgnored
	}

	return other, nil
}

// askOtherForm asks again after an answer without rows, which proves nothing:
// perhaps nothing ran in the last three days.
func (l *list) askOtherForm(ctx context.Context, q Query, page Page) (Page, error) {
	q.Form = l.form.other()
	other, err := l.ask(ctx, q)
	if errors.Is(err, ErrBadRequest) {
		l.formProven = true // a form that it cannot read, it refuses
		return page, nil
	}
	if err != nil {
		return Page{}, err
	}
	if len(other.Rows) == 0 {
		return page, nil // nothing, however it is asked
	}

	read, err := l.isRead(ctx, q.Form)
	switch {
	case err != nil:
		return Page{}, err
	case read == refuted:
		l.formProven = true // the first one, then
		return page, nil
	default:
		l.believe(q.Form)
		return other, nil
	}
}

// compareForms is for a service that does not let itself be asked for long ago.
// It asks the question in the other form, too, and goes on with the answer that
// fits the window better; if both do, with the one that shows more.
func (l *list) compareForms(ctx context.Context, q Query, page Page, window span) (Page, error) {
	q.Form = l.form.other()
	other, err := l.ask(ctx, q)
	if errors.Is(err, ErrBadRequest) {
		l.formProven = true
		return page, nil
	}
	if err != nil {
		return Page{}, err
	}
	for i := range other.Rows {
		other.Rows[i].readTimes()
	}

	before, after := l.outside(page, window), l.outside(other, window)
	switch {
	case after < before, after == before && len(other.Rows) > len(page.Rows):
		l.believe(q.Form)
		return other, nil
	case before < after:
		l.formProven = true
		return page, nil
	case slices.ContainsFunc(page.Rows, func(row Execution) bool { return row.disjoint(l.question.loosened(window)) }):
		return Page{}, errBoundsIgnored
	default:
		return page, nil
	}
}

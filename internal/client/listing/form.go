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

	now := page.Date
	if now.IsZero() {
		now = time.Now()
	}
	window := l.question.window(floorSecond(now))
	recent := now.Add(-serviceWindow - boundSlack)
	switch {
	case slices.ContainsFunc(page.Rows, func(row Execution) bool {
		return row.disjoint(span{recent, now.Add(clockSlack)}) && row.begin.Before(recent)
	}):
		l.formProven = true // only who reads the bounds shows a run this old
		return page, nil
	case l.outside(page, window) > 0:
		return l.compareForms(ctx, q, page, window)
	case window.from.Before(recent) && len(page.Rows) < q.Limit && len(page.Rows) > 0:
		return l.probeForm(ctx, q, page, window)
	case window.from.Before(recent) && len(page.Rows) == 0:
		return l.compareForms(ctx, q, page, window)
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

// compareForms asks the question in the other form, too, and goes on with the
// answer that fits the window better; if both fit, with the one that shows more.
func (l *list) compareForms(ctx context.Context, q Query, page Page, window span) (Page, error) {
	q.Form = l.form.other()
	alternative, err := l.ask(ctx, q)
	if errors.Is(err, ErrBadRequest) {
		l.formProven = true // a form that it cannot read, it refuses
		return page, nil
	}
	if err != nil {
		return Page{}, err
	}
	for i := range alternative.Rows {
		alternative.Rows[i].readTimes()
	}

	before, after := l.outside(page, window), l.outside(alternative, window)
	switch {
	case before < after:
		l.formProven = true
		return page, nil
	case after < before:
		l.believe(q.Form)
		return alternative, nil
	case len(alternative.Rows) > len(page.Rows):
		// Either this form is read and the other means the last three days,
		// or the other way round.
		read, err := l.isRead(ctx, q.Form)
		if err != nil {
			return Page{}, err
		}
		if read == refuted {
			l.formProven = true
			return page, nil
		}
		l.believe(q.Form)
		return alternative, nil
	}
	if len(page.Rows) == 0 {
		return page, nil // nothing, however it is asked
	}

	// Either both are read, and the bounds apply to another field, or neither,
	// or this is an accident.
	read, err := l.isRead(ctx, l.form)
	if err == nil && read == refuted {
		if read, err = l.isRead(ctx, q.Form); err == nil && read == proven {
			l.believe(q.Form)
			return alternative, nil
		}
	}
	switch {
	case err != nil:
		return Page{}, err
	case read == proven:
		l.formProven = true
		return page, nil
	case read == refuted || slices.ContainsFunc(page.Rows, func(row Execution) bool { return row.disjoint(l.question.loosened(window)) }):
		return Page{}, errBoundsIgnored
	default:
		return page, nil
	}
}

var errBoundsIgnored = refuse("The service does not seem to honour start_time and end_time in any form: it answers with executions from outside.")

// probeForm finds out whether the form is read, knowing that the last three
// days are not empty.
func (l *list) probeForm(ctx context.Context, q Query, page Page, window span) (Page, error) {
	read, err := l.isRead(ctx, l.form)
	switch {
	case err != nil:
		return Page{}, err
	case read == proven:
		l.formProven = true
		return page, nil
	case read == unknown:
		return l.compareForms(ctx, q, page, window)
	}

	other := l.form.other()
	if read, err := l.isRead(ctx, other); err != nil {
		return Page{}, err
	} else if read == refuted {
		return Page{}, errBoundsIgnored
	}
	l.believe(other)

	return l.fetch(ctx, q)
}

// longAgo is before the service existed: whoever reads the bounds has nothing
// to show, and whoever does not shows the last three days.
var longAgo = time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC)

// isRead asks for a time long ago. It stays unknown if the service refuses that.
func (l *list) isRead(ctx context.Context, form Form) (belief, error) {
	page, err := l.ask(ctx, Query{Start: longAgo, End: longAgo.Add(time.Hour), Form: form, Limit: 1})
	switch {
	case errors.Is(err, ErrBadRequest):
		return unknown, nil
	case err != nil:
		return unknown, err
	case len(page.Rows) > 0:
		return refuted, nil
	default:
		return proven, nil
	}
}

package executions

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// readByOffset reads all pages of a query by offset, which the API page does not
// document. Nothing about it is believed: each page has to begin with rows of the
// page before, in the same order, so that no row between the two is missed, and
// in the end there have to be as many rows as the last page says.
func (l *list) readByOffset(ctx context.Context, q Query, first response) error {
	const tries = 3
	for range tries {
		inOrder, err := l.readInOrder(ctx, q, first.rows)
		if err != nil || inOrder {
			return err
		}
		if first, err = l.requestOffset(ctx, q, 0); err != nil {
			return err
		}
	}

	return &Error{
		Reason: "The service lists executions in another order each time, or the list changes faster than it can be read.",
		Advice: "Choose start_time and end_time, or a status, so that at most 199 executions match.",
	}
}

// readInOrder reads the pages that follow a first one. It reports false if they
// do not join.
func (l *list) readInOrder(ctx context.Context, q Query, rows []*Execution) (inOrder bool, err error) {
	if err := l.rows.add(rows); err != nil {
		return false, err
	}
	const steps = 3 // back, if rows that were removed leave a gap between two pages
	size, seen, offset := l.service.pageSize(), idsOf(rows), 0
	for back := 0; len(rows) >= size; {
		at := max(1, offset+size-1-back*(size/4))
		page, err := l.requestOffset(ctx, q, at)
		if err != nil {
			return false, err
		}
		switch {
		case len(page.rows) >= size && back == 0 && unseen(page.rows, seen) == nil:
			return false, refuseOffset(q, "the service does not honour an offset of "+fmt.Sprint(at))
		case !l.continues(page.rows, rows, seen):
			missed := q
			missed.Offset = at
			l.hints.add(page.rows, l.service.write(missed))
			if back++; back > steps {
				return false, nil
			}
			continue
		}
		if err := l.rows.add(page.rows); err != nil {
			return false, err
		}
		for _, row := range page.rows {
			seen[row.ExecutionID] = true
		}
		rows, offset, back = page.rows, at, 0
	}
	total := offset + len(rows)
	if settled, err := l.rereadStart(ctx, q, seen); err != nil || !settled {
		return false, err
	}

	return len(seen) >= total, nil
}

// continues reports whether a page begins with rows of the page before, in their
// order, and shows unseen ones only after these. Executions that began while the
// list was read may be anywhere.
func (l *list) continues(rows, before []*Execution, seen map[string]bool) bool {
	at := make(map[string]int, len(before))
	for i, row := range before {
		at[row.ExecutionID] = i + 1
	}
	last, isPast := 0, false
	for _, row := range rows {
		switch {
		case seen[row.ExecutionID]:
			if isPast || at[row.ExecutionID] <= last {
				return false
			}
			last = at[row.ExecutionID]
		case l.isOld(row):
			if last == 0 {
				return false
			}
			isPast = true
		}
	}

	return last > 0
}

// isOld reports whether a run began before the list was read.
func (l *list) isOld(row *Execution) bool { return row.begin.Before(l.service.began) }

// rereadStart reads the list from its start again, as far as it has changed: a
// run that changes may move there from a page that has not been read. It reports
// false if the changes do not end.
func (l *list) rereadStart(ctx context.Context, q Query, seen map[string]bool) (settled bool, err error) {
	const pages = 10
	size := l.service.pageSize()
	for i := range pages {
		page, err := l.requestOffset(ctx, q, i*(size-1))
		if err != nil {
			return false, err
		}
		isChanged := false
		for _, row := range page.rows {
			isChanged = isChanged || !row.last().Before(l.service.began) || !seen[row.ExecutionID] && l.isOld(row)
			seen[row.ExecutionID] = true
		}
		if err := l.rows.add(page.rows); err != nil {
			return false, err
		}
		if !isChanged || len(page.rows) < size {
			return true, nil
		}
	}

	return false, nil
}

// readSecondByOffset reads a second that holds more than a page. Where rows of
// the same second come in another order each time, pages do not join, but as
// many different rows as the second holds are all of them: executions do not
// begin in the past, and if none has left either, the number has not changed.
func (l *list) readSecondByOffset(ctx context.Context, q Query, first response) error {
	inOrder, err := l.readInOrder(ctx, q, first.rows)
	if err != nil || inOrder {
		return err
	}

	size, total, seen := l.service.pageSize(), -1, map[string]bool{}
	isComplete := func() bool { return total >= 0 && len(seen) == total }
	offset := 0
	for requests := 0; ; requests++ {
		pages := max(total, len(seen))/size + 1
		if requests > 3*pages+6 {
			return crowdedSecond(q, "it lists them in another order each time")
		}
		page, err := l.requestOffset(ctx, q, offset)
		if err != nil {
			return err
		}
		if len(page.rows) == 0 && offset > 0 {
			// An offset that is too large for the service looks like the end.
			if offset%size != 0 {
				return crowdedSecond(q, fmt.Sprintf("the service does not honour an offset of %d", offset))
			}
			offset--
			continue
		}
		wasComplete := isComplete()
		isLast := len(page.rows) < size
		if count := offset + len(page.rows); isLast && count != total {
			total, seen, wasComplete = count, map[string]bool{}, false
		}
		for _, row := range page.rows {
			seen[row.ExecutionID] = true
		}
		if err := l.rows.add(page.rows); err != nil {
			return err
		}
		switch {
		case isLast && wasComplete && isComplete():
			return nil
		case isComplete():
			offset = total / size * size // count once more
		case isLast || total >= 0 && offset+2*size > total:
			offset = 0
		default:
			offset += size
		}
	}
}

func (l *list) requestOffset(ctx context.Context, q Query, offset int) (response, error) {
	q.Offset, q.Limit = offset, MaxPage
	l.tiles.requests++
	page, err := l.service.request(ctx, q)
	switch {
	case offset > 0 && errors.Is(err, ErrBadRequest):
		return response{}, refuseOffset(q, fmt.Sprintf("the service refuses an offset of %d", offset))
	case err != nil:
		return response{}, err
	}
	if err := l.question.checkWorkflow(page.rows); err != nil {
		return response{}, err
	}
	if idsOf(page.rows)[""] {
		return response{}, errNameless
	}
	if q.isOfSecond() {
		if err := checkBounds(page.rows, span{q.Start, q.End}); err != nil {
			return response{}, err
		}
	}

	return page, nil
}

// isOfSecond reports whether a query is about a second and its neighbours, as for
// readAroundSecond.
func (q Query) isOfSecond() bool {
	return !q.Start.IsZero() && !q.End.IsZero() && q.End.Sub(q.Start) <= 4*time.Second
}

// refuseOffset says what keeps the rest of a list from being read.
func refuseOffset(q Query, why string) error {
	if q.isOfSecond() {
		return crowdedSecond(q, why)
	}

	return &Error{
		Reason: fmt.Sprintf("More than %d executions match, the others cannot be requested by start_time and end_time, "+
			"and %s.", MaxPage-1, why),
		Advice: "Choose a status, so that fewer executions match.",
	}
}

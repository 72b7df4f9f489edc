package listing

import (
	"context"
	"errors"
)

// byOffset reads all pages of a query. Each page begins on the last row of the
// one before: while a page shows a row that is known, and order is kept, no row
// between them has been missed, however the list shifts. A page without one is
// asked for again further back.
func (l *list) byOffset(ctx context.Context, q Query) error {
	const patience = 8 // steps back before the list counts as too fast
	var origin string  // the first row of all
	seen := map[string]bool{}
	q.Limit = MaxPage

	for steps := 0; ; {
		page, err := l.fetch(ctx, q)
		if q.Offset > 0 && errors.Is(err, ErrBadRequest) {
			return refuseOffset(q, "refuses offset")
		}
		if err != nil {
			return err
		}
		if err := l.keep(page.Rows); err != nil {
			return err
		}
		if len(l.nameless) > 0 {
			return errNameless
		}

		overlaps := q.Offset == 0
		for _, row := range page.Rows {
			if q.Offset >= MaxPage/2 && row.ExecutionID == origin {
				return refuseOffset(q, "ignores offset")
			}
			overlaps = overlaps || seen[row.ExecutionID]
		}
		if !overlaps {
			if steps++; steps > patience {
				return refuse("The list changes faster than it can be read: executions kept leaving it between two pages.")
			}
			q.Offset = max(0, q.Offset-MaxPage/4*steps)
			continue
		}
		if len(page.Rows) < MaxPage {
			return nil
		}
		if q.Offset == 0 {
			origin = page.Rows[0].ExecutionID
		}
		for _, row := range page.Rows {
			seen[row.ExecutionID] = true
		}
		q.Offset += len(page.Rows) - 1
	}
}

var errNameless = refuse("The service answered with an execution without an execution_id, which cannot be followed over several pages.")

func refuseOffset(q Query, what string) error {
	if q.bounded() {
		return refuse("More than %d executions fall into the second of %s, more than the service lists at once, and it %s.", MaxPage, q.End.Format("2006-01-02T15:04:05Z07:00"), what)
	}

	return refuse("The service honours neither start_time and end_time nor offset: beyond %d executions it cannot be asked for the others. It %s.", MaxPage, what)
}

package listing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// byOffset reads all pages of a query. Each page begins on the last row of the
// one before: while a page shows a row that is known, and the order is kept, no
// row between them has been missed, however the list shifts. A page without one
// is asked for again further back. A page that has known rows after new ones,
// other than executions that began meanwhile, was in another order: then the
// list starts over, a few times.
func (l *list) byOffset(ctx context.Context, q Query) error {
	const restarts = 3
	q.Limit = MaxPage
	for range restarts {
		if again, err := l.byOffsetOnce(ctx, q); err != nil || !again {
			return err
		}
	}

	return refuse("The service lists executions in another order each time, or the list changes faster than it can be read.")
}

func (l *list) byOffsetOnce(ctx context.Context, q Query) (again bool, err error) {
	const patience = 8 // steps back before the list counts as too fast
	var origin string  // the first row of all
	seen := map[string]bool{}

	for steps := 0; ; {
		page, err := l.fetch(ctx, q)
		if q.Offset > 0 && errors.Is(err, ErrBadRequest) {
			return false, refuseOffset(q, "refuses offset")
		}
		if err != nil {
			return false, err
		}
		if err := l.keep(page.Rows); err != nil {
			return false, err
		}
		if len(l.nameless) > 0 {
			return false, errNameless
		}

		if q.Offset > 0 {
			isNew := func(row Execution) bool { return !seen[row.ExecutionID] && row.begin.Before(l.since) }
			firstNew := slices.IndexFunc(page.Rows, isNew)
			switch overlaps := slices.ContainsFunc(page.Rows, func(row Execution) bool { return seen[row.ExecutionID] }); {
			case firstNew < 0 && len(page.Rows) == MaxPage && slices.ContainsFunc(page.Rows, func(row Execution) bool { return row.ExecutionID == origin }):
				return false, refuseOffset(q, "ignores offset")
			case !overlaps:
				if steps++; steps > patience {
					return true, nil
				}
				q.Offset = max(0, q.Offset-MaxPage/4*steps)
				continue
			case firstNew >= 0 && slices.ContainsFunc(page.Rows[firstNew:], func(row Execution) bool { return seen[row.ExecutionID] }):
				return true, nil
			}
		} else if len(page.Rows) > 0 {
			origin = page.Rows[0].ExecutionID
		}
		if len(page.Rows) < MaxPage {
			return false, nil
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
		return &Error{
			Reason: fmt.Sprintf("More than %d executions fall into a second before %s, more than the service lists at once, and it %s.", MaxPage, q.End.Format(time.RFC3339), what),
			Advice: "Filter by status, so that fewer fall into that second, or choose start_time and end_time so that it is outside.",
		}
	}

	return refuse("The service honours neither start_time and end_time nor offset: beyond %d executions it cannot be asked for the others. It %s.", MaxPage, what)
}

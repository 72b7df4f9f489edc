package executions

import "context"

// hints are rows of responses that may not hold everything that was asked for.
// They are not part of the list, but a response that does hold everything must
// show them.
type hints map[string]hint

type hint struct {
	row   *Execution
	query Query // whose response showed it, as it was sent
}

func (h hints) add(page []*Execution, q Query) {
	for _, row := range page {
		if row.ExecutionID != "" {
			h[row.ExecutionID] = hint{row, q}
		}
	}
}

// forget drops the hints that a response has confirmed.
func (h hints) forget(page []*Execution) {
	for _, row := range page {
		delete(h, row.ExecutionID)
	}
}

// contradiction is a response that does not agree with another one or with its
// own bounds.
type contradiction struct{ reason string }

func (c *contradiction) Error() string { return c.reason }

func leftOut(asked span, id string) error {
	return contradict("Asked for executions from %s, it left out execution %s, which another response lists.", asked, id)
}

func outOfBounds(asked span, row *Execution) error {
	return contradict("Asked for executions from %s, it listed execution %s, which began at %s.",
		asked, row.ExecutionID, row.BeginTime)
}

// checkBounds reports rows that have nothing to do with the bounds of the
// request.
func checkBounds(rows []*Execution, bounds span) error {
	for _, row := range rows {
		if row.isOutside(bounds) {
			return outOfBounds(bounds, row)
		}
	}

	return nil
}

// checkHints reports hints that should have been shown and were not. A run may
// have been purged or have left the status filter meanwhile, so the request that
// showed it is sent again: only a run that is shown again contradicts.
func (l *list) checkHints(ctx context.Context, bounds span, isMissing func(*Execution) bool) error {
	var missing map[string]bool
	var query Query
	for id, hint := range l.hints {
		if isMissing(hint.row) {
			if missing == nil {
				missing, query = map[string]bool{}, hint.query
			}
			missing[id] = hint.query == query
		}
	}
	if missing == nil {
		return nil
	}
	// A full page in no order may leave out now what it showed before.
	const tries = 3
	for range tries {
		page, err := l.service.send(ctx, query)
		if err != nil {
			return err
		}
		for _, row := range page.rows {
			if missing[row.ExecutionID] && isMissing(row) {
				return leftOut(bounds, row.ExecutionID)
			}
		}
		if !l.service.isFull(page) {
			break
		}
	}
	for id, isOfQuery := range missing {
		if isOfQuery {
			delete(l.hints, id)
		}
	}

	return l.checkHints(ctx, bounds, isMissing)
}

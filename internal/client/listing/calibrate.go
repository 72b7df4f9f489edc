package listing

import (
	"context"
	"slices"
	"time"
)

// calibrate finds out whether the bounds apply to begin_time, with one request:
// for a part inside what a full page covers, if pages come in order. Its edges
// lie inside runs, so that another field would show other rows. If the page
// cannot tell, a later one is tried.
func (l *list) calibrate(ctx context.Context, page Page) error {
	const tries = 3
	seen, bits := orderOf(page.Rows)
	if bits < noAccident {
		return nil
	}
	l.order = seen
	if l.byBegin != unknown || l.calibrated == tries {
		return nil
	}
	inside, ok := calibrationSpan(page.Rows)
	if !ok {
		return nil
	}
	l.calibrated++
	answer, err := l.fetchSpan(ctx, inside)
	if err != nil {
		return err
	}
	l.now = later(l.now, floorSecond(answer.Date))
	l.byBegin = l.judge(page.Rows, answer.Rows, inside)

	return nil
}

// calibrationSpan chooses a part in the middle of a page in order.
func calibrationSpan(rows []Execution) (span, bool) {
	sorted := slices.DeleteFunc(slices.Clone(rows), func(row Execution) bool { return row.begin.IsZero() })
	slices.SortFunc(sorted, func(a, b Execution) int { return a.begin.Compare(b.begin) })
	n := len(sorted)
	s := span{edgeInside(sorted[n/10 : n*2/5]), edgeInside(sorted[n*3/5 : n*9/10])}

	// Rows of the page's first and last second may be a part of those.
	return s, s.from.Before(s.to) && s.from.After(floorSecond(sorted[0].begin)) && s.to.Before(floorSecond(sorted[n-1].begin))
}

// edgeInside returns a second inside one of the runs, if there is one that
// lasted long enough, else the second in which one of them began.
func edgeInside(rows []Execution) time.Time {
	for _, row := range rows {
		edge := floorSecond(row.begin).Add(time.Second)
		if row.update.After(edge) && row.end.After(edge) {
			return edge
		}
	}

	return floorSecond(rows[len(rows)/2].begin)
}

// judge compares what a part shows with what each field would have it show. The
// bounds apply to begin_time if that explains the answer and no other field
// does. It stays unknown if last_update_time is the same as begin_time
// throughout only because most of the runs have not ended.
func (l *list) judge(known, shown []Execution, s span) belief {
	isShown := make(map[string]bool, len(shown))
	for _, row := range shown {
		isShown[row.ExecutionID] = true
	}
	isKnown := make(map[string]bool, len(known))
	for _, row := range known {
		isKnown[row.ExecutionID] = true
	}

	begins := func(row Execution) placement { return place(row.begin, s) }
	explained := l.explains(begins, known, isShown)
	for _, row := range shown {
		// The page covers the part: what begins there is known.
		if begins(row) == outside || begins(row) == inside && !isKnown[row.ExecutionID] {
			explained = false
		}
	}
	if !explained {
		return refuted
	}

	updates := func(row Execution) placement { return place(row.update, s) }
	ends := func(row Execution) placement {
		if row.EndTime == "" {
			return outside // there is nothing to compare
		}
		return place(row.end, s)
	}
	overlaps := func(row Execution) placement { return overlap(row, s) }
	for _, other := range []func(Execution) placement{updates, ends, overlaps} {
		differs := slices.ContainsFunc(known, func(row Execution) bool { return other(row) != begins(row) })
		if differs && l.explains(other, known, isShown) {
			return refuted
		}
	}

	ended, changed := 0, false
	for _, row := range known {
		if !row.end.IsZero() && row.Status != statusRunning {
			ended++
		}
		changed = changed || updates(row) != begins(row)
	}
	if !changed && ended < len(known)/2 {
		return unknown
	}

	return proven
}

// explains reports whether every known row is shown exactly if a field places
// it inside.
func (l *list) explains(where func(Execution) placement, known []Execution, isShown map[string]bool) bool {
	for _, row := range known {
		switch where(row) {
		case inside:
			// A run that has ended leaves the filter under it meanwhile.
			mayHaveLeft := l.question.Status != "" && row.Status == statusRunning
			if !isShown[row.ExecutionID] && !mayHaveLeft {
				return false
			}
		case outside:
			if isShown[row.ExecutionID] {
				return false
			}
		}
	}

	return true
}

// placement says where a row is, by some field. On an edge, or without a
// readable value, it may be shown or not.
type placement int

const (
	undecided placement = iota
	inside
	outside
)

func place(t time.Time, s span) placement {
	t = floorSecond(t)
	switch {
	case t.IsZero(), t.Equal(s.from), t.Equal(s.to):
		return undecided
	case s.contains(t):
		return inside
	default:
		return outside
	}
}

func overlap(row Execution, s span) placement {
	begin, end := floorSecond(row.begin), floorSecond(row.end)
	switch {
	case row.begin.IsZero(), begin.Equal(s.to), end.Equal(s.from):
		return undecided
	case begin.Before(s.to) && (row.end.IsZero() || end.After(s.from)):
		return inside
	default:
		return outside
	}
}

package listing

import (
	"context"
	"maps"
	"slices"
	"time"
)

// readSecond reads a second that did not fit one page, perhaps only because its
// neighbours were asked for with it.
func (l *list) readSecond(ctx context.Context, crowded answer) error {
	second := crowded.span
	if crowded.asked != second {
		whole, err := l.readWithout(ctx, crowded)
		if err != nil || whole {
			return err
		}
	}
	s := l.bounds(second)

	return l.byOffset(ctx, Query{Status: l.question.Status, Start: s.from, End: s.to, Limit: MaxPage})
}

// readWithout asks for a second without its neighbours, and reports whether
// that showed it whole.
func (l *list) readWithout(ctx context.Context, crowded answer) (whole bool, err error) {
	second := crowded.span
	exact, err := l.fetchSpan(ctx, second)
	if err != nil {
		return false, err
	}
	if err := l.keep(exact.Rows); err != nil {
		return false, err
	}
	included, err := l.showsBothEdges(ctx, exact, second)
	if err != nil {
		return false, err
	}
	// A service that keeps fractions shows only the beginning of the second.
	shown := idsOf(exact.Rows)
	fractions := slices.ContainsFunc(crowded.page.Rows, func(row Execution) bool {
		return floorSecond(row.begin).Equal(second.from) && !shown[row.ExecutionID]
	})
	if included && (!fractions || len(exact.Rows) == MaxPage) {
		l.startIncluded, l.endIncluded = true, true
		return len(exact.Rows) < MaxPage, nil
	}

	// A bound may leave its second out. Whichever it is, the second is whole
	// with one of its neighbours, unless it is both. What was shown before and
	// is not now may have been purged meanwhile: then once more.
	const tries = 10
	for range tries {
		short := true
		for _, s := range []span{{second.from.Add(-time.Second), second.to}, {second.from, second.to.Add(time.Second)}} {
			page, err := l.fetchSpan(ctx, s)
			if err != nil {
				return false, err
			}
			if err := l.keep(page.Rows); err != nil {
				return false, err
			}
			maps.Copy(shown, idsOf(page.Rows))
			short = short && len(page.Rows) < MaxPage
		}
		lost := slices.ContainsFunc(crowded.page.Rows, func(row Execution) bool { return !shown[row.ExecutionID] })
		if !short || !lost {
			return short, nil
		}
		if crowded.page, err = l.fetchSpan(ctx, crowded.asked); err != nil {
			return false, err
		}
	}

	return false, nil
}

func idsOf(rows []Execution) map[string]bool {
	ids := make(map[string]bool, len(rows))
	for _, row := range rows {
		ids[row.ExecutionID] = true
	}

	return ids
}

// showsBothEdges reports whether the answer for a single second proves that
// both bounds include it: it shows a run that began and ended there, or it shows
// only what some field places there, and the bounds apply to a field and not to
// any overlap with the run.
func (l *list) showsBothEdges(ctx context.Context, exact Page, second span) (bool, error) {
	in := func(t time.Time) bool { return floorSecond(t).Equal(second.from) }
	exact.Rows = slices.DeleteFunc(slices.Clone(exact.Rows), func(row Execution) bool { return row.begin.IsZero() })
	if slices.ContainsFunc(exact.Rows, func(row Execution) bool { return in(row.begin) && in(row.end) }) {
		return true, nil
	}
	allIn := func(field func(Execution) time.Time) bool {
		return !slices.ContainsFunc(exact.Rows, func(row Execution) bool { return !field(row).IsZero() && !in(field(row)) })
	}
	switch {
	case len(exact.Rows) == 0:
		return false, nil
	case !allIn(func(row Execution) time.Time { return row.begin }) &&
		!allIn(func(row Execution) time.Time { return row.end }) &&
		!allIn(func(row Execution) time.Time { return row.update }):
		return false, nil
	case l.byBegin == proven || l.refutesOverlap(exact, second, false):
		return true, nil
	}

	// The runs of this second may span the next one.
	next := span{second.from.Add(time.Second), second.to.Add(time.Second)}
	page, err := l.fetchSpan(ctx, next)
	if err != nil {
		return false, err
	}

	return l.refutesOverlap(page, next, slices.ContainsFunc(exact.Rows, isEndless)), l.keep(page.Rows)
}

// refutesOverlap reports whether a run that is known to span all of s is not
// shown there. A run without an end counts if the service shows such runs.
func (l *list) refutesOverlap(page Page, s span, endless bool) bool {
	if len(page.Rows) >= MaxPage {
		return false // it may be among the others
	}
	shown := idsOf(page.Rows)
	for id, row := range l.rows {
		spans := !row.begin.IsZero() && row.begin.Before(s.from) && (row.end.After(s.to) || endless && isEndless(row))
		if spans && !shown[id] {
			return true
		}
	}

	return false
}

func isEndless(row Execution) bool { return row.EndTime == "" && row.Status == statusRunning }

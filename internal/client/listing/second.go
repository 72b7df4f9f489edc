package listing

import (
	"context"
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
	if len(exact.Rows) > 0 {
		included := showsEdges(exact.Rows, second.from)
		l.startIncluded, l.endIncluded = l.startIncluded || included, l.endIncluded || included
		return included && len(exact.Rows) < MaxPage, nil
	}

	// A bound leaves its second out. Whichever it is, the second is whole with
	// one of its neighbours, unless it is both. What was shown before and is
	// not now may have been purged meanwhile: then once more.
	const tries = 10
	for range tries {
		shown, short := map[string]bool{}, true
		for _, s := range []span{{second.from.Add(-time.Second), second.to}, {second.from, second.to.Add(time.Second)}} {
			page, err := l.fetchSpan(ctx, s)
			if err != nil {
				return false, err
			}
			if err := l.keep(page.Rows); err != nil {
				return false, err
			}
			for _, row := range page.Rows {
				shown[row.ExecutionID] = true
			}
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

// showsEdges reports whether the answer for a single second proves that both
// bounds include it: all rows have one of their times in it, or some begin and
// some end there.
func showsEdges(rows []Execution, second time.Time) bool {
	all := func(field func(Execution) time.Time) bool {
		return !slices.ContainsFunc(rows, func(row Execution) bool {
			t := field(row)
			return !t.IsZero() && !floorSecond(t).Equal(second)
		})
	}
	some := func(field func(Execution) time.Time) bool {
		return slices.ContainsFunc(rows, func(row Execution) bool { return floorSecond(field(row)).Equal(second) })
	}
	begin := func(row Execution) time.Time { return row.begin }
	end := func(row Execution) time.Time { return row.end }
	update := func(row Execution) time.Time { return row.update }

	return all(begin) && some(begin) || all(end) && some(end) || all(update) && some(update) || some(begin) && some(end)
}

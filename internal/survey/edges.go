package survey

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const onEdgesOf = "Are executions listed whose time is exactly on a bound?"

// tally counts the executions that were tried, and those that were listed.
type tally struct{ tried, listed int }

func (t tally) String() string { return fmt.Sprintf("%d of %d", t.listed, t.tried) }

func (t tally) isAll() bool { return t.listed == t.tried }

// askEdges sets each bound exactly on a time of three executions.
func (s *survey) askEdges(ctx context.Context) string {
	switch {
	case s.bounds == nil:
		return "it is not known how bounds are read"
	case slices.ContainsFunc(s.bounds.left,
		func(t theory) bool { return t.precision != time.Second || t.zone != s.theory.zone }):
		return "bounds are not known to be read to the second"
	}
	var start, end tally
	for _, r := range s.pivots() {
		if s.left() < 2 || !r.isWhole() || !s.areFieldsEqual(r) {
			continue
		}
		lower, upper := r.times[s.theory.start], r.times[s.theory.end]
		const room = 2 * time.Second
		s.tryEdge(ctx, &start, r, lower, later(lower, upper).Add(room))
		s.tryEdge(ctx, &end, r, earlier(lower, upper).Add(-room), upper)
		if start.tried == 3 {
			break
		}
	}
	if start.tried == 0 || end.tried == 0 {
		return "no response showed it"
	}
	s.answer(onEdgesOf, edgesOf(start, end))

	return ""
}

// areFieldsEqual reports whether all theories that are left mean the same times of
// a row.
func (s *survey) areFieldsEqual(r *row) bool {
	return !slices.ContainsFunc(s.bounds.left, func(t theory) bool {
		return !r.times[t.start].Equal(r.times[s.theory.start]) || !r.times[t.end].Equal(r.times[s.theory.end])
	})
}

// tryEdge asks for a window and counts whether an execution is in it, if the
// response tells.
func (s *survey) tryEdge(ctx context.Context, t *tally, r *row, from, to time.Time) {
	page := s.send(ctx, s.between(from, to))
	switch {
	case slices.Contains(idsOf(page.rows), r.id):
		t.tried++
		t.listed++
	case page.isOK() && s.isShort(page):
		t.tried++
	}
}

func edgesOf(start, end tally) answer {
	seen := fmt.Sprintf("%s were listed that are exactly on start_time, %s that are exactly on end_time", start, end)
	switch {
	case start.isAll() && end.isAll():
		return proven.by(seen, "start_time is included, end_time is included.")
	case start.listed == 0 && end.listed == 0:
		return proven.by(seen, "start_time is excluded, end_time is excluded.")
	case start.isAll() && end.listed == 0:
		return untold.by(seen, "Executions exactly on start_time are listed, those exactly on end_time are not: either "+
			"start_time is included and end_time is excluded, or times have fractions of a second that rows do not show. "+
			"Which of these cannot be told.")
	case start.listed == 0 && end.isAll():
		return likely.by(seen, "start_time is excluded, end_time is included; or rows show times rounded up.")
	default:
		return likely.by(seen, "It differs between executions: times have fractions of a second that rows show rounded. "+
			"Whether edges are included cannot be told.")
	}
}

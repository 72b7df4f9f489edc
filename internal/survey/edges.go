package survey

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const onEdgesOf = "Are executions listed whose time is exactly on a bound?"

// askEdges sets each bound exactly on a time of three executions.
func (s *survey) askEdges(ctx context.Context) {
	switch {
	case s.bounds == nil:
		s.report.cannotTell("it is not known how bounds are read", onEdgesOf)
		return
	case slices.ContainsFunc(s.bounds.left,
		func(t theory) bool { return t.precision != time.Second || t.zone != s.theory.zone }):
		s.report.cannotTell("bounds are not known to be read to the second", onEdgesOf)
		return
	}
	var onStart, onEnd []bool
	for _, r := range s.pivots() {
		if s.left() < 2 || !r.isWhole() || !s.areFieldsEqual(r) {
			continue
		}
		lower, upper := r.times[s.theory.start], r.times[s.theory.end]
		const room = 2 * time.Second
		isShown, isTold := s.shows(ctx, r, lower, later(lower, upper).Add(room))
		if isTold {
			onStart = append(onStart, isShown)
		}
		isShown, isTold = s.shows(ctx, r, earlier(lower, upper).Add(-room), upper)
		if isTold {
			onEnd = append(onEnd, isShown)
		}
		if len(onStart) == 3 {
			break
		}
	}
	s.answerEdges(onStart, onEnd)
}

// areFieldsEqual reports whether all theories that are left mean the same times of a row.
func (s *survey) areFieldsEqual(r *row) bool {
	return !slices.ContainsFunc(s.bounds.left, func(t theory) bool {
		return !r.times[t.start].Equal(r.times[s.theory.start]) || !r.times[t.end].Equal(r.times[s.theory.end])
	})
}

// shows asks for a window, and reports whether an execution is in it, and
// whether the response tells.
func (s *survey) shows(ctx context.Context, r *row, from, to time.Time) (isShown, isTold bool) {
	page := s.send(ctx, s.between(from, to))
	isShown = slices.Contains(idsOf(page.rows), r.id)

	return isShown, isShown || page.isOK() && s.isShort(page)
}

func (s *survey) answerEdges(onStart, onEnd []bool) {
	yes := func(all []bool) int {
		n := 0
		for _, b := range all {
			if b {
				n++
			}
		}
		return n
	}
	seen := fmt.Sprintf("%d of %d were listed that are exactly on start_time, %d of %d that are exactly on end_time",
		yes(onStart), len(onStart), yes(onEnd), len(onEnd))
	if len(onStart) == 0 || len(onEnd) == 0 {
		s.report.cannotTell("no response showed it", onEdgesOf)
		return
	}
	start, end := yes(onStart), yes(onEnd)
	switch {
	case start == len(onStart) && end == len(onEnd):
		s.report.add(onEdgesOf, proven, seen, "start_time is included, end_time is included.")
	case start == 0 && end == 0:
		s.report.add(onEdgesOf, proven, seen, "start_time is excluded, end_time is excluded.")
	case start == len(onStart) && end == 0:
		s.report.add(onEdgesOf, untold, seen,
			"Executions exactly on start_time are listed, those exactly on end_time are not: either "+
				"start_time is included and end_time is excluded, or times have fractions of a second that rows "+
				"do not show. "+
				"Which of these cannot be told.")
	case start == 0 && end == len(onEnd):
		s.report.add(onEdgesOf, likely, seen,
			"start_time is excluded, end_time is included; or rows show times rounded up.")
	default:
		s.report.add(onEdgesOf, likely, seen,
			"It differs between executions: times have fractions of a second that rows show rounded. "+
				"Whether edges are included cannot be told.")
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}

	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}

	return b
}

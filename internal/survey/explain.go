package survey

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// theory is a way in which the service may read bounds.
type theory struct {
	start, end field         // what start_time and end_time are compared with
	zone       time.Duration // of what is written, east of UTC
	precision  time.Duration // bounds are rounded down to a multiple of it
}

// outcome is what a theory says of a row and a response.
type outcome int

const (
	maybe outcome = iota
	shown
	absent
)

// predict says whether a row is listed for bounds as they are written. Within a
// second of a bound it may be: edges can be excluded, and rows can hide fractions.
func (t theory) predict(r *row, from, to time.Time) outcome {
	from, to = from.Add(-t.zone).Truncate(t.precision), to.Add(-t.zone).Truncate(t.precision)
	lower, upper := r.times[t.start].Sub(from), to.Sub(r.times[t.end])
	switch {
	case lower <= -time.Second || upper <= -time.Second:
		return absent
	case lower >= time.Second && upper >= time.Second:
		return shown
	default:
		return maybe
	}
}

// weight says how plausible a theory is before anything is seen. It chooses what
// to ask, never what to answer.
func (t theory) weight() float64 {
	w := 1.0
	if t.start != t.end {
		w *= 0.2
	}
	if t.start == begin {
		w *= 2
	}
	switch t.zone {
	case 0:
		w *= 50
	case chinaTime:
		w *= 15
	default:
		w *= 0.5
	}
	if t.precision > time.Second {
		w *= 0.05
	}

	return w
}

const chinaTime = 8 * time.Hour

// allTheories are every pair of fields in every time zone at several precisions.
func allTheories() []theory {
	var all []theory
	precisions := []time.Duration{time.Second, 10 * time.Second, time.Minute, time.Hour, 24 * time.Hour}
	for zone := -12 * time.Hour; zone <= 14*time.Hour; zone += 30 * time.Minute {
		for _, start := range fields {
			for _, end := range fields {
				for _, precision := range precisions {
					all = append(all, theory{start, end, zone, precision})
				}
			}
		}
	}

	return all
}

// longestEvidence bounds the windows that theories are held against, so that a
// service that cuts long windows does not matter.
const longestEvidence = time.Hour

// allows reports whether a theory explains a response with respect to the rows
// that are known.
func (s *survey) allows(t theory, r *response, rows []*row) bool {
	present := map[string]bool{}
	for i := range r.rows {
		present[r.rows[i].id] = true
	}
	isShort := s.isShort(r)
	for _, row := range rows {
		switch t.predict(row, r.query.start, r.query.end) {
		case shown:
			if !present[row.id] && isShort {
				return false
			}
		case absent:
			if present[row.id] {
				return false
			}
		case maybe:
		}
	}

	return true
}

// settled returns the known executions whose times are final, the newest first.
func (s *survey) settled() []*row {
	rows := slices.Collect(maps.Values(s.known))
	rows = slices.DeleteFunc(rows, func(r *row) bool { return !r.isSettled(s.began.Add(-time.Minute)) })
	slices.SortFunc(rows, func(a, b *row) int {
		return cmp.Or(b.times[begin].Compare(a.times[begin]), cmp.Compare(a.id, b.id))
	})

	return rows
}

// explanation is what is left of the theories about one form of bounds.
type explanation struct {
	form    executions.Form
	left    []theory
	asked   int
	hits    int       // responses that showed the execution they were about
	misses  int       // responses that did not
	refused *response // the service refuses this form
	showed  *response // the first response that no theory explained
	tried   map[window]bool
}

type window struct{ from, to time.Time }

// explain sends queries until one theory is left, or none, or no query would
// tell more.
func (s *survey) explain(ctx context.Context, form executions.Form, theories []theory, most int) (*explanation, error) {
	e := &explanation{form: form, left: theories, tried: map[window]bool{}}
	pivots := s.pivots()
	for e.asked < most && len(e.left) > 0 {
		w, pivot := e.choose(pivots)
		if pivot == nil {
			break
		}
		e.tried[w] = true
		r, err := s.ask(ctx, query{start: w.from, end: w.to, form: form})
		if err != nil {
			return nil, err
		}
		e.asked++
		if r.isRefused() && e.hits+e.misses == 0 {
			e.refused = r
			return e, nil
		}
		if !r.isOK() {
			break
		}
		rows := s.settled()
		e.left = slices.DeleteFunc(slices.Clone(e.left), func(t theory) bool { return !s.allows(t, r, rows) })
		if len(e.left) == 0 {
			e.showed = r
		}
		if slices.Contains(idsOf(r.rows), pivot.id) {
			e.hits++
		} else {
			e.misses++
		}
	}

	return e, nil
}

// pivots are the executions around whose times queries are made: those whose
// times differ most, and some others.
func (s *survey) pivots() []*row {
	rows := slices.DeleteFunc(s.settled(), func(r *row) bool { return r.last().Sub(r.first()) > longestEvidence/2 })
	if len(rows) > 10 {
		rows = rows[:len(rows)*9/10] // the oldest may be removed meanwhile
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return cmp.Compare(b.gap(), a.gap()) })

	return rows[:min(8, len(rows))]
}

// choose returns the window whose response splits the remaining theories best, and
// the execution that it is about; nil if no response would tell more. A single
// theory is confirmed by executions that it predicts, shown and absent.
func (e *explanation) choose(pivots []*row) (window, *row) {
	var best window
	var pivot *row
	var bestScore float64
	for i, p := range pivots {
		for _, w := range windowsAround(p) {
			if e.tried[w] {
				continue
			}
			var yes, no float64
			for _, t := range e.left {
				switch t.predict(p, w.from, w.to) {
				case shown:
					yes += t.weight()
				case absent:
					no += t.weight()
				case maybe:
				}
			}
			score := min(yes, no)
			if len(e.left) == 1 {
				// Two of each kind, at different executions.
				isWanted := yes > 0 && e.hits < 3 || no > 0 && e.misses < 2
				score = 0
				if isWanted {
					score = 1 / float64(len(pivots)-i) // those that have not been used
				}
			}
			if score > bestScore {
				best, pivot, bestScore = w, p, score
			}
		}
	}

	return best, pivot
}

// windowsAround are windows that lie differently to the times of an execution.
func windowsAround(r *row) []window {
	const second = time.Second
	floor := func(t time.Time) time.Time { return t.Truncate(second) }
	var windows []window
	for _, t := range r.times {
		t = floor(t)
		windows = append(windows, window{t.Add(-second), t.Add(second)})
	}
	first, last := floor(r.first()), floor(r.last())
	middle := first.Add(last.Sub(first) / 2).Truncate(second)
	windows = append(windows,
		window{first.Add(-2 * second), last.Add(2 * second)},
		window{first.Add(-2 * second), middle},
		window{middle, last.Add(2 * second)},
		window{first.Add(chinaTime - 2*second), last.Add(chinaTime + 2*second)},
		window{last.Add(3 * second), last.Add(63 * second)},
	)
	if last.Sub(first) > 4*second {
		windows = append(windows, window{middle.Add(-second), middle.Add(second)})
	}
	// All zones but that of UTC+8 and a few more are told apart by longer shifts.
	for _, zone := range []time.Duration{-8, -5, 1, 5, 9} {
		d := zone * time.Hour
		windows = append(windows, window{first.Add(d - 2*second), last.Add(d + 2*second)})
	}

	return windows
}

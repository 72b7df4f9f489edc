package survey

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// theory is one way in which the service may read bounds.
type theory struct {
	start, end field         // what start_time and end_time are compared with
	zone       time.Duration // of what is written, east of UTC
	precision  time.Duration // bounds are rounded down to a multiple of it
}

// in returns the theory with another time zone.
func (t theory) in(zone time.Duration) theory {
	t.zone = zone

	return t
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
// to request, never what to answer.
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

// longestRun bounds the executions that windows are set around, so that time zones
// are told apart, and windows stay short.
const longestRun = 30 * time.Minute

// allowed returns the theories that explain a response with respect to the rows
// that are known.
func (s *survey) allowed(theories []theory, r *response) []theory {
	rows, present, isShort := s.settled(), setOf(r.rows), s.isShort(r)

	return slices.DeleteFunc(slices.Clone(theories), func(t theory) bool {
		return slices.ContainsFunc(rows, func(row *row) bool {
			o := t.predict(row, r.query.start, r.query.end)
			return o == shown && !present[row.id] && isShort || o == absent && present[row.id]
		})
	})
}

// settled returns the known executions whose times are final, the newest first.
func (s *survey) settled() []*row {
	rows := s.settledOf(slices.Collect(maps.Values(s.known)))
	slices.SortFunc(rows, func(a, b *row) int {
		return cmp.Or(b.times[begin].Compare(a.times[begin]), cmp.Compare(a.id, b.id))
	})

	return rows
}

// settledOf returns the rows whose times are final.
func (s *survey) settledOf(rows []*row) []*row {
	return slices.DeleteFunc(slices.Clone(rows), func(r *row) bool { return !r.isSettled(s.began.Add(-time.Minute)) })
}

// explanation is what is left of the theories about one form of bounds.
type explanation struct {
	form    executions.Form
	left    []theory
	sent    int       // requests
	hits    int       // responses that showed the execution they were about
	misses  int       // responses that did not
	shown   int       // rows of all responses
	refused *response // the service refuses this form, or fails
	showed  *response // the first response that no theory explained
	tried   map[window]bool
}

type window struct{ from, to time.Time }

// explain sends queries until at most one theory is left, or no query would tell
// more.
func (s *survey) explain(ctx context.Context, form executions.Form, theories []theory, most int) *explanation {
	e := &explanation{form: form, left: theories, tried: map[window]bool{}}
	pivots := s.pivots()
	for e.sent < most && len(e.left) > 0 {
		w, pivot := e.choose(pivots)
		if pivot == nil {
			break
		}
		e.tried[w] = true
		r := s.send(ctx, query{start: w.from, end: w.to, form: form})
		e.sent++
		if !r.isOK() {
			if e.hits+e.misses == 0 && !r.spent {
				e.refused = r
			}
			break
		}
		e.shown += len(r.rows)
		e.left = s.allowed(e.left, r)
		if len(e.left) == 0 {
			e.showed = r
		}
		if slices.Contains(idsOf(r.rows), pivot.id) {
			e.hits++
		} else {
			e.misses++
		}
	}

	return e
}

// pivots are the executions around whose times queries are made: those whose
// times differ most, and some others.
func (s *survey) pivots() []*row {
	rows := slices.DeleteFunc(s.settled(), func(r *row) bool { return r.last().Sub(r.first()) > longestRun })
	if len(rows) > 10 {
		rows = rows[:len(rows)*9/10] // the oldest may be removed meanwhile
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return cmp.Compare(b.gap(), a.gap()) })

	return rows[:min(8, len(rows))]
}

// choose returns the window whose response splits the remaining theories best, and
// the execution that it is about; nil if no response would tell more. Where none
// splits them, it is a window for which all theories say the same, until the
// service has shown executions and left some out.
func (e *explanation) choose(pivots []*row) (window, *row) {
	var best window
	var pivot *row
	var bestScore float64
	zones := e.zones()
	for i, p := range pivots {
		for _, w := range windowsAround(p, zones) {
			if e.tried[w] {
				continue
			}
			var yes, no, total float64
			for _, t := range e.left {
				total += t.weight()
				switch t.predict(p, w.from, w.to) {
				case shown:
					yes += t.weight()
				case absent:
					no += t.weight()
				case maybe:
				}
			}
			score := min(yes, no)
			if yes == total && e.hits < 3 || no == total && e.misses < 2 {
				// Executions that have not been used come first.
				score = max(score, 1e-9/float64(len(pivots)-i))
			}
			if score > bestScore {
				best, pivot, bestScore = w, p, score
			}
		}
	}

	return best, pivot
}

// zones are those of the theories that are left, in order.
func (e *explanation) zones() []time.Duration {
	zones := make([]time.Duration, 0, len(e.left))
	for _, t := range e.left {
		zones = append(zones, t.zone)
	}
	slices.Sort(zones)

	return slices.Compact(zones)
}

// windowsAround are windows that lie differently to the times of an execution, in
// the time zones that are plausible.
func windowsAround(r *row, zones []time.Duration) []window {
	const second = time.Second
	first, last := r.first().Truncate(second), r.last().Truncate(second)
	middle := first.Add(last.Sub(first) / 2).Truncate(second)
	near := []window{
		{first.Add(-2 * second), last.Add(2 * second)},
		{first.Add(-2 * second), middle},
		{middle, last.Add(2 * second)},
		{last.Add(3 * second), last.Add(63 * second)},
		// For precisions of an hour and of a day.
		{first.Add(-time.Hour), last.Add(time.Hour)},
		{first.Add(-day), last.Add(day)},
		{last.Add(2 * time.Hour), last.Add(3 * time.Hour)},
	}
	for _, t := range r.times {
		t = t.Truncate(second)
		near = append(near, window{t.Add(-second), t.Add(second)},
			window{first.Add(-2 * second), t.Add(second)}, window{t.Add(-second), last.Add(2 * second)})
	}
	if last.Sub(first) > 4*second {
		near = append(near, window{middle.Add(-second), middle.Add(second)})
	}
	plausible := zones
	if len(zones) > 3 {
		plausible = []time.Duration{0, chinaTime}
	}
	var windows []window
	for _, zone := range plausible {
		for _, w := range near {
			windows = append(windows, window{w.from.Add(zone), w.to.Add(zone)})
		}
	}
	// Half of the time zones at once.
	if n := len(zones); n > 1 {
		windows = append(windows, window{first.Add(zones[0] - 2*second), last.Add(zones[n/2-1] + 2*second)})
	}

	return windows
}

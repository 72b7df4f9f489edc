package executions

import (
	"math"
	"slices"
	"time"
)

// This file takes in what a full page shows: where to split the tile. Like
// sizes.go, it has no say in what counts as read.

// split puts back a tile of which a response has shown a full page.
func (t *tiles) split(p tile, page []*Execution) {
	if t.fill == 0 {
		t.fill, t.weight = ordered, unknownWeight
	}
	if p.isByPace {
		p.pace.err, p.pace.right = 1, 0
	}
	if p.fits {
		t.fill = max(0.2, t.fill*0.7)
	}
	times, order := timesOf(t.bounds(p.span), page)
	inside := inSpan(times, p.span)
	switch crowded, _ := timesOf(p.span, page); {
	case isOneSecond(crowded):
		t.putCrowded(p, floorSecond(crowded[0]))
	case isOneSecond(times): // beside the tile
		t.putCrowded(p, floorSecond(times[0]))
	case len(inside) < max(2, t.size/10): // they say little about where the rows are
		t.put(p.halves()...)
	case math.Abs(order) < 0.3 || p.fits || !isAtItsEnd(p.span, inside, order):
		t.putSketch(p, times)
	case order > 0 && t.limited: // the page shows the end that is not wanted
		t.put(p.halves()...)
	default:
		t.upwards = order > 0
		t.putOrdered(p, inside, math.Abs(order))
	}
}

// isAtItsEnd reports whether rows lie where their order implies: the oldest first
// at the old end of a span.
func isAtItsEnd(s span, times []time.Time, order float64) bool {
	before, after := times[0].Sub(s.from), s.to.Sub(times[len(times)-1])
	if order < 0 {
		before, after = after, before
	}

	return before <= max(after, s.to.Sub(s.from)/2)
}

// ordered is the part of a page in order that is requested again as a tile. The
// rest is room for rows that the order hides.
const ordered = 0.93

// putOrdered puts back a tile whose full page shows its first rows in order: as
// many of them as fit a page are the next tile.
func (t *tiles) putOrdered(p tile, times []time.Time, order float64) {
	n := len(times)
	fit := max(1, min(int(order*t.fill*float64(n)), n-1))
	var older, newer span
	if t.upwards {
		// A second more is requested, so that the row that does not fit has to be
		// two seconds away.
		at := floorSecond(times[fit]).Add(-time.Second)
		older, newer = p.splitAt(later(at, floorSecond(times[0]).Add(time.Second)))
	} else {
		at := floorSecond(times[n-1-fit]).Add(2 * time.Second)
		older, newer = p.splitAt(earlier(at, floorSecond(times[n-1])))
	}
	if older.isEmpty() || newer.isEmpty() {
		t.put(p.halves()...)
		return
	}
	first, rest := tile{span: newer, pace: p.pace, fits: true}, tile{span: older, pace: p.pace}
	if t.upwards {
		first.span, rest.span = older, newer
	}
	t.put(first)
	if fit > n*3/4 { // too little is left for a tile of its own
		t.join(rest)
	} else {
		t.put(rest)
	}

	// If the rows are spread evenly, more of them are likely to follow.
	rate, gap := rateOf(times), p.to.Sub(times[n-1])
	if t.upwards {
		gap = times[0].Sub(p.from)
	}
	if change := changeOf(rateOf(times[:n/2]), rateOf(times[n/2:])); order > 0.9 && change < 0.6 {
		p.pace.foresee(rate, change, gap.Seconds()*rate > 20)
	}
}

// join puts back a part as the beginning of the part after it, if that has not
// been requested yet.
func (t *tiles) join(p tile) {
	for i := range t.unread {
		q := &t.unread[i]
		switch isPlain := q.pace == p.pace && !q.fits && !q.isHalf; {
		case isPlain && !t.upwards && q.to.Add(time.Second).Equal(p.from):
			q.to = p.to
			return
		case isPlain && t.upwards && p.to.Add(time.Second).Equal(q.from):
			q.from = p.from
			return
		}
	}
	t.put(p)
}

// rateOf returns how many of sorted times there are in a second.
func rateOf(times []time.Time) float64 {
	return float64(len(times)) / (times[len(times)-1].Sub(times[0]).Seconds() + 0.5)
}

// putCrowded puts back a tile of which a page shows a single second. What is
// requested includes a second more at each end. So that the crowded second does
// not fill its neighbours, too, they stay with it.
func (t *tiles) putCrowded(p tile, at time.Time) {
	crowded := span{at, at}.widened(time.Second).within(p.span)
	if crowded == p.span {
		t.put(p.halves()...)
		return
	}
	t.put(tile{span: crowded, pace: p.pace, fits: true})
	t.putRest(p, crowded)
}

// putRest puts back what a part of a tile leaves.
func (t *tiles) putRest(p tile, part span) {
	if older := (span{p.from, part.from.Add(-time.Second)}); !older.isEmpty() {
		t.put(tile{span: older, pace: &pace{}})
	}
	if newer := (span{part.to.Add(time.Second), p.to}); !newer.isEmpty() {
		t.put(tile{span: newer, pace: &pace{}})
	}
}

// splitInHalves puts back a tile as two halves, which hold as many rows of a page.
func (t *tiles) splitInHalves(p tile, page []*Execution) {
	older, newer := p.halve()
	if times, _ := timesOf(p.span, page); len(times) > 0 {
		if a, b := p.splitAt(times[len(times)/2]); !a.isEmpty() && !b.isEmpty() {
			older, newer = a, b
		}
	}
	t.put(tile{span: older, pace: p.pace, isHalf: true}, tile{span: newer, pace: p.pace, isHalf: true})
}

// halves splits a tile in the middle.
func (p tile) halves() []tile {
	older, newer := p.halve()

	return []tile{{span: older, pace: p.pace}, {span: newer, pace: p.pace}}
}

// sketch is what a full page shows of a part: where some of its rows are. A page
// in no order is a sample, each of whose points stands for as many rows as the
// tiles read so far have shown.
type sketch struct {
	times        []time.Time // sorted
	points, rows float64     // of the estimate of how many rows a point stands for
	isSeen       bool        // a tile has shown it
	parent       *sketch     // of the longer part that this one is split from
}

// weight is how many rows a point stands for.
func (s *sketch) weight() float64 { return s.rows / s.points }

// err is the relative error of the number of rows in a page.
func (s *sketch) err(size int) float64 {
	return math.Sqrt(s.weight()/float64(size) + 0.5/s.points)
}

func (s *sketch) in(part span) []time.Time { return inSpan(s.times, part) }

const (
	// prior is how many points an estimate from other pages counts for.
	prior = 5

	// unknownWeight is the weight that is tried first where nothing is known.
	unknownWeight = 4
)

// putSketch puts back a tile with the times of some of its rows. Long ends
// without any become parts of their own, because the page may be in order of
// another field.
func (t *tiles) putSketch(p tile, times []time.Time) {
	inside := inSpan(times, p.span)
	core := tile{span: p.span, pace: p.pace, isFull: true}
	first, last := floorSecond(inside[0]), floorSecond(inside[len(inside)-1])
	if third := p.to.Sub(p.from) / 3; p.to.Sub(last) > third || first.Sub(p.from) > third {
		if p.to.Sub(last) > third && t.limited {
			t.put(p.halves()...)
			return
		}
		if first.Sub(p.from) > third {
			core.from = first
		}
		if p.to.Sub(last) > third {
			core.to = last
		}
		core.isFull = false
		t.putRest(p, core.span)
	}
	core.sketch = &sketch{times: times, parent: p.sketch}
	core.sketch.guess(p, t.size, t.fill, t.weight)
	t.put(core)
}

// guess estimates how many rows a point stands for before a tile has shown it.
func (s *sketch) guess(p tile, size int, share, weight float64) {
	switch {
	case p.sketch != nil && !p.sketch.isSeen:
		s.points, s.rows = 1, min(8, 2*p.sketch.weight())
	case p.expected > 0:
		s.points, s.rows = prior, prior*max(1.25, p.expected/float64(size))
	case p.fits:
		s.points, s.rows = 1, 1/share
	default:
		s.points, s.rows = 1, weight
	}
}

// timesOf returns the sorted times of rows in a span, and their order on the
// page: from 1 if the oldest come first to -1 if the newest do; 0: none.
func timesOf(s span, page []*Execution) (times []time.Time, order float64) {
	page, isOrdered := withoutFirst(page)
	for _, field := range compared {
		// The bounds are likely to be compared with the field that most rows have
		// between them.
		var more []time.Time
		for _, row := range page {
			if at := field(row); s.contains(at) {
				more = append(more, at)
			}
		}
		if len(more) > len(times) {
			times = more
		}
	}
	// Half a page apart, rows differ by more than how long they ran.
	half := len(times) / 2
	rises, falls := 0, 0
	for i := range half {
		switch times[i].Compare(times[i+half]) {
		case -1:
			rises++
		case 1:
			falls++
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	if isOrdered && half > 0 {
		order = float64(rises-falls) / float64(max(1, rises+falls))
	}

	return times, order
}

// withoutFirst leaves out running rows if they come before all others, because
// only the rows after them show where most rows are. If hardly any come after
// them, their order says nothing about the others.
func withoutFirst(page []*Execution) (rows []*Execution, isOrdered bool) {
	n := 0
	for n < len(page) && !page[n].hasEnded() {
		n++
	}
	switch {
	case n > len(page)*9/10:
		return page, false
	case n < len(page)/20 || slices.ContainsFunc(page[n:], func(row *Execution) bool { return !row.hasEnded() }):
		return page, true
	default:
		return page[n:], true
	}
}

// inSpan returns which of sorted times lie in a span.
func inSpan(times []time.Time, s span) []time.Time {
	from, _ := slices.BinarySearchFunc(times, s.from, time.Time.Compare)
	to, _ := slices.BinarySearchFunc(times, s.to.Add(time.Second), time.Time.Compare)

	return times[from:to]
}

func isOneSecond(sorted []time.Time) bool {
	return len(sorted) > 0 && floorSecond(sorted[0]).Equal(floorSecond(sorted[len(sorted)-1]))
}

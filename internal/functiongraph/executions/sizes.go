package executions

import (
	"math"
	"slices"
	"time"
)

// This file decides how long the next tiles are. Nothing here has a say in what
// counts as read: a bad choice only costs requests.
//
// Where density changes little, the last tile predicts the length of the next.
// Elsewhere the full page of a longer part shows where its rows are: a page in
// order shows exactly how much will fit the next tile, and the rows of a page in
// no order are a sample of the part.

const (
	// predicted is the part of a page that a tile of predicted length is meant to
	// fill, so that it still fits if there are somewhat more rows.
	predicted = 0.74

	// ordered is the part of a page in order that is requested again as a tile.
	// The rest is room for rows that the order hides.
	ordered = 0.93
)

// pace is the density of rows next to the tiles that have been read.
type pace struct {
	rate   float64 // rows a second
	steady int     // how often in a row the rate has been the one before
	isNew  bool    // the rate is from a page in order, which has shown it exactly
}

// guesses is how many tiles may be requested at once that the rate predicts.
func (p *pace) guesses() int {
	switch {
	case p.rate == 0:
		return 0
	case p.steady > 2:
		return maxInFlight
	case p.steady == 2:
		return 2
	case p.isNew:
		return 1
	default:
		return 0
	}
}

// measure takes in the rate of a tile. Fewer rows than before may mean that a
// burst is over.
func (p *pace) measure(rate float64) {
	if rate > 0.88*p.rate && rate < 1.4*p.rate {
		p.steady = min(3, p.steady+1)
	} else {
		p.steady = 0
	}
	p.rate = rate
}

// mass relates the points of a sample to the rows that have been read.
type mass struct {
	points, rows float64
	parent       *mass // of the longer part that this one was split from
	fulls        int   // full pages in a row where less was expected
}

// weight is the number of rows to a point; 0: not known yet.
func (m *mass) weight() float64 {
	if m == nil || m.points == 0 {
		return 0
	}

	return max(m.rows, 1) / m.points
}

// prior is the number of points that an estimate of the weight counts for.
const prior = 5

// isMeasured reports whether a tile has shown the weight.
func (m *mass) isMeasured() bool { return m != nil && m.points > prior }

// measure takes in how many rows a tile has shown.
func (t *tiles) measure(p tile, asked span, rows int) {
	if p.mass != nil {
		p.mass.points += float64(len(p.sample))
		p.mass.fulls = 0
	}
	for m := p.mass; m != nil; m = m.parent {
		m.rows += float64(rows)
	}
	if p.fits {
		t.trust = min(3, t.trust+1) // the page that it is from has shown the rate
	} else {
		p.pace.measure(float64(rows) / asked.seconds())
	}
	t.fulls, t.rows, t.seconds = 0, t.rows+float64(rows), t.seconds+asked.seconds()
}

// take removes up to width tiles from what is unread. No row is later than
// latest.
func (t *tiles) take(width int, latest time.Time) []tile {
	if t.fulls > 2 {
		width = 1 // one place at a time, until something fits
	}
	t.fork(width)
	var taken, kept []tile
	guesses := map[*pace]int{}
	queue := t.unread
	for len(taken) < width && len(queue) > 0 {
		at := t.nextOf(queue)
		part := queue[at]
		queue = slices.Delete(queue, at, at+1)
		isGuess := !part.fits && !part.isHalf && (part.pace.guesses() > 0 || !part.mass.isMeasured())
		if isGuess && guesses[part.pace] >= max(1, part.pace.guesses()) {
			kept = append(kept, part) // until it is known whether the guesses before it are right
			continue
		}
		next, rest := t.cut(part, latest)
		if isGuess {
			guesses[part.pace]++
			part.pace.isNew = false
		}
		taken = append(taken, next)
		if t.upwards {
			slices.Reverse(rest)
		}
		queue = slices.Insert(queue, at, rest...)
	}
	t.unread = queue
	t.put(kept...)

	return taken
}

// nextOf returns which part to read next: the newest, or the oldest where these
// come first. While nothing fits, a part of which a sample is known comes before
// others, unless the newest rows are wanted.
func (t *tiles) nextOf(parts []tile) int {
	last := len(parts) - 1
	for i := range parts {
		at := last - i
		if t.upwards {
			at = i
		}
		if t.fulls == 0 || t.limited || parts[at].fits || parts[at].isHalf || parts[at].sample != nil {
			return at
		}
	}
	if t.upwards {
		return 0
	}

	return last
}

// put adds parts to what is unread, which is kept in order.
func (t *tiles) put(parts ...tile) {
	t.unread = append(t.unread, parts...)
	slices.SortFunc(t.unread, func(a, b tile) int { return a.from.Compare(b.from) })
}

// fork halves a long part in which the density changes, so that it is read in
// two places at once.
func (t *tiles) fork(width int) {
	if t.limited || len(t.unread) > 1 || width < maxInFlight || t.seconds == 0 {
		return
	}
	p := t.unread[0]
	if p.fits || p.isHalf || p.sample != nil || p.pace.guesses() > 0 || t.rows/t.seconds*p.seconds() < float64(4*t.size) {
		return
	}
	t.unread = nil
	for _, half := range p.halves() {
		half.pace = &pace{}
		t.put(half)
	}
}

// halves splits a tile in the middle.
func (p tile) halves() []tile {
	older, newer := p.halve()

	return []tile{{span: older, pace: p.pace}, {span: newer, pace: p.pace}}
}

// cut chooses the next tile of a part, and returns what it leaves of the part.
func (t *tiles) cut(p tile, latest time.Time) (next tile, rest []tile) {
	// The request must not ask for more than the service's own window.
	const longest = serviceWindow - 3*time.Second
	if p.to.Sub(p.from) >= longest {
		at := p.to.Add(time.Second - longest)
		if t.upwards {
			at = p.from.Add(longest)
		}
		p, rest = t.divide(p, at)
	}
	switch {
	case p.fits || p.isHalf || p.isSecond():
		return p, rest
	case p.pace.guesses() == 0 && p.sample == nil:
		return p, rest
	case p.pace.guesses() == 0:
		next, more := t.cutSample(p)
		return next, append(rest, more...)
	}
	fill := predicted
	if p.pace.isNew {
		fill = ordered
	}
	length := max(1, math.Floor(fill*float64(t.size)/p.pace.rate-2))
	end := earlier(p.to, later(p.from, latest)) // nothing comes after it
	if (span{p.from, end}).seconds() <= 1.3*length {
		p.isPredicted = true
		return p, rest
	}
	d := time.Duration(length) * time.Second
	at := end.Add(time.Second - d)
	if t.upwards {
		at = p.from.Add(d)
	}
	next, more := t.divide(p, at)
	next.isPredicted = true

	return next, append(rest, more...)
}

// cutSample chooses a tile by the points of a sample, as many as will fit if
// their weight is known. If a point stands for so many rows that this would be a
// gamble, the next request is for a longer part, whose page is a better sample.
func (t *tiles) cutSample(p tile) (next tile, rest []tile) {
	n, size, weight := len(p.sample), float64(t.size), p.mass.weight()
	points := n >> min(3, p.mass.fulls)
	switch {
	case weight > size/8:
		points = int(10 * size / weight)
	case weight > 0:
		// Leave room for one and a half times the error of the estimate: the root
		// of the number of points.
		points = int(math.Pow(math.Sqrt(0.56+size/weight)-0.75, 2))
	}
	points = max(1, points)
	switch {
	case points >= n:
		return p, nil
	case t.upwards:
		return t.divide(p, p.sample[points])
	default:
		return t.divide(p, p.sample[n-points])
	}
}

// divide splits a part at a second, or in the middle if that is no second inside
// it, and returns the part that is read next.
func (t *tiles) divide(p tile, at time.Time) (next tile, rest []tile) {
	older, newer := p.splitAt(at)
	if older.isEmpty() || newer.isEmpty() {
		older, newer = p.halve()
	}
	cut, _ := slices.BinarySearchFunc(p.sample, newer.from, time.Time.Compare)
	a := tile{span: older, pace: p.pace, sample: p.sample[:cut], mass: p.mass}
	b := tile{span: newer, pace: p.pace, sample: p.sample[cut:], mass: p.mass}
	if t.upwards {
		return a, []tile{b}
	}

	return b, []tile{a}
}

// split puts back a tile of which a response has shown a full page.
func (t *tiles) split(p tile, page []Execution) {
	if p.isPredicted {
		p.pace.steady = 0
	}
	if p.fits {
		t.trust = max(-4, t.trust-2)
	}
	t.fulls++
	times, falls, rises := timesIn(p.span, page)
	switch {
	case len(times) < t.size/10: // they say little about where the rows are
		t.put(p.halves()...)
	case p.fits || t.trust < -2 || isOneSecond(times):
		t.putSample(p, times)
	case falls > 9*rises:
		t.upwards = false
		t.putOrdered(p, times)
	case rises > 9*falls && t.limited: // the page shows the end that is not wanted
		t.put(p.halves()...)
	case rises > 9*falls:
		t.upwards = true
		t.putOrdered(p, times)
	default:
		t.putSample(p, times)
	}
}

// putOrdered puts back a tile whose full page shows its first rows in order: as
// many of them as fit a page are the next tile.
func (t *tiles) putOrdered(p tile, times []time.Time) {
	n := len(times)
	fit := max(1, min(int(ordered*float64(t.size)), n-1))
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
	t.put(tile{span: older, pace: p.pace, fits: t.upwards}, tile{span: newer, pace: p.pace, fits: !t.upwards})

	// If the rows are spread evenly, more of them are likely to follow.
	rate, gap := rateOf(times), p.to.Sub(times[n-1])
	if t.upwards {
		gap = times[0].Sub(p.from)
	}
	if old, new := rateOf(times[:n/2]), rateOf(times[n/2:]); old < 0.6*new || old > 1.7*new {
		*p.pace = pace{}
	} else if gap.Seconds()*rate > 20 { // a burst has begun
		*p.pace = pace{rate: rate, isNew: true}
	} else {
		*p.pace = pace{rate: rate, isNew: true, steady: min(3, p.pace.steady+1)}
	}
}

// rateOf returns how many of sorted times there are in a second.
func rateOf(times []time.Time) float64 {
	return float64(len(times)) / (times[len(times)-1].Sub(times[0]).Seconds() + 0.5)
}

// putSample puts back a tile with a sample of its rows. Long ends without any
// become parts of their own, because the page may be in order of another field.
func (t *tiles) putSample(p tile, times []time.Time) {
	m := &mass{parent: p.mass}
	if p.mass != nil {
		points := float64(len(p.sample))
		weight := p.mass.weight() * points / float64(t.size)
		switch {
		case weight > 1.5: // so many rows were expected
			m.points, m.rows = prior, prior*weight
		case weight > 0 && p.mass.fulls == 0:
			m.points, m.rows, m.fulls = prior, prior*1.2, 1
		default:
			m.fulls = p.mass.fulls + 1
		}
		p.mass.points += points
	} else {
		m.fulls = 1
	}
	core := tile{span: p.span, pace: p.pace, sample: times, mass: m}
	first, last := floorSecond(times[0]), floorSecond(times[len(times)-1])
	isCrowded := first.Equal(last)
	if isCrowded {
		// What is requested includes a second more at each end. So that a crowded
		// second does not fill its neighbours, too, they stay with it.
		first, last = later(core.from, first.Add(-time.Second)), earlier(core.to, last.Add(time.Second))
		core.fits, core.sample, core.mass = true, nil, nil
	}
	if first.After(core.from) && (isCrowded || first.Sub(core.from) > core.to.Sub(core.from)/3) {
		older, newer := core.splitAt(first)
		core.span = newer
		t.put(tile{span: older, pace: p.pace})
		t.upwards = false // the oldest rows are not on the page
	}
	isAtOldEnd := core.to.Sub(last) > core.to.Sub(core.from)/3
	if isAtOldEnd && t.limited && !isCrowded {
		t.put(p.halves()...)
		return
	}
	if core.to.After(last) && (isCrowded || isAtOldEnd) {
		older, newer := core.splitAt(last.Add(time.Second))
		core.span = older
		t.put(tile{span: newer, pace: p.pace})
	}
	t.put(core)
}

// splitInHalves puts back a tile as two halves, which hold as many rows of a page.
func (t *tiles) splitInHalves(p tile, page []Execution) {
	older, newer := p.halve()
	if times, _, _ := timesIn(p.span, page); len(times) > 0 {
		if a, b := p.splitAt(times[len(times)/2]); !a.isEmpty() && !b.isEmpty() {
			older, newer = a, b
		}
	}
	t.put(tile{span: older, pace: p.pace, isHalf: true}, tile{span: newer, pace: p.pace, isHalf: true})
}

// timesIn returns the sorted times of rows in a span, and how often a row of the
// page is older and newer than the one before.
func timesIn(s span, page []Execution) (times []time.Time, falls, rises int) {
	for i := range page {
		at, ok := page[i].timeIn(s)
		if !ok {
			continue
		}
		if n := len(times); n > 0 && at.Before(times[n-1]) {
			falls++
		} else if n > 0 && at.After(times[n-1]) {
			rises++
		}
		times = append(times, at)
	}
	slices.SortFunc(times, time.Time.Compare)

	return times, falls, rises
}

func isOneSecond(sorted []time.Time) bool {
	return len(sorted) > 0 && floorSecond(sorted[0]).Equal(floorSecond(sorted[len(sorted)-1]))
}

package executions

import (
	"math"
	"slices"
	"time"
)

// This file decides how long the next tiles are. Nothing here has a say in what
// counts as read: a bad choice only costs requests.
//
// There are two ways to foresee how many rows a tile will show. The tiles beside
// it have shown how dense rows are there: the pace. The full page of a longer
// part has shown where some of its rows are: a sketch (pages.go). The way that
// errs less decides, and the more it errs, the more room a tile leaves.

// fill is the part of a page that a tile is meant to fill, if the number of its
// rows is foreseen with a relative error. The numbers are those that cost the
// fewest requests in many shapes and orders of lists.
func fill(err float64) float64 { return 1 / (1.05 + 1.4*err) }

// measure takes in how many rows a tile has shown.
func (t *tiles) measure(p tile, bounds span, rows int) {
	for s := p.sketch; s != nil; s = s.parent {
		s.points += float64(len(s.in(p.span)))
		s.rows += float64(rows)
		s.isSeen = true
		if s.parent == nil {
			t.weight = min(unknownWeight, max(1.5, s.weight()))
		}
	}
	if p.fits {
		t.fill = min(ordered, t.fill*1.1)
	}
	if !p.fits || p.pace.rate == 0 || p.pace.err > 0.5 { // else the page has shown it exactly
		p.pace.measure(float64(rows) / bounds.seconds())
	}
	t.rows, t.seconds = t.rows+float64(rows), t.seconds+bounds.seconds()
}

// take removes up to width tiles from what is unread, the newest first, or the
// oldest where the service lists these first. No row is later than latest.
func (t *tiles) take(width int, latest time.Time) []tile {
	t.fork(width)
	queue := t.unread
	if !t.upwards {
		slices.Reverse(queue)
	}
	var taken, kept []tile
	guesses := map[*pace]int{}
	for len(taken) < width && len(queue) > 0 {
		part := queue[0]
		queue = queue[1:]
		if !part.fits && !part.isHalf {
			if guesses[part.pace] >= t.guesses(part) {
				// Wait until it is known whether the guesses before it are right.
				guesses[part.pace] = maxInFlight
				kept = append(kept, part)
				continue
			}
			guesses[part.pace]++
		}
		next, rest := t.nextTile(part, latest)
		taken = append(taken, next)
		queue = append(slices.Clone(rest), queue...)
	}
	t.unread = nil
	t.put(append(kept, queue...)...)

	return taken
}

// guesses is how many tiles of a part may be requested at once.
func (t *tiles) guesses(p tile) int {
	switch {
	case t.isByPace(p):
		// A wrong guess costs a request, which matters less in a long list.
		return max(1, min(p.pace.right, 1+int(t.rows)/(5*t.size)))
	case p.sketch != nil && p.sketch.isSeen:
		return maxInFlight
	default:
		return 1
	}
}

// isByPace reports whether the pace foresees the rows of a part best.
func (t *tiles) isByPace(p tile) bool {
	if p.pace.rate == 0 || p.isFull {
		return false
	}
	if p.sketch == nil {
		return p.pace.right > 0 && p.pace.err <= 0.5
	}

	return p.pace.err < p.sketch.err(t.size)
}

// put adds parts to what is unread, which is kept in order.
func (t *tiles) put(parts ...tile) {
	t.unread = append(t.unread, parts...)
	slices.SortFunc(t.unread, func(a, b tile) int { return a.from.Compare(b.from) })
}

// fork halves a long part of which little is known, so that it is read in two
// places at once.
func (t *tiles) fork(width int) {
	if t.limited || len(t.unread) > 1 || width < maxInFlight || t.rows < float64(10*t.size) {
		return
	}
	p := t.unread[0]
	if p.fits || p.sketch != nil || t.isByPace(p) || t.rows/t.seconds*p.seconds() < float64(4*t.size) {
		return
	}
	t.unread = nil
	for _, half := range p.halves() {
		half.pace = &pace{}
		t.put(half)
	}
}

// nextTile returns the next tile of a part, and what it leaves of the part, in
// the order of reading.
func (t *tiles) nextTile(p tile, latest time.Time) (next tile, rest []tile) {
	// The request must not ask for more than the service's own window.
	const atMost = serviceWindow - 3*time.Second
	if p.to.Sub(p.from) >= atMost {
		p, rest = t.divide(p, p.ahead(atMost, t.upwards))
	}
	var more []tile
	switch {
	case p.fits || p.isHalf || p.isSecond():
		next = p
	case t.isByPace(p):
		next, more = t.nextByPace(p, latest)
	case p.sketch != nil:
		next, more = t.nextBySketch(p)
	default:
		next = p
	}

	return next, append(more, rest...)
}

// divide splits a part at a second, or in the middle if that is no second inside
// it, and returns the part that is read next.
func (t *tiles) divide(p tile, at time.Time) (next tile, rest []tile) {
	older, newer := p.splitAt(at)
	if older.isEmpty() || newer.isEmpty() {
		older, newer = p.halve()
	}
	a := tile{span: older, pace: p.pace, sketch: p.sketch}
	b := tile{span: newer, pace: p.pace, sketch: p.sketch}
	if t.upwards {
		return a, []tile{b}
	}

	return b, []tile{a}
}

// ahead returns the second at which a tile of some length is split off.
func (s span) ahead(d time.Duration, upwards bool) time.Time {
	if upwards {
		return s.from.Add(d)
	}

	return s.to.Add(time.Second - d)
}

// pace is the density of rows beside the tiles that have been read.
type pace struct {
	rate  float64 // rows a second; 0: not known
	err   float64 // by which part of itself it has changed lately
	right int     // how many tiles in a row have been about as dense as the one before
}

// measure takes in the rate of a tile.
func (p *pace) measure(rate float64) {
	change := changeOf(p.rate, rate)
	p.err = max(0.1, change, p.err/2)
	if rate > p.rate && change < 1 {
		p.err += change / 2 // a rise is likely to go on
	}
	p.rate = rate
	if p.right++; change > 0.2 {
		p.right = 0
	}
}

// foresee takes in the rate that a page in order has shown exactly.
func (p *pace) foresee(rate, change float64, isBurst bool) {
	p.rate, p.err, p.right = rate, change, max(1, p.right)
	if isBurst {
		p.right = 1
	}
}

// changeOf is by which part the higher of two rates exceeds the other.
func changeOf(a, b float64) float64 {
	if low, high := min(a, b), max(a, b); low > 0 {
		return min(1, high/low-1)
	}

	return 1
}

// nextByPace returns a tile by the rate of the tiles beside it.
func (t *tiles) nextByPace(p tile, latest time.Time) (next tile, rest []tile) {
	page := fill(p.pace.err)*float64(t.size) - 2*p.pace.rate // the request has a second more at each end
	length := max(1, math.Floor(page/p.pace.rate))
	end := earlier(p.to, later(p.from, latest)) // nothing comes after it
	p.expected, p.isByPace = max(1, page), true
	if (span{p.from, end}).seconds() <= 1.2*length {
		return p, nil
	}
	next, rest = t.divide(p, span{p.from, end}.ahead(time.Duration(length)*time.Second, t.upwards))
	next.expected, next.isByPace = p.expected, true

	return next, rest
}

// fewest is how many points a tile has at least, because fewer are a gamble. The
// page of a tile that is too long is a better sketch.
const fewest = 8

// nextBySketch returns a tile that holds as many points as will fit. The tiles of
// a part get equally many.
func (t *tiles) nextBySketch(p tile) (next tile, rest []tile) {
	points := p.sketch.in(p.span)
	if len(points) < 2 {
		if p.isFull {
			return t.divide(p, p.from) // in the middle
		}
		return p, nil
	}
	n, weight, err := float64(len(points)), p.sketch.weight(), p.sketch.err(t.size)
	most := fill(err) * float64(t.size) / weight
	if !p.sketch.isSeen && p.sketch.points < prior {
		most = n / weight
	} else if most < fewest {
		most = fewest
	}
	parts := math.Ceil(n / max(1, most))
	if p.isFull {
		parts = max(2, parts)
	}
	p.expected = n * weight
	if parts <= 1 {
		return p, nil
	}
	count := min(len(points)-1, max(1, int(math.Ceil(n/parts))))
	at := points[count]
	if !t.upwards {
		at = points[len(points)-count]
	}
	next, rest = t.divide(p, at)
	next.expected = n / parts * weight

	return next, rest
}

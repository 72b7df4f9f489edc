package executions

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

// maxInFlight is how many tiles are requested at once.
const maxInFlight = 4

// tiles are the window of a list and what of it has not been read.
type tiles struct {
	window   span
	unread   []tile // oldest first, without overlap
	size     int    // rows of a full page
	isLong   bool   // the window holds more than a page
	limited  bool   // the newest rows are wanted
	inFlight int    // at most
	requests int    // that brought rows, and all for crowded seconds

	upwards       bool    // the service lists the oldest rows first, so the oldest tile is next
	weight        float64 // of a point of a new sketch, by those before it
	fill          float64 // of a page in order, what has fit a tile
	rows, seconds float64 // of all tiles that have been read
}

// tile is a stretch of the window.
type tile struct {
	span
	pace *pace

	fits     bool    // expected to hold less than a page, so that it is requested as it is
	isHalf   bool    // of the window, requested as it is
	isFull   bool    // known to hold more than a page
	isByPace bool    // of a length by the pace
	expected float64 // rows; 0: not known

	sketch *sketch // where some of its rows are; may be nil
}

// readWindow reads every execution of the window, after a first page that holds
// only a part of them.
func (l *list) readWindow(ctx context.Context, window span, first response, asked Query) error {
	l.rows, l.hints = newRows(l.question), hints{}
	l.tiles = tiles{window: window, size: l.service.pageSize(), limited: l.question.Limit > 0, inFlight: maxInFlight}
	l.tiles.unread = []tile{{span: window, pace: &pace{}}}
	if window.isEmpty() {
		return nil
	}
	l.hints.add(first.rows, l.service.write(asked))
	if l.tiles.isLong = l.service.isFull(first); l.tiles.isLong {
		l.tiles.unread = nil
		if l.service.isSuspect(first) {
			l.tiles.splitInHalves(tile{span: window, pace: &pace{}}, first.rows)
		} else {
			l.tiles.split(tile{span: window, pace: &pace{}}, first.rows)
		}
	}
	for {
		if err := l.readTiles(ctx); err != nil {
			return err
		}
		l.complete = span{l.tiles.horizon().Add(time.Second), window.to}
		unread := l.tiles.unread
		if !l.service.isSuspect(first) || !l.hasOnly(first.rows) { // else the first page was the whole list
			if err := l.readChanges(ctx); err != nil {
				return err
			}
		}
		if l.tiles.unread = unread; len(unread) == 0 || l.rows.hasNewest(l.complete.from) {
			break
		}
		// Some of the newest have left the status filter.
	}

	return l.checkHints(ctx, l.complete, func(row *Execution) bool {
		return l.mustHave(row) && !l.rows.has(row.ExecutionID)
	})
}

// mustHave reports whether a run that was shown for the window is in what has been
// read of it. If that is all of it, the run need not lie inside, but the end that
// the service chose is known only roughly.
func (l *list) mustHave(row *Execution) bool {
	edge := span{l.complete.from, l.complete.from}.widened(clockSlack)
	isNearEdge := edge.contains(row.begin) || edge.contains(row.update) || edge.contains(row.end)

	return row.isInside(l.complete) || len(l.tiles.unread) == 0 && !l.question.bounded() && !isNearEdge &&
		!row.isOutside(l.complete)
}

// hasOnly reports whether the list has exactly the rows of a page.
func (l *list) hasOnly(page []*Execution) bool {
	shown := idsOf(page)

	return len(l.rows.all) == len(shown) && unseen(l.rows.all, shown) == nil
}

// readTiles reads what is unread, from the newest tile on, until nothing is left
// or the limit is reached.
func (l *list) readTiles(ctx context.Context) error {
	t := &l.tiles
	for len(t.unread) > 0 && (!t.limited || !l.rows.hasNewest(t.horizon().Add(time.Second))) {
		next := t.take(l.width(), l.service.latest())
		pages, err := l.requestTiles(ctx, next)
		if err != nil {
			return err
		}
		for i := range next {
			if len(pages[i].rows) > 0 {
				t.requests++
			}
			if l.service.isFull(pages[i]) {
				l.hints.add(pages[i].rows, l.service.write(l.query(t.bounds(next[i].span))))
			}
		}
		for i := range next {
			if err := l.settle(ctx, next[i], pages[i]); err != nil {
				return err
			}
		}

		// Runs that are in every tile that they overlap with may fill tiles of any
		// length.
		pagesRead := len(l.rows.all)/t.size + 1
		windows := int(t.window.seconds() / serviceWindow.Seconds())
		if t.requests > 6*pagesRead+35+windows {
			return errCrowded
		}
	}

	return nil
}

// width is how many tiles to request at once: one until the service has shown
// that it reads the bounds, and no more than the limit needs.
func (l *list) width() int {
	width := l.tiles.inFlight
	if l.tiles.seconds == 0 && !l.service.knowsForm() {
		width = 1
	}
	if limit := l.question.Limit; limit > 0 {
		width = min(width, 1+max(0, limit-l.rows.matching)/l.service.pageSize())
	}

	return width
}

func (l *list) requestTiles(ctx context.Context, next []tile) ([]response, error) {
	pages := make([]response, len(next))
	group, groupCtx := errgroup.WithContext(ctx)
	for i := range next {
		group.Go(func() (err error) {
			query := l.query(l.tiles.bounds(next[i].span))
			if len(next) == 1 {
				pages[i], err = l.service.requestEitherForm(groupCtx, query)
			} else {
				pages[i], err = l.service.request(groupCtx, query)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		if errors.Is(err, ErrBadRequest) && !l.question.bounded() {
			return nil, errNoBounds
		}
		return nil, err
	}
	for _, page := range pages {
		if page.isThrottled {
			l.tiles.inFlight = max(1, l.tiles.inFlight/2)
		}
	}

	return pages, nil
}

// bounds returns the bounds of a tile's request: a second more at each end,
// because a bound may exclude the second that it names, or include only its
// beginning. The ends of the window stay where the practitioner put them.
func (t *tiles) bounds(s span) span { return s.widened(time.Second).within(t.window) }

// query asks for everything in a span.
func (l *list) query(s span) Query {
	return Query{Status: l.question.Status, Start: s.from, End: s.to, Limit: MaxPage}
}

// settle adds the rows of a short response to the list. A full response shows
// where to split the tile.
func (l *list) settle(ctx context.Context, t tile, page response) error {
	bounds := l.tiles.bounds(t.span)
	if err := l.checkResponse(page, bounds); err != nil {
		return err
	}
	covering := 0
	for _, row := range page.rows {
		if row.covers(bounds) {
			covering++
		}
	}
	switch full := l.service.isFull(page); {
	case full && covering >= l.tiles.size:
		return errCrowded // every part of the tile would be full, too
	case full && t.isSecond():
		return l.readSecond(ctx, t.span, page)
	case full && t.seconds() <= 3 && isCrowdedBy(t.span, page.rows):
		return l.readAroundSecond(ctx, t, page)
	case full:
		l.tiles.split(t, page.rows)
		return nil
	}
	if err := l.read(ctx, page, bounds); err != nil {
		return err
	}
	past := earlier(bounds.to, later(l.service.now, bounds.from))
	l.tiles.measure(t, span{bounds.from, past}, len(page.rows)-covering)

	return nil
}

// checkResponse checks what every response to bounds must fulfil.
func (l *list) checkResponse(page response, bounds span) error {
	if err := l.question.checkWorkflow(page.rows); err != nil {
		return err
	}
	if err := checkBounds(page.rows, bounds); err != nil {
		return err
	}
	if idsOf(page.rows)[""] {
		return errNameless
	}

	return nil
}

// read takes in a response that holds everything in a span.
func (l *list) read(ctx context.Context, page response, bounds span) error {
	shown := idsOf(page.rows)
	err := l.checkHints(ctx, bounds, func(row *Execution) bool {
		return row.hasEnded() && row.isInside(bounds) && !shown[row.ExecutionID]
	})
	if err != nil {
		return err
	}
	l.hints.forget(page.rows)
	if l.tiles.isLong && !l.service.knowsForm() && showsInside(page, bounds) {
		l.service.learnForm() // else the response would be full
	}
	l.learnField(page, bounds)

	return l.rows.add(page.rows)
}

// learnField sees whether the bounds apply to end_time or last_update_time: they
// do not if a row is shown of which only begin_time lies between the bounds.
func (l *list) learnField(page response, bounds span) {
	edge := bounds.to.Add(time.Second)
	for _, row := range page.rows {
		if bounds.contains(row.begin) && row.hasEnded() && row.end.After(edge) && row.update.After(edge) {
			l.service.facts.learn(func(k *knowledge) { k.fixed = true })
			return
		}
	}
}

// readChanges reads what may have moved while the list was read. If the bounds
// apply to end_time or last_update_time, a run that changes leaves a tile that
// has not been read for one that has. A single response shows all such runs,
// because no time passes within it; several do if nothing has changed meanwhile.
func (l *list) readChanges(ctx context.Context) error {
	const tries = 3
	since, limited := l.service.began, l.tiles.limited
	l.tiles.limited = false
	defer func() { l.tiles.limited = limited }()
	for range tries {
		changes := span{since, l.service.latest()}.within(l.complete)
		if l.service.facts.get().fixed || changes.isEmpty() {
			return nil
		}
		since = l.service.earliest()
		l.tiles.unread = []tile{{span: changes, pace: &pace{}, fits: true}}
		requests, added := l.tiles.requests, l.rows.added
		if err := l.readTiles(ctx); err != nil || l.tiles.requests == requests+1 || l.rows.added == added {
			return err
		}
	}

	return &Error{
		Reason: "The executions change faster than the list can be read.",
		Advice: "Choose an end_time in the past, so that running executions do not matter.",
	}
}

// horizon is the newest second that has not been read.
func (t *tiles) horizon() time.Time {
	if len(t.unread) == 0 {
		return t.window.from.Add(-time.Second)
	}

	return t.unread[len(t.unread)-1].to
}

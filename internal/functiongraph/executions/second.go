package executions

import (
	"context"
	"maps"
	"slices"
	"time"
)

// readAroundSecond reads a tile of up to three seconds, of which one seems to
// fill a page alone.
func (l *list) readAroundSecond(ctx context.Context, t tile, page response) error {
	times, _ := timesOf(t.span, page.rows)
	second := span{floorSecond(times[0]), floorSecond(times[0])}
	around := l.tiles.bounds(t.span)
	own, err := l.requestSpan(ctx, l.tiles.bounds(second))
	if err != nil {
		return err
	}
	if isRead, err := l.readSecondAlone(ctx, second, own); err != nil {
		return err
	} else if !isRead {
		return l.readSecondByOffset(ctx, l.query(around), page)
	}
	for s := t.from; !s.After(t.to); s = s.Add(time.Second) {
		if !s.Equal(second.from) {
			l.tiles.put(tile{span: span{s, s}, pace: t.pace})
		}
	}

	return nil
}

// isCrowdedBy reports whether all rows of a page that are in a span are in the
// same second.
func isCrowdedBy(s span, page []*Execution) bool {
	times, _ := timesOf(s, page)

	return isOneSecond(times)
}

// readSecond reads a second whose request, which covers the neighbouring seconds
// too, brought a full page.
func (l *list) readSecond(ctx context.Context, second span, crowded response) error {
	isRead, err := l.readSecondAlone(ctx, second, crowded)
	if err != nil || isRead {
		return err
	}

	return l.readSecondByOffset(ctx, l.query(l.tiles.bounds(second)), crowded)
}

// readSecondAlone reads a second without one of its neighbours or both, which may
// fit a page. A service that excludes one bound, or keeps fractions, shows the
// whole second together with one neighbour or the other. Rows of the crowded page
// that neither response shows prove that both bounds exclude it, or they are
// gone: then once more.
func (l *list) readSecondAlone(ctx context.Context, second span, crowded response) (isRead bool, err error) {
	bounds := l.tiles.bounds(second)
	known := crowded.rows
	const tries = 3
	for range tries {
		if !l.service.isFull(crowded) {
			return true, l.read(ctx, crowded, bounds)
		}
		var rows []*Execution
		isShort := true
		for _, s := range []span{{bounds.from, second.to}, {second.from, bounds.to}} {
			page, err := l.requestSpan(ctx, s)
			if err != nil {
				return false, err
			}
			rows = append(rows, page.rows...)
			if isShort = !l.service.isFull(page); !isShort {
				break
			}
		}
		known = append(known, rows...)
		if !isShort {
			break
		}
		shown := idsOf(rows)
		if unseen(known, shown) == nil {
			if hasMore, err := l.hasMoreThan(ctx, bounds, shown); err != nil || hasMore {
				return false, err
			}
			return true, l.rows.add(rows)
		}
		if crowded, err = l.requestSpan(ctx, bounds); err != nil {
			return false, err
		}
		known = append(known, crowded.rows...)
	}

	exact, err := l.requestSpan(ctx, second)
	if err != nil || l.service.isFull(exact) {
		return false, err
	}
	shown := idsOf(exact.rows)
	if !showsSecond(second, exact.rows, known, shown) {
		for _, at := range []time.Time{bounds.from, bounds.to} {
			if at.Equal(second.from) {
				continue
			}
			page, err := l.requestSpan(ctx, span{at, at})
			if err != nil {
				return false, err
			}
			maps.Copy(shown, idsOf(page.rows)) // they belong to its neighbours
		}
		if !showsSecond(second, exact.rows, known, shown) {
			return false, nil
		}
	}

	return true, l.rows.add(exact.rows)
}

// hasMoreThan reports whether a crowded span holds more rows than have been shown,
// where offset can tell: if both bounds exclude their moment, neither neighbour
// shows the runs of exactly that moment.
func (l *list) hasMoreThan(ctx context.Context, bounds span, shown map[string]bool) (bool, error) {
	l.tiles.requests++
	q := l.query(bounds)
	q.Offset = len(shown)
	page, err := l.service.request(ctx, q)
	if err != nil {
		return false, ctx.Err() // without offset it cannot be told
	}
	if l.service.isFull(page) { // offset may have been ignored
		return unseen(page.rows, shown) != nil, nil
	}

	return len(page.rows) > 0, nil
}

// showsSecond reports whether the response to a single second shows all of it:
// both bounds include it, with its fractions. By every field that explains the
// response, the runs that are known in this second must have been shown.
func showsSecond(second span, exact, known []*Execution, shown map[string]bool) bool {
	isExplained := false
	for _, field := range compared {
		isIn := func(row *Execution) bool { return floorSecond(field(row)).Equal(second.from) }
		isNotIn := func(row *Execution) bool { return !isIn(row) && !field(row).IsZero() }
		if !slices.ContainsFunc(exact, isIn) || slices.ContainsFunc(exact, isNotIn) {
			continue
		}
		if slices.ContainsFunc(known, func(row *Execution) bool { return isIn(row) && !shown[row.ExecutionID] }) {
			return false
		}
		isExplained = true
	}

	return isExplained
}

// requestSpan requests what lies in a span, and checks the response.
func (l *list) requestSpan(ctx context.Context, s span) (response, error) {
	l.tiles.requests++
	page, err := l.service.request(ctx, l.query(s))
	if err != nil {
		return response{}, err
	}
	if l.service.isFull(page) {
		l.hints.add(page.rows, l.service.write(l.query(s)))
	}

	return page, l.checkResponse(page, s)
}

// crowdedSecond is the refusal for a second that cannot be read.
func crowdedSecond(q Query, why string) error {
	second := q.Start.Add(q.End.Sub(q.Start) / 2)
	return &Error{
		Reason: "About " + second.Format(time.RFC3339) + " there are more executions within a second than the service " +
			"lists at once, and " + why + ".",
		Advice: "Filter by status, so that fewer executions fall into that second, or choose start_time and end_time " +
			"so that they exclude it.",
		isCrowded: true,
	}
}

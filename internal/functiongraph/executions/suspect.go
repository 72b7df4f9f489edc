package executions

import (
	"context"
	"slices"
	"time"
)

// The service may list fewer rows at once than documented. A page as long as the
// longest one seen is full if that is a round number, until a longer page shows
// that it was not.

// roundLimits are the page limits, other than the documented one, that services
// are likely to have.
var roundLimits = []int{10, 20, 50, 100}

// pageLimit is how many rows the service lists at once, as far as is known.
func (s *service) pageLimit() int {
	if k := s.facts.get(); k.pageLimit > 0 && k.pageLimit >= k.longest {
		return k.pageLimit
	}

	return MaxPage
}

// pageSize is how many rows make a page full: there may be more. As long as no
// page has been longer than a round number, that may be the limit.
func (s *service) pageSize() int {
	if longest := s.facts.get().longest; longest < s.pageLimit() && slices.Contains(roundLimits, longest) {
		return longest
	}

	return s.pageLimit()
}

// isFull reports whether there may be more than a page shows.
func (s *service) isFull(page response) bool { return len(page.rows) >= s.pageSize() }

// isSuspect reports whether a page is full only if the page limit is lower than
// documented.
func (s *service) isSuspect(page response) bool {
	return s.isFull(page) && len(page.rows) < s.pageLimit()
}

// readSuspect reads the list that a page of a round number of rows begins. If
// looking for more fails, the page stands.
func (l *list) readSuspect(ctx context.Context, first response, asked Query) error {
	if idsOf(first.rows)[""] {
		return l.keepOnly(first)
	}
	err := l.readWindow(ctx, l.window(), first, asked)
	if err == nil {
		err = l.confirm(ctx, asked)
	}
	// Without bounds and status the page may be longer; then the length of this one
	// was not the page limit.
	if (isRefusal(err) || isContradiction(err)) && asked != (Query{Limit: MaxPage}) {
		_, _ = l.service.request(ctx, Query{Limit: MaxPage})
	}
	switch {
	case !l.service.isFull(first):
		return l.readPage(ctx, first, asked)
	case err == nil:
		return l.rows.add(first.rows) // the service may have shown more than is in the window
	case isCrowded(err) && !l.service.knowsForm(): // perhaps because bounds are not read
		return err
	case l.mayStandAlone(ctx, first, err):
		return l.keepOnly(first)
	case isRefusal(err) && !l.askedAgain: // new runs may have caused it
		l.askedAgain, l.service.began = true, time.Time{}
		if first, err = l.askOnce(ctx, asked); err != nil {
			return err
		}
		return l.readPage(ctx, first, asked)
	default:
		return err
	}
}

// mayStand reports whether a page is the list although looking for more has
// failed: nothing more has been seen.
func (l *list) mayStand(ctx context.Context, first response, err error) bool {
	if ctx.Err() != nil || isContradiction(err) {
		return false
	}
	shown := idsOf(first.rows)
	if unseen(l.rows.all, shown) != nil {
		return false
	}
	for id := range l.hints {
		if !shown[id] {
			return false
		}
	}

	return true
}

// mayStandAlone is mayStand for a page that may be full. Where a second of it
// keeps the rest from being read, it also asks for what is older and newer than
// all of its rows.
func (l *list) mayStandAlone(ctx context.Context, first response, err error) bool {
	window := l.window()
	times, _ := timesOf(window, first.rows)
	if len(times) > 0 && l.mayStand(ctx, first, err) {
		older, _ := window.splitAt(times[0])
		_, newer := window.splitAt(times[len(times)-1].Add(time.Second))
		for _, s := range []span{older, newer} {
			if s.isEmpty() {
				continue
			}
			page, err := l.service.request(ctx, l.query(s))
			if err == nil && checkBounds(page.rows, s) == nil {
				l.hints.add(page.rows, l.service.write(l.query(s)))
			}
		}
	}

	return l.mayStand(ctx, first, err)
}

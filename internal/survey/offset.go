package survey

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

const (
	onOffsetOf  = "Does offset work?"
	onOffsetFar = "How far does offset work?"
)

// askOffset tries offset on the longest page, and then beyond it.
func (s *survey) askOffset(ctx context.Context) {
	const limit, least = 4, 12
	base := s.longest
	if len(base.rows) < least || !s.isOrdered {
		because := fmt.Sprintf("the longest page has fewer than %d rows", least)
		if len(base.rows) >= least {
			because = "a repeated request does not give the same page"
		}
		s.report.cannotTell(because, onOffsetOf, onOffsetFar)
		return
	}
	ids := idsOf(base.rows)
	var skipped []int
	offsets := []int{limit, 7}
	for _, offset := range offsets {
		q := base.query
		q.limit, q.offset = limit, offset
		r := s.send(ctx, q)
		if r.isRefused() {
			s.report.add(onOffsetOf, proven, fmt.Sprintf("offset=%d", offset), "It is refused: %s.", r.why())
			s.report.cannotTell("it is refused", onOffsetFar)
			return
		}
		if !r.isOK() || len(r.rows) == 0 {
			because := r.why()
			if r.isOK() {
				because = fmt.Sprintf("offset=%d listed nothing", offset)
			}
			s.report.cannotTell(because, onOffsetOf, onOffsetFar)
			return
		}
		at := slices.Index(ids, r.rows[0].id)
		if at >= 0 && !slices.Equal(idsOf(r.rows), ids[at:min(len(ids), at+len(r.rows))]) {
			at = -1
		}
		skipped = append(skipped, at)
	}
	seen := fmt.Sprintf("with limit=%d, offset=%d began at row %d of the longer page and offset=%d at row %d", limit,
		offsets[0], skipped[0], offsets[1], skipped[1])
	switch {
	case skipped[0] == offsets[0] && skipped[1] == offsets[1]:
		s.report.add(onOffsetOf, proven, seen, "Yes: it skips that many rows.")
		s.askFarOffset(ctx)
		return
	case skipped[0] == 0 && skipped[1] == 0:
		s.report.add(onOffsetOf, proven, seen, "No: it has no effect.")
	case skipped[0] >= 0 && skipped[1] < 0:
		s.report.add(onOffsetOf, untold,
			fmt.Sprintf("offset=%d began at row %d, offset=%d at none of the longer page", offsets[0], skipped[0],
				offsets[1]),
			"It has an effect, but which cannot be told.")
	case skipped[0] < 0:
		s.report.add(onOffsetOf, untold, "pages that are no part of the longer page",
			"It has an effect, but which cannot be told.")
	default:
		s.report.add(onOffsetOf, observed, seen, "It skips, but not that many rows.")
	}
	s.report.cannotTell("it does not skip as many rows as it says", onOffsetFar)
}

// askFarOffset doubles the offset until it brings no new rows. The last request is for
// whether the largest offset that did was honoured, because a smaller one, which the
// service may have replaced it by, brings new rows as well.
func (s *survey) askFarOffset(ctx context.Context) {
	base := s.longest
	if s.isShort(base) {
		s.askLastOffset(ctx)
		return
	}
	shown := setOf(base.rows)
	var tried []*response // that brought new rows
	q := base.query
	var r *response // the first that did not; nil: all did
	var old int
	for q.offset = len(base.rows); s.left() > 1; q.offset *= 2 {
		page := s.send(ctx, q)
		old = len(slices.DeleteFunc(idsOf(page.rows), func(id string) bool { return !shown[id] }))
		if !page.isOK() || len(page.rows) == 0 || old > 0 {
			r = page
			break
		}
		tried = append(tried, page)
		maps.Copy(shown, setOf(page.rows))
	}
	far, below := s.confirmOffset(ctx, tried)
	switch {
	case far < 0:
		s.report.cannotTell("the pages of neighbouring offsets do not fit together", onOffsetFar)
		return
	case below > 0:
		s.report.add(onOffsetFar, proven, fmt.Sprintf("offset=%d gave the same page as offset=%d", below, below-1),
			"An offset of %d works, one of %d does not: it lists the rows of a smaller one.", far, below)
		return
	case r == nil:
		s.report.add(onOffsetFar, likely, "every larger offset gave new rows",
			"At least as far as %d; no larger one was tried.", far)
		return
	}
	seen := fmt.Sprintf("offset=%d gave %s", q.offset, plural(len(r.rows), "row"))
	switch {
	case r.isRefused():
		s.report.add(onOffsetFar, proven, seen, "An offset of %d works, one of %d is refused: %s.", far, q.offset, r.why())
	case !r.isOK():
		s.report.cannotTell(r.why(), onOffsetFar)
	case old > 0:
		s.report.add(onOffsetFar, proven, seen+fmt.Sprintf(", of which %d have been listed with a smaller offset", old),
			"An offset of %d works, one of %d does not: it lists rows again.", far, q.offset)
	case s.extra(base) > 0 && q.offset == len(base.rows), len(shown) > q.offset:
		s.report.add(onOffsetFar, proven, seen,
			"An offset of %d works, one of %d lists nothing although more executions match.", far, q.offset)
	default:
		s.report.add(onOffsetFar, untold, seen, "An offset of %d works, one of %d lists nothing. Whether the list ends "+
			"there or offset does cannot be told.", far, q.offset)
	}
}

// confirmOffset returns the largest offset that is honoured of those that brought new
// rows, and the one after it if that is replaced by a smaller one. The first is negative
// if it cannot be told.
func (s *survey) confirmOffset(ctx context.Context, tried []*response) (far, below int) {
	const small = 7 // it has been seen to work
	if len(tried) == 0 {
		return small, 0
	}
	last := tried[len(tried)-1]
	q := last.query
	q.offset--
	page := s.send(ctx, q)
	if !page.isOK() || len(page.rows) < 2 {
		return -1, 0
	}
	switch ids, next := idsOf(page.rows), idsOf(last.rows); {
	case slices.Equal(ids[1:], next[:min(len(ids)-1, len(next))]):
		return last.query.offset, 0
	case !slices.Equal(ids, next):
		return -1, 0
	case len(tried) == 1:
		return small, last.query.offset
	default:
		return tried[len(tried)-2].query.offset, last.query.offset
	}
}

// askLastOffset asks for the last two rows of a list that a page holds.
func (s *survey) askLastOffset(ctx context.Context) {
	n := len(s.longest.rows)
	q := s.longest.query
	q.offset = n - 2
	r := s.send(ctx, q)
	seen := fmt.Sprintf("offset=%d gave %s, in a list of %d", n-2, plural(len(r.rows), "row"), n)
	switch {
	case r.isRefused():
		s.report.add(onOffsetFar, proven, seen, "An offset of 7 works, one of %d is refused: %s.", n-2, r.why())
	case !r.isOK():
		s.report.cannotTell(r.why(), onOffsetFar)
	case slices.Equal(idsOf(r.rows), idsOf(s.longest.rows[n-2:])):
		s.report.add(onOffsetFar, untold, seen,
			"As far as the list goes: an offset of %d lists its last two rows. Whether a larger one would "+
				"work cannot be told.", n-2)
	default:
		s.report.add(onOffsetFar, proven, seen,
			"An offset of 7 works, one of %d does not list the last two rows.", n-2)
	}
}

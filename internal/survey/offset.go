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

// The offsets that are tried first, with a limit.
const (
	firstOffset, secondOffset = 4, 7
	offsetLimit               = 4
)

// askOffset tries offset on the longest page, and then beyond it.
func (s *survey) askOffset(ctx context.Context) string {
	const least = 12
	switch {
	case len(s.longest.rows) < least:
		return fmt.Sprintf("the longest page has fewer than %d rows", least)
	case !s.isOrdered:
		return "a repeated request does not give the same page"
	}
	ids := idsOf(s.longest.rows)
	var at [2]int // where on the longest page the page with an offset is; negative: nowhere
	for i, offset := range []int{firstOffset, secondOffset} {
		r := s.askLongest(ctx, func(q *query) { q.limit, q.offset = offsetLimit, offset })
		switch {
		case r.isRefused():
			s.answer(onOffsetOf, proven.by(fmt.Sprintf("offset=%d", offset), "It is refused: %s.", r.why()))
			return "it is refused"
		case !r.isOK():
			return r.why()
		case len(r.rows) == 0:
			return fmt.Sprintf("offset=%d listed nothing", offset)
		}
		at[i] = slices.Index(ids, r.rows[0].id)
		if at[i] >= 0 && !slices.Equal(idsOf(r.rows), ids[at[i]:min(len(ids), at[i]+len(r.rows))]) {
			at[i] = -1
		}
	}
	s.answer(onOffsetOf, effectOf(at))
	if at != [2]int{firstOffset, secondOffset} {
		return "it does not skip as many rows as it says"
	}
	if s.isShort(s.longest) {
		s.answer(onOffsetFar, s.lastOffset(ctx))
	} else {
		s.answer(onOffsetFar, s.farOffset(ctx))
	}

	return ""
}

// effectOf says what the offsets did that were tried first.
func effectOf(at [2]int) answer {
	const hasEffect = "It has an effect, but which cannot be told."
	seen := fmt.Sprintf("with limit=%d, offset=%d began at row %d of the longer page and offset=%d at row %d", offsetLimit,
		firstOffset, at[0], secondOffset, at[1])
	switch {
	case at == [2]int{firstOffset, secondOffset}:
		return proven.by(seen, "Yes: it skips that many rows.")
	case at == [2]int{}:
		return proven.by(seen, "No: it has no effect.")
	case at[0] < 0:
		return untold.by("pages that are no part of the longer page", hasEffect)
	case at[1] < 0:
		return untold.by(fmt.Sprintf("offset=%d began at row %d, offset=%d at none of the longer page",
			firstOffset, at[0], secondOffset), hasEffect)
	default:
		return observed.by(seen, "It skips, but not that many rows.")
	}
}

// farOffset doubles the offset until it brings no new rows. The last request is
// for whether the largest offset that did was honoured, because a smaller one,
// which the service may have replaced it by, brings new rows as well.
func (s *survey) farOffset(ctx context.Context) answer {
	base := s.longest
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
		return cannotTell("the pages of neighbouring offsets do not fit together")
	case below > 0:
		return proven.by(fmt.Sprintf("offset=%d gave the same page as offset=%d", below, below-1),
			"An offset of %d works, one of %d does not: it lists the rows of a smaller one.", far, below)
	case r == nil:
		return likely.by("every larger offset gave new rows", "At least as far as %d; no larger one was tried.", far)
	}
	seen := fmt.Sprintf("offset=%d gave %s", q.offset, plural(len(r.rows), "row"))
	works := fmt.Sprintf("An offset of %d works, one of %d ", far, q.offset)
	switch {
	case r.isRefused():
		return proven.by(seen, "%sis refused: %s.", works, r.why())
	case !r.isOK():
		return cannotTell(r.why())
	case old > 0:
		seen += fmt.Sprintf(", of which %d have been listed with a smaller offset", old)
		return proven.by(seen, "%sdoes not: it lists rows again.", works)
	case s.extra(base) > 0 && q.offset == len(base.rows), len(shown) > q.offset:
		return proven.by(seen, "%slists nothing although more executions match.", works)
	default:
		return untold.by(seen, "%slists nothing. Whether the list ends there or offset does cannot be told.", works)
	}
}

// confirmOffset returns the largest offset that is honoured of those that brought
// new rows, and the one after it if that is replaced by a smaller one. The first
// is negative if it cannot be told.
func (s *survey) confirmOffset(ctx context.Context, tried []*response) (far, below int) {
	if len(tried) == 0 {
		return secondOffset, 0
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
		return secondOffset, last.query.offset
	default:
		return tried[len(tried)-2].query.offset, last.query.offset
	}
}

// lastOffset asks for the last two rows of a list that a page holds.
func (s *survey) lastOffset(ctx context.Context) answer {
	n := len(s.longest.rows)
	r := s.askLongest(ctx, func(q *query) { q.offset = n - 2 })
	seen := fmt.Sprintf("offset=%d gave %s, in a list of %d", n-2, plural(len(r.rows), "row"), n)
	switch {
	case r.isRefused():
		return proven.by(seen, "An offset of %d works, one of %d is refused: %s.", secondOffset, n-2, r.why())
	case !r.isOK():
		return cannotTell(r.why())
	case slices.Equal(idsOf(r.rows), idsOf(s.longest.rows[n-2:])):
		return untold.by(seen, "As far as the list goes: an offset of %d lists its last two rows. Whether a larger one "+
			"would work cannot be told.", n-2)
	default:
		return proven.by(seen, "An offset of %d works, one of %d does not list the last two rows.", secondOffset, n-2)
	}
}

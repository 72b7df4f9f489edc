package survey

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// The questions about limit.
const (
	onPageLimit    = "How many rows does a page have at most?"
	onDefaultLimit = "How many rows does a page have without limit?"
	onZeroLimit    = "What does limit=0 do?"
	onSmallLimit   = "Is a small limit honoured, and which rows does it show?"
)

// smallLimit is the limit that is tried.
const smallLimit = 3

// beyond is a limit larger than the documented one.
const beyond = 500

// askLimits tries limits on the longest list that is known.
func (s *survey) askLimits(ctx context.Context) string {
	s.longest = s.baseline
	if s.bounds != nil {
		wide := s.send(ctx, s.between(s.began.Add(-30*day), s.began))
		if wide.isOK() && len(wide.rows) >= len(s.baseline.rows) {
			s.longest = wide
		}
	}
	if len(s.longest.rows) == 0 {
		return "no execution was listed"
	}
	large, without, small := s.askLimit(ctx, beyond), s.askLimit(ctx, noLimit), s.askLimit(ctx, smallLimit)
	zero := s.askLongest(ctx, func(q *query) { q.limit, q.other = noLimit, url.Values{"limit": {"0"}} })
	s.lookForMore(ctx)
	var fewer, more *response // with a limit that is smaller and larger by one than the longest page is long
	if n := len(s.longest.rows); s.extra(s.longest) > 0 && n > smallLimit+1 && n <= executions.MaxPage+1 {
		fewer = s.askLimit(ctx, n-1)
		if n < executions.MaxPage {
			more = s.askLimit(ctx, n+1)
		}
	}
	s.answer(onPageLimit, s.mostRows(large, fewer, more))
	s.isLimitTried = s.pageLimit > 0 || s.extra(s.longest) == 0 && s.isWhole()
	s.answer(onDefaultLimit, s.rowsWithoutLimit(without))
	s.answer(onZeroLimit, rowsWithZero(zero, without))
	s.answer(onSmallLimit, s.rowsWithSmall(small))

	return ""
}

// askLongest asks for the longest list that is known, in another way.
func (s *survey) askLongest(ctx context.Context, change func(*query)) *response {
	q := s.longest.query
	change(&q)

	return s.send(ctx, q)
}

func (s *survey) askLimit(ctx context.Context, limit int) *response {
	return s.askLongest(ctx, func(q *query) { q.limit = limit })
}

// lookForMore asks for rows that the longest page should have shown, if it were
// not cut off: what follows it, and those of its most common status.
func (s *survey) lookForMore(ctx context.Context) {
	n := len(s.longest.rows)
	s.askLongest(ctx, func(q *query) { q.offset = n - 1 })
	if s.extra(s.longest) > 0 || n < 5 {
		return
	}
	if statuses := rareStatuses(s.longest.rows); len(statuses) > 0 {
		s.askLongest(ctx, func(q *query) { q.status = statuses[len(statuses)-1] })
	}
}

// isWhole reports whether a request that would show more than the longest page, if
// there was more, did not: one for the last row and what follows, or one with a
// filter that works.
func (s *survey) isWhole() bool {
	n := len(s.longest.rows)
	for _, r := range s.responses {
		q := r.query
		isSame := q.start.Equal(s.longest.query.start) && q.end.Equal(s.longest.query.end) && !hasBounds(q.other)
		isFiltered := q.status != "" && len(r.rows) > 0 && len(r.rows) < n &&
			!slices.ContainsFunc(r.rows, func(row *row) bool { return !equalFold(row.status, q.status) })
		if r.isOK() && isSame && (q.offset == n-1 && n > 1 && len(r.rows) == 1 || isFiltered) {
			return true
		}
	}

	return n < 10
}

// extra is how many settled executions other responses show for the same bounds.
func (s *survey) extra(r *response) int {
	shown, n := setOf(r.rows), 0
	for _, other := range s.responses {
		if !other.query.start.Equal(r.query.start) || !other.query.end.Equal(r.query.end) ||
			other.query.form != r.query.form || hasBounds(other.query.other) {
			continue
		}
		for _, row := range other.rows {
			if !shown[row.id] && row.isSettled(s.began.Add(-time.Hour)) {
				shown[row.id] = true
				n++
			}
		}
	}
	// Without bounds the window moves, and a few of the oldest leave it.
	if !r.query.isBounded() && n < 3 {
		return 0
	}

	return n
}

func hasBounds(v url.Values) bool { return v.Has("start_time") || v.Has("end_time") }

// mostRows answers from the page with a larger limit, and from those with limits
// that are smaller and larger by one than the page is long; nil: not tried.
func (s *survey) mostRows(large, fewer, more *response) answer {
	const most = executions.MaxPage
	n, extra, longest := len(s.longest.rows), s.extra(s.longest), s.longestPage()
	seen := fmt.Sprintf("limit=%d gave %s, limit=%d ", most, plural(n, "row"), beyond)
	if large.isOK() {
		seen += "gave " + plural(len(large.rows), "row")
	} else {
		seen += "gave no list (" + large.why() + ")"
	}
	if extra > 0 {
		seen += fmt.Sprintf("; for the same bounds at least %s more were listed by other requests",
			plural(extra, "execution"))
	}
	switch {
	case s.isLimitRefused:
		return proven.by("one request with limit=200, one without limit",
			"Fewer than %d: a limit of %d is refused. Without limit a page has %s.", most, most, plural(n, "row"))
	case fewer != nil && fewer.isOK() && len(fewer.rows) < fewer.query.limit:
		s.report.incomplete("A page has fewer rows than its limit although more executions match: rows are left out of " +
			"pages.")
		return untold.by(seen, "Cannot be told: limit=%d gave %s although more executions match.",
			fewer.query.limit, plural(len(fewer.rows), "row"))
	case large.isOK() && len(large.rows) > max(n, most):
		return proven.by(seen, "More than %d: limit=%d gives %s.", most, beyond, plural(len(large.rows), "row"))
	case n > most:
		return proven.by(seen, "More than the limit that is sent: limit=%d gives %d rows.", most, n)
	case extra > 0 && n == most && !large.isOK():
		return likely.by(seen, "At least %d rows. A limit of %d gives no list.", n, beyond)
	case extra > 0 && more != nil && len(more.rows) > n:
		return untold.by(seen, "Cannot be told: limit=%d gives %s, more than limit=%d.",
			n+1, plural(len(more.rows), "row"), most)
	case extra > 0 && large.isOK() && len(large.rows) == n && longest == n:
		s.pageLimit = n
		return proven.by(seen, "%s.", plural(n, "row"))
	case extra > 0:
		return untold.by(seen, "Cannot be told: pages that lack executions differ in length; the longest has %s.",
			plural(longest, "row"))
	default:
		return untold.by(seen, "At least %s. More cannot be told, because nothing shows that more executions match.",
			plural(max(n, len(large.rows)), "row"))
	}
}

// longestPage is the length of the longest page to any request with a limit of
// 200 or more.
func (s *survey) longestPage() int {
	n := 0
	for _, r := range s.responses {
		if r.query.limit <= 0 || r.query.limit >= executions.MaxPage {
			n = max(n, len(r.rows))
		}
	}

	return n
}

func (s *survey) rowsWithoutLimit(r *response) answer {
	n, rows := len(s.longest.rows), plural(len(r.rows), "row")
	seen := fmt.Sprintf("without limit %s came, with limit=%d %s", rows, executions.MaxPage, plural(n, "row"))
	isUnknown := func(row *row) bool { return s.known[row.id] == nil }
	switch {
	case !r.isOK():
		return cannotTell(r.why())
	case len(r.rows) < n-1 && !slices.ContainsFunc(r.rows, isUnknown):
		return proven.by(seen, "%s.", rows)
	case len(r.rows) > n && s.hasMore(r):
		return proven.by(seen, "More than with limit=%d: %s or more.", executions.MaxPage, rows)
	case s.pageLimit > 0 && len(r.rows) == s.pageLimit:
		return proven.by(seen, "%s, as many as a page has at most.", rows)
	default:
		return untold.by(seen, "At least %s. More cannot be told, because the list is not longer.", rows)
	}
}

// hasMore reports whether a page shows old executions that the longest one does
// not.
func (s *survey) hasMore(r *response) bool {
	shown := setOf(s.longest.rows)

	return slices.ContainsFunc(s.settledOf(r.rows), func(row *row) bool { return !shown[row.id] })
}

func rowsWithZero(zero, without *response) answer {
	const seen = "one request with limit=0"
	switch {
	case !zero.isOK():
		return zero.refused(seen)
	case len(zero.rows) == 0:
		return proven.by(seen, "Nothing is listed.")
	case without.isOK() && len(without.rows) == len(zero.rows):
		return observed.by(seen, "%s came, as many as without limit.", plural(len(zero.rows), "row"))
	default:
		return observed.by(seen, "%s came.", plural(len(zero.rows), "row"))
	}
}

func (s *survey) rowsWithSmall(r *response) answer {
	n := len(s.longest.rows)
	seen := fmt.Sprintf("limit=%d gave %s", smallLimit, plural(len(r.rows), "row"))
	switch {
	case !r.isOK():
		return cannotTell(r.why())
	case n <= smallLimit:
		return cannotTell("the list has no more than " + plural(n, "row"))
	case len(r.rows) != smallLimit:
		return proven.by(seen, "It is not honoured: %s came.", plural(len(r.rows), "row"))
	case slices.Equal(idsOf(r.rows), idsOf(s.longest.rows[:smallLimit])):
		return proven.by(seen, "It is honoured, and shows the first rows of the longer page.")
	case len(s.settledOf(r.rows)) < len(r.rows):
		return cannotTell("it shows other rows, but executions have begun or changed meanwhile")
	default:
		return proven.by(seen, "It is honoured, but shows other rows than those that are first on the longer page.")
	}
}

// rareStatuses are the documented statuses of rows that do not run, the rarest
// first.
func rareStatuses(rows []*row) []string {
	count := map[string]int{}
	for _, r := range rows {
		count[strings.ToLower(r.status)]++
	}
	statuses := slices.Clone(finalStatuses)
	slices.SortStableFunc(statuses, func(a, b string) int { return count[b] - count[a] })
	slices.Reverse(statuses)

	return slices.DeleteFunc(statuses, func(status string) bool { return count[status] == 0 })
}

package survey

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

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
func (s *survey) askLimits(ctx context.Context) {
	s.longest = s.baseline
	if s.bounds != nil {
		wide := s.send(ctx, s.between(s.began.Add(-30*day), s.began))
		if wide.isOK() && len(wide.rows) >= len(s.baseline.rows) {
			s.longest = wide
		}
	}
	if len(s.longest.rows) == 0 {
		s.report.cannotTell("no execution was listed", onPageLimit, onDefaultLimit, onZeroLimit, onSmallLimit)
		return
	}
	var pages [3]*response
	for i, limit := range []int{beyond, noLimit, smallLimit} {
		q := s.longest.query
		q.limit = limit
		pages[i] = s.send(ctx, q)
	}
	q := s.longest.query
	q.limit, q.other = noLimit, url.Values{"limit": {"0"}}
	zero := s.send(ctx, q)
	s.lookForMore(ctx)
	var near [2]*response // with a limit that is smaller and larger by one than the longest page is long
	if n := len(s.longest.rows); s.extra(s.longest) > 0 && n > smallLimit+1 {
		for i, limit := range []int{n - 1, n + 1} {
			if limit > executions.MaxPage {
				break
			}
			q := s.longest.query
			q.limit = limit
			near[i] = s.send(ctx, q)
		}
	}
	s.answerPageLimit(pages[0], near[0], near[1])
	s.isLimitTried = s.pageLimit > 0 || s.extra(s.longest) == 0 && s.isWhole()
	s.answerDefaultLimit(pages[1])
	s.answerZeroLimit(zero, pages[1])
	s.answerSmallLimit(pages[2])
}

// lookForMore asks for rows that the longest page should have shown, if it were
// not cut off: what follows it, and those of its most common status.
func (s *survey) lookForMore(ctx context.Context) {
	n := len(s.longest.rows)
	q := s.longest.query
	q.offset = n - 1
	s.send(ctx, q)
	if s.extra(s.longest) > 0 || n < 5 {
		return
	}
	if statuses := commonStatuses(s.longest.rows); len(statuses) > 0 {
		q := s.longest.query
		q.status = statuses[0]
		s.send(ctx, q)
	}
}

// isWhole reports whether a request that would show more than the longest page, if
// there was more, did not: one for the last row and what follows, or one with a filter that
// works.
func (s *survey) isWhole() bool {
	n := len(s.longest.rows)
	for _, r := range s.responses {
		q := r.query
		isSame := q.start.Equal(s.longest.query.start) && q.end.Equal(s.longest.query.end) && !hasBounds(q.other)
		isFiltered := q.status != "" && len(r.rows) > 0 && len(r.rows) < n &&
			!slices.ContainsFunc(r.rows, func(row row) bool { return !equalFold(row.status, q.status) })
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
		for i := range other.rows {
			if row := &other.rows[i]; !shown[row.id] && row.isSettled(s.began.Add(-day/24)) {
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

// answerPageLimit answers from the page with a larger limit, and from those with limits
// that are smaller and larger by one than the page is long; nil: not tried.
func (s *survey) answerPageLimit(large, fewer, more *response) {
	n := len(s.longest.rows)
	extra := s.extra(s.longest)
	seen := fmt.Sprintf("limit=%d gave %s, limit=%d ", executions.MaxPage, plural(n, "row"), beyond)
	if large.isOK() {
		seen += "gave " + plural(len(large.rows), "row")
	} else {
		seen += "gave no list (" + large.why() + ")"
	}
	if extra > 0 {
		seen += fmt.Sprintf("; for the same bounds at least %s more were listed by other requests", plural(extra,
			"execution"))
	}
	switch {
	case s.isLimitRefused:
		s.report.add(onPageLimit, proven, "one request with limit=200, one without limit",
			"Fewer than %d: a limit of %d is refused. Without limit a page has %s.", executions.MaxPage, executions.MaxPage,
			plural(n, "row"))
	case fewer != nil && fewer.isOK() && len(fewer.rows) < fewer.query.limit:
		s.report.add(onPageLimit, untold, seen, "Cannot be told: limit=%d gave %s although more executions match.",
			fewer.query.limit,
			plural(len(fewer.rows), "row"))
		s.report.incomplete("A page has fewer rows than its limit although more executions match: rows are left out of " +
			"pages.")
	case large.isOK() && len(large.rows) > max(n, executions.MaxPage):
		s.report.add(onPageLimit, proven, seen, "More than %d: limit=%d gives %s.", executions.MaxPage, beyond,
			plural(len(large.rows), "row"))
	case n > executions.MaxPage:
		s.report.add(onPageLimit, proven, seen, "More than the limit that is sent: limit=%d gives %d rows.",
			executions.MaxPage, n)
	case extra > 0 && n == executions.MaxPage && !large.isOK():
		s.report.add(onPageLimit, likely, seen, "At least %d rows. A limit of %d gives no list.", n, beyond)
	case extra > 0 && more != nil && len(more.rows) > n:
		s.report.add(onPageLimit, untold, seen, "Cannot be told: limit=%d gives %s, more than limit=%d.", n+1,
			plural(len(more.rows), "row"), executions.MaxPage)
	case extra > 0 && large.isOK() && len(large.rows) == n && s.longestPage() == n:
		s.pageLimit = n
		s.report.add(onPageLimit, proven, seen, "%s.", plural(n, "row"))
	case extra > 0:
		s.report.add(onPageLimit, untold, seen,
			"Cannot be told: pages that lack executions differ in length; the longest has %s.",
			plural(s.longestPage(), "row"))
	default:
		s.report.add(onPageLimit, untold, seen,
			"At least %s. More cannot be told, because nothing shows that more executions match.",
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

func (s *survey) answerDefaultLimit(r *response) {
	n := len(s.longest.rows)
	seen := fmt.Sprintf("without limit %s came, with limit=%d %s", plural(len(r.rows), "row"), executions.MaxPage,
		plural(n, "row"))
	switch {
	case !r.isOK():
		s.report.cannotTell(r.why(), onDefaultLimit)
	case len(r.rows) < n && isSubset(r.rows, s.known) && n-len(r.rows) > 1:
		s.report.add(onDefaultLimit, proven, seen, "%s.", plural(len(r.rows), "row"))
	case len(r.rows) > n && s.hasMore(r):
		s.report.add(onDefaultLimit, proven, seen, "More than with limit=%d: %s or more.", executions.MaxPage,
			plural(len(r.rows), "row"))
	case s.pageLimit > 0 && len(r.rows) == s.pageLimit:
		s.report.add(onDefaultLimit, proven, seen, "%s, as many as a page has at most.", plural(s.pageLimit, "row"))
	default:
		s.report.add(onDefaultLimit, untold, seen, "At least %s. More cannot be told, because the list is not longer.",
			plural(len(r.rows), "row"))
	}
}

// hasMore reports whether a page shows old executions that the longest one does not.
func (s *survey) hasMore(r *response) bool {
	shown := setOf(s.longest.rows)

	return slices.ContainsFunc(s.settledOf(r.rows), func(row row) bool { return !shown[row.id] })
}

func isSubset(rows []row, known map[string]*row) bool {
	return !slices.ContainsFunc(rows, func(r row) bool { return known[r.id] == nil })
}

func (s *survey) answerZeroLimit(zero, without *response) {
	seen := "one request with limit=0"
	switch {
	case s.answerFailed(onZeroLimit, seen, zero):
	case len(zero.rows) == 0:
		s.report.add(onZeroLimit, proven, seen, "Nothing is listed.")
	case without.isOK() && len(without.rows) == len(zero.rows):
		s.report.add(onZeroLimit, observed, seen, "%s came, as many as without limit.", plural(len(zero.rows), "row"))
	default:
		s.report.add(onZeroLimit, observed, seen, "%s came.", plural(len(zero.rows), "row"))
	}
}

func (s *survey) answerSmallLimit(r *response) {
	n := len(s.longest.rows)
	seen := fmt.Sprintf("limit=%d gave %s", smallLimit, plural(len(r.rows), "row"))
	switch {
	case !r.isOK():
		s.report.cannotTell(r.why(), onSmallLimit)
	case n <= smallLimit:
		s.report.cannotTell("the list has no more than "+plural(n, "row"), onSmallLimit)
	case len(r.rows) != smallLimit:
		s.report.add(onSmallLimit, proven, seen, "It is not honoured: %s came.", plural(len(r.rows), "row"))
	case slices.Equal(idsOf(r.rows), idsOf(s.longest.rows[:smallLimit])):
		s.report.add(onSmallLimit, proven, seen, "It is honoured, and shows the first rows of the longer page.")
	case len(s.settledOf(r.rows)) < len(r.rows):
		s.report.cannotTell("it shows other rows, but executions have begun or changed meanwhile", onSmallLimit)
	default:
		s.report.add(onSmallLimit, proven, seen,
			"It is honoured, but shows other rows than those that are first on the longer page.")
	}
}

// commonStatuses are the documented statuses of rows, the most common first.
func commonStatuses(rows []row) []string {
	count := map[string]int{}
	for i := range rows {
		if status := strings.ToLower(rows[i].status); slices.Contains(finalStatuses, status) {
			count[status]++
		}
	}
	statuses := make([]string, 0, len(count))
	for _, status := range finalStatuses {
		if count[status] > 0 {
			statuses = append(statuses, status)
		}
	}
	slices.SortStableFunc(statuses, func(a, b string) int { return count[b] - count[a] })

	return statuses
}

// rareStatuses are the same, the rarest first.
func rareStatuses(rows []row) []string {
	statuses := commonStatuses(rows)
	slices.Reverse(statuses)

	return statuses
}

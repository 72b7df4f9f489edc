package survey

import (
	"context"
	"slices"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// checkPromises compares what has been seen with what the method of complete
// lists relies on (package executions).
func (s *survey) checkPromises(context.Context) string {
	if why, isRefused := strings.CutPrefix(s.report.answers[onMethod].text, "No: it "); isRefused {
		s.report.surprise("The provider cannot read a list completely: it %s The promise holds that a list is right or "+
			"refused, but lists with bounds or of more than a page may not be read.", why)
	}
	switch {
	case s.bounds != nil:
		s.checkBounds()
	case len(s.pivots()) > 0:
		s.report.surprise("No form of bounds was seen to work, so that lists of more than a page are read by " +
			"offset or refused.")
	}
	if s.pageLimit > 0 && s.pageLimit < executions.MaxPage {
		if slices.Contains([]int{10, 20, 50, 100}, s.pageLimit) {
			s.report.surprise("A page has %d rows at most, less than documented. The method expects such a limit, and "+
				"reads such lists with more requests.", s.pageLimit)
		} else {
			s.report.incomplete("A page has %d rows at most, a limit that the method does not look for.", s.pageLimit)
		}
	}
	if s.isLimitRefused {
		s.report.surprise("A limit of %d, which is documented, is refused, so that no list can be read.", executions.MaxPage)
	}
	s.checkRows()
	s.checkShortPages()

	return ""
}

// checkBounds looks for ways to read bounds that the method does not expect.
func (s *survey) checkBounds() {
	left, t := s.bounds.left, s.theory
	switch {
	case t.zone == 0 || !isOne(left, theory.zoneText):
	case t.zone == chinaTime:
		s.report.surprise("Bounds are not read in UTC but in %s, which the method expects: it reads such lists with a few "+
			"more requests.", t.zoneText())
	default:
		s.report.surprise("Bounds are not read in UTC but in %s, so that lists with bounds are refused or read in the "+
			"other form.", t.zoneText())
	}
	if t.precision > time.Second && isOne(left, theory.precisionText) {
		s.report.surprise("Bounds are rounded to %s, but tiles overlap by a second. The promise that a list is complete "+
			"may be touched.", t.precision)
	}
	isExpected := t.start == t.end || t.start == end && t.end == begin
	if !isExpected && isOne(left, theory.fieldText) {
		s.report.surprise("Bounds are compared in a way that the method does not expect. The promise that a list is " +
			"complete may be touched.")
	}
}

func isOne(theories []theory, text func(theory) string) bool {
	return len(alternatives(theories, text)) == 1
}

// checkRows looks for rows that the method refuses.
func (s *survey) checkRows() {
	var nameless, strangers, untimed, twice bool
	for _, r := range s.responses {
		seen := map[string]bool{}
		for _, row := range r.rows {
			nameless = nameless || row.id == ""
			strangers = strangers || row.workflow != "" && row.workflow != s.workflow
			untimed = untimed || row.times[begin].IsZero()
			twice = twice || row.id != "" && seen[row.id]
			seen[row.id] = true
		}
	}
	const right = " The promise that a list is right or refused holds by a refusal."
	for _, check := range []struct {
		found bool
		text  string
	}{
		{nameless, "Rows without an execution_id were listed: lists of more than a page with them are refused." + right},
		{strangers, "Rows with another workflow_id were listed: lists with them are refused." + right},
		{untimed, "Rows without a begin_time that can be read were listed: under a limit, lists of more than a " +
			"page with them are refused." + right},
		{twice, "A page listed an execution twice. The provider keeps the later version."},
	} {
		if check.found {
			s.report.surprise("%s", check.text)
		}
	}
}

// checkShortPages looks for executions that a page that is not full should have
// shown, by the bounds of its request and whichever field these are compared with.
func (s *survey) checkShortPages() {
	if s.bounds == nil || !isOne(s.bounds.left, theory.zoneText) || !isOne(s.bounds.left, theory.precisionText) {
		return
	}
	for _, r := range s.responses {
		q := r.query
		isComparable := r.isOK() && q.isBounded() && q.form == s.bounds.form && q.offset == 0 && q.limit != smallLimit &&
			q.end.Sub(q.start) <= time.Hour
		if !isComparable || !s.isShort(r) {
			continue
		}
		shown := setOf(r.rows)
		from, to := q.start.Add(-s.theory.zone+s.theory.precision), q.end.Add(-s.theory.zone-s.theory.precision)
		for _, row := range s.settled() {
			isAsked := q.status == "" || equalFold(row.status, q.status)
			if isAsked && row.first().After(from) && row.last().Before(to) && !shown[row.id] {
				s.report.incomplete("A page with fewer rows than its limit lacked an execution that lies between its bounds.")
				return
			}
		}
	}
}

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
func (s *survey) checkPromises(context.Context) {
	const complete = "The promise that a list is complete "
	if method := s.report.find(onMethod); strings.HasPrefix(method.text, "No:") {
		s.report.surprise("The provider cannot read a list completely: it %s The promise holds that a list is "+
			"right or refused, "+
			"but lists with bounds or of more than a page may not be read.", strings.TrimPrefix(method.text, "No: it "))
	}
	switch {
	case s.bounds == nil && len(s.pivots()) > 0:
		s.report.surprise("No form of bounds was seen to work, so that lists of more than a page are read by " +
			"offset or refused.")
	case s.bounds == nil:
	case s.theory.zone != 0 && isOne(s.bounds.left, func(t theory) time.Duration { return t.zone }):
		consequence := "so that lists with bounds are refused or read in the other form"
		if s.theory.zone == chinaTime {
			consequence = "which the method expects: it reads such lists with a few more requests"
		}
		s.report.surprise("Bounds are not read in UTC but in %s, %s.", zoneText(s.theory.zone), consequence)
	}
	if s.bounds != nil {
		if s.theory.precision > time.Second &&
			isOne(s.bounds.left, func(t theory) time.Duration { return t.precision }) {
			s.report.surprise("Bounds are rounded to %s, but tiles overlap by a second. %smay be touched.",
				s.theory.precision, complete)
		}
		if isOne(s.bounds.left, theory.fieldText) && !s.isFieldExpected() {
			s.report.surprise("Bounds are compared in a way that the method does not expect. %smay be touched.",
				complete)
		}
	}
	if s.pageLimit > 0 && s.pageLimit < executions.MaxPage && !slices.Contains([]int{10, 20, 50, 100}, s.pageLimit) {
		s.report.surprise("A page has %d rows at most, a limit that the method does not look for. %sis touched.",
			s.pageLimit, complete)
	} else if s.pageLimit > 0 && s.pageLimit < executions.MaxPage {
		s.report.surprise("A page has %d rows at most, less than documented. The method expects such a limit, and "+
			"reads such lists with more "+
			"requests.", s.pageLimit)
	}
	if s.isLimitRefused {
		s.report.surprise("A limit of %d, which is documented, is refused, so that no list can be read.", executions.MaxPage)
	}
	s.checkRows()
	s.checkShortPages(complete)
}

// isFieldExpected reports whether the method knows the way in which bounds are compared.
func (s *survey) isFieldExpected() bool {
	return s.theory.start == s.theory.end || s.theory.start == end && s.theory.end == begin
}

func isOne[T comparable](theories []theory, of func(theory) T) bool {
	return !slices.ContainsFunc(theories, func(t theory) bool { return of(t) != of(theories[0]) })
}

// checkRows looks for rows that the method refuses.
func (s *survey) checkRows() {
	var nameless, strangers, untimed, twice bool
	for _, r := range s.responses {
		seen := map[string]bool{}
		for i := range r.rows {
			row := &r.rows[i]
			nameless = nameless || row.id == ""
			strangers = strangers || row.workflow != "" && row.workflow != s.workflow
			untimed = untimed || row.times[begin].IsZero()
			twice = twice || row.id != "" && seen[row.id]
			seen[row.id] = true
		}
	}
	const right = "The promise that a list is right or refused holds by a refusal."
	for _, check := range []struct {
		found bool
		text  string
	}{
		{nameless, "Rows without an execution_id were listed: lists of more than a page with them are refused. " +
			right},
		{strangers, "Rows with another workflow_id were listed: lists with them are refused. " + right},
		{untimed, "Rows without a begin_time that can be read were listed: under a limit, lists of more than a " +
			"page with them are refused. " + right},
		{twice, "A page listed an execution twice. The provider keeps the later version."},
	} {
		if check.found {
			s.report.surprise("%s", check.text)
		}
	}
}

// checkShortPages looks for executions that a page that is not full should have
// shown, by the bounds of its request and whichever field these are compared with.
func (s *survey) checkShortPages(complete string) {
	if s.bounds == nil || !isOne(s.bounds.left, func(t theory) theory {
		return theory{zone: t.zone,
			precision: t.precision}
	}) {
		return
	}
	for _, r := range s.responses {
		q := r.query
		if !r.isOK() || !q.isBounded() || q.form != s.bounds.form || q.offset > 0 || q.limit == smallLimit ||
			!s.isShort(r) ||
			q.end.Sub(q.start) > time.Hour || hasBounds(q.other) {
			continue
		}
		shown := setOf(r.rows)
		from, to := q.start.Add(-s.theory.zone+s.theory.precision), q.end.Add(-s.theory.zone-s.theory.precision)
		for _, row := range s.settled() {
			isAsked := q.status == "" || equalFold(row.status, q.status)
			if isAsked && row.first().After(from) && row.last().Before(to) && !shown[row.id] {
				s.report.surprise("A page with fewer rows than its limit lacked an execution that lies between its "+
					"bounds. %sis touched.", complete)
				return
			}
		}
	}
}

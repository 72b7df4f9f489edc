package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

const (
	onTotal  = "Does the total of executions-history agree with the complete list?"
	onMethod = "Can the provider read a complete list?"
)

const historyPage = 100

// askHistory reads a window completely, as the provider does, and compares it
// with executions-history.
func (s *survey) askHistory(ctx context.Context) {
	var opts functiongraph.ListWorkflowExecutionsOptions
	q := query{history: true, limit: historyPage}
	if rows := s.settled(); s.bounds != nil && len(rows) > 0 {
		opts.Start = rows[min(60, len(rows))-1].first().Truncate(time.Second)
		opts.End = s.began.Add(-time.Minute).Truncate(time.Second)
		q.start, q.end, q.form = s.written(opts.Start), s.written(opts.End), s.bounds.form
	}
	history := s.askHistoryPages(ctx, q)
	if s.err != nil {
		return
	}
	before := s.transport.count
	limited, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	complete, err := s.client.AllWorkflowExecutions(limited, s.workflow, opts)
	used := s.transport.count - before
	switch {
	case ctx.Err() != nil:
		s.err = ctx.Err()
		return
	case errors.Is(err, errSpent):
		s.report.cannotTell(fmt.Sprintf("it needed more than the %s that were set aside for it",
			plural(used, "request")), onMethod)
		s.report.cannotTell("the complete list was not read", onTotal)
		return
	case err != nil:
		s.report.add(onMethod, proven, plural(used, "request"), "No: it %s.", refusalOf(err))
		s.report.cannotTell("the complete list was not read", onTotal)
		return
	}
	listed := map[string]bool{}
	for i := range complete {
		listed[complete[i].ExecutionID] = true
	}
	missed := s.missed(listed, opts)
	if missed > 0 {
		s.report.add(onMethod, proven, plural(used, "request"), "Not completely: it read %s, but %d that other responses "+
			"show in the same window are missing.", plural(len(complete), "execution"), missed)
		s.report.incomplete("The provider reads a list without an error that is not complete.")
	} else {
		s.report.add(onMethod, proven, plural(used, "request"), "Yes: it read %s.", plural(len(complete), "execution"))
	}
	if history.failed != nil || history.spent || history.total == nil {
		because := "the response has no total"
		if !history.isOK() {
			because = "executions-history cannot be read: " + history.why()
		}
		s.report.cannotTell(because, onTotal)
		return
	}

	s.compareHistory(ctx, q, history, listed, missed)
}

func refusalOf(err error) string {
	if _, ok := errors.AsType[*functiongraph.ListingError](err); ok {
		return "refuses the list, because responses contradict each other or their bounds"
	}

	if failed, ok := errors.AsType[*client.APIError](err); ok {
		return "failed, because " + (&response{failed: failed}).why()
	}

	return "failed"
}

// missed is how many known executions of a window a list lacks.
func (s *survey) missed(listed map[string]bool, window functiongraph.ListWorkflowExecutionsOptions) int {
	n := 0
	for _, row := range s.settled() {
		if row.first().After(window.Start) && row.last().Before(window.End) && !listed[row.id] {
			n++
		}
	}

	return n
}

// askHistoryPages returns the first page with the rows of up to two more, which may be
// shorter than their limit.
func (s *survey) askHistoryPages(ctx context.Context, q query) *response {
	first := s.send(ctx, q)
	if !first.isOK() || first.total == nil {
		return first
	}
	for range 2 {
		if q.offset = len(first.rows); q.offset == 0 || q.offset >= int(*first.total) {
			break
		}
		page := s.send(ctx, q)
		first.rows = append(first.rows, page.rows...)
	}

	return first
}

// compareHistory explains how executions-history differs from a list, which is known to
// lack some executions.
func (s *survey) compareHistory(ctx context.Context, q query, history *response, listed map[string]bool,
	missed int,
) {
	inHistory := setOf(history.rows)
	var only []row
	for _, row := range history.rows {
		if !listed[row.id] {
			only = append(only, row)
		}
	}
	missing := 0
	for id := range listed {
		if !inHistory[id] {
			missing++
		}
	}
	total := int(*history.total)
	where := "the last days"
	if q.isBounded() {
		where = "the same window"
	}
	seen := fmt.Sprintf("for %s, total is %d, executions-history shows %s, and the complete list has %d", where, total,
		plural(len(inHistory), "execution"), len(listed))
	small := q
	small.limit = 1
	one := s.send(ctx, small)
	if one.isOK() && one.total != nil && int(*one.total) == len(one.rows) && total > 1 {
		s.report.add(onTotal, observed, seen+fmt.Sprintf("; with limit=1 total is %d", *one.total),
			"Cannot be told: the total counts the rows of a page alone. Both show %s.", sameOrNot(len(only)+missing))
		return
	}
	if total == len(listed) && len(only) == 0 && (missing == 0 || len(inHistory) < total) {
		s.report.add(onTotal, proven, seen, "Yes.")
		return
	}
	var why []string
	if len(only) > 0 {
		statuses := statusesOf(only)
		why = append(why, fmt.Sprintf("executions-history shows %s that the list does not, with these statuses: %s.",
			plural(len(only), "execution"), strings.Join(statuses, ", ")))
		isSettledOne := func(r row) bool { return r.isSettled(s.began.Add(-time.Minute)) }
		if slices.ContainsFunc(only, isSettledOne) {
			s.report.incomplete("executions-history shows executions with documented statuses that have ended and that " +
				"the complete list lacks.")
		} else {
			s.report.surprise("executions-history shows executions that the complete list lacks, "+
				"with these statuses: %s. The promise that a list is complete is touched if they count as executions.",
				strings.Join(statuses, ", "))
		}
	}
	if missing > 0 && len(inHistory) >= total {
		why = append(why, fmt.Sprintf("the list has %s that executions-history does not show.", plural(missing,
			"execution")))
	}
	isPartial := len(inHistory) < len(history.rows) || missed > 0 // pages repeat, or the list lacks executions
	if len(only) == 0 && missing == 0 && !isPartial {
		text := s.explainTotal(ctx, q, total)
		why = append(why, text)
	}
	if len(why) == 0 {
		why = append(why, "it cannot be told why, because executions-history shows fewer executions than its total.")
		s.report.surprise("The total of executions-history differs from the number of executions in the complete "+
			"list, and the survey cannot "+
			"tell why (%d and %d). The promise that a list is complete may be touched.", total, len(listed))
	}
	s.report.add(onTotal, observed, seen, "No: %s", strings.Join(why, " And "))
}

func sameOrNot(different int) string {
	if different == 0 {
		return "the same executions"
	}

	return "different executions"
}

// explainTotal is for a total that differs although the executions are the same.
func (s *survey) explainTotal(ctx context.Context, q query, total int) string {
	same := "both show the same executions, so that the total counts something else."
	if !q.isBounded() {
		return same
	}
	if r := s.send(ctx, query{history: true, limit: 1}); r.isOK() && r.total != nil && int(*r.total) == total {
		same = "both show the same executions, and the total is the same without bounds: it does not follow them."
	}

	return same
}

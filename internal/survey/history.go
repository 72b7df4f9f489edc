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
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

const (
	onTotal  = "Does the total of executions-history agree with the complete list?"
	onMethod = "Can the provider read a complete list?"
)

const historyPage = 100

// askHistory reads a window completely, as the provider does, and compares it
// with executions-history.
func (s *survey) askHistory(ctx context.Context) string {
	question := executions.Question{WorkflowID: s.workflow}
	q := query{history: true, limit: historyPage}
	if rows := s.settled(); s.bounds != nil && len(rows) > 0 {
		question.Start = rows[min(60, len(rows))-1].first().Truncate(time.Second)
		question.End = s.began.Add(-time.Minute).Truncate(time.Second)
		q.start, q.end, q.form = s.written(question.Start), s.written(question.End), s.bounds.form
	}
	history := s.askHistoryPages(ctx, q)
	if s.err != nil {
		return ""
	}
	before := s.transport.count
	limited, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	complete, err := s.client.AllWorkflowExecutions(limited, question)
	used := plural(s.transport.count-before, "request")
	switch {
	case ctx.Err() != nil:
		s.err = ctx.Err()
		return ""
	case errors.Is(err, errSpent):
		s.answer(onMethod, cannotTell(fmt.Sprintf("it needed more than the %s that were set aside for it", used)))
		return "the complete list was not read"
	case err != nil:
		s.answer(onMethod, proven.by(used, "No: it %s.", refusalOf(err)))
		return "the complete list was not read"
	}
	listed := map[string]bool{}
	for i := range complete {
		listed[complete[i].ExecutionID] = true
	}
	read, missed := plural(len(complete), "execution"), s.missed(listed, question)
	if missed == 0 {
		s.answer(onMethod, proven.by(used, "Yes: it read %s.", read))
	} else {
		s.answer(onMethod, proven.by(used, "Not completely: it read %s, but %d that other responses show in the same "+
			"window are missing.", read, missed))
		s.report.incomplete("The provider reads a list without an error that is not complete.")
	}
	switch {
	case !history.isOK():
		return "executions-history cannot be read: " + history.why()
	case history.total == nil:
		return "the response has no total"
	}
	s.answer(onTotal, s.compareHistory(ctx, history, listed, missed))

	return ""
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
func (s *survey) missed(listed map[string]bool, window executions.Question) int {
	n := 0
	for _, row := range s.settled() {
		if row.first().After(window.Start) && row.last().Before(window.End) && !listed[row.id] {
			n++
		}
	}

	return n
}

// askHistoryPages returns the first page with the rows of up to two more, which
// may be shorter than their limit.
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

// compareHistory explains how executions-history differs from a list, which is
// known to lack some executions.
func (s *survey) compareHistory(ctx context.Context, history *response, listed map[string]bool, missed int) answer {
	q, total, inHistory := history.query, int(*history.total), setOf(history.rows)
	only := slices.DeleteFunc(slices.Clone(history.rows), func(r *row) bool { return listed[r.id] })
	missing := 0
	for id := range listed {
		if !inHistory[id] {
			missing++
		}
	}
	where := "the last days"
	if q.isBounded() {
		where = "the same window"
	}
	seen := fmt.Sprintf("for %s, total is %d, executions-history shows %s, and the complete list has %d", where, total,
		plural(len(inHistory), "execution"), len(listed))
	q.limit = 1
	one := s.send(ctx, q)
	if one.isOK() && one.total != nil && int(*one.total) == len(one.rows) && total > 1 {
		same := "the same executions"
		if len(only)+missing > 0 {
			same = "different executions"
		}
		return observed.by(seen+fmt.Sprintf("; with limit=1 total is %d", *one.total),
			"Cannot be told: the total counts the rows of a page alone. Both show %s.", same)
	}
	if total == len(listed) && len(only) == 0 && (missing == 0 || len(inHistory) < total) {
		return proven.by(seen, "Yes.")
	}
	var why []string
	if len(only) > 0 {
		why = append(why, s.explainOnly(only))
	}
	if missing > 0 && len(inHistory) >= total {
		why = append(why, fmt.Sprintf("the list has %s that executions-history does not show.",
			plural(missing, "execution")))
	}
	isPartial := len(inHistory) < len(history.rows) || missed > 0 // pages repeat, or the list lacks executions
	if len(only) == 0 && missing == 0 && !isPartial {
		why = append(why, s.explainTotal(ctx, history))
	}
	if len(why) == 0 {
		why = append(why, "it cannot be told why, because executions-history shows fewer executions than its total.")
		s.report.surprise("The total of executions-history differs from the number of executions in the complete list, "+
			"and the survey cannot tell why (%d and %d). The promise that a list is complete may be touched.",
			total, len(listed))
	}

	return observed.by(seen, "No: %s", strings.Join(why, " And "))
}

// explainOnly is for executions that executions-history shows and the complete
// list does not.
func (s *survey) explainOnly(only []*row) string {
	statuses := strings.Join(statusesOf(only), ", ")
	if len(s.settledOf(only)) > 0 {
		s.report.incomplete("executions-history shows executions with documented statuses that have ended and that " +
			"the complete list lacks.")
	} else {
		s.report.surprise("executions-history shows executions that the complete list lacks, with these statuses: %s. "+
			"The promise that a list is complete is touched if they count as executions.", statuses)
	}

	return fmt.Sprintf("executions-history shows %s that the list does not, with these statuses: %s.",
		plural(len(only), "execution"), statuses)
}

// explainTotal is for a total that differs although the executions are the same.
func (s *survey) explainTotal(ctx context.Context, history *response) string {
	if history.query.isBounded() {
		r := s.send(ctx, query{history: true, limit: 1})
		if r.isOK() && r.total != nil && *r.total == *history.total {
			return "both show the same executions, and the total is the same without bounds: it does not follow them."
		}
	}

	return "both show the same executions, so that the total counts something else."
}

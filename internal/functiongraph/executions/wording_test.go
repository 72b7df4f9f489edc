package executions_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// What a refusal says, and what it advises.
func TestError_wording(t *testing.T) {
	t.Parallel()
	day := func() executions.Question { return fromTo(24*time.Hour, -time.Hour) }
	oneSecond := func(n int) []*run {
		runs := spaced(n, 0)
		for _, r := range runs {
			r.begin -= 2 * hour
			r.lasting(0)
		}
		return runs
	}
	tests := map[string]struct {
		trait    traits
		runs     func() []*run
		question func() executions.Question
		want     string // reason and advice
	}{
		"crowded second, offset refused": {traits{offset: offsetRefused}, func() []*run { return oneSecond(250) }, day,
			"About 2008-12-28T21:59:00Z there are more executions within a second than the service lists at " +
				"once, and the service refuses an offset of 199." + "\n" +
				"Filter by status, so that fewer executions fall into that second, or choose start_time and " +
				"end_time so that they exclude it."},
		"crowded second, offset ignored": {traits{offset: offsetIgnored}, func() []*run { return oneSecond(250) }, day,
			"About 2008-12-28T21:59:00Z there are more executions within a second than the service lists at " +
				"once, and the service does not honour an offset of 199." + "\n" +
				"Filter by status, so that fewer executions fall into that second, or choose start_time and " +
				"end_time so that they exclude it."},
		"crowded second, no order": {traits{scrambled: scrambledAll, offset: offsetHonoured},
			func() []*run { return oneSecond(900) }, day,
			"About 2008-12-28T21:59:00Z there are more executions within a second than the service lists at " +
				"once, and it lists them in another order each time." + "\n" +
				"Filter by status, so that fewer executions fall into that second, or choose start_time and " +
				"end_time so that they exclude it."},
		"bounds ignored": {traits{onlyForm: noForm, unread: unreadIgnored, offset: offsetRefused},
			func() []*run { return spaced(120, hour) }, day,
			"The service does not seem to honour start_time and end_time. Asked for executions from " +
				"2008-12-28T00:00:00Z to 2008-12-28T23:00:00Z, it listed execution run-00000, which began at " +
				"2008-12-28T23:59:00Z." + "\n" +
				"Leave out start_time and end_time, so that the service lists its last three days, or choose " +
				"others."},
		"bounds ignored, with a status": {traits{onlyForm: noForm, unread: unreadIgnored, offset: offsetRefused},
			func() []*run { return spaced(120, hour) },
			func() executions.Question { q := day(); q.Status = "success"; return q },
			"The service does not seem to honour start_time and end_time, or status. Asked for executions " +
				"from 2008-12-28T00:00:00Z to 2008-12-28T23:00:00Z, it listed execution run-00000, which began at " +
				"2008-12-28T23:59:00Z." + "\n" +
				"Leave out status, and filter the executions in the configuration. If that does not help, leave " +
				"out start_time and end_time, so that the service lists its last three days, or choose others."},
		"bounds refused, many": {traits{onlyForm: noForm, offset: offsetRefused},
			func() []*run { return spaced(300, minute) }, func() executions.Question { return executions.Question{} },
			"More than 199 executions match, the others cannot be requested by start_time and end_time, and " +
				"the service refuses an offset of 199." + "\n" +
				"Choose a status, so that fewer executions match."},
		"no order at all": {traits{onlyForm: noForm, scrambled: scrambledAll},
			func() []*run { return spaced(300, minute) }, func() executions.Question { return executions.Question{} },
			"The service lists executions in another order each time, or the list changes faster than it can " +
				"be read." + "\n" +
				"Choose start_time and end_time, or a status, so that at most 199 executions match."},
	}
	for name, test := range tests {
		inBubble(t, name, func(t *testing.T) {
			_, err := serve(test.trait, test.runs()).all(t, &executions.Facts{}, test.question())
			checkWording(t, err, test.want)
		})
	}
	rows := map[string]struct {
		row  executions.Execution
		n    int
		want string
	}{
		"another workflow": {executions.Execution{ExecutionID: "e", WorkflowID: "another"}, 1,
			"The service listed execution e of another workflow, another." + "\n" +
				"Check that the endpoint leads to FunctionGraph and that no proxy answers in its place."},
		"unknown status": {executions.Execution{ExecutionID: "e", Status: "paused"}, 1,
			"Asked for executions with the status \"fail\", the service listed execution e with the status " +
				"\"paused\", which its documentation does not contain." + "\n" +
				"Leave out status, and filter the executions in the configuration."},
		"nameless": {executions.Execution{Status: "fail"}, 200,
			"The service listed an execution without an execution_id, which cannot be followed over several " +
				"responses." + "\n" +
				"Choose start_time and end_time, or a status, so that at most 199 executions match."},
	}
	for name, test := range rows {
		inBubble(t, name, func(t *testing.T) {
			ask := func(context.Context, executions.Query) (executions.Page, error) {
				page := executions.Page{}
				for range test.n {
					page.Rows = append(page.Rows, test.row)
				}
				return page, nil
			}
			q := executions.Question{WorkflowID: testWorkflow, Status: "fail"}
			_, err := executions.All(t.Context(), &executions.Facts{}, ask, q)
			checkWording(t, err, test.want)
		})
	}
}

func checkWording(t *testing.T, err error, want string) {
	t.Helper()
	refused, ok := errors.AsType[*executions.Error](err)
	if !ok {
		t.Fatalf("got error %v, want a refusal", err)
	}
	if got := refused.Reason + "\n" + refused.Advice; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

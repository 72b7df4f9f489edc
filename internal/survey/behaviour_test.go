package survey

import (
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// surprises stands for the part of the report that comes before the answers.
const surprises = "surprises"

// says is what a report must contain, by question: a text, or one of several with
// "|" between them.
type says map[string]string

func (want says) check(t *testing.T, report string) {
	t.Helper()
	for question, texts := range want {
		got := answerIn(report, question)
		if question == surprises {
			got, _, _ = strings.Cut(report, "## Answers")
		}
		isIn := func(text string) bool { return strings.Contains(got, text) }
		if !slices.ContainsFunc(strings.Split(texts, "|"), isIn) {
			t.Errorf("%s\ngot  %s\nwant %q", question, got, texts)
		}
	}
}

// TestBehaviours surveys the simulator under each switch of its behaviour.
func TestBehaviours(t *testing.T) {
	t.Parallel()
	type b = simulator.Behaviour
	const (
		space, rfc = "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ssZ"
		open       = "annot be told"
	)
	tests := map[string]struct {
		behaviour simulator.Behaviour
		data      func(time.Time) []simulator.Execution // nil: sparse
		want      says
	}{
		"as documented": {b{}, nil, says{
			surprises: "Nothing was seen", onForms: space + " is read. " + rfc + " is read.",
			onZone:  space + " is read in UTC. " + rfc + " is read in UTC.",
			onField: "Both are compared with begin_time.", onPrecision: "To the second.",
			onEdgesOf: "start_time is included, end_time is included.",
			onOrderOf: "By begin_time, the newest first.", onNeither: "Three days, as far as rows show",
			onOnlyStart: "Three days, as far as rows show",
			onOnlyEnd:   "Three days, as far as rows show", onLong: "Yes, as far as ", onTotal: "Yes.",
			onMethod: "Yes: ", onUnread: "refused: the response was HTTP 400, error code FGS.3002",
			onPageLimit: open, onDefaultLimit: open, onZeroLimit: "refused",
			onSmallLimit: "It is honoured, and shows the first rows",
			onOffsetOf:   "Yes: it skips that many rows.", onOffsetFar: "As far as the list goes",
			onRunningEnd: "There is no such field (2 rows)",
			onUnknown:    "HTTP 404, error code FGS.5002", onClock: "differs from this machine's clock by about 0s",
		}},
		"busy": {b{}, busy, says{
			surprises: "Nothing was seen", onPageLimit: "200 rows.",
			onDefaultLimit: "200 rows, as many as a page has at most.", onField: "begin_time.",
			onNeither: "Three days, as far as rows show", onOnlyEnd: "Three days, as far as rows show",
			onLong: "Yes, as far as ", onTotal: "Yes.",
		}},

		"order: oldest": {b{Order: simulator.OldestFirst}, nil,
			says{onOrderOf: "By begin_time, the oldest first."}},
		"order: none":      {b{Order: simulator.Unordered}, nil, says{onOrderOf: "None that the survey knows"}},
		"order: by update": {b{OrderBy: simulator.OrderByLastUpdate}, busy, says{onOrderOf: "first"}},
		"order: by ID": {b{OrderBy: simulator.OrderByID}, nil,
			says{onOrderOf: "By execution_id, descending."}},
		"order: running last": {b{Running: simulator.RunningLast}, nil,
			says{onOrderOf: "By begin_time, the newest first. Executions that run come last."}},
		"order: running first": {b{Running: simulator.RunningFirst}, nil,
			says{onOrderOf: "By begin_time, the newest first. Executions that run come first."}},
		"order: shuffled": {b{Shuffle: simulator.ShuffleAll}, nil,
			says{onOrderOf: "It differs from one request to the next.", onOffsetOf: open, onField: "begin_time."}},
		"order: by end": {b{OrderBy: simulator.OrderByEnd}, crowd,
			says{onOrderOf: "By end_time, the newest first."}},
		"order: by update, crowd": {b{OrderBy: simulator.OrderByLastUpdate}, crowd,
			says{onOrderOf: "By last_update_time, the newest first."}},

		"offset ignored": {b{Offset: simulator.OffsetIgnored}, nil, says{onOffsetOf: "No: it has no effect."}},
		"offset ignored, busy": {b{Offset: simulator.OffsetIgnored}, busy,
			says{onOffsetOf: "No: it has no effect.", onPageLimit: "200 rows."}},
		"offset capped at 100": {b{OffsetCap: 100}, nil, says{onOffsetOf: "Yes",
			onOffsetFar: "one of 138 does not list the last two rows"}},
		"offset refused": {b{Offset: simulator.OffsetRejected}, nil, says{onOffsetOf: "It is refused: "}},
		"offset capped: last page": {b{OffsetCap: 300}, busy, says{onOffsetOf: "Yes",
			onOffsetFar: "An offset of 200 works, one of 400 does not: it lists rows again."}},
		"offset capped: first page": {b{OffsetCap: 300, OffsetBeyond: simulator.OffsetFirstPage}, busy,
			says{onOffsetOf: "Yes",
				onOffsetFar: "An offset of 200 works, one of 400 does not: it lists rows again."}},
		"offset capped: nothing": {b{OffsetCap: 300, OffsetBeyond: simulator.OffsetNoRows}, busy,
			says{onOffsetOf: "Yes", onOffsetFar: "An offset of 200 works, one of 400 lists nothing."}},
		"offset capped: refused": {b{OffsetCap: 300, OffsetBeyond: simulator.OffsetBadRequest}, busy,
			says{onOffsetOf: "Yes", onOffsetFar: "An offset of 200 works, one of 400 is refused"}},

		"space only": {b{TimeForm: simulator.SpaceTimeForm}, nil,
			says{onForms: space + " is read. " + rfc + " is refused (the response was HTTP 400"}},
		"RFC only": {b{TimeForm: simulator.RFC3339TimeForm}, nil, says{
			onForms: space + " is refused (the response was HTTP 400, error code FGS.3002). " + rfc + " is read.",
			onZone:  rfc + " is read in UTC.", onField: "begin_time.", onNeither: "Three days", onMethod: "Yes",
		}},
		"RFC only, ignored": {b{TimeForm: simulator.RFC3339TimeForm, UnreadTime: simulator.UnreadTimeIgnored},
			nil, says{
				onForms:  space + " has no effect: the page is the one without bounds. " + rfc + " is read.",
				onUnread: "It has no effect: the page is the one without bounds.",
			}},
		"RFC only, unbounded": {b{TimeForm: simulator.RFC3339TimeForm, UnreadTime: simulator.UnreadTimeUnbounded},
			nil, says{
				onForms: space + " is not read as a window: executions more than 15 hours outside of the bounds are " +
					"listed. " + rfc + " is read.",
				onUnread: "Executions are listed that the list without bounds does not show.",
			}},
		"RFC only, nothing": {b{TimeForm: simulator.RFC3339TimeForm, UnreadTime: simulator.UnreadTimeNothing},
			nil, says{
				onForms: space + " lists nothing: executions that it should show in some time zone are not listed. " +
					rfc + " is read.",
				onUnread: "Nothing is listed.", onMethod: "Yes",
			}},
		"no form, ignored": {b{TimeForm: simulator.NoTimeForm, UnreadTime: simulator.UnreadTimeIgnored}, nil, says{
			onForms: space + " has no effect", surprises: "No form of bounds was seen to work", onField: open,
			onZone: open, onEdgesOf: open, onLong: open,
		}},
		"no form, refused": {b{TimeForm: simulator.NoTimeForm}, nil, says{onForms: rfc + " is refused",
			surprises: "No form of bounds was seen to work", onField: open}},

		"China": {b{Zone: simulator.ZoneChina}, nil,
			says{onZone: space + " is read in UTC+08:00. " + rfc + " is read in UTC+08:00.", onField: "begin_time.",
				surprises: "not read in UTC but in UTC+08:00, which the method expects", onMethod: "Yes",
				onEdgesOf: "start_time is included, end_time is included", onNeither: "Three days"}},
		"China, busy": {b{Zone: simulator.ZoneChina}, busy,
			says{onZone: space + " is read in UTC+08:00. " + rfc + " is read in UTC+08:00."}},
		"China unless": {b{Zone: simulator.ZoneChinaUnlessNamed}, nil,
			says{onZone: space + " is read in UTC+08:00. " + rfc + " is read in UTC."}},

		"by update": {b{Window: simulator.WindowLastUpdate}, nil,
			says{onField: "Both are compared with last_update_time."}},
		"by end": {b{Window: simulator.WindowEnd}, nil, says{onField: "Both are compared with end_time."}},
		"overlap": {b{Window: simulator.WindowOverlap}, nil,
			says{onField: "of which any moment lies between the bounds"}},
		"by update, busy": {b{Window: simulator.WindowLastUpdate}, busy,
			says{onField: "Both are compared with last_update_time.", onMethod: "Yes"}},
		"by end, busy": {b{Window: simulator.WindowEnd}, busy, says{onField: "Both are compared with end_time."}},
		"overlap, busy": {b{Window: simulator.WindowOverlap}, busy,
			says{onField: "of which any moment lies between the bounds"}},
		"equal times": {b{Window: simulator.WindowEnd}, equalTimes, says{onField: open,
			onZone: space + " is read in UTC."}},

		"start excluded": {b{ExcludeStart: true}, nil,
			says{onEdgesOf: "start_time is excluded, end_time is included"}},
		"end excluded": {b{ExcludeEnd: true}, nil, says{onEdgesOf: open}},
		"both excluded": {b{ExcludeStart: true, ExcludeEnd: true}, nil,
			says{onEdgesOf: "start_time is excluded, end_time is excluded."}},
		"hidden fractions": {b{Fractions: simulator.FractionsHidden}, nil, says{onEdgesOf: open,
			onField: "begin_time."}},
		"rounded fractions": {b{Fractions: simulator.FractionsRounded}, nil,
			says{onEdgesOf: "It differs between executions", onField: "begin_time."}},
		"overlap, edges": {b{Window: simulator.WindowOverlap, ExcludeStart: true}, nil,
			says{onEdgesOf: "start_time is excluded, end_time is included"}},
		"to the minute": {b{Precision: time.Minute}, nil, says{onPrecision: "They are rounded down to 1m0s.",
			surprises: "Bounds are rounded to 1m0s", onEdgesOf: open}},
		"to the hour": {b{Precision: time.Hour}, busy, says{onPrecision: "1h0m0s", onField: open}},

		"one day": {b{MaxSpan: 24 * time.Hour}, nil, says{onLong: "No: ",
			surprises: "Windows are cut"}},
		"one day, newer": {b{MaxSpan: 24 * time.Hour, SpanCut: simulator.SpanKeepsEnd}, nil,
			says{onLong: "No: its older part is left out"}},
		"one day, refused": {b{MaxSpan: 24 * time.Hour, SpanCut: simulator.SpanRejected}, nil,
			says{onLong: "No: the request is refused", onNeither: "refused", onField: "begin_time."}},
		"three days": {b{MaxSpan: 72 * time.Hour}, nil, says{onLong: "No: ", onField: "begin_time."}},
		"lone bounds open": {b{LoneBound: simulator.LoneBoundOpen}, nil,
			says{onOnlyStart: "Everything from it on", onOnlyEnd: "It reaches at least 10"}},
		"lone bounds ignored": {b{LoneBound: simulator.LoneBoundIgnored}, nil, says{onOnlyStart: "no effect",
			onOnlyEnd: "it does not bound the list"}},
		"a default of one day": {b{DefaultSpan: 24 * time.Hour}, nil, says{onNeither: "It is between ",
			surprises: "shorter than three days"}},
		"a default of ten days": {b{DefaultSpan: 240 * time.Hour}, nil, says{onNeither: "It is between ",
			surprises: "longer than three days"}},

		"a default of 20 rows": {b{DefaultLimit: 20}, nil, says{onDefaultLimit: "20 rows."}},
		"pages of 50": {b{PageCap: 50}, nil, says{onPageLimit: "50 rows.",
			surprises: "50 rows at most, less than documented"}},
		"pages of 37": {b{PageCap: 37}, nil, says{onPageLimit: "37 rows.",
			surprises: "a limit that the method does not look for"}},
		"pages of 500": {b{PageCap: 500}, busy, says{onPageLimit: "More than 200"}},
		"pages of 37, no offset": {b{PageCap: 37, Offset: simulator.OffsetIgnored}, nil,
			says{onPageLimit: "37 rows."}},
		"a default of 50, capped": {b{PageCap: 100, DefaultLimit: 50}, nil, says{onPageLimit: "100 rows.",
			onDefaultLimit: "50 rows."}},

		"status ignored": {b{IgnoreStatus: true}, nil, says{onFilter: "The filter does not hold",
			surprises: "lists executions of other statuses"}},
		"status in any case": {b{StatusCase: true}, nil,
			says{onFilter: "in capitals: the same executions are listed"}},
		"status in capitals": {b{StatusText: simulator.StatusCapitals}, nil, says{onSeen: "FAIL",
			onFilter: "all "}},
		"status omitted by filter": {b{StatusText: simulator.StatusOmittedByFilter}, nil,
			says{onFilter: "do not show it"}},
		"status omitted": {b{StatusText: simulator.StatusOmitted}, nil, says{onFilter: open,
			onRunningEnd: open, onField: "begin_time."}},
		"unknown workflow empty": {b{NoSuchWorkflow: simulator.WorkflowEmpty}, nil,
			says{onUnknown: "An empty list.", surprises: "A workflow that does not exist"}},
		"empty list: null":    {b{EmptyList: simulator.NullList}, nil, says{onField: "begin_time."}},
		"empty list: missing": {b{EmptyList: simulator.NoList}, nil, says{onField: "begin_time."}},
		"no end: empty":       {b{NoEnd: simulator.NoEndEmpty}, nil, says{onRunningEnd: "An empty text"}},
		"no end: null":        {b{NoEnd: simulator.NoEndNull}, nil, says{onRunningEnd: "null"}},
		"no end: zero date":   {b{NoEnd: simulator.NoEndZeroDate}, nil, says{onRunningEnd: "The zero date"}},
		"no end: begin":       {b{NoEnd: simulator.NoEndBegin}, nil, says{onRunningEnd: "The same as begin_time"}},
		"Date ahead":          {b{DateSkew: time.Hour}, nil, says{onClock: "by about 1h0m0s"}},
		"Date behind": {b{DateSkew: -6 * time.Hour}, nil, says{onClock: "by about -6h0m0s",
			surprises: "Rows show times more than 15 minutes after"}},
		"no Date": {b{NoDate: true}, nil, says{onClock: "There is no Date header."}},
		"total of the workflow": {b{HistoryTotal: simulator.HistoryTotalOfWorkflow}, nil,
			says{onTotal: "the total is the same without bounds"}},
		"total of the page": {b{HistoryTotal: simulator.HistoryTotalOfPage}, nil,
			says{onTotal: "the total counts the rows of a page alone"}},
		"hidden statuses": {b{HideStatuses: true}, withScheduled, says{
			onTotal:   "with these statuses: scheduled.",
			surprises: "executions-history shows executions that the complete list lacks",
		}},
		"nothing": {b{}, nothing, says{onField: open, onZone: open, onOrderOf: open, onPageLimit: open,
			onForms: open, onLong: open}},
		"old": {b{}, old, says{onField: "begin_time.",
			onNeither: "Nothing; the newest execution that is known is 5."}},
		"three": {b{}, three, says{onField: "begin_time.", onOrderOf: open, onOffsetOf: open, onPageLimit: open}},
	}
	for _, name := range chosen(tests) {
		test := tests[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := test.data
			if data == nil {
				data = sparse
			}
			report := run(t, test.behaviour, data)
			test.want.check(t, report)
		})
	}
}

// crowd are executions that overlap, so that each time orders them differently.
func crowd(now time.Time) []simulator.Execution {
	all := seeded(now, 150, 3*time.Minute)
	for i := range all {
		if all[i].Status == "running" {
			all[i].Status = "success"
		}
		all[i].LastUpdate = all[i].Begin.Add(time.Duration(1+i*i%7) * 47 * time.Second)
		all[i].End = all[i].LastUpdate.Add(time.Duration(i*i%5) * 31 * time.Second)
	}

	return all
}

// equalTimes have the same end and last update.
func equalTimes(now time.Time) []simulator.Execution {
	all := sparse(now)
	for i := range all {
		if !all[i].End.IsZero() {
			all[i].End = all[i].LastUpdate
		}
	}

	return all
}

// withScheduled has executions of a status that is not documented.
func withScheduled(now time.Time) []simulator.Execution {
	all := sparse(now)
	for i := 5; i < len(all); i += 9 {
		all[i].Status, all[i].End = "scheduled", time.Time{}
	}

	return all
}

func nothing(time.Time) []simulator.Execution { return nil }

// old are executions that ended five days ago.
func old(now time.Time) []simulator.Execution { return sparse(now.Add(-5 * day)) }

func three(now time.Time) []simulator.Execution { return sparse(now)[2:5] }

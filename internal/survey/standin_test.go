package survey

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// standIn is a service apart from the simulator, for behaviours that it does not
// have. Each function replaces a part of what is documented.
type standIn struct {
	rows   []simulator.Execution
	parse  func(string) (time.Time, bool)
	start  field // that start_time is compared with
	end    field
	window func(from, to, now time.Time) (time.Time, time.Time) // zero: not sent
	less   func(a, b simulator.Execution) int
	page   func(rows []simulator.Execution, limit, offset int) []simulator.Execution
	row    func(simulator.Execution) map[string]any
	answer func(*http.Request) (status int, body string, header http.Header) // status 0: as usual

	sent int
}

func documentedService(rows []simulator.Execution) *standIn {
	return &standIn{
		rows: rows,
		parse: func(s string) (time.Time, bool) {
			for _, layout := range []string{time.DateTime, time.RFC3339} {
				if t, err := time.Parse(layout, s); err == nil {
					return t, true
				}
			}
			return time.Time{}, false
		},
		window: func(from, to, now time.Time) (time.Time, time.Time) {
			switch {
			case from.IsZero() && to.IsZero():
				return now.Add(-documented), now
			case from.IsZero():
				return to.Add(-documented), to
			case to.IsZero():
				return from, from.Add(documented)
			}
			return from, to
		},
		less: func(a, b simulator.Execution) int { return b.Begin.Compare(a.Begin) },
		page: func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
			rows = rows[min(offset, len(rows)):]
			return rows[:min(limit, 200, len(rows))]
		},
		row: func(e simulator.Execution) map[string]any {
			m := map[string]any{
				"workflow_id": testWorkflow, "execution_id": e.ID, "status": e.Status, "created_by": e.CreatedBy,
				"begin_time":       e.Begin.Truncate(time.Second).Format(time.RFC3339),
				"last_update_time": e.LastUpdate.Truncate(time.Second).Format(time.RFC3339),
			}
			if !e.End.IsZero() {
				m["end_time"] = e.End.Truncate(time.Second).Format(time.RFC3339)
			}
			return m
		},
	}
}

func (s *standIn) RoundTrip(r *http.Request) (*http.Response, error) {
	s.sent++
	now := time.Now()
	status, body, header := s.respond(r, now)
	if header == nil {
		header = http.Header{}
	}
	header.Set("Date", now.UTC().Format(http.TimeFormat))

	return &http.Response{
		StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader([]byte(body))), Request: r,
		Proto: "HTTP/1.1",
	}, nil
}

func (s *standIn) respond(r *http.Request, now time.Time) (int, string, http.Header) {
	if s.answer != nil {
		if status, body, header := s.answer(r); status != 0 {
			return status, body, header
		}
	}
	if !strings.Contains(r.URL.Path, testWorkflow) {
		return 404, `{"error_code":"FGS.5002","error_msg":"Function flow not found."}`, nil
	}
	q := r.URL.Query()
	var bounds [2]time.Time
	for i, name := range []string{"start_time", "end_time"} {
		if q.Has(name) {
			t, ok := s.parse(q.Get(name))
			if !ok {
				return 400, `{"error_code":"FGS.3002","error_msg":"Invalid parameters."}`, nil
			}
			bounds[i] = t
		}
	}
	from, to := s.window(bounds[0], bounds[1], now)
	var rows []simulator.Execution
	for _, e := range s.rows {
		times := [3]time.Time{e.Begin.Truncate(time.Second), e.End.Truncate(time.Second),
			e.LastUpdate.Truncate(time.Second)}
		if (q.Get("status") == "" || q.Get("status") == e.Status) &&
			!times[s.start].Before(from) && !times[s.end].After(to) {
			rows = append(rows, e)
		}
	}
	slices.SortStableFunc(rows, s.less)
	limit, err := strconv.Atoi(cmp.Or(q.Get("limit"), "200"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	if err != nil {
		return 400, `{"error_code":"FGS.3002","error_msg":"Invalid parameters."}`, nil
	}
	page := s.page(rows, limit, offset)
	list := make([]map[string]any, 0, len(page))
	for _, e := range page {
		list = append(list, s.row(e))
	}
	whole := map[string]any{"executions": list}
	if strings.HasSuffix(r.URL.Path, "executions-history") {
		whole["total"], whole["size"] = len(rows), len(list)
	}
	text, _ := json.Marshal(whole)

	return 200, string(text), nil
}

// survey returns the report about a stand-in.
func (s *standIn) survey(t *testing.T) string {
	t.Helper()
	cfg := client.Config{
		Region: "r", ProjectID: strings.Repeat("a1", 16), Transport: s, MaxRetries: 5, UserAgent: "test",
		Credentials: client.Credentials{AccessKey: "ACCESSKEYOFTHETEST00",
			SecretKey: "SecretKeyOfTheTestThatIsLongEnough000000"},
	}
	report, err := Run(t.Context(), cfg, testWorkflow, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if s.sent > maxRequests {
		t.Errorf("%d requests", s.sent)
	}

	return report
}

// refuseLonger makes a service refuse windows that are longer.
func refuseLonger(most time.Duration) func(*standIn) {
	return func(s *standIn) {
		s.answer = func(r *http.Request) (int, string, http.Header) {
			start, _ := s.parse(r.URL.Query().Get("start_time"))
			end, _ := s.parse(r.URL.Query().Get("end_time"))
			if !start.IsZero() && !end.IsZero() && end.Sub(start) > most {
				return 400, `{"error_code":"FSS.1061","error_msg":"too long"}`, nil
			}
			return 0, "", nil
		}
	}
}

func TestStandIns(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data   func(time.Time) []simulator.Execution
		change func(*standIn)
		want   says
	}{
		"documented": {sparse, func(*standIn) {}, says{surprises: "Nothing was seen",
			onField: "Both are compared with begin_time."}},
		"UTC-5": {sparse, func(s *standIn) {
			parse := s.parse
			s.parse = func(text string) (time.Time, bool) { t, ok := parse(text); return t.Add(5 * time.Hour), ok }
		}, says{onZone: "YYYY-MM-DD hh:mm:ss is read in UTC-05:00. YYYY-MM-DDThh:mm:ssZ is read in UTC-05:00.",
			surprises: "not read in UTC"}},
		"UTC+5:30": {sparse, func(s *standIn) {
			parse := s.parse
			s.parse = func(text string) (time.Time, bool) { t, ok := parse(text); return t.Add(-330 * time.Minute), ok }
		}, says{onZone: "YYYY-MM-DD hh:mm:ss is read in UTC+05:30."}},
		"the whole run between the bounds": {sparse, func(s *standIn) { s.start, s.end = begin, end }, says{
			onField:   "start_time is compared with begin_time, end_time with end_time.",
			surprises: "in a way that the method does not expect",
		}},
		"update and begin": {sparse, func(s *standIn) { s.start, s.end = update, begin }, says{
			onField: "start_time is compared with last_update_time, end_time with begin_time.",
		}},
		"ten seconds": {sparse, func(s *standIn) {
			parse := s.parse
			s.parse = func(text string) (time.Time, bool) {
				t, ok := parse(text)
				return t.Truncate(10 * time.Second), ok
			}
		}, says{onPrecision: "They are rounded down to 10s."}},
		"bounds in milliseconds": {sparse, func(s *standIn) {
			s.parse = func(text string) (time.Time, bool) {
				n, err := strconv.ParseInt(text, 10, 64)
				return time.UnixMilli(n), err == nil
			}
		}, says{onForms: "is refused", onField: "annot be told", surprises: "No form of bounds"}},
		"end_time is ignored": {sparse, func(s *standIn) {
			window := s.window
			s.window = func(from, _, now time.Time) (time.Time, time.Time) {
				if from.IsZero() {
					return window(time.Time{}, time.Time{}, now)
				}
				return from, now
			}
		}, says{onField: "annot be told", onForms: "annot be told|changes what is listed"}},
		"offset counts pages": {sparse, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				return page(rows, limit, offset*limit)
			}
		}, says{onOffsetOf: "It skips, but not that many rows."}},
		"rows are dropped after paging": {busy, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				return slices.DeleteFunc(slices.Clone(page(rows, limit, offset)),
					func(e simulator.Execution) bool { return e.ID[0] == '3' })
			}
		}, says{onPageLimit: "annot be told", surprises: "rows are left out of pages"}},
		"pages of 150, 30 without limit": {busy, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				return page(rows, min(limit, 150), offset)
			}
		}, says{onPageLimit: "150 rows."}},
		"limit has no effect": {sparse, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, _, offset int) []simulator.Execution {
				return page(rows, 200,
					offset)
			}
		}, says{onSmallLimit: "It is not honoured"}},
		"small limits take the oldest": {sparse, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				if limit == smallLimit {
					return rows[max(0, len(rows)-limit):]
				}
				return page(rows, limit, offset)
			}
		}, says{onSmallLimit: "shows other rows"}},
		"by status, then begin": {sparse, func(s *standIn) {
			less := s.less
			s.less = func(a, b simulator.Execution) int {
				return cmp.Or(strings.Compare(a.Status, b.Status), less(a, b))
			}
		}, says{onOrderOf: "None that the survey knows"}},
		"a default of one day": {sparse, func(s *standIn) {
			window := s.window
			s.window = func(from, to, now time.Time) (time.Time, time.Time) {
				if from.IsZero() && to.IsZero() {
					return now.Add(-day), now
				}
				return window(from, to, now)
			}
		}, says{onNeither: "It is between ", surprises: "shorter than three days"}},
		"one day from a lone bound": {sparse, func(s *standIn) {
			window := s.window
			s.window = func(from, to, now time.Time) (time.Time, time.Time) {
				if from.IsZero() && !to.IsZero() {
					return to.Add(-day), to
				}
				if !from.IsZero() && to.IsZero() {
					return from, from.Add(day)
				}
				return window(from, to, now)
			}
		}, says{onOnlyEnd: "It is between ", onOnlyStart: "It is between ", onNeither: "Three days"}},
		"seven days": {sparse, func(s *standIn) {
			window := s.window
			s.window = func(from, to, now time.Time) (time.Time, time.Time) {
				from, to = window(from, to, now)
				return later(from, to.Add(-7*day)), to
			}
		}, says{onLong: "Yes, as far as 6."}},
		"fractions in rows": {sparse, func(s *standIn) {
			row := s.row
			s.row = func(e simulator.Execution) map[string]any {
				m := row(e)
				m["begin_time"] = e.Begin.Format("2006-01-02T15:04:05.000Z")
				return m
			}
		}, says{onSeen: "2006-01-02T15:04:05.999Z"}},
		"the service fails": {sparse, func(s *standIn) {
			s.answer = func(*http.Request) (int, string, http.Header) {
				if s.sent%5 == 0 {
					return 503, "<html>no</html>", nil
				}
				return 0, "", nil
			}
		}, says{onField: "Both are compared with begin_time."}},
		"no executions-history": {sparse, func(s *standIn) {
			s.answer = func(r *http.Request) (int, string, http.Header) {
				if strings.HasSuffix(r.URL.Path, "executions-history") {
					return 404, `{"error_code":"APIGW.0101","error_msg":"no such API"}`, nil
				}
				return 0, "", nil
			}
		}, says{onTotal: "executions-history cannot be read: the response was HTTP 404, error code APIGW.0101",
			onMethod: "Yes"}},
		"throttling": {sparse, func(s *standIn) {
			s.answer = func(*http.Request) (int, string, http.Header) {
				if s.sent == 9 {
					return 429, `{"error_code":"APIGW.0308","error_msg":"Throttled"}`, http.Header{
						"X-Ratelimit-Remaining": {"remain:0,limit:10,time:1 minute"}, "Retry-After": {"1"},
					}
				}
				return 0, "", nil
			}
		}, says{onThrottle: "Retry-After: 1. " +
			"X-Ratelimit-Remaining: remain:0,limit:10,time:1 minute. 1 response said"}},
		"unreadable times list nothing": {sparse, func(s *standIn) {
			s.answer = func(r *http.Request) (int, string, http.Header) {
				if strings.Contains(r.URL.Query().Get("start_time"), " ") {
					return 200, `{"executions":[]}`, nil
				}
				return 0, "", nil
			}
		}, says{onForms: "YYYY-MM-DD hh:mm:ss lists nothing", onMethod: "Yes: it read 62 executions."}},
		"unreadable times are errors": {sparse, func(s *standIn) {
			s.answer = func(r *http.Request) (int, string, http.Header) {
				if strings.Contains(r.URL.Query().Get("start_time"), " ") {
					return 500, `{"error_code":"FSS.0500","error_msg":"no"}`, nil
				}
				return 0, "", nil
			}
		}, says{onForms: "YYYY-MM-DD hh:mm:ss gives no list (the response was HTTP 500, error code FSS.0500).",
			onMethod: "No: it failed, because the response was HTTP 500, error code FSS.0500."}},
		"offsets beyond 1000 are 1000": {busy, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				return page(rows, limit, min(offset, 1000))
			}
		}, says{onOffsetFar: "An offset of 800 works, one of 1600 does not: it lists the rows of a smaller one."}},
		"offsets of no more than 1300 rows": {busy, func(s *standIn) { s.rows = s.rows[:1300] }, says{
			onOffsetFar: "An offset of 800 works, one of 1600 lists nothing. Whether"}},
		"pages of 37, of executions-history as well": {sparse, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				return page(rows, min(limit, 37), offset)
			}
		}, says{onTotal: "executions-history shows 25 executions that the list does not", onNeither: "It is between 2.",
			onMethod: "Not completely: it read 37 executions"}},
		"an offset of executions-history has no effect": {sparse, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, _ int) []simulator.Execution {
				return page(rows, min(limit, 37), 0)
			}
		}, says{onTotal: "it cannot be told why", onMethod: "Not completely: it read 37 executions"}},
		"pages of 37, busy": {busy, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				return page(rows, min(limit, 37), offset)
			}
			for i := range s.rows {
				s.rows[i].Status = map[bool]string{true: "fail", false: "success"}[i%20 == 2]
			}
		}, says{onPageLimit: "37 rows.", onOnlyEnd: "between "}},
		"limits above 37 are 20": {sparse, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				if limit > 37 {
					limit = 20
				}
				return page(rows, limit, offset)
			}
		}, says{onPageLimit: "Cannot be told: limit=21 gives 21 rows, more than limit=200."}},
		"limits above 100 are refused": {sparse, func(s *standIn) {
			s.answer = func(r *http.Request) (int, string, http.Header) {
				if limit, _ := strconv.Atoi(r.URL.Query().Get("limit")); limit > 100 {
					return 400, `{"error_code":"FSS.1061","error_msg":"limit"}`, nil
				}
				return 0, "", nil
			}
		}, says{onPageLimit: "Fewer than 200: a limit of 200 is refused.", surprises: "A limit of 200",
			onField: "Both are compared with begin_time.", onClock: "There is. It differs"}},
		"everything is refused": {sparse, func(s *standIn) {
			s.answer = func(*http.Request) (int, string, http.Header) { return 400, `{"error_code":"FSS.1061"}`, nil }
		}, says{onClock: "There is. It differs", surprises: "A request without bounds is refused"}},
		"a round number of failures": {busy, func(s *standIn) {
			for i := range s.rows {
				s.rows[i].Status = map[bool]string{true: "fail", false: "success"}[i%10 == 0 && i < 300]
			}
		}, says{onNeither: "It "}},
		"seven days, else nothing": {sparse, func(s *standIn) {
			window := s.window
			s.window = func(from, to, now time.Time) (time.Time, time.Time) {
				if from, to = window(from, to, now); to.Sub(from) > 7*day {
					return now, now
				}
				return from, to
			}
		}, says{onLong: "No: nothing is listed, although", surprises: "A request for ten days lists nothing"}},
		"one day, else nothing": {sparse, func(s *standIn) {
			window := s.window
			s.window = func(from, to, now time.Time) (time.Time, time.Time) {
				if from, to = window(from, to, now); to.Sub(from) > day {
					return now, now
				}
				return from, to
			}
		}, says{onNeither: "Nothing; the newest execution that is known is ",
			surprises: "A list without bounds is empty, although"}},
		"seven days, else refused": {sparse, refuseLonger(7 * day), says{onLong: "One for three days is not."}},
		"two days, else refused": {sparse, refuseLonger(2 * day), says{
			onLong: "One for three days is refused, too.", surprises: "A window of three days is refused"}},
		"the last three days of a window, few executions": {
			func(now time.Time) []simulator.Execution { return seeded(now, 30, 11*time.Hour) }, func(s *standIn) {
				window := s.window
				s.window = func(from, to, now time.Time) (time.Time, time.Time) {
					from, to = window(from, to, now)
					return later(from, to.Add(-documented)), to
				}
			}, says{onLong: "No: its older part is left out. What is listed is between 2.",
				surprises: "Windows are cut, perhaps|Nothing"}},
		"the first day of a window": {sparse, func(s *standIn) {
			window := s.window
			s.window = func(from, to, now time.Time) (time.Time, time.Time) {
				from, to = window(from, to, now)
				return from, earlier(to, from.Add(day))
			}
		}, says{onNeither: "the newest executions are left out", onLong: "No: its newer part is left out."}},
		"a lone end_time has no effect, few executions": {
			func(now time.Time) []simulator.Execution { return seeded(now, 8, 14*time.Hour) }, func(s *standIn) {
				window := s.window
				s.window = func(from, to, now time.Time) (time.Time, time.Time) {
					if from.IsZero() {
						return window(time.Time{}, time.Time{}, now)
					}
					return window(from, to, now)
				}
			}, says{onOnlyEnd: "it does not bound the list"}},
		"an execution that runs ends now": {sparse, func(s *standIn) {
			row := s.row
			s.row = func(e simulator.Execution) map[string]any {
				m := row(e)
				if e.End.IsZero() {
					m["end_time"] = time.Now().UTC().Format(time.RFC3339)
				}
				return m
			}
		}, says{onRunningEnd: "Another time in each response (2 rows)."}},
		"an execution that runs ends in 1970": {sparse, func(s *standIn) {
			row := s.row
			s.row = func(e simulator.Execution) map[string]any {
				m := row(e)
				if e.End.IsZero() {
					m["end_time"] = "1970-01-01T00:00:00Z"
				}
				return m
			}
		}, says{onRunningEnd: "The zero time of Unix, 1970-01-01 (2 rows)."}},
		"an execution that runs ends in the future": {sparse, func(s *standIn) {
			row := s.row
			s.row = func(e simulator.Execution) map[string]any {
				m := row(e)
				if e.End.IsZero() {
					m["end_time"], m["last_update_time"] = "9999-12-31T23:59:59Z", m["begin_time"]
				}
				return m
			}
		}, says{onRunningEnd: "A time in the future (2 rows)."}},
		"an execution that runs has one time": {sparse, func(s *standIn) {
			row := s.row
			s.row = func(e simulator.Execution) map[string]any {
				m := row(e)
				if e.End.IsZero() {
					m["end_time"], m["last_update_time"] = m["begin_time"], m["begin_time"]
				}
				return m
			}
		}, says{onRunningEnd: "The same as begin_time and last_update_time (2 rows)."}},
		"an unknown workflow is no list": {sparse, func(s *standIn) {
			s.answer = func(r *http.Request) (int, string, http.Header) {
				if !strings.Contains(r.URL.Path, testWorkflow) {
					return 200, `{"error_code":"FSS.1404","Executions":[]}`, nil
				}
				return 0, "", nil
			}
		}, says{onUnknown: "An error: the response was not a list of executions."}},
		"executions begin meanwhile": {sparse, func(s *standIn) {
			s.parse = func(string) (time.Time, bool) { return time.Time{}, false }
			window, start := s.window, time.Now()
			s.window = func(from, to, now time.Time) (time.Time, time.Time) {
				for n := len(s.rows); n < 140+int(now.Sub(start)/(150*time.Millisecond)); n++ {
					s.rows = append(s.rows, simulator.Execution{ID: strconv.Itoa(n), Status: "running", Begin: now, LastUpdate: now})
				}
				return window(from, to, now)
			}
		}, says{onSmallLimit: "annot be told", onDefaultLimit: "annot be told"}},
		"a policy of throttling": {sparse, func(s *standIn) {
			s.answer = func(r *http.Request) (int, string, http.Header) {
				plain := *s
				plain.answer = nil
				status, body, _ := plain.respond(r, time.Now())
				return status, body, http.Header{"Ratelimit-Policy": {"100;w=60"}}
			}
		}, says{onThrottle: "Ratelimit-Policy: 100;w=60."}},
		"an odd status": {sparse, func(s *standIn) {
			for i := range s.rows {
				s.rows[i].Status = map[bool]string{true: "Hunter2isMyPassword", false: s.rows[i].Status}[i%7 == 3]
			}
		}, says{onSeen: "one that is not shown here"}},
	}
	for _, name := range chosen(tests) {
		test := tests[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := documentedService(test.data(time.Now()))
				test.change(s)
				report := s.survey(t)
				for question, want := range test.want {
					got := answerIn(report, question)
					if question == surprises {
						got, _, _ = strings.Cut(report, "## Answers")
					}
					if !slices.ContainsFunc(strings.Split(want, "|"), func(text string) bool {
						return strings.Contains(got,
							text)
					}) {
						t.Errorf("%s\ngot  %s\nwant %q", question, got, want)
					}
				}
				t.Log(report)
			})
		})
	}
}

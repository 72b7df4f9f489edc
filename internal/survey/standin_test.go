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

// Each of the functions that follow returns a change of a stand-in.

// reads changes the times that bounds mean.
func reads(change func(time.Time) time.Time) func(*standIn) {
	return func(s *standIn) {
		parse := s.parse
		s.parse = func(text string) (time.Time, bool) {
			t, ok := parse(text)
			return change(t), ok
		}
	}
}

// takes changes the bounds, before those that were not sent are chosen. A zero
// time was not sent.
func takes(change func(from, to, now time.Time) (time.Time, time.Time)) func(*standIn) {
	return func(s *standIn) {
		window := s.window
		s.window = func(from, to, now time.Time) (time.Time, time.Time) {
			from, to = change(from, to, now)
			return window(from, to, now)
		}
	}
}

// cuts changes the window that is listed.
func cuts(change func(from, to time.Time) (time.Time, time.Time)) func(*standIn) {
	return func(s *standIn) {
		window := s.window
		s.window = func(from, to, now time.Time) (time.Time, time.Time) { return change(window(from, to, now)) }
	}
}

// cutsToLast leaves the newer part of a longer window.
func cutsToLast(most time.Duration) func(*standIn) {
	return cuts(func(from, to time.Time) (time.Time, time.Time) { return later(from, to.Add(-most)), to })
}

// cutsToNothing leaves nothing of a longer window.
func cutsToNothing(most time.Duration) func(*standIn) {
	return cuts(func(from, to time.Time) (time.Time, time.Time) {
		if to.Sub(from) > most {
			return to, from
		}
		return from, to
	})
}

// pages changes limit and offset.
func pages(change func(limit, offset int) (int, int)) func(*standIn) {
	return func(s *standIn) {
		page := s.page
		s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
			limit, offset = change(limit, offset)
			return page(rows, limit, offset)
		}
	}
}

func pagesOf(most int) func(*standIn) {
	return pages(func(limit, offset int) (int, int) { return min(limit, most), offset })
}

// shows changes the fields of rows.
func shows(change func(simulator.Execution, map[string]any)) func(*standIn) {
	return func(s *standIn) {
		row := s.row
		s.row = func(e simulator.Execution) map[string]any {
			m := row(e)
			change(e, m)
			return m
		}
	}
}

// showsRunning changes the fields of executions that run.
func showsRunning(change func(map[string]any)) func(*standIn) {
	return shows(func(e simulator.Execution, m map[string]any) {
		if e.End.IsZero() {
			change(m)
		}
	})
}

// fails sets the statuses of executions by their number.
func fails(isFailed func(i int) bool) func(*standIn) {
	return func(s *standIn) {
		for i := range s.rows {
			s.rows[i].Status = map[bool]string{true: "fail", false: "success"}[isFailed(i)]
		}
	}
}

// answers changes the response to some requests.
func answers(isMeant func(*http.Request) bool, status int, body string, header http.Header) func(*standIn) {
	return func(s *standIn) {
		s.answer = func(r *http.Request) (int, string, http.Header) {
			if isMeant(r) {
				return status, body, header.Clone()
			}
			return 0, "", nil
		}
	}
}

// hasSpace reports whether a request has a start_time with a space.
func hasSpace(r *http.Request) bool { return strings.Contains(r.URL.Query().Get("start_time"), " ") }

// numbered counts requests from 1.
func numbered(isMeant func(n int) bool) func(*http.Request) bool {
	n := 0
	return func(*http.Request) bool { n++; return isMeant(n) }
}

// refusesLonger makes a service refuse windows that are longer.
func refusesLonger(most time.Duration) func(*standIn) {
	return func(s *standIn) {
		answers(func(r *http.Request) bool {
			start, _ := s.parse(r.URL.Query().Get("start_time"))
			end, _ := s.parse(r.URL.Query().Get("end_time"))
			return !start.IsZero() && !end.IsZero() && end.Sub(start) > most
		}, 400, `{"error_code":"FSS.1061","error_msg":"too long"}`, nil)(s)
	}
}

func few(n int, spacing time.Duration) func(time.Time) []simulator.Execution {
	return func(now time.Time) []simulator.Execution { return seeded(now, n, spacing) }
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

		// Bounds.
		"UTC-5": {sparse, reads(func(t time.Time) time.Time { return t.Add(5 * time.Hour) }), says{
			onZone:    "YYYY-MM-DD hh:mm:ss is read in UTC-05:00. YYYY-MM-DDThh:mm:ssZ is read in UTC-05:00.",
			surprises: "not read in UTC",
		}},
		"UTC+5:30": {sparse, reads(func(t time.Time) time.Time { return t.Add(-330 * time.Minute) }),
			says{onZone: "YYYY-MM-DD hh:mm:ss is read in UTC+05:30."}},
		"the whole run between the bounds": {sparse, func(s *standIn) { s.start, s.end = begin, end }, says{
			onField:   "start_time is compared with begin_time, end_time with end_time.",
			surprises: "in a way that the method does not expect",
		}},
		"update and begin": {sparse, func(s *standIn) { s.start, s.end = update, begin }, says{
			onField: "start_time is compared with last_update_time, end_time with begin_time.",
		}},
		"ten seconds": {sparse, reads(func(t time.Time) time.Time { return t.Truncate(10 * time.Second) }),
			says{onPrecision: "They are rounded down to 10s."}},
		"bounds in milliseconds": {sparse, func(s *standIn) {
			s.parse = func(text string) (time.Time, bool) {
				n, err := strconv.ParseInt(text, 10, 64)
				return time.UnixMilli(n), err == nil
			}
		}, says{onForms: "is refused", onField: "annot be told", surprises: "No form of bounds"}},
		"unreadable times list nothing": {sparse, answers(hasSpace, 200, `{"executions":[]}`, nil),
			says{onForms: "YYYY-MM-DD hh:mm:ss lists nothing", onMethod: "Yes: it read 62 executions."}},
		"unreadable times are errors": {sparse, answers(hasSpace, 500, `{"error_code":"FSS.0500","error_msg":"no"}`, nil),
			says{
				onForms:  "YYYY-MM-DD hh:mm:ss gives no list (the response was HTTP 500, error code FSS.0500).",
				onMethod: "No: it failed, because the response was HTTP 500, error code FSS.0500.",
			}},

		// Windows.
		"end_time is ignored": {sparse, takes(func(from, _, now time.Time) (time.Time, time.Time) {
			if from.IsZero() {
				return from, from
			}
			return from, now
		}), says{onField: "annot be told", onForms: "annot be told|changes what is listed"}},
		"a default of one day": {sparse, takes(func(from, to, now time.Time) (time.Time, time.Time) {
			if from.IsZero() && to.IsZero() {
				return now.Add(-day), now
			}
			return from, to
		}), says{onNeither: "It is between ", surprises: "shorter than three days"}},
		"one day from a lone bound": {sparse, takes(func(from, to, _ time.Time) (time.Time, time.Time) {
			switch {
			case from.IsZero() && !to.IsZero():
				return to.Add(-day), to
			case !from.IsZero() && to.IsZero():
				return from, from.Add(day)
			}
			return from, to
		}), says{onOnlyEnd: "It is between ", onOnlyStart: "It is between ", onNeither: "Three days"}},
		"a lone end_time has no effect, few executions": {few(8, 14*time.Hour),
			takes(func(from, to, _ time.Time) (time.Time, time.Time) {
				if from.IsZero() {
					return from, from
				}
				return from, to
			}), says{onOnlyEnd: "it does not bound the list"}},
		"seven days":               {sparse, cutsToLast(7 * day), says{onLong: "Yes, as far as 6."}},
		"seven days, else refused": {sparse, refusesLonger(7 * day), says{onLong: "One for three days is not."}},
		"two days, else refused": {sparse, refusesLonger(2 * day), says{
			onLong: "One for three days is refused, too.", surprises: "A window of three days is refused"}},
		"seven days, else nothing": {sparse, cutsToNothing(7 * day), says{
			onLong: "No: nothing is listed, although", surprises: "A request for ten days lists nothing"}},
		"one day, else nothing": {sparse, cutsToNothing(day), says{
			onNeither: "Nothing; the newest execution that is known is ",
			surprises: "A list without bounds is empty, although"}},
		"the last three days of a window, few executions": {few(30, 11*time.Hour), cutsToLast(documented), says{
			onLong:    "No: its older part is left out. What is listed is between 2.",
			surprises: "Windows are cut, perhaps|Nothing"}},
		"the first day of a window": {sparse, cuts(func(from, to time.Time) (time.Time, time.Time) {
			return from, earlier(to, from.Add(day))
		}), says{onNeither: "the newest executions are left out", onLong: "No: its newer part is left out."}},

		// Pages.
		"offset counts pages": {sparse, pages(func(limit, offset int) (int, int) { return limit, offset * limit }),
			says{onOffsetOf: "It skips, but not that many rows."}},
		"offsets beyond 1000 are 1000": {busy, pages(func(limit, offset int) (int, int) { return limit, min(offset, 1000) }),
			says{onOffsetFar: "An offset of 800 works, one of 1600 does not: it lists the rows of a smaller one."}},
		"offsets of no more than 1300 rows": {busy, func(s *standIn) { s.rows = s.rows[:1300] }, says{
			onOffsetFar: "An offset of 800 works, one of 1600 lists nothing. Whether"}},
		"rows are dropped after paging": {busy, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				return slices.DeleteFunc(slices.Clone(page(rows, limit, offset)),
					func(e simulator.Execution) bool { return e.ID[0] == '3' })
			}
		}, says{onPageLimit: "annot be told", surprises: "rows are left out of pages"}},
		"pages of 150, 30 without limit": {busy, pagesOf(150), says{onPageLimit: "150 rows."}},
		"pages of 37, of executions-history as well": {sparse, pagesOf(37), says{
			onTotal: "executions-history shows 25 executions that the list does not", onNeither: "It is between 2.",
			onMethod: "Not completely: it read 37 executions"}},
		"an offset of executions-history has no effect": {sparse, pages(func(limit, _ int) (int, int) {
			return min(limit, 37), 0
		}), says{onTotal: "it cannot be told why", onMethod: "Not completely: it read 37 executions"}},
		"pages of 37, busy": {busy, func(s *standIn) {
			pagesOf(37)(s)
			fails(func(i int) bool { return i%20 == 2 })(s)
		}, says{onPageLimit: "37 rows.", onOnlyEnd: "between "}},
		"a round number of failures": {busy, fails(func(i int) bool { return i%10 == 0 && i < 300 }),
			says{onNeither: "It "}},
		"limit has no effect": {sparse, pages(func(_, offset int) (int, int) { return 200, offset }),
			says{onSmallLimit: "It is not honoured"}},
		"small limits take the oldest": {sparse, func(s *standIn) {
			page := s.page
			s.page = func(rows []simulator.Execution, limit, offset int) []simulator.Execution {
				if limit == smallLimit {
					return rows[max(0, len(rows)-limit):]
				}
				return page(rows, limit, offset)
			}
		}, says{onSmallLimit: "shows other rows"}},
		"limits above 37 are 20": {sparse, pages(func(limit, offset int) (int, int) {
			if limit > 37 {
				limit = 20
			}
			return limit, offset
		}), says{onPageLimit: "Cannot be told: limit=21 gives 21 rows, more than limit=200."}},
		"limits above 100 are refused": {sparse, answers(func(r *http.Request) bool {
			limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
			return limit > 100
		}, 400, `{"error_code":"FSS.1061","error_msg":"limit"}`, nil), says{
			onPageLimit: "Fewer than 200: a limit of 200 is refused.", surprises: "A limit of 200",
			onField: "Both are compared with begin_time.", onClock: "There is. It differs"}},
		"by status, then begin": {sparse, func(s *standIn) {
			less := s.less
			s.less = func(a, b simulator.Execution) int {
				return cmp.Or(strings.Compare(a.Status, b.Status), less(a, b))
			}
		}, says{onOrderOf: "None that the survey knows"}},

		// Rows.
		"fractions in rows": {sparse, shows(func(e simulator.Execution, m map[string]any) {
			m["begin_time"] = e.Begin.Format("2006-01-02T15:04:05.000Z")
		}), says{onSeen: "2006-01-02T15:04:05.999Z"}},
		"an execution that runs ends now": {sparse, showsRunning(func(m map[string]any) {
			m["end_time"] = time.Now().UTC().Format(time.RFC3339)
		}), says{onRunningEnd: "Another time in each response (2 rows)."}},
		"an execution that runs ends in 1970": {sparse, showsRunning(func(m map[string]any) {
			m["end_time"] = "1970-01-01T00:00:00Z"
		}), says{onRunningEnd: "The zero time of Unix, 1970-01-01 (2 rows)."}},
		"an execution that runs ends in the future": {sparse, showsRunning(func(m map[string]any) {
			m["end_time"], m["last_update_time"] = "9999-12-31T23:59:59Z", m["begin_time"]
		}), says{onRunningEnd: "A time in the future (2 rows)."}},
		"an execution that runs has one time": {sparse, showsRunning(func(m map[string]any) {
			m["end_time"], m["last_update_time"] = m["begin_time"], m["begin_time"]
		}), says{onRunningEnd: "The same as begin_time and last_update_time (2 rows)."}},
		"an odd status": {sparse, func(s *standIn) {
			for i := 3; i < len(s.rows); i += 7 {
				s.rows[i].Status = "Hunter2isMyPassword"
			}
		}, says{onSeen: "one that is not shown here"}},
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

		// Errors.
		"the service fails": {sparse, answers(numbered(func(n int) bool { return n%5 == 0 }), 503, "<html>no</html>", nil),
			says{onField: "Both are compared with begin_time."}},
		"everything is refused": {sparse,
			answers(func(*http.Request) bool { return true }, 400, `{"error_code":"FSS.1061"}`, nil),
			says{onClock: "There is. It differs", surprises: "A request without bounds is refused"}},
		"no executions-history": {sparse, answers(func(r *http.Request) bool {
			return strings.HasSuffix(r.URL.Path, "executions-history")
		}, 404, `{"error_code":"APIGW.0101","error_msg":"no such API"}`, nil), says{
			onTotal:  "executions-history cannot be read: the response was HTTP 404, error code APIGW.0101",
			onMethod: "Yes"}},
		"an unknown workflow is no list": {sparse, answers(func(r *http.Request) bool {
			return !strings.Contains(r.URL.Path, testWorkflow)
		}, 200, `{"error_code":"FSS.1404","Executions":[]}`, nil),
			says{onUnknown: "An error: the response was not a list of executions."}},
		"throttling": {sparse, answers(numbered(func(n int) bool { return n == 9 }), 429,
			`{"error_code":"APIGW.0308","error_msg":"Throttled"}`, http.Header{
				"X-Ratelimit-Remaining": {"remain:0,limit:10,time:1 minute"}, "Retry-After": {"1"},
			}), says{onThrottle: "Retry-After: 1. " +
			"X-Ratelimit-Remaining: remain:0,limit:10,time:1 minute. 1 response said"}},
		"a policy of throttling": {sparse, func(s *standIn) {
			s.answer = func(r *http.Request) (int, string, http.Header) {
				plain := *s
				plain.answer = nil
				status, body, _ := plain.respond(r, time.Now())
				return status, body, http.Header{"Ratelimit-Policy": {"100;w=60"}}
			}
		}, says{onThrottle: "Ratelimit-Policy: 100;w=60."}},
	}
	for _, name := range chosen(tests) {
		test := tests[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := documentedService(test.data(time.Now()))
				test.change(s)
				report := s.survey(t)
				test.want.check(t, report)
				t.Log(report)
			})
		})
	}
}

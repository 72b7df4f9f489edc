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

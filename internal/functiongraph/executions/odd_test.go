package executions_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// A stand-in that always answers with the example of the API page is read without
// complaint, whatever satisfies it is asked.
func TestExampleOfThePage(t *testing.T) {
	t.Parallel()
	example := executions.Execution{
		WorkflowID:     testWorkflow,
		WorkflowURN:    "urn:fss:cn-north-7:46b6f338fc3445b8846c71dfb1fbd9e8:workflow:default:test:latest",
		ExecutionID:    "46b6f338fc3445b8846c71dfb1fbxxxx",
		Status:         "running",
		BeginTime:      "2021-01-01T00:00:00Z",
		EndTime:        "2021-01-01T00:00:00Z",
		LastUpdateTime: "2021-01-01T00:00:00Z",
		CreatedBy:      "admin",
	}
	at := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	const hour, day = time.Hour, 24 * time.Hour
	for _, date := range []time.Time{{}, time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC), at} {
		for _, limit := range []int{0, 1, 2, 10, 200, 201, 1000} {
			for _, status := range []string{"", "running"} {
				for i, window := range [][2]time.Time{
					{}, {at.Add(-hour), at.Add(hour)}, {at, at}, {at.Add(-hour)}, {{}, at.Add(hour)},
					{at.Add(-400 * day), at.Add(400 * day)},
				} {
					t.Run(fmt.Sprintf("Date %d, limit %d, status %q, window %d", date.Year(), limit, status, i), func(t *testing.T) {
						t.Parallel()
						var requests atomic.Int32
						ask := func(context.Context, executions.Query) (executions.Page, error) {
							if requests.Add(1) > 20 {
								return executions.Page{}, errEndless
							}
							return executions.Page{Rows: []executions.Execution{example}, Date: date}, nil
						}
						rows, err := executions.All(t.Context(), &executions.Facts{}, ask, executions.Question{
							WorkflowID: testWorkflow, Limit: limit, Status: status, Start: window[0], End: window[1],
						})
						if err != nil || len(rows) != 1 || rows[0].ExecutionID != example.ExecutionID {
							t.Errorf("%d rows and error %v after %d requests", len(rows), err, requests.Load())
						}
						if n := requests.Load(); n > 5 {
							t.Errorf("%d requests", n)
						}
					})
				}
			}
		}
	}
}

// A short page without bounds is the answer, whatever times it shows.
func TestOldRowsWithoutBounds(t *testing.T) {
	t.Parallel()
	inBubble(t, "a year ago", func(t *testing.T) {
		runs := spaced(50, 10*second)
		for _, r := range runs {
			r.begin -= 365 * day
			r.lasting(second)
		}
		s := serve(traits{defaultHours: 1000 * 24}, runs)
		s.expect(t, exact, &executions.Facts{}, executions.Question{}, belonging(runs, every))
		s.expect(t, exact, &executions.Facts{}, executions.Question{Limit: 3}, belonging(runs, every))
	})
}

// One odd row does not end a list.
func TestOddRows(t *testing.T) {
	t.Parallel()
	shows := func(change func(*executions.Execution)) func(*run) { return func(r *run) { r.odd = change } }
	oddities := map[string]func(*run){
		"ends before it begins":       func(r *run) { r.end = r.begin - 3600*second },
		"updated before it begins":    func(r *run) { r.update = r.begin - 3600*second },
		"updated a day after its end": func(r *run) { r.update = r.end + day },
		"no times but begin_time":     func(r *run) { r.end, r.update = 0, 0 },
		"a status that is not known":  func(r *run) { r.status = "scheduled" },
		"no status":                   func(r *run) { r.status = "" },
		"begin_time cannot be read":   shows(func(row *executions.Execution) { row.BeginTime = "soon" }),
		"begin_time is missing":       shows(func(row *executions.Execution) { row.BeginTime = "" }),
		"begin_time has an offset":    shows(shiftedBegin),
		"end_time cannot be read":     shows(func(row *executions.Execution) { row.EndTime = "never" }),
		"last_update_time is of 1970": shows(func(row *executions.Execution) {
			row.LastUpdateTime = "1970-01-01T00:00:00Z"
		}),
		"success, but without an end":   func(r *run) { r.end = 0 },
		"running, but with an end":      func(r *run) { r.status = "running" },
		"the zero date as its end":      shows(func(row *executions.Execution) { row.EndTime = "0001-01-01T00:00:00Z" }),
		"created by somebody at length": shows(func(row *executions.Execution) { row.CreatedBy = fmt.Sprintf("%4000d", 1) }),
	}
	orders := []traits{
		{}, {ascending: true}, {sortBy: byHash}, {sortBy: byEnd, blanks: last}, {scrambled: scrambledAll},
	}
	for name, change := range oddities {
		for _, order := range orders {
			for _, n := range race.Choose([]int{30, 450}, []int{30}) {
				inBubble(t, fmt.Sprintf("%s, %s, %d runs", name, order, n), func(t *testing.T) {
					for _, odd := range []int{0, 15, 250, 449} {
						runs := spaced(n, 100*second)
						if odd >= n {
							continue
						}
						change(runs[odd])
						rows, err := serve(order, runs).all(t, &executions.Facts{}, executions.Question{})
						if err != nil || len(rows) != n {
							t.Errorf("row %d is odd: %d rows of %d, error %v", odd, len(rows), n, err)
						}
						q := executions.Question{Start: time.Now().Add(-100 * time.Hour), End: time.Now()}
						rows, err = serve(order, runs).all(t, &executions.Facts{}, q)
						if err != nil || len(rows) != n {
							t.Errorf("row %d is odd, with bounds: %d rows of %d, error %v", odd, len(rows), n, err)
						}
					}
				})
			}
		}
	}
}

func shiftedBegin(row *executions.Execution) {
	at, err := time.Parse(time.RFC3339, row.BeginTime)
	if err != nil {
		panic(err)
	}
	row.BeginTime = at.In(time.FixedZone("", 8*3600)).Format("2006-01-02T15:04:05.000Z07:00")
}

// A request that only makes sure may fail. One that the list needs may not.
func TestProbesMayFail(t *testing.T) {
	t.Parallel()
	errDown := errors.New("the service is down")
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	page := func(n int) executions.Page {
		p := executions.Page{Date: now}
		for i := range n {
			at := now.Add(-time.Hour - time.Duration(i)*time.Minute).Format(time.RFC3339)
			p.Rows = append(p.Rows, executions.Execution{
				ExecutionID: fmt.Sprint(i), WorkflowID: testWorkflow, Status: "success",
				BeginTime: at, EndTime: at, LastUpdateTime: at,
			})
		}
		return p
	}
	questions := map[string]executions.Question{
		"no bounds": {},
		"a day":     {Start: now.Add(-24 * time.Hour), End: now},
		"ten days":  {Start: now.Add(-240 * time.Hour), End: now},
		"start":     {Start: now.Add(-50 * time.Hour)},
		"end":       {End: now},
	}
	for name, q := range questions {
		for _, failure := range []error{errDown, executions.ErrBadRequest, context.Canceled} {
			for _, n := range []int{0, 1, 5, 10, 20, 50, 100, 199} {
				t.Run(fmt.Sprintf("%s, %v, %d rows", name, failure, n), func(t *testing.T) {
					t.Parallel()
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					var requests atomic.Int32
					ask := func(context.Context, executions.Query) (executions.Page, error) {
						if requests.Add(1) == 1 {
							return page(n), nil
						}
						if errors.Is(failure, context.Canceled) {
							cancel()
						}
						return executions.Page{}, failure
					}
					q := q
					q.WorkflowID = testWorkflow
					rows, err := executions.All(ctx, &executions.Facts{}, ask, q)
					sent := requests.Load()
					switch {
					case errors.Is(failure, context.Canceled) && sent > 1:
						if !errors.Is(err, context.Canceled) {
							t.Errorf("%d rows and error %v of a list that was cancelled", len(rows), err)
						}
					case err != nil || len(rows) != n:
						t.Errorf("%d rows and error %v after %d requests", len(rows), err, sent)
					}
					if sent > 5 {
						t.Errorf("%d requests", sent)
					}
				})
			}
		}
	}
	for _, n := range []int{5, 200} {
		t.Run(fmt.Sprintf("the limit of %d is reached", n), func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			ask := func(_ context.Context, q executions.Query) (executions.Page, error) {
				if requests.Add(1) == 1 {
					return page(q.Limit), nil
				}
				return executions.Page{}, errDown
			}
			q := executions.Question{WorkflowID: testWorkflow, Limit: n}
			if rows, err := executions.All(t.Context(), &executions.Facts{}, ask, q); !errors.Is(err, errDown) {
				t.Errorf("%d rows and error %v", len(rows), err)
			}
		})
	}
}

// Of two copies of an execution the one that was updated later counts, and it is
// listed once.
func TestLaterCopyWins(t *testing.T) {
	t.Parallel()
	for _, order := range []traits{{}, {ascending: true}, {sortBy: byHash}} {
		inBubble(t, order.String(), func(t *testing.T) {
			runs := spaced(450, 10*second)
			for i := range runs {
				if i%3 == 0 {
					runs[i].stillRunning()
				}
			}
			s := serve(order, runs)
			s.seed, s.latency = 1, true
			requests := 0
			ended := map[string]bool{}
			ask := func(ctx context.Context, q executions.Query) (executions.Page, error) {
				page, err := s.ask(ctx, q)
				s.mu.Lock()
				defer s.mu.Unlock()
				if requests++; requests == 1 { // what the first page shows ends at once
					for _, row := range page.Rows {
						if row.Status == "running" {
							ended[row.ExecutionID] = true
							s.replace(row.ExecutionID, func(r run) *run {
								r.status, r.update = "success", ms(time.Now())/second*second
								r.end = r.update
								return &r
							})
						}
					}
				}
				return page, err
			}
			rows, err := executions.All(t.Context(), &executions.Facts{}, ask, executions.Question{WorkflowID: testWorkflow})
			if err != nil || len(rows) != len(runs) {
				t.Fatalf("%d rows of %d, error %v", len(rows), len(runs), err)
			}
			for _, row := range rows {
				if ended[row.ExecutionID] && row.Status != "success" {
					t.Errorf("an old copy of %s is listed", row.ExecutionID)
				}
			}
		})
	}
}

// What belongs to a list is decided row by row.
func TestWhatBelongs(t *testing.T) {
	t.Parallel()
	workflow := func(id string) func(*executions.Execution) {
		return func(row *executions.Execution) { row.WorkflowID = id }
	}
	status := func(status string) func(*executions.Execution) {
		return func(row *executions.Execution) { row.Status = status }
	}
	nameless := func(row *executions.Execution) { row.ExecutionID = "" }
	tests := []struct {
		name    string
		n       int
		status  string
		odd     func(*executions.Execution)
		rows    int
		refused bool
	}{
		{"a row of another workflow", 30, "", workflow("another"), 0, true},
		{"a row of another workflow", 450, "", workflow("another"), 0, true},
		{"the workflow's ID in capitals", 30, "", workflow(strings.ToUpper(testWorkflow)), 30, false},
		{"no workflow_id", 30, "", workflow(""), 30, false},
		{"no execution_id on one page", 30, "", nameless, 30, false},
		{"no execution_id on one of some", 450, "", nameless, 0, true},
		{"another status", 30, "success", status("fail"), 29, false},
		{"another status", 450, "success", status("fail"), 449, false},
		{"an undocumented status", 30, "success", status("retrying"), 0, true},
		{"an undocumented status", 450, "success", status("retrying"), 0, true},
		{"no status", 30, "success", status(""), 30, false},
		{"no status", 450, "success", status(""), 450, false},
		{"capitals", 450, "success", status("SUCCESS"), 450, false},
	}
	for _, tt := range tests {
		for _, order := range []traits{{}, {ascending: true}, {sortBy: byHash}} {
			inBubble(t, fmt.Sprintf("%s, %d runs, %s", tt.name, tt.n, order), func(t *testing.T) {
				runs := spaced(tt.n, 10*second)
				runs[15].odd = tt.odd
				rows, err := serve(order, runs).all(t, &executions.Facts{}, executions.Question{Status: tt.status})
				_, refused := errors.AsType[*executions.Error](err)
				if refused != tt.refused || !refused && err != nil || len(rows) != tt.rows {
					t.Errorf("%d rows and error %v, want %d rows, refused %t", len(rows), err, tt.rows, tt.refused)
				}
			})
		}
	}
}

package executions_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// spaced makes n runs that end within their second, the newest a minute before
// now, the others gap apart.
func spaced(n int, gap int64) []*run {
	newest := ms(time.Now())/second*second - minute
	runs := make([]*run, n)
	for i := range runs {
		begin := newest - int64(i)*gap
		runs[i] = &run{id: fmt.Sprintf("run-%05d", i), status: "success", begin: begin, end: begin, update: begin}
	}
	return runs
}

// lasting changes a run to one that ends later.
func (r *run) lasting(took int64) {
	r.end, r.update = r.begin+took, r.begin+took
}

// stillRunning changes a run to one that has no end.
func (r *run) stillRunning() {
	r.status, r.end = "running", 0
}

// serve makes a service of runs.
func serve(t traits, runs []*run) *service {
	s := &service{traits: t}
	s.add(runs...)
	return s
}

// belonging returns the IDs of the runs that belong to a list, in its order.
func belonging(runs []*run, belongs func(*run) bool) []string {
	runs = slices.DeleteFunc(slices.Clone(runs), func(r *run) bool { return !belongs(r) })
	slices.SortFunc(runs, func(a, b *run) int {
		return cmp.Or(cmp.Compare(b.begin/second, a.begin/second), strings.Compare(a.id, b.id))
	})
	ids := make([]string, len(runs))
	for i, r := range runs {
		ids[i] = r.id
	}
	return ids
}

func every(*run) bool { return true }

// outcome is how a list may end.
type outcome int

const (
	exact outcome = iota
	exactOrRefused
)

// expect reads one list and compares it with the IDs that it should have.
func (s *service) expect(t *testing.T, how outcome, facts *executions.Facts, q executions.Question, want []string) {
	t.Helper()
	rows, err := s.all(t, facts, q)
	if _, refused := errors.AsType[*executions.Error](err); refused && how == exactOrRefused {
		t.Logf("refused: %v", err)
		return
	}
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	if q.Limit > 0 {
		want = want[:min(len(want), q.Limit)]
	}
	got := make([]string, len(rows))
	for i, row := range rows {
		got[i] = row.ExecutionID
	}
	if slices.Equal(got, want) {
		return
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%d rows, want %d; row %d and what it should be: %v %v",
				len(got), len(want), i, got[i:min(i+1, len(got))], want[i:min(i+1, len(want))])
			return
		}
	}
}

// inBubble runs a test with a clock of its own, at noon of some day.
func inBubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(9 * 365 * 24 * time.Hour)
			test(t)
		})
	})
}

// orders are all ways in which a service may sort rows, or every 13th of them under
// the race detector.
func orders() []traits {
	var all []traits
	for _, by := range []field{byBegin, byUpdate, byEnd, byID, byHash} {
		for _, ascending := range []bool{false, true} {
			for _, running := range []place{"", first, last} {
				for _, blanks := range []place{asOldest, first, last} {
					if blanks == asOldest || by == byEnd {
						all = append(all, traits{sortBy: by, ascending: ascending, running: running, blanks: blanks})
					}
				}
			}
		}
	}
	all = append(all, traits{scrambled: scrambledTies}, traits{scrambled: scrambledAll})
	var chosen []traits
	for i := 0; i < len(all); i += race.Choose(1, 13) {
		chosen = append(chosen, all[i])
	}
	return chosen
}

// Pages may be sorted by another field, which may look like an order by
// begin_time.
func TestDirected_order(t *testing.T) {
	t.Parallel()
	for _, order := range orders() {
		inBubble(t, order.String(), func(t *testing.T) {
			one := spaced(450, 10*second)
			one[5].stillRunning()
			serve(order, one).expect(t, exact, &executions.Facts{}, executions.Question{}, belonging(one, every))

			more := spaced(900, 10*second)
			for i := 3; i < len(more); i += 40 {
				more[i].stillRunning()
			}
			serve(order, more).expect(t, exact, &executions.Facts{}, executions.Question{}, belonging(more, every))
		})
	}
}

// Rare long runs come late in a page sorted by last_update_time, where all others
// look sorted by begin_time.
func TestDirected_rareLongRuns(t *testing.T) {
	t.Parallel()
	for _, order := range orders() {
		inBubble(t, order.String(), func(t *testing.T) {
			for _, long := range []int{3, 100, 199, 205, 350, 440} {
				runs := spaced(450, 10*second)
				runs[long].lasting(min(int64(long)*10*second, 2500*second))
				runs[449].lasting(4000 * second)
				serve(order, runs).expect(t, exact, &executions.Facts{}, executions.Question{}, belonging(runs, every))
			}
		})
	}
}

// A limit keeps the newest, whatever comes first.
func TestDirected_limit(t *testing.T) {
	t.Parallel()
	for _, order := range orders() {
		inBubble(t, order.String(), func(t *testing.T) {
			runs := spaced(450, 10*second)
			for i := 7; i < len(runs); i += 50 {
				runs[i].lasting(int64(i) * 9 * second)
			}
			runs[0].stillRunning()
			runs[20].stillRunning()
			for _, limit := range []int{1, 2, 5, 13, 50, 199, 200, 201, 449, 450, 451} {
				s := serve(order, runs)
				s.expect(t, exact, &executions.Facts{}, executions.Question{Limit: limit}, belonging(runs, every))
				if got := s.requests[0].Limit; got != min(limit, executions.MaxPage) {
					t.Errorf("limit %d: asked for %d first", limit, got)
				}
			}
		})
	}
}

// Bounds may apply to another field although the first page cannot show it,
// because all its runs are short.
func TestDirected_comparedField(t *testing.T) {
	t.Parallel()
	for _, compared := range []field{byBegin, byUpdate, byEnd, byAny} {
		for _, ascending := range []bool{false, true} {
			for _, edges := range []traits{{}, {openStart: true}, {openEnd: true}, {openStart: true, openEnd: true}} {
				order := edges
				order.compared, order.ascending = compared, ascending
				inBubble(t, order.String(), func(t *testing.T) {
					for _, long := range race.Choose([]int{205, 300, 400}, []int{300}) {
						runs := spaced(450, 10*second)
						runs[long].lasting(min(int64(long)*10*second, 2500*second))
						want := belonging(runs, every)
						serve(order, runs).expect(t, exact, &executions.Facts{}, executions.Question{}, want)
						serve(order, runs).expect(t, exact, &executions.Facts{}, executions.Question{Limit: 250}, want)
						serve(order, runs).expect(t, exact, &executions.Facts{}, executions.Question{
							Start: time.Now().Add(-50 * time.Hour), End: time.Now().Add(time.Hour),
						}, want)
					}
				})
			}
		}
	}
}

// One short response leaves out runs that responses before it have shown, as a
// replica that lags behind does.
func TestDirected_shortResponseLacksKnownRows(t *testing.T) {
	t.Parallel()
	for _, order := range []traits{{}, {ascending: true}, {sortBy: byHash}} {
		inBubble(t, order.String(), func(t *testing.T) {
			for nth := 2; nth <= 7; nth++ {
				runs := spaced(450, 10*second)
				s := serve(order, runs)
				shown := map[string]bool{}
				requests := 0
				ask := func(ctx context.Context, q executions.Query) (executions.Page, error) {
					s.mu.Lock()
					requests++
					n := requests
					s.mu.Unlock()
					page, err := s.ask(ctx, q)
					s.mu.Lock()
					defer s.mu.Unlock()
					if n == nth {
						kept := 0
						page.Rows = slices.DeleteFunc(page.Rows, func(row executions.Execution) bool {
							if shown[row.ExecutionID] {
								kept++
							}
							return shown[row.ExecutionID] && kept > 3
						})
					}
					for _, row := range page.Rows {
						shown[row.ExecutionID] = true
					}
					return page, err
				}
				rows, err := executions.All(t.Context(), &executions.Facts{}, ask, executions.Question{WorkflowID: testWorkflow})
				if _, refused := errors.AsType[*executions.Error](err); !refused && (err != nil || len(rows) != len(runs)) {
					t.Errorf("request %d lacks rows: %d rows of %d, error %v", nth, len(rows), len(runs), err)
				}
			}
		})
	}
}

// onlyOffset is a service whose bounds do nothing.
func onlyOffset(t traits) traits {
	t.onlyForm, t.unread = noForm, unreadIgnored
	return t
}

// While pages are read by offset, runs finish and move to another place.
func TestDirected_offsetWhileRunsFinish(t *testing.T) {
	t.Parallel()
	for _, by := range []field{byBegin, byUpdate, byEnd} {
		for _, ascending := range []bool{false, true} {
			for _, every := range []int{1, 2, 3, 7} {
				order := onlyOffset(traits{sortBy: by, ascending: ascending, blanks: first})
				inBubble(t, fmt.Sprintf("%s, each %d", order, every), func(t *testing.T) {
					runs := spaced(900, 10*second)
					for i := range runs {
						if i%7 == 3 {
							runs[i].stillRunning()
						}
					}
					s := serve(order, runs)
					s.seed, s.latency = 1, true
					for i := range 120 {
						id := runs[len(runs)-1-i*7+i*7%every].id
						s.events = append(s.events, event{
							time.Now().Add(time.Duration(i*50) * time.Millisecond), func(s *service) {
								s.replace(id, func(r run) *run {
									r.status, r.update = "success", ms(s.now())/second*second
									r.end = r.update
									return &r
								})
							},
						})
					}
					want := belonging(runs, func(*run) bool { return true })
					s.expect(t, exactOrRefused, &executions.Facts{}, executions.Question{}, want)
				})
			}
		}
	}
}

// Offsets mean nothing if each response has another order.
func TestDirected_offsetWithoutOrder(t *testing.T) {
	t.Parallel()
	for _, degree := range []scramble{scrambledTies, scrambledAll} {
		for _, n := range []int{201, 205, 210, 450} {
			inBubble(t, fmt.Sprintf("scrambled %s, %d runs", degree, n), func(t *testing.T) {
				for seed := range uint64(race.Choose(30, 3)) {
					runs := spaced(n, 0)
					want := belonging(runs, every)
					// Bounds do nothing, or they do, and the second is full.
					for _, order := range []traits{onlyOffset(traits{scrambled: degree}), {scrambled: degree}} {
						s := serve(order, runs)
						s.seed = seed
						s.expect(t, exactOrRefused, &executions.Facts{}, executions.Question{}, want)
					}
				}
			})
		}
	}
}

// The clock of the Date header need not be that of the rows.
func TestDirected_date(t *testing.T) {
	t.Parallel()
	skews := []time.Duration{
		-10 * time.Minute, -2 * time.Minute, -30 * time.Second, -time.Second, time.Second, time.Minute, 10 * time.Minute,
	}
	for _, ascending := range []bool{false, true} {
		for _, skew := range skews {
			for _, clock := range []time.Duration{0, -5 * time.Minute, 5 * time.Minute} {
				for _, missing := range []bool{false, true} {
					if missing && skew != time.Second {
						continue
					}
					order := traits{ascending: ascending, dateAhead: skew, noDate: missing}
					inBubble(t, fmt.Sprintf("%s, clock %s", order, clock), func(t *testing.T) {
						runs := spaced(450, 2*second)
						for _, r := range runs { // up to two seconds ago by the service's clock
							for _, at := range []*int64{&r.begin, &r.end, &r.update} {
								*at += minute - 2*second + clock.Milliseconds()
							}
						}
						s := serve(order, runs)
						s.ahead = clock
						want := belonging(runs, every)
						s.expect(t, exact, &executions.Facts{}, executions.Question{}, want)
						s.expect(t, exact, &executions.Facts{}, executions.Question{Limit: 3}, want)
						s.expect(t, exact, &executions.Facts{}, executions.Question{Limit: 210}, want)
					})
				}
			}
		}
	}
}

// A row may show its status in capitals, or not at all where it was asked for.
func TestDirected_status(t *testing.T) {
	t.Parallel()
	for _, order := range []traits{
		{}, {statusForm: capitals}, {statusForm: omitted}, {statusForm: omittedIfFiltered},
		{anyStatus: true}, {anyStatus: true, statusForm: capitals}, {anyStatus: true, sortBy: byHash},
	} {
		inBubble(t, order.String(), func(t *testing.T) {
			for _, n := range []int{0, 3, 150, 900} {
				runs := spaced(n, 10*second)
				for i, r := range runs {
					r.status = []string{"success", "success", "fail", "timeout"}[i%4]
					if i%50 == 3 {
						r.stillRunning()
					}
				}
				for _, status := range []string{"success", "fail", "running", "cancel"} {
					want := belonging(runs, func(r *run) bool { return r.status == status })
					for _, limit := range []int{0, 1, 10, 210, 500} {
						s := serve(order, runs)
						s.expect(t, exact, &executions.Facts{}, executions.Question{Status: status, Limit: limit}, want)
					}
				}
			}
		})
	}
}

// inside is whether a run begins within a window.
func inside(start, end time.Time) func(*run) bool {
	return func(r *run) bool { return r.begin >= ms(start) && r.begin <= ms(end) }
}

// A window of three days may be the longest although both bounds are given.
func TestDirected_span(t *testing.T) {
	t.Parallel()
	for _, cutsStart := range []bool{false, true} {
		for _, n := range []int{100, 150, 250, 450, 900} {
			order := traits{longest: 3 * day, cutsStart: cutsStart}
			inBubble(t, fmt.Sprintf("%s, %d runs", order, n), func(t *testing.T) {
				runs := spaced(n, 9*day/int64(n))
				start, end := time.Now().Add(-9*24*time.Hour), time.Now()
				s := serve(order, runs)
				facts := &executions.Facts{}
				want := belonging(runs, inside(start, end))
				s.expect(t, exactOrRefused, facts, executions.Question{Start: start, End: end}, want)
				s.expect(t, exactOrRefused, facts, executions.Question{Start: start, End: end, Limit: 20}, want)
				s.expect(t, exact, facts, executions.Question{}, belonging(runs, inside(end.Add(-72*time.Hour), end)))
			})
		}
	}
}

// Rows from outside the window are never returned as if they belonged.
func TestDirected_outside(t *testing.T) {
	t.Parallel()
	for _, how := range []unread{unreadIgnored, unreadUnbounded} {
		for _, n := range []int{5, 30, 199, 450} {
			inBubble(t, fmt.Sprintf("%s, %d runs", how, n), func(t *testing.T) {
				runs := spaced(n, 100*second)
				s := serve(traits{onlyForm: noForm, unread: how}, runs)
				now := time.Now()
				for _, back := range []time.Duration{2 * time.Minute, 5 * time.Minute, 10 * time.Hour} {
					start, end := now.Add(-2*back), now.Add(-back)
					want := belonging(runs, inside(start, end))
					s.expect(t, exactOrRefused, &executions.Facts{}, executions.Question{Start: start, End: end}, want)
				}
			})
		}
	}
}

// What a lone bound selects is documented, so rows from elsewhere show that the
// service does otherwise.
func TestDirected_loneBound(t *testing.T) {
	t.Parallel()
	const hours = time.Hour
	for _, how := range []lone{"", loneOpen, loneIgnored} {
		for _, n := range []int{190, 900} {
			inBubble(t, fmt.Sprintf("%s, %d runs", how, n), func(t *testing.T) {
				runs := spaced(n, 190*hour/int64(n))
				now := time.Now()
				for _, ago := range []time.Duration{180 * hours, 100 * hours, 90 * hours} {
					for _, limit := range []int{0, 5, 40} {
						from := executions.Question{Start: now.Add(-ago), Limit: limit}
						serve(traits{lone: how}, runs).expect(t, exact, &executions.Facts{}, from,
							belonging(runs, inside(from.Start, from.Start.Add(72*hours))))
						to := executions.Question{End: now.Add(72*hours - ago), Limit: limit}
						serve(traits{lone: how}, runs).expect(t, exact, &executions.Facts{}, to,
							belonging(runs, inside(to.End.Add(-72*hours), to.End)))
					}
				}
			})
		}
	}
}

// Pages may hold fewer rows than the documentation says.
func TestDirected_pageLimit(t *testing.T) {
	t.Parallel()
	for _, most := range []int{10, 20, 50, 100} {
		for _, order := range []traits{{}, {ascending: true}, {sortBy: byHash}, {compared: byUpdate, sortBy: byUpdate}} {
			order.pageLimit = most
			for _, n := range []int{most - 1, most, most + 1, 2 * most, 450} {
				inBubble(t, fmt.Sprintf("%s, %d runs", order, n), func(t *testing.T) {
					runs := spaced(n, 10*second)
					s := serve(order, runs)
					facts := &executions.Facts{}
					want := belonging(runs, every)
					for _, limit := range []int{0, 5, most, most + 1, 0} {
						s.expect(t, exactOrRefused, facts, executions.Question{Limit: limit}, want)
					}
					now := time.Now()
					s.expect(t, exactOrRefused, facts, executions.Question{Start: now.Add(-50 * time.Hour), End: now}, want)
				})
			}
		}
	}
}

// A limit that contradicts the documentation and cannot be seen must not keep a
// list from ending.
func TestDirected_strangePageLimit(t *testing.T) {
	t.Parallel()
	for _, most := range []int{1, 2, 37, 150, 199} {
		for _, order := range []traits{{}, {scrambled: scrambledAll}, {onlyForm: noForm, unread: unreadIgnored}} {
			order.pageLimit = most
			inBubble(t, order.String(), func(t *testing.T) {
				for _, limit := range []int{0, 1, 2, 37, 150, 300} {
					s := serve(order, spaced(450, 10*second))
					if _, err := s.all(t, &executions.Facts{}, executions.Question{Limit: limit}); errors.Is(err, errEndless) {
						t.Errorf("limit %d: %v", limit, err)
					}
				}
			})
		}
	}
}

// A limit that is not a round number shows where the time beside a run holds more
// of the window.
func TestDirected_strangePageLimitShown(t *testing.T) {
	t.Parallel()
	inBubble(t, "oldest first", func(t *testing.T) {
		runs := spaced(130, 10*minute)
		for _, r := range runs {
			r.begin -= 29 * day
			r.lasting(0)
		}
		q := fromTo(30*24*time.Hour, -27*24*time.Hour)
		s := serve(traits{ascending: true, pageLimit: 37}, runs)
		s.expect(t, exact, &executions.Facts{}, q, belonging(runs, inside(q.Start, q.End)))
	})
}

// The offset may be capped, in each way that services have.
func TestDirected_offsetCap(t *testing.T) {
	t.Parallel()
	for _, how := range []beyond{beyondLastPage, beyondFirstPage, beyondNothing, beyondRefused} {
		for _, farthest := range []int{1, 150, 200, 500, 1000} {
			inBubble(t, fmt.Sprintf("%s beyond %d", how, farthest), func(t *testing.T) {
				capped := traits{farthest: farthest, beyond: how}
				runs := spaced(1500, 10*second)
				s := serve(onlyOffset(capped), runs)
				s.most = 100
				s.expect(t, exactOrRefused, &executions.Facts{}, executions.Question{}, belonging(runs, every))
				s = serve(capped, spaced(1500, 0))
				s.most = 400
				s.expect(t, exactOrRefused, &executions.Facts{}, executions.Question{}, belonging(s.runs, every))
			})
		}
	}
}

// Three seconds that follow each other may be crowded, as long as none holds a
// page.
func TestDirected_crowdedNeighbours(t *testing.T) {
	t.Parallel()
	for _, compared := range []field{byBegin, byUpdate, byEnd} {
		for _, edges := range []traits{{}, {openStart: true}, {openEnd: true}, {openStart: true, openEnd: true}} {
			for _, each := range race.Choose([]int{60, 99, 101, 150, 199}, []int{101}) {
				for _, order := range []traits{{}, {sortBy: byHash}} {
					edges.compared, edges.sortBy, edges.offset = compared, order.sortBy, offsetIgnored
					inBubble(t, fmt.Sprintf("%s, %d", edges, each), func(t *testing.T) {
						runs := spaced(5*each, 0)
						for i, r := range runs {
							r.begin -= int64(i%5) * second
							r.lasting(0)
						}
						serve(edges, runs).expect(t, exact, &executions.Facts{}, executions.Question{}, belonging(runs, every))
					})
				}
			}
		}
	}
}

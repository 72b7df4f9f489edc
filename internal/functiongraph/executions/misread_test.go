package executions_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// from and to make a window relative to now.
func from(ago time.Duration) executions.Question {
	return executions.Question{Start: time.Now().Add(-ago)}
}

func fromTo(ago, ahead time.Duration) executions.Question {
	return executions.Question{Start: time.Now().Add(-ago), End: time.Now().Add(ahead)}
}

// A service that reads bounds in another way than they are meant may show a short
// page that looks whole.
func TestDirected_misreadBounds(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	onlyRFC := traits{onlyForm: rfc3339Only, unread: unreadIgnored}
	isIn := func(q executions.Question) func(*run) bool {
		return func(r *run) bool {
			return (q.Status == "" || r.status == q.Status) && r.begin >= ms(q.Start) && (q.End.IsZero() || r.begin <= ms(q.End))
		}
	}
	old := func(ago time.Duration) *run {
		at := ms(time.Now().Add(-ago))
		return &run{id: "old", status: "success", begin: at, end: at, update: at}
	}
	running := func(began, updated time.Duration) *run {
		return &run{
			id: "running", status: "running", begin: ms(time.Now().Add(-began)), update: ms(time.Now().Add(-updated)),
		}
	}
	tests := map[string]struct {
		traits   traits
		n        int
		gap      int64
		more     func() *run
		question func() executions.Question
		how      outcome
	}{
		"a longer window is cut, and ends in six days": {
			traits: traits{longest: 72 * 3600 * second, cutsStart: true}, n: 100, gap: 10 * minute,
			question: func() executions.Question { return fromTo(day, 6*day) },
		},
		"a longer window is cut, and ends in two days": {
			traits: traits{longest: 72 * 3600 * second, cutsStart: true}, n: 150, gap: 15 * minute,
			question: func() executions.Question { return fromTo(2*day, 2*day) },
		},
		"another zone, and an end in an hour": {
			traits: traits{zone: china}, n: 150, gap: 15 * minute,
			question: func() executions.Question { return fromTo(2*day, time.Hour) },
		},
		"another zone, and a start alone": {
			traits: traits{zone: china}, n: 150, gap: 15 * minute,
			question: func() executions.Question { return from(3*day - 30*time.Minute) },
		},
		"another form, and a page limit": {
			traits: traits{onlyForm: rfc3339Only, unread: unreadIgnored, pageLimit: 50}, n: 250, gap: 10 * minute,
			question: func() executions.Question { return fromTo(2*day, 0) },
		},
		"another form, and a run that goes on": {
			traits: onlyRFC, n: 50, gap: minute, more: func() *run { return running(4*day-3*time.Hour, 30*time.Minute) },
			question: func() executions.Question {
				return executions.Question{Start: time.Now().Add(-4 * day), Status: "running"}
			},
		},
		"another form, and a run that began before": {
			traits: onlyRFC, n: 50, gap: minute, more: func() *run { return running(2*day, 2*day) },
			question: func() executions.Question {
				q := fromTo(time.Hour, 0)
				q.Status = "running"
				return q
			},
		},
		"this form, and runs that go on in the other": {
			traits: traits{onlyForm: spaceOnly, unread: unreadIgnored}, n: 50, gap: minute,
			more: func() *run { return running(2*day, 0) },
			question: func() executions.Question {
				q := fromTo(time.Hour, 0)
				q.Status = "running"
				return q
			},
		},
		"another form, and a start a little before three days ago": {
			traits: onlyRFC, n: 50, gap: minute,
			more:     func() *run { return old(3*day + 5*time.Second) },
			question: func() executions.Question { return fromTo(3*day+10*time.Second, 0) },
		},
		"another form, no clock, and a start a little before three days ago": {
			traits: traits{onlyForm: rfc3339Only, unread: unreadIgnored, noDate: true}, n: 60, gap: hour,
			more:     func() *run { return old(3*day + 5*time.Second) },
			question: func() executions.Question { return fromTo(3*day+10*time.Second, time.Hour) },
		},
		"no form, and a page limit": {
			traits: traits{onlyForm: noForm, unread: unreadIgnored, pageLimit: 50}, n: 250, gap: 10 * minute,
			how:      exactOrRefused,
			question: func() executions.Question { return fromTo(2*day, time.Hour) },
		},
		"another zone, a clock behind, and recent runs alone": {
			traits: traits{zone: china, dateAhead: -10 * time.Minute}, n: 2, gap: 10 * second,
			question: func() executions.Question { return fromTo(3*day-10*time.Second, time.Hour) },
		},
	}
	for name, test := range tests {
		inBubble(t, name, func(t *testing.T) {
			runs := spaced(test.n, test.gap)
			if test.more != nil {
				runs = append(runs, test.more())
			}
			q := test.question()
			serve(test.traits, runs).expect(t, test.how, &executions.Facts{}, q, belonging(runs, isIn(q)))
		})
	}
}

// Pages may have ten rows at most, and more runs may fall into a second.
func TestDirected_tinyPages(t *testing.T) {
	t.Parallel()
	for _, ascending := range []bool{false, true} {
		for _, unread := range []unread{unreadRefused, unreadIgnored} {
			trait := traits{ascending: ascending, onlyForm: rfc3339Only, unread: unread, pageLimit: 10}
			inBubble(t, trait.String(), func(t *testing.T) {
				for n := 11; n < 60; n += race.Choose(1, 7) {
					for _, gap := range []int64{70, 130, 210, 330, second, 7 * minute} {
						for _, took := range []int64{0, second, 2 * second, 9 * second} {
							runs := spaced(n, gap)
							for i, r := range runs {
								r.lasting(took * int64(i%3))
							}
							how := exact
							if gap < second || took > second {
								how = exactOrRefused
							}
							serve(trait, runs).expect(t, how, &executions.Facts{}, executions.Question{}, belonging(runs, every))
						}
					}
				}
			})
		}
	}
}

// A page of twenty rows may not be the list, although a second of it cannot be
// read.
func TestDirected_crowdedTinyPages(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		inBubble(t, fmt.Sprint(seed), func(t *testing.T) {
			runs := spaced(90, second)
			for i, r := range runs {
				r.begin = runs[0].begin - int64(i/45)*hour + int64(i%45)*20
				r.end, r.update = r.begin, r.begin
			}
			s := serve(traits{compared: byUpdate, openStart: true, pageLimit: 20, scrambled: scrambledAll}, runs)
			s.seed = seed
			s.expect(t, exactOrRefused, &executions.Facts{}, from(23*time.Hour), belonging(runs, every))
		})
	}
}

// Bounds may be compared with any moment of a run, so that runs that go on are in
// a tile in the future.
func TestDirected_manyGoOn(t *testing.T) {
	t.Parallel()
	for _, one := range []int{4, 8, 16} {
		for _, ascending := range []bool{false, true} {
			inBubble(t, fmt.Sprint(one, ascending), func(t *testing.T) {
				for _, gap := range []int64{30, 66, 100, 300} {
					runs := spaced(410, gap)
					for i, r := range runs {
						r.begin += minute - second // just now
						if r.end, r.update = r.begin, r.begin; i%one == 0 {
							r.stillRunning()
						}
					}
					for _, limit := range []int{0, 200, 201} {
						s := serve(traits{compared: byAny, ascending: ascending, offset: offsetIgnored}, runs)
						s.expect(t, exact, &executions.Facts{}, executions.Question{Limit: limit}, belonging(runs, every))
					}
				}
			})
		}
	}
}

// Of a crowded second, a run that any of its pages has shown must be in what is
// believed of it.
func TestDirected_shownOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, "two orders", func(t *testing.T) {
		at := ms(time.Now().Add(-time.Hour)) / second * second
		var runs []*run
		for i := range 150 {
			runs = append(runs,
				&run{id: fmt.Sprintf("a%03d", i), status: "success", begin: at - second, end: at, update: at},
				&run{id: fmt.Sprintf("b%03d", i), status: "success", begin: at, end: at + second, update: at + second})
		}
		for i := range 4 { // in neither half, because both bounds exclude them
			runs = append(runs, &run{id: fmt.Sprintf("z%03d", i), status: "success", begin: at, end: at, update: at})
		}
		order := traits{compared: byAny, openStart: true, openEnd: true, offset: offsetRefused}
		newestFirst := serve(order, runs)
		order.ascending = true
		oldestFirst := serve(order, runs)
		var mu sync.Mutex
		crowded := map[executions.Form]int{}
		ask := func(ctx context.Context, q executions.Query) (executions.Page, error) {
			mu.Lock()
			defer mu.Unlock()
			if ms(q.Start) == at-second && ms(q.End) == at+second && q.Offset == 0 {
				if crowded[q.Form]++; crowded[q.Form] == 1 {
					return newestFirst.ask(ctx, q) // shows them, once
				}
			}
			return oldestFirst.ask(ctx, q)
		}
		rows, err := executions.All(t.Context(), &executions.Facts{}, ask, executions.Question{WorkflowID: testWorkflow})
		if _, isRefused := errors.AsType[*executions.Error](err); !isRefused && len(rows) != len(runs) {
			t.Errorf("%d rows and error %v after %v pages of the second, want %d", len(rows), err, crowded, len(runs))
		}
		if len(crowded) == 0 {
			t.Error("the second was not requested with both neighbours")
		}
	})
}

// Bounds that exclude their moment show a run of exactly that moment in neither
// neighbour.
func TestDirected_exactlyOnTheSecond(t *testing.T) {
	t.Parallel()
	edges := traits{sortBy: byID, openStart: true, openEnd: true, fraction: hidden}
	for seed := range uint64(40) {
		inBubble(t, fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			at := ms(time.Now().Add(-time.Hour)) / second * second
			runs := spaced(301, second)
			for i, r := range runs {
				r.id = fmt.Sprintf("%08x-%d", random.Uint32(), i)
				if r.begin = at; i > 0 {
					r.begin += random.Int64N(2*second-2) + 1 - second
				}
				r.end, r.update = r.begin+10, r.begin+10
			}
			serve(edges, runs).expect(t, exactOrRefused, &executions.Facts{}, executions.Question{}, belonging(runs, every))
		})
	}
	inBubble(t, "more than a page of them, listed last", func(t *testing.T) {
		at := ms(time.Now().Add(-time.Hour)) / second * second
		runs := spaced(510, 0)
		for i, r := range runs {
			r.begin = at
			if r.id = fmt.Sprintf("a%03d", 999-i); i >= 300 {
				r.id = fmt.Sprintf("b%03d", 999-i)
				r.begin += int64(i-405)*9 + 1
			}
			r.lasting(0)
		}
		serve(edges, runs).expect(t, exact, &executions.Facts{}, executions.Question{}, belonging(runs, every))
	})
}

// The run that the first page lacks ends while the list is read, and moves to a
// tile that has been read.
func TestDirected_movesBehindTheReader(t *testing.T) {
	t.Parallel()
	for after := time.Duration(0); after < 1500*time.Millisecond; after += 20 * time.Millisecond {
		inBubble(t, after.String(), func(t *testing.T) {
			runs := append(spaced(200, 10*minute), &run{
				id: "moving", status: "running", begin: ms(time.Now().Add(-60 * time.Hour)),
				update: ms(time.Now().Add(-60 * time.Hour)),
			})
			s := serve(traits{compared: byUpdate}, runs)
			s.events = []event{{time.Now().Add(after), func(s *service) {
				s.replace("moving", func(r run) *run {
					r.status, r.end, r.update = "success", ms(time.Now()), ms(time.Now())
					return &r
				})
			}}}
			slow := func(ctx context.Context, q executions.Query) (executions.Page, error) {
				time.Sleep(50 * time.Millisecond)
				return s.ask(ctx, q)
			}
			rows, err := executions.All(t.Context(), &executions.Facts{}, slow, executions.Question{WorkflowID: testWorkflow})
			if err != nil || len(rows) != len(runs) {
				t.Errorf("%d rows and error %v, want %d", len(rows), err, len(runs))
			}
		})
	}
}

// A window that ends far ahead needs no second request: an end read in another
// zone would still be after all runs.
func TestDirected_endsFarAhead(t *testing.T) {
	t.Parallel()
	inBubble(t, "nine hours", func(t *testing.T) {
		runs := spaced(21, minute)
		s := serve(traits{}, runs)
		s.expect(t, exact, &executions.Facts{}, fromTo(24*time.Hour, 9*time.Hour), belonging(runs, every))
		if n := s.count(); n != 1 {
			t.Errorf("got %d requests, want 1", n)
		}
	})
}

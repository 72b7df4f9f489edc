package executions_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// from and to make a window relative to now.
func from(ago time.Duration) executions.Question {
	return executions.Question{Start: time.Now().Add(-ago)}
}

func fromTo(ago, ahead time.Duration) executions.Question {
	return executions.Question{Start: time.Now().Add(-ago), End: time.Now().Add(ahead)}
}

// A service that reads bounds in another way than they are meant may show a short page that looks whole.
func TestDirected_misreadBounds(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	onlyRFC := traits{onlyForm: rfc3339Only, unread: unreadIgnored}
	isIn := func(q executions.Question) func(*run) bool {
		return func(r *run) bool {
			return (q.Status == "" || r.status == q.Status) && r.begin >= ms(q.Start) && (q.End.IsZero() || r.begin <= ms(q.End))
		}
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
			traits: traits{zone: china}, n: 150, gap: 15 * minute, how: exactOrRefused,
			question: func() executions.Question { return fromTo(2*day, time.Hour) },
		},
		"another zone, and a start alone": {
			traits: traits{zone: china}, n: 150, gap: 15 * minute, how: exactOrRefused,
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
			more: func() *run {
				r := spaced(1, 0)[0]
				r.id, r.begin = "old", ms(time.Now().Add(-3*day-5*time.Second))
				r.end, r.update = r.begin, r.begin
				return r
			},
			question: func() executions.Question { return fromTo(3*day+10*time.Second, 0) },
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

// Pages may have ten rows at most.
func TestDirected_tinyPages(t *testing.T) {
	t.Parallel()
	for _, ascending := range []bool{false, true} {
		for _, unread := range []unread{unreadRefused, unreadIgnored} {
			trait := traits{ascending: ascending, onlyForm: rfc3339Only, unread: unread, pageLimit: 10}
			inBubble(t, trait.String(), func(t *testing.T) {
				for n := 11; n < 60; n++ {
					for _, gap := range []int64{130, 210, 330, second, 7 * minute} {
						runs := spaced(n, gap)
						serve(trait, runs).expect(t, exact, &executions.Facts{}, executions.Question{}, belonging(runs, every))
					}
				}
			})
		}
	}
}

// Bounds may be compared with any moment of a run, so that runs that go on are in the tile of the future.
func TestDirected_manyGoOn(t *testing.T) {
	t.Parallel()
	for _, n := range []int{10, 31, 60, 100} {
		inBubble(t, fmt.Sprint(n), func(t *testing.T) {
			for _, gap := range []int64{30, 100, 300, second} {
				runs := spaced(289, gap)
				for i, r := range runs {
					r.begin += minute - second // just now
					if r.end, r.update = r.begin, r.begin; i < n {
						r.stillRunning()
					}
				}
				for _, limit := range []int{0, 60, 199} {
					s := serve(traits{compared: byAny, offset: offsetIgnored}, runs)
					s.expect(t, exact, &executions.Facts{}, executions.Question{Limit: limit}, belonging(runs, every))
				}
			}
		})
	}
}

// Bounds that exclude their moment show a run of exactly that moment in neither neighbour.
func TestDirected_exactlyOnTheSecond(t *testing.T) {
	t.Parallel()
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
			edges := traits{sortBy: byID, openStart: true, openEnd: true, fraction: hidden}
			serve(edges, runs).expect(t, exactOrRefused, &executions.Facts{}, executions.Question{}, belonging(runs, every))
		})
	}
}

// The run that the first page lacks ends while the list is read, and moves to a tile that has been read.
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

package executions_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// What one list finds out of a form says nothing of the other form, in which a
// list that runs at once may go on.
func TestLearnt_ofAnotherForm(t *testing.T) {
	t.Parallel()
	for _, z := range []zone{"", chinaUnlessNamed, china} {
		inBubble(t, fmt.Sprintf("zone %q", z), func(t *testing.T) {
			runs := spaced(40, 3*hour)
			facts := &executions.Facts{}
			held, s := serve(traits{zone: z}, runs), serve(traits{zone: z}, runs)
			isHeld, isOver := make(chan struct{}), make(chan struct{})
			var once sync.Once
			ask := func(ctx context.Context, q executions.Query) (executions.Page, error) {
				once.Do(func() { close(isHeld); <-isOver })
				return held.ask(ctx, q)
			}
			late := fromTo(240*time.Hour, -24*time.Hour)
			late.WorkflowID = testWorkflow
			var group sync.WaitGroup
			group.Go(func() {
				rows, err := executions.All(t.Context(), facts, ask, late)
				if want := belonging(runs, isAsked(late)); err != nil || len(rows) != len(want) {
					t.Errorf("the late list has %d rows and error %v, want %d", len(rows), err, len(want))
				}
			})
			<-isHeld
			early := fromTo(216*time.Hour, -12*time.Hour)
			s.expect(t, exact, facts, early, belonging(runs, isAsked(early)))
			close(isOver)
			group.Wait()
			next := fromTo(480*time.Hour, -24*time.Hour)
			s.expect(t, exact, facts, next, belonging(runs, isAsked(next)))
		})
	}
}

// Rows that are listed without regard to the bounds may look as if they were not.
func TestLearnt_inAnUnreadForm(t *testing.T) {
	const days = 24 * time.Hour
	t.Parallel()
	for _, form := range []onlyForm{spaceOnly, rfc3339Only} {
		for _, unread := range []unread{unreadIgnored, unreadUnbounded} {
			for _, trait := range []traits{
				{longest: 3 * day}, {longest: 3 * day, cutsStart: true}, {zone: china}, {},
			} {
				trait.onlyForm, trait.unread = form, unread
				inBubble(t, trait.String(), func(t *testing.T) {
					facts := &executions.Facts{}
					runs := spaced(99, 2*hour)
					for _, ago := range [][2]time.Duration{
						{100 * days, 0}, {8 * days, 6 * days}, {8 * days, 2 * days}, {8 * days, 0},
					} {
						q := fromTo(ago[0], -ago[1])
						serve(trait, runs).expect(t, exact, facts, q, belonging(runs, isAsked(q)))
					}
					for _, r := range runs {
						r.begin -= 7 * day
						r.lasting(0)
					}
					q := fromTo(9*24*time.Hour, -180*time.Hour)
					serve(trait, runs).expect(t, exact, &executions.Facts{}, q, belonging(runs, isAsked(q)))
				})
			}
		}
	}
}

// A page that is known to be a part does not become the list because the rest
// cannot be read.
func TestLearnt_aPart(t *testing.T) {
	t.Parallel()
	for _, cutsStart := range []bool{false, true} {
		for from := 2; from < 8; from++ {
			inBubble(t, fmt.Sprint(cutsStart, from), func(t *testing.T) {
				runs := spaced(100, 2*hour)
				s := serve(traits{longest: 3 * day, cutsStart: cutsStart}, runs)
				isKnown, n := false, 0
				ask := func(ctx context.Context, q executions.Query) (executions.Page, error) {
					if n++; n >= from {
						return executions.Page{}, errBroken
					}
					page, err := s.ask(ctx, q)
					isKnown = isKnown || n > 1 && q.End.Sub(q.Start) > 4*24*time.Hour // the run was looked for
					return page, err
				}
				q := fromTo(240*time.Hour, 0)
				q.WorkflowID = testWorkflow
				rows, err := executions.All(t.Context(), &executions.Facts{}, ask, q)
				if isKnown && err == nil && len(rows) < 100 {
					t.Errorf("a list of %d rows, want 100 or an error", len(rows))
				}
			})
		}
	}
}

// Long windows with few executions cost a request once the process knows that the
// service honours them.
func TestLearnt_requestsOfLongWindows(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		trait    traits
		n        int
		question func() executions.Question
		want     []int
	}{
		"no failures of many, newest first": {traits{}, 3000, failuresOf60Days, []int{5, 1, 1}},
		"no failures of many, oldest first": {traits{ascending: true}, 3000, failuresOf60Days, []int{5, 1, 1}},
		"no failures of many, no order":     {traits{sortBy: byHash}, 3000, failuresOf60Days, []int{5, 1, 1}},
		"an idle workflow, into the future": {traits{}, 0, func() executions.Question {
			return fromTo(48*time.Hour, 720*time.Hour)
		}, []int{2, 2, 2}},
		"idle for months, newest first": {traits{}, 0, recently, []int{5, 1, 1}},
		"idle for months, no order":     {traits{sortBy: byHash}, 0, recently, []int{5, 1, 1}},
	}
	for name, test := range tests {
		inBubble(t, name, func(t *testing.T) {
			s, facts := serve(test.trait, spaced(test.n, hour)), &executions.Facts{}
			for _, r := range spaced(250, 6*hour) {
				r.begin -= 70 * day
				r.lasting(minute)
				s.add(r)
			}
			for i, most := range test.want {
				if _, err := s.all(t, facts, test.question()); err != nil {
					t.Error(err)
				}
				if n := s.count(); n > most {
					t.Errorf("list %d: %d requests, at most %d", i, n, most)
				}
			}
		})
	}
	inBubble(t, "after another workflow, all of whose executions are running", func(t *testing.T) {
		facts := &executions.Facts{}
		running := spaced(3, hour)
		for _, r := range running {
			r.stillRunning()
		}
		q := fromTo(24*time.Hour, 0)
		q.Status = "fail"
		if _, err := serve(traits{}, running).all(t, facts, q); err != nil {
			t.Error(err)
		}
		s := serve(traits{}, spaced(150, 20*minute))
		for i, most := range []int{5, 1} {
			if _, err := s.all(t, facts, failuresOf60Days()); err != nil {
				t.Error(err)
			}
			if n := s.count(); n > most {
				t.Errorf("list %d: %d requests, at most %d", i, n, most)
			}
		}
	})
}

// What one list has shown saves requests of the lists after it, or one request of
// its own.
func TestLearnt_requests(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		traits   traits
		n        int
		gap      int64
		took     int64
		question func() executions.Question
		want     []int
	}{
		"offset works where bounds are refused": {
			traits: traits{onlyForm: noForm}, n: 450, gap: minute,
			question: func() executions.Question { return executions.Question{} }, want: []int{6, 4, 4},
		},
		"offset works where bounds are ignored": {
			traits: traits{onlyForm: noForm, unread: unreadIgnored}, n: 450, gap: minute,
			question: func() executions.Question { return executions.Question{} }, want: []int{8, 4, 4},
		},
		"rows far apart show that a long window is honoured": {
			n: 150, gap: hour, question: func() executions.Question { return fromTo(240*time.Hour, 0) }, want: []int{2, 1, 1},
		},
		"a long window is cut": {
			traits: traits{longest: 72 * hour, cutsStart: true}, n: 150, gap: hour,
			question: func() executions.Question { return fromTo(240*time.Hour, 0) }, want: []int{8, 6, 6},
		},
		"the other form is refused": {
			traits:   traits{onlyForm: spaceOnly},
			question: func() executions.Question { return fromTo(720*time.Hour, -700*time.Hour) }, want: []int{3, 2, 2},
		},
		"long runs are not listed for a time long ago": {
			n: 150, gap: 20 * minute, took: 10 * hour,
			question: func() executions.Question { return fromTo(96*time.Hour, -time.Hour) }, want: []int{8, 7, 7},
		},
	}
	for name, test := range tests {
		inBubble(t, name, func(t *testing.T) {
			runs := spaced(test.n, test.gap)
			for _, r := range runs {
				r.begin -= 2 * test.took
				r.lasting(test.took)
			}
			s, facts := serve(test.traits, runs), &executions.Facts{}
			for i, most := range test.want {
				if rows, err := s.all(t, facts, test.question()); err != nil || len(rows) != test.n {
					t.Errorf("list %d: %d rows and error %v", i, len(rows), err)
				}
				if n := s.count(); n > most {
					t.Errorf("list %d: %d requests, at most %d", i, n, most)
				}
			}
		})
	}
}

func recently() executions.Question { return fromTo(1440*time.Hour, 0) }

func failuresOf60Days() executions.Question {
	q := fromTo(1440*time.Hour, 0)
	q.Status = "fail"
	return q
}

package executions_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// twoMatters makes runs for two questions, each of which leaves something else
// open: 90 rows of the last three days in a window of six, which may be cut, and
// 20 rows in an older window, whose bounds may not be read.
func twoMatters() (runs []*run, recent, old executions.Question) {
	runs = spaced(110, 5*minute)
	for i, r := range runs[90:] {
		r.begin = ms(time.Now())/second*second - 9*day - int64(i)*hour
		r.lasting(0)
	}
	now := time.Now()
	old = executions.Question{WorkflowID: testWorkflow, Start: now.Add(-264 * time.Hour), End: now.Add(-192 * time.Hour)}
	return runs, executions.Question{WorkflowID: testWorkflow, Start: now.Add(-144 * time.Hour), End: now}, old
}

// What lists find out at the same time is merged: a list that ends later does not
// forget what another one has learnt.
func TestFacts_merged(t *testing.T) {
	t.Parallel()
	for _, recentEndsLast := range []bool{false, true} {
		inBubble(t, fmt.Sprintf("the recent list ends last %t", recentEndsLast), func(t *testing.T) {
			runs, recent, old := twoMatters()
			s := serve(traits{}, runs)
			facts := &executions.Facts{}
			early, late := recent, old
			if recentEndsLast {
				early, late = old, recent
			}

			asked, ended := make(chan struct{}), make(chan struct{})
			var group sync.WaitGroup
			group.Go(func() {
				var once sync.Once
				ask := func(ctx context.Context, q executions.Query) (executions.Page, error) {
					once.Do(func() {
						close(asked)
						<-ended
					})
					return s.ask(ctx, q)
				}
				if _, err := executions.All(t.Context(), facts, ask, late); err != nil {
					t.Error(err)
				}
			})
			<-asked
			if _, err := s.all(t, facts, early); err != nil {
				t.Error(err)
			}
			close(ended)
			group.Wait()
			if n := s.count(); n > 6 {
				t.Errorf("%d requests for the first two lists, at most 6", n)
			}
			for i, q := range []executions.Question{recent, old, recent, old} {
				if _, err := s.all(t, facts, q); err != nil {
					t.Error(err)
				}
				if n := s.count(); n != 1 {
					t.Errorf("list %d after them: %d requests, want 1", i, n)
				}
			}
		})
	}
}

// Lists that begin together may each find out the same, but no list after them
// does.
func TestFacts_together(t *testing.T) {
	t.Parallel()
	for _, order := range []traits{
		{}, {sortBy: byHash}, {onlyForm: rfc3339Only}, {onlyForm: rfc3339Only, unread: unreadIgnored},
		{onlyForm: rfc3339Only, unread: unreadUnbounded}, {onlyForm: spaceOnly, unread: unreadIgnored},
	} {
		inBubble(t, order.String(), func(t *testing.T) {
			runs, recent, old := twoMatters()
			s := serve(order, runs)
			s.seed, s.latency = 1, true
			facts := &executions.Facts{}
			var group sync.WaitGroup
			for range 4 {
				for _, q := range []executions.Question{recent, old} {
					group.Go(func() {
						isRecent := q.Start.Equal(recent.Start)
						want := belonging(runs, func(r *run) bool { return r.begin > ms(time.Now())-3*day == isRecent })
						s.expect(t, exact, facts, q, want)
					})
				}
			}
			group.Wait()
			most := 8 * 3
			if order.onlyForm == rfc3339Only {
				most = 8 * 5 // each may ask in the other form first
			}
			if n := s.count(); n > most {
				t.Errorf("%d requests for eight lists, at most %d", n, most)
			}
			for i, q := range []executions.Question{recent, old, recent, old} {
				if _, err := s.all(t, facts, q); err != nil {
					t.Error(err)
				}
				if n := s.count(); n != 1 {
					t.Errorf("list %d after them: %d requests, want 1", i, n)
				}
			}
		})
	}
}

// What one list shows of a service must not be taken for more than it is.
func TestFacts_notTooMuch(t *testing.T) {
	t.Parallel()
	window := func(from, to time.Duration) executions.Question {
		now := time.Now()
		return executions.Question{Start: now.Add(-from), End: now.Add(-to)}
	}
	const hours, days = time.Hour, 24 * time.Hour
	tests := []struct {
		name      string
		service   traits
		n         int
		gap       int64
		questions func() []executions.Question
	}{
		{
			"50 rows that are all, then pages of 100", traits{pageLimit: 100}, 450, 5 * minute,
			func() []executions.Question {
				return []executions.Question{window(250*time.Minute, 0), {}, window(30*hours, 0)}
			},
		},
		{
			"10 rows that are all, then pages of 50", traits{pageLimit: 50, sortBy: byHash}, 450, 5 * minute,
			func() []executions.Question { return []executions.Question{window(50*time.Minute, 0), {}, {Limit: 60}} },
		},
		{
			"a day, then a window that is cut", traits{longest: 3 * day}, 300, 40 * minute,
			func() []executions.Question { return []executions.Question{window(days, 0), window(8*days, 0)} },
		},
		{
			"a day, then a window whose start is cut", traits{longest: 3 * day, cutsStart: true}, 190, hour,
			func() []executions.Question { return []executions.Question{window(days, 0), window(7*days, 0)} },
		},
		{
			"no bounds, then bounds in another zone", traits{zone: china}, 190, 20 * minute,
			func() []executions.Question {
				return []executions.Question{{}, window(30*hours, 0), window(60*hours, 20*hours)}
			},
		},
		{
			"no bounds, then bounds in another zone, unless it is named", traits{zone: chinaUnlessNamed}, 600, 10 * minute,
			func() []executions.Question {
				return []executions.Question{{}, window(30*hours, 0), window(60*hours, 20*hours)}
			},
		},
		{
			"recent bounds that are not read, then old ones", traits{onlyForm: rfc3339Only, unread: unreadIgnored}, 190, hour,
			func() []executions.Question { return []executions.Question{window(4*days, 0), window(7*days, 4*days)} },
		},
		{
			"a long window that nothing reads, then short ones", traits{onlyForm: noForm, unread: unreadUnbounded}, 190, hour,
			func() []executions.Question {
				return []executions.Question{window(100*days, -hours), window(2*days, days)}
			},
		},
	}
	for _, tt := range tests {
		inBubble(t, tt.name, func(t *testing.T) {
			runs := spaced(tt.n, tt.gap)
			s := serve(tt.service, runs)
			facts := &executions.Facts{}
			for _, q := range tt.questions() {
				start, end := q.Start, q.End
				if !isBounded(q) {
					start, end = time.Now().Add(-3*days), time.Now()
				}
				s.expect(t, exactOrRefused, facts, q, belonging(runs, inside(start, end)))
			}
		})
	}
}

// A list that fails leaves to the next ones what they have to know.
func TestFacts_afterFailures(t *testing.T) {
	t.Parallel()
	for nth := 1; nth <= 12; nth++ {
		inBubble(t, fmt.Sprintf("request %d fails", nth), func(t *testing.T) {
			runs := spaced(450, 10*minute)
			s := serve(traits{onlyForm: rfc3339Only, unread: unreadIgnored, sortBy: byHash}, runs)
			facts := &executions.Facts{}
			requests := 0
			var mu sync.Mutex
			ask := func(ctx context.Context, q executions.Query) (executions.Page, error) {
				mu.Lock()
				requests++
				fails := requests == nth
				mu.Unlock()
				if fails {
					return executions.Page{}, errBroken
				}
				return s.ask(ctx, q)
			}
			now := time.Now()
			q := executions.Question{WorkflowID: testWorkflow, Start: now.Add(-100 * time.Hour), End: now}
			_, _ = executions.All(t.Context(), facts, ask, q)
			s.expect(t, exact, facts, q, belonging(runs, every))
			s.expect(t, exact, facts, executions.Question{}, belonging(runs, inside(now.Add(-72*time.Hour), now)))
		})
	}
}

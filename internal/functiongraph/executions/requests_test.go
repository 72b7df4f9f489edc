package executions_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// shapes place n runs in the last three days, at most 20 in a second, by their age
// in milliseconds.
var shapes = map[string]func(i, n int) int64{
	"uniform":             func(i, n int) int64 { return int64(float64(i) / float64(n) * float64(71*hour)) },
	"dense, then nothing": func(i, _ int) int64 { return int64(i) * second / 2 },
	"hourly bursts": func(i, n int) int64 {
		burst := i * 71 / n
		inBurst := i - (burst*n+70)/71
		return int64(burst)*hour + int64(inBurst)*second/20
	},
	"decaying": func(i, n int) int64 {
		// Ever fewer the older: by half every six hours or so.
		age := -math.Log1p(-float64(i)/float64(n)) * 6 * float64(hour)
		return max(int64(i)*second/20, min(int64(age), 71*hour-int64(n-i)*second/20))
	},
	"growing": func(i, n int) int64 {
		age := 71*hour - int64(-math.Log1p(-float64(n-1-i)/float64(n))*6*float64(hour))
		return max(int64(i)*second/20, min(age, 71*hour-int64(n-i)*second/20))
	},
}

// shaped makes runs that last up to 90 seconds, some of which are running.
func shaped(shape string, n int) []*run {
	now := ms(time.Now()) - minute
	r := rand.New(rand.NewPCG(7, uint64(n)))
	runs := make([]*run, n)
	for i := range runs {
		begin := (now - shapes[shape](i, n)) / second * second
		e := &run{id: fmt.Sprintf("%08x-%06d", r.Uint32(), i), status: "success", begin: begin}
		e.lasting(min(now-e.begin, r.Int64N(90)*second))
		if r.IntN(16) == 0 {
			e.stillRunning()
		}
		runs[i] = e
	}
	return runs
}

// most is how many requests a list may take.
func most(shape string, order traits, n int) int {
	pages := math.Ceil(float64(n) / executions.MaxPage)
	switch {
	case n < executions.MaxPage:
		return 1
	case shape == "hourly bursts" && (order.sortBy != byBegin || order.scrambled != "" || order.running != ""):
		return int(3.3*pages) + 10
	case shape == "hourly bursts":
		return int(2.6*pages) + 10
	default:
		return int(1.6*pages) + 8
	}
}

// What a complete list costs, by the goals of the design.
func TestRequests(t *testing.T) {
	t.Parallel()
	for shape := range shapes {
		for _, order := range []traits{
			{}, {ascending: true}, {sortBy: byHash}, {scrambled: scrambledAll}, {sortBy: byEnd, blanks: last},
			{sortBy: byUpdate, ascending: true}, {compared: byUpdate, sortBy: byUpdate}, {compared: byEnd}, {running: first},
			{openStart: true, openEnd: true}, {fraction: hidden},
		} {
			sizes := []int{0, 1, 99, 199, 200, 201, 401, 1000}
			switch {
			case race.Enabled:
				sizes = []int{1, 401}
			case order == traits{} && (shape == "uniform" || shape == "hourly bursts"):
				sizes = append(sizes, 5000, 20000, 100000)
			case order == traits{}, order.sortBy == byHash, order.ascending:
				sizes = append(sizes, 5000, 20000)
			default:
				sizes = append(sizes, 5000)
			}
			inBubble(t, fmt.Sprintf("%s, %s", shape, order), func(t *testing.T) {
				for _, n := range sizes {
					runs := shaped(shape, n)
					s := serve(order, runs)
					rows, err := s.all(t, &executions.Facts{}, executions.Question{})
					want := len(runs)
					if order.compared == byEnd { // running ones have no end
						want = len(belonging(runs, func(r *run) bool { return r.end != 0 }))
					}
					if err != nil || len(rows) != want {
						t.Errorf("%d runs: %d rows and error %v", n, len(rows), err)
						continue
					}
					got, goal := s.count(), most(shape, order, want)
					t.Logf("%6d runs: %4d requests, at most %4d", n, got, goal)
					if got > goal {
						t.Errorf("%d runs: %d requests, at most %d", n, got, goal)
					}
				}
			})
		}
	}
}

// The everyday case: less than a page.
func TestRequests_shortLists(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Now().Truncate(time.Second) }
	tests := []struct {
		name     string
		runs     int
		question func() executions.Question
		first    int // requests of the first list of a process, at most
		next     int // of the lists after it
	}{
		{"all", 150, func() executions.Question { return executions.Question{} }, 1, 1},
		{"none", 0, func() executions.Question { return executions.Question{} }, 1, 1},
		// It may be the page limit each time.
		{"a page's worth of another size", 100, func() executions.Question { return executions.Question{} }, 3, 3},
		{"below the limit", 150, func() executions.Question { return executions.Question{Limit: 151} }, 1, 1},
		{"at the limit", 150, func() executions.Question { return executions.Question{Limit: 150} }, 2, 2},
		{"beyond the limit", 150, func() executions.Question { return executions.Question{Limit: 3} }, 2, 2},
		{"one", 150, func() executions.Question { return executions.Question{Limit: 1} }, 2, 2},
		{"a limit beyond a page", 150, func() executions.Question { return executions.Question{Limit: 1000} }, 1, 1},
		{"a day", 150, func() executions.Question {
			return executions.Question{Start: now().Add(-24 * time.Hour), End: now()}
		}, 1, 1},
		{"a day, beyond the limit", 150, func() executions.Question {
			return executions.Question{Start: now().Add(-24 * time.Hour), End: now(), Limit: 3}
		}, 2, 2},
		{"ten days", 150, func() executions.Question {
			return executions.Question{Start: now().Add(-240 * time.Hour), End: now()}
		}, 3, 1},
		{"none in thirty days", 150, func() executions.Question {
			return executions.Question{Start: now().Add(-720 * time.Hour), End: now(), Status: "running"}
		}, 5, 1},
		{"ten days ago", 150, func() executions.Question {
			return executions.Question{Start: now().Add(-240 * time.Hour)}
		}, 3, 3}, // without rows nothing is learnt
		{"by status", 150, func() executions.Question { return executions.Question{Status: "success"} }, 1, 1},
	}
	for _, tt := range tests {
		for _, order := range []traits{
			{}, {sortBy: byHash}, {compared: byUpdate, ascending: true}, {openStart: true, openEnd: true},
		} {
			inBubble(t, tt.name+", "+order.String(), func(t *testing.T) {
				runs := spaced(tt.runs, 7*minute)
				s := serve(order, runs)
				facts := &executions.Facts{}
				for i, goal := range []int{tt.first, tt.next, tt.next} {
					q := tt.question()
					if _, err := s.all(t, facts, q); err != nil {
						t.Error(err)
					}
					limit := executions.MaxPage
					if q.Limit > 0 {
						limit = min(limit, q.Limit)
					}
					if got := s.requests[0].Limit; got != limit {
						t.Errorf("list %d: asked for %d first, for a limit of %d", i, got, q.Limit)
					}
					if got := s.count(); got > goal {
						t.Errorf("list %d: %d requests, at most %d", i, got, goal)
					}
				}
			})
		}
	}
}

// A limit costs what the pages that hold it do.
func TestRequests_limits(t *testing.T) {
	t.Parallel()
	for _, order := range []traits{{}, {ascending: true}, {sortBy: byHash}, {sortBy: byUpdate}} {
		inBubble(t, order.String(), func(t *testing.T) {
			n := race.Choose(20000, 3000)
			runs := shaped("uniform", n)
			for _, limit := range []int{1, 10, 200, 250, 1000, n / 4, n - 1} {
				s := serve(order, runs)
				rows, err := s.all(t, &executions.Facts{}, executions.Question{Limit: limit})
				if err != nil || len(rows) != limit {
					t.Fatalf("limit %d: %d rows and error %v", limit, len(rows), err)
				}
				got, goal := s.count(), int(1.6*math.Ceil(float64(limit)/executions.MaxPage))+8+2+8
				t.Logf("limit %5d: %3d requests, at most %3d", limit, got, goal)
				if got > goal {
					t.Errorf("limit %d: %d requests, at most %d", limit, got, goal)
				}
			}
		})
	}
}

// A second that holds more than a page is read by offset.
func TestRequests_fullSecond(t *testing.T) {
	t.Parallel()
	for _, order := range []traits{
		{}, {ascending: true}, {sortBy: byHash}, {sortBy: byID}, {openStart: true}, {openEnd: true},
	} {
		for _, n := range []int{250, 1000, race.Choose(5000, 1500)} {
			inBubble(t, fmt.Sprintf("%s, %d runs", order, n), func(t *testing.T) {
				runs := spaced(n, 0)
				s := serve(order, runs)
				rows, err := s.all(t, &executions.Facts{}, executions.Question{})
				if err != nil || len(rows) != n {
					t.Errorf("%d rows and error %v", len(rows), err)
				}
				got, goal := s.count(), 3*((n+199)/200)+16
				t.Logf("%d requests, at most %d", got, goal)
				if got > goal {
					t.Errorf("%d requests, at most %d", got, goal)
				}
			})
		}
	}
}

// Long runs lie in every tile if bounds select whatever overlaps.
func TestRequests_overlap(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1000, 5000} {
		for _, long := range []int{20, 60, 120} {
			for _, order := range []traits{{}, {ascending: true}, {sortBy: byHash}} {
				order.compared = byAny
				inBubble(t, fmt.Sprintf("%s, %d runs, %d long", order, n, long), func(t *testing.T) {
					runs := shaped("uniform", n)
					for i := range long {
						runs[i*n/long].lasting(min(ms(time.Now())-runs[i*n/long].begin, 20*hour))
					}
					for _, r := range runs {
						if r.status == "running" {
							r.status, r.end = "success", r.update
						}
					}
					s := serve(order, runs)
					rows, err := s.all(t, &executions.Facts{}, executions.Question{})
					if err != nil || len(rows) != n {
						t.Errorf("%d rows and error %v", len(rows), err)
					}
					got, goal := s.count(), 6*((n+199)/200)+40
					t.Logf("%d requests, at most %d", got, goal)
					if got > goal {
						t.Errorf("%d requests, at most %d", got, goal)
					}
				})
			}
		}
	}
}

// latency is a transport that takes its time, which is virtual in a bubble.
type latency struct {
	http.RoundTripper
	each time.Duration
}

func (l latency) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(l.each)
	return l.RoundTripper.RoundTrip(req)
}

// Tiles are read four at a time, which has to show through the client, too.
func TestReadingTime(t *testing.T) {
	t.Parallel()
	if race.Enabled {
		t.Skip("needs long lists")
	}
	const each = 50 * time.Millisecond
	for shape := range shapes {
		for _, order := range []simulator.Order{simulator.NewestFirst, simulator.Unordered} {
			t.Run(fmt.Sprintf("%s, %s", shape, order), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					const n = 20000
					cloud := simulator.New(simulator.Config{Behaviour: simulator.Behaviour{Order: order}})
					all := make([]simulator.Execution, n)
					for i, r := range shaped(shape, n) {
						all[i] = r.execution()
					}
					cloud.AddWorkflow(testWorkflow, all...)
					reader, err := functiongraph.New(acctest.ClientConfig(latency{cloud.Transport(), each}))
					if err != nil {
						t.Fatal(err)
					}
					start := time.Now()
					rows, err := reader.AllWorkflowExecutions(t.Context(), executions.Question{WorkflowID: testWorkflow})
					if err != nil || len(rows) != n {
						t.Fatalf("%d rows of %d, error %v", len(rows), n, err)
					}
					requests := len(cloud.Requests())
					ratio, goal := float64(time.Since(start))/float64(time.Duration(requests)*each), 0.35
					if strings.Contains(shape, "bursts") {
						goal = 0.50
					}
					t.Logf("%d requests in %s: %.2f of one at a time", requests, time.Since(start), ratio)
					if ratio > goal {
						t.Errorf("%.2f of one request at a time, more than %.2f", ratio, goal)
					}
				})
			})
		}
	}
}

// A limit takes no more time per row than none.
func TestLimit_linear(t *testing.T) { //nolint:paralleltest // measures time
	if race.Enabled || testing.Short() {
		t.Skip("measures time")
	}
	const n = 200_000
	s := serve(traits{}, shaped("uniform", n))
	read := func(limit int) time.Duration {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		rows, err := executions.All(ctx, &executions.Facts{}, s.ask,
			executions.Question{WorkflowID: testWorkflow, Limit: limit})
		if err == nil && len(rows) != n {
			t.Errorf("limit %d: %d rows", limit, len(rows))
		}
		if err != nil && ctx.Err() == nil {
			t.Errorf("limit %d: %v", limit, err)
		}
		return time.Since(start)
	}
	// The best of some runs, because other processes take time as well.
	without, with := read(0), read(n)
	for i := 0; i < 4 && float64(with) > 1.3*float64(without); i++ {
		without, with = min(without, read(0)), min(with, read(n))
	}
	ratio := float64(with) / float64(without)
	t.Logf("%s without a limit, %s with it: %.2f", without, with, ratio)
	if ratio > 1.3 {
		t.Errorf("%.2f as long with a limit, at most 1.3", ratio)
	}
}

// Time and memory have to be linear in rows.
func BenchmarkAll(b *testing.B) {
	for _, n := range []int{20_000, 100_000, 500_000} {
		s := serve(traits{}, shaped("uniform", n))
		for name, limit := range map[string]int{"all": 0, "limit": n} {
			b.Run(fmt.Sprintf("%d %s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					q := executions.Question{WorkflowID: testWorkflow, Limit: limit}
					rows, err := executions.All(b.Context(), &executions.Facts{}, s.ask, q)
					if err != nil || len(rows) != n {
						b.Fatal(len(rows), err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/row")
				b.ReportMetric(float64(s.count())/float64(b.N), "requests/op")
			})
		}
	}
}

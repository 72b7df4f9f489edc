//go:build unix

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// bench measures the goals and collects the results.
type bench struct {
	folder
	sizes
	report report
}

// sizes are the amounts of data and the numbers of measurements.
type sizes struct {
	pairs, longPairs  int
	rows, manyRows    int // of long lists
	sources           int // data sources in one configuration
	latency, fastRead time.Duration
	inProcess         bool // whether to run the Go benchmarks
}

var (
	full = sizes{pairs: 15, longPairs: 5, rows: 20_000, manyRows: 100_000, sources: 50, latency: 50 * time.Millisecond,
		fastRead: 20 * time.Millisecond, inProcess: true}
	smoke = sizes{pairs: 1, longPairs: 1, rows: 1_000, manyRows: 2_000, sources: 3, latency: time.Millisecond,
		fastRead: time.Millisecond}
)

// start compares commands that send no request.
func (b *bench) start(ctx context.Context) error {
	ours, empty, err := b.configurations("start", "http://127.0.0.1:1")
	if err != nil {
		return err
	}
	for _, args := range [][]string{{"providers", "schema", "-json"}, {"validate"}} {
		mine, theirs := command{provider: "ours", args: args, config: ours},
			command{provider: "empty", args: args, config: empty}
		c, err := b.compare(ctx, b.pairs, mine, theirs)
		if err != nil {
			return err
		}
		name := strings.Join(args, " ")
		b.report.ratio("1", name+" as in an empty provider", c, wall, milliseconds, 1.10)

		mine.metered, theirs.metered = true, true
		if c, err = b.compare(ctx, b.longPairs, mine, theirs); err != nil {
			return err
		}
		b.report.ratio("1", name+", the provider's peak memory", c, peak, megabytes, 1.25)
	}
	info, err := os.Stat(b.binary("ours"))
	if err != nil {
		return err
	}
	b.report.limit("1", "binary, stripped", float64(info.Size()), megabytes, 22e6)

	return nil
}

// small compares a plan with a short list with a plan of the empty provider.
func (b *bench) small(ctx context.Context) error {
	s, err := serve(ctx, 150)
	if err != nil {
		return err
	}
	defer s.Stop()
	ours, empty, err := b.configurations("small", s.URL)
	if err != nil {
		return err
	}
	c, err := b.compare(ctx, b.pairs, command{provider: "ours", args: plan, config: ours},
		command{provider: "empty", args: plan, config: empty})
	if err != nil {
		return err
	}
	b.report.ratio("2", "plan, 150 rows", c, wall, milliseconds, 1.35)

	return nil
}

var plan = []string{"plan", "-input=false"}

// longGoal is the limits of a plan with a long list: wall time and the provider's
// CPU time as multiples of the floor's, and memory in bytes. 0 means no limit. CPU
// time has no absolute limit, because machines differ.
type longGoal struct {
	rows                 int
	ratio, cpu, maxBytes float64
}

// longGoals returns the goals, which leave a margin for noise.
func (s sizes) longGoals() []longGoal {
	return []longGoal{
		{s.rows, 1.20, 3.5, 0},
		{s.manyRows, 1.15, 7, 250e6},
	}
}

// long compares plans with long lists with those of the floor.
func (b *bench) long(ctx context.Context) error {
	for _, goal := range b.longGoals() {
		s, err := serve(ctx, goal.rows)
		if err != nil {
			return err
		}
		defer s.Stop()
		env, err := b.writeFloor(ctx, s.Cloud)
		if err != nil {
			return err
		}
		ours, floor, err := b.configurations(fmt.Sprint("long-", goal.rows), s.URL)
		if err != nil {
			return err
		}
		c, err := b.compare(ctx, b.longPairs,
			command{provider: "ours", args: plan, config: ours, metered: true},
			command{provider: "floor", args: plan, config: floor, metered: true, env: env})
		if err != nil {
			return err
		}
		b.report.long(goal, c)
	}

	return nil
}

// long adds the rows of a long list to the report.
func (r *report) long(goal longGoal, c comparison) {
	what := fmt.Sprintf("plan, %d rows", goal.rows)
	r.ratio("3", what+" as from memory", c, wall, milliseconds, goal.ratio)
	r.ratio("3", what+", the provider's CPU time as from memory", c, cpu, milliseconds, goal.cpu)
	r.limit("3", what+", the provider's peak memory", medianOf(c.ours, peak), megabytes, goal.maxBytes)
}

// reading compares concurrent requests with one request at a time.
func (b *bench) reading(ctx context.Context) error {
	cloud := newCloud(b.rows)
	cloud.Script(simulator.Fault{Delay: b.latency, Times: -1})
	through := func(transport http.RoundTripper) func() (usage, error) {
		return func() (usage, error) {
			r, err := reader(transport)
			if err != nil {
				return usage{}, err
			}
			defer cloud.ResetRequests()
			start := time.Now()
			_, err = r.AllWorkflowExecutions(ctx, executions.Question{WorkflowID: workflowID})

			return usage{wall: time.Since(start)}, err
		}
	}
	c, err := compare(b.longPairs, through(cloud.Transport()),
		through(&oneAtATime{RoundTripper: cloud.Transport()}))
	if err != nil {
		return err
	}
	b.report.ratio("4", fmt.Sprintf("reading %d rows, %s a request, as one at a time", b.rows, b.latency), c, wall,
		milliseconds, 0.40)

	return nil
}

// oneAtATime is a transport that sends one request at a time.
type oneAtATime struct {
	http.RoundTripper
	mu sync.Mutex
}

func (o *oneAtATime) RoundTrip(req *http.Request) (*http.Response, error) {
	o.mu.Lock()
	defer o.mu.Unlock()

	return o.RoundTripper.RoundTrip(req)
}

// many reads short lists with many data sources.
func (b *bench) many(ctx context.Context) error {
	s, err := serve(ctx, 150)
	if err != nil {
		return err
	}
	defer s.Stop()
	config, err := b.configuration("many", configOf(s.URL, b.sources))
	if err != nil {
		return err
	}
	var connections, lookups int
	with := func(latency time.Duration) func() (usage, error) {
		return func() (usage, error) {
			s.ClearScript()
			s.Script(simulator.Fault{Delay: latency, Times: -1})
			s.ResetRequests()
			before := s.Connections()
			u, err := b.run(ctx, command{provider: "ours", args: plan, config: config})
			if latency > 0 {
				connections = max(connections, s.Connections()-before)
				lookups = max(lookups, len(s.RequestsOf(simulator.ListProjects)))
			}
			u.wall -= 8 * latency

			return u, err
		}
	}
	c, err := compare(b.pairs, with(b.fastRead), with(0))
	if err != nil {
		return err
	}
	what := fmt.Sprintf("plan, %d data sources of 150 rows, %s a request", b.sources, b.fastRead)
	b.report.ratio("5", fmt.Sprintf("%s: less %s, as without latency", what, 8*b.fastRead), c, wall, milliseconds, 1.30)
	b.report.limit("5", what+": connections", float64(connections), count, 12)
	b.report.limit("5", what+": project lookups", float64(lookups), count, 1)

	return nil
}

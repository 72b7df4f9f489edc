package client

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Whole reads with random faults. One seed decides which requests fail and how,
// the number of readers, their keys and their deadline.
//
// The outcome is compared with the model in fault_model_test.go, request by
// request: each is retried exactly when the policy says so, not before the wait
// that it requires, and never after the deadline. A read is exact unless one of
// its requests failed for good, and then its error has the class of that failure.
// At the end every body is closed. The synctest bubble fails if a goroutine is
// left.

var (
	randomCases = flag.Int("cases", race.Choose(4000, 200), "how many random cases to run")
	randomSeed  = flag.Uint64("seed", 0, "run this one random case")
)

func TestRandomFaults(t *testing.T) {
	t.Parallel()

	if *randomSeed != 0 {
		synctest.Test(t, func(t *testing.T) { newRandomCase(*randomSeed).run(t) })
		return
	}

	var mu sync.Mutex
	var total counts
	t.Cleanup(func() {
		t.Logf("%d reads: %d exact, %d failed, %d out of time, %d cancelled; %d requests, %d of them retries", total.reads,
			total.exact, total.failed, total.late, total.cancelled, total.requests, total.retries)
		if *randomCases >= 4000 && (total.exact < total.reads/10 || total.failed < total.reads/10 || total.late < 10 ||
			total.cancelled < 10 || total.retries < total.reads/5) {
			t.Error("the cases do not cover all outcomes")
		}
	})

	const shards = 8
	for shard := range shards {
		t.Run(fmt.Sprintf("shard %d", shard), func(t *testing.T) {
			t.Parallel()

			for seed := 1 + shard; seed <= *randomCases; seed += shards {
				c := newRandomCase(uint64(seed))
				var seen counts
				ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { seen = c.run(t) })
				})
				if !ok {
					t.Errorf("to run this case alone: go test ./internal/client -run 'TestRandomFaults$' -seed %d -v", seed)
				}
				mu.Lock()
				total.add(seen)
				mu.Unlock()
			}
		})
	}
}

// counts is the number of reads and requests by outcome.
type counts struct{ reads, exact, failed, late, cancelled, requests, retries int }

func (a *counts) add(b counts) {
	a.reads += b.reads
	a.exact += b.exact
	a.failed += b.failed
	a.late += b.late
	a.cancelled += b.cancelled
	a.requests += b.requests
	a.retries += b.retries
}

// randomCase is one service with faults, and the readers of a list of it.
type randomCase struct {
	seed       uint64
	rows       int
	readers    int
	lookup     bool // of the project
	wrongKey   bool
	maxRetries int
	timeout    time.Duration // of each read
	cancel     time.Duration // after which the first reader gives up; 0: never
	kinds      []*faultKind
	share      float64 // of the requests that are hit
}

func newRandomCase(seed uint64) *randomCase {
	random := rand.New(rand.NewPCG(seed, seed))
	c := &randomCase{
		seed:       seed,
		rows:       random.IntN(150),
		readers:    1,
		lookup:     random.IntN(2) == 0,
		wrongKey:   random.IntN(12) == 0,
		maxRetries: []int{0, 1, 2, 5, 5, 5, 8}[random.IntN(7)],
		timeout: []time.Duration{
			3 * time.Second, 20 * time.Second, 75 * time.Second, 5 * time.Minute, 5 * time.Minute, time.Hour,
		}[random.IntN(6)],
		share: []float64{0.1, 0.3, 0.6, 0.95}[random.IntN(4)],
	}
	if slices.Contains([]int{10, 20, 50, 100}, c.rows) {
		c.rows++ // a list checks a page of a round length with more requests, and accepts it if they fail
	}
	if random.IntN(3) == 0 {
		c.readers = 2 + random.IntN(20)
	}
	if random.IntN(6) == 0 {
		c.cancel = time.Duration(random.Int64N(int64(min(c.timeout, time.Minute))))
	}
	if random.IntN(20) == 0 { // many pages, many requests: few faults, or no read would succeed
		c.rows, c.readers, c.share = 250+random.IntN(2000), 1+random.IntN(3), c.share/4
	}
	for range 1 + random.IntN(5) {
		kind := faultKinds[random.IntN(len(faultKinds))]
		if kind.ofQuery && c.rows >= simulatedPage || kind.proves && c.wrongKey {
			continue // a list would change its query; and no response to a wrong key proves it good
		}
		c.kinds = append(c.kinds, kind)
	}

	return c
}

// simulatedPage is what the service lists at once.
const simulatedPage = 200

// sent is one request as the service saw it.
type sent struct {
	reader  int // -1: the lookup, which all readers share
	address string

	arrived, ended time.Time
	kind           *faultKind // nil: the response is the right one
	broken         bool       // ended by its context before anything else
}

// faultyTransport passes requests to the service and lets some of them fail.
type faultyTransport struct {
	*randomCase
	service http.RoundTripper
	start   time.Time

	mu       sync.Mutex
	sent     []*sent
	tries    map[string]int // by reader and address
	open     int            // bodies
	inFlight int
	proved   bool // a response has shown that the key is good
	problems []string
}

type readerKey struct{}

func (u *faultyTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err // nothing is sent then, as with net/http
	}
	reader, _ := r.Context().Value(readerKey{}).(int)
	if strings.Contains(r.URL.Path, "/projects") {
		reader = -1
	}
	s := &sent{reader: reader, address: r.URL.String(), arrived: time.Now()}
	u.mu.Lock()
	u.sent = append(u.sent, s)
	key := fmt.Sprint(reader, s.address)
	u.tries[key]++
	// Drawn from the request and not from its time, because the order of goroutines is
	// random.
	random := rand.New(rand.NewPCG(u.seed, hash(key)+uint64(u.tries[key])))
	if u.inFlight++; u.inFlight > 10 || u.inFlight > 1 && !u.proved {
		u.problems = append(
			u.problems,
			fmt.Sprintf("%d requests in flight at %s, the key proved: %t", u.inFlight, time.Since(u.start), u.proved),
		)
	}
	u.mu.Unlock()

	service := u.service
	latency := time.Duration(1+random.IntN(100)) * time.Millisecond
	switch draw := random.Float64(); {
	case draw < u.share && len(u.kinds) > 0:
		s.kind = u.kinds[random.IntN(len(u.kinds))]
		faulty := simulator.New(simulator.Config{})
		faulty.Script(s.kind.fault(time.Now().Add(latency)))
		service = faulty.Transport()
	case draw > 0.98:
		latency = 20 * time.Second // slow, but within the timeout
	}
	if !sleep(r.Context(), latency) {
		u.end(s, true)
		return nil, r.Context().Err()
	}
	resp, err := service.RoundTrip(r)
	if err != nil {
		u.end(s, r.Context().Err() != nil)
		return nil, err
	}
	u.mu.Lock()
	u.open++
	u.mu.Unlock()
	resp.Body = &watched{resp.Body, func() {
		u.mu.Lock()
		u.open--
		u.mu.Unlock()
		u.end(s, r.Context().Err() != nil)
	}}

	return resp, nil
}

// end records the end of a request: its body is closed, or it has none. stopped
// reports whether its context has ended, by itself or because the attempt timed
// out.
func (u *faultyTransport) end(s *sent, stopped bool) {
	u.mu.Lock()
	defer u.mu.Unlock()

	s.ended = time.Now()
	s.broken = stopped && s.ended.Sub(s.arrived) < attemptLasts
	u.inFlight--
	if !s.broken && !u.wrongKey && (s.kind == nil || s.kind.proves) {
		u.proved = true
	}
}

// watched calls closed when a body is closed.
type watched struct {
	io.ReadCloser
	closed func()
}

func (w *watched) Close() error {
	w.closed()

	return w.ReadCloser.Close()
}

func hash(s string) uint64 {
	sum := uint64(14695981039346656037)
	for i := range len(s) {
		sum = (sum ^ uint64(s[i])) * 1099511628211
	}

	return sum
}

// read is the result of one reader.
type read struct {
	rows  []thing
	err   error
	ended time.Time
}

func (c *randomCase) run(t *testing.T) counts {
	t.Helper()

	start := time.Now()
	cloud := simulator.New(simulator.Config{})
	executions := simulator.Seed(c.rows, start, time.Minute, c.seed)
	cloud.AddWorkflow("w", executions...)
	u := &faultyTransport{randomCase: c, service: cloud.Transport(), start: start, tries: map[string]int{}}
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(c.seed, 1))
	client := newTestClient(t, u, func(cfg *Config) {
		cfg.MaxRetries = c.maxRetries
		if !c.lookup {
			cfg.ProjectID = simulator.DefaultProjectID
		}
		if c.wrongKey {
			cfg.Credentials = Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: "wrong"}
		}
	})
	client.retry.jitter = func(d time.Duration) time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return time.Duration(random.Int64N(int64(d) + 1))
	}

	reads := make([]read, c.readers)
	together(c.readers, func(i int) error {
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), readerKey{}, i), c.timeout)
		defer cancel()
		if i == 0 && c.cancel > 0 {
			time.AfterFunc(c.cancel, cancel)
		}
		rows, err := listThings(ctx, client)
		reads[i] = read{rows, err, time.Now()}
		return nil
	})
	synctest.Wait() // for a lookup that all readers have left

	u.mu.Lock()
	defer u.mu.Unlock()
	for _, problem := range u.problems {
		t.Error(problem)
	}
	if u.open != 0 || u.inFlight != 0 {
		t.Errorf("%d bodies are open, %d requests in flight", u.open, u.inFlight)
	}
	model := newChecker(t, u)
	want := counts{requests: len(u.sent), retries: model.retries}
	for i, r := range reads {
		want.add(model.check(i, r, executions))
	}
	if t.Failed() {
		u.logRequests(t)
	}

	return want
}

// logRequests logs the case and its requests.
func (u *faultyTransport) logRequests(t *testing.T) {
	t.Helper()
	t.Logf(
		"%d rows, %d readers, lookup %t, wrong key %t, max_retries %d, timeout %s, cancelled after %s", u.rows, u.readers,
		u.lookup, u.wrongKey, u.maxRetries, u.timeout, u.cancel,
	)
	for _, s := range u.sent {
		name := "well"
		if s.kind != nil {
			name = s.kind.name
		}
		t.Logf(
			"reader %2d: %12s to %12s, broken %-5t %-30s %s", s.reader, s.arrived.Sub(u.start), s.ended.Sub(u.start), s.broken,
			name, s.address[strings.Index(s.address, "?")+1:],
		)
	}
}

// checker compares requests and reads with the model.
type checker struct {
	*faultyTransport
	t        *testing.T
	deadline time.Time
	retries  int
	final    map[int][]finalFailure // by reader; -1 is the lookup
	rejected time.Time              // when a response revoked the key; zero: never
}

// finalFailure is a request that was not tried again.
type finalFailure struct {
	class Class
	at    time.Time
	tries int
	must  bool // the policy or the deadline allows no further try
	early bool // both allow one
}

func newChecker(t *testing.T, u *faultyTransport) *checker {
	t.Helper()
	c := &checker{faultyTransport: u, t: t, deadline: u.start.Add(u.timeout), final: map[int][]finalFailure{}}
	requests := map[string][]*sent{}
	for _, s := range u.sent {
		if s.kind == nil && u.wrongKey && !s.broken {
			s.kind = &faultKind{name: "wrong key", class: ClassAuth, revokes: true}
		}
		if s.kind != nil && s.kind.revokes && !s.broken && (c.rejected.IsZero() || s.ended.Before(c.rejected)) {
			c.rejected = s.ended
		}
		key := fmt.Sprint(s.reader, s.address)
		requests[key] = append(requests[key], s)
	}
	for _, tries := range requests {
		c.follow(tries)
	}
	for _, s := range u.sent {
		if !c.rejected.IsZero() && s.arrived.After(c.rejected) {
			t.Errorf("a request came at %s, after the key was refused at %s", s.arrived.Sub(u.start), c.rejected.Sub(u.start))
		}
	}

	return c
}

// follow checks the requests of one reader to one address: a request and its
// retries, and perhaps the same request again later.
func (c *checker) follow(all []*sent) {
	c.t.Helper()

	spent, tries := account{maxRetries: c.maxRetries}, 0
	for i, s := range all {
		tries++
		var next *sent
		if i+1 < len(all) {
			next = all[i+1]
		}
		if s.broken {
			if next != nil && s.reader >= 0 {
				c.t.Errorf("reader %d sent another request after it was stopped", s.reader)
			}
			return
		}
		if s.kind == nil { // well
			spent, tries = account{maxRetries: c.maxRetries}, 0
			continue
		}

		again, low, high := spent.after(s.kind)
		switch {
		case next == nil:
			c.final[s.reader] = append(c.final[s.reader], finalFailure{
				class: s.kind.class, at: s.ended, tries: tries,
				must:  !again || !s.ended.Add(low).Before(c.deadline),
				early: again && s.ended.Add(high).Before(c.deadline),
			})
		case !again:
			c.t.Errorf("reader %d: a retry after %s (try %d)", s.reader, s.kind.name, tries)
		default:
			c.retries++
			spent.retried(s.kind)
			// With several readers a retry may have to wait for other requests, too.
			waited, alone := next.arrived.Sub(s.ended), c.readers == 1 && c.rows < simulatedPage
			if waited < low || alone && waited > high {
				c.t.Errorf(
					"reader %d: waited %s after %s (try %d), want %s to %s", s.reader, waited, s.kind.name, tries, low, high,
				)
			}
			if next.arrived.After(c.deadline) || alone && next.arrived.Equal(c.deadline) {
				c.t.Errorf("reader %d: a retry past the deadline", s.reader)
			}
		}
	}
}

// check compares the result of a reader with the outcomes of its requests.
func (c *checker) check(reader int, r read, executions []simulator.Execution) counts {
	c.t.Helper()

	final := slices.Clone(c.final[reader])
	if c.lookup {
		final = append(final, c.final[-1]...)
	}
	if r.ended.After(c.deadline) || reader == 0 && c.cancel > 0 && r.ended.After(c.start.Add(c.cancel)) {
		c.t.Errorf("reader %d ended at %s, too late", reader, r.ended.Sub(c.start))
	}
	if r.err == nil {
		if len(final) > 0 {
			c.t.Errorf("reader %d succeeded, though one of its requests did not", reader)
		}
		c.wantRows(reader, r.rows, executions)
		return counts{reads: 1, exact: 1}
	}

	var failed *APIError
	if r.rows != nil || !errors.As(r.err, &failed) {
		c.t.Errorf("reader %d got %d rows and %v", reader, len(r.rows), r.err)
		return counts{reads: 1}
	}
	for _, g := range final {
		if g.must && g.at.Before(r.ended) {
			c.t.Errorf("reader %d went on to %s after it had to give up at %s", reader, r.ended.Sub(c.start), g.at.Sub(c.start))
		}
	}
	switch failed.Class {
	case ClassDeadline:
		if !r.ended.Equal(c.deadline) {
			c.t.Errorf("reader %d ran out of time at %s", reader, r.ended.Sub(c.start))
		}
		return counts{reads: 1, late: 1}
	case ClassCancelled:
		if reader != 0 || !r.ended.Equal(c.start.Add(c.cancel)) {
			c.t.Errorf("reader %d was cancelled at %s", reader, r.ended.Sub(c.start))
		}
		return counts{reads: 1, cancelled: 1}
	}
	revoked := failed.Class == ClassAuth && !c.rejected.IsZero() && !r.ended.Before(c.rejected)
	// Of the requests that a list has in flight together, one that is given up cancels
	// the others.
	if !revoked && !slices.ContainsFunc(final, func(g finalFailure) bool {
		return g.class == failed.Class && g.tries == failed.Attempts && g.at.Equal(r.ended) && !g.early
	}) {
		c.t.Errorf(
			"reader %d: got %v (class %d, %d tries), want one of %+v", reader, failed, failed.Class, failed.Attempts, final,
		)
	}

	return counts{reads: 1, failed: 1}
}

// wantRows checks that the rows are exactly these executions, the newest first.
func (c *checker) wantRows(reader int, rows []thing, executions []simulator.Execution) {
	c.t.Helper()

	if len(rows) != len(executions) {
		c.t.Errorf("reader %d got %d executions, want %d", reader, len(rows), len(executions))
		return
	}
	for i, row := range rows {
		if row.ExecutionID != executions[i].ID || row.Status != executions[i].Status ||
			row.CreatedBy != executions[i].CreatedBy {
			c.t.Errorf("reader %d: execution %d is %s, want %s", reader, i, row.ExecutionID, executions[i].ID)
			return
		}
	}
}

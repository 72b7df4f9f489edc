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

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Whole reads while things go wrong, all drawn from one number: what goes wrong
// with which request, how many read together, with which keys and how much time.
//
// What comes of it is held against the model in chaos_model_test.go, request by
// request: each is tried again exactly when the policy says so, not before the
// time that it says, and never past the deadline. A read is exact unless one of
// its requests was given up, and then its error is of that one's class. In the
// end every body is closed; that no goroutine is left the bubble sees to.

var (
	chaosCases = flag.Int("chaos", map[bool]int{false: 4000, true: 400}[underRace], "how many cases of chaos to run")
	chaosSeed  = flag.Uint64("chaos-seed", 0, "run this one case of chaos")
)

func TestChaos(t *testing.T) {
	t.Parallel()

	if *chaosSeed != 0 {
		synctest.Test(t, func(t *testing.T) { newChaos(*chaosSeed).run(t) })
		return
	}

	var mu sync.Mutex
	var total tally
	t.Cleanup(func() {
		t.Logf("%d reads: %d exact, %d failed, %d out of time, %d cancelled; %d requests, %d of them retries", total.reads,
			total.exact, total.failed, total.late, total.cancelled, total.requests, total.retries)
		if *chaosCases >= 4000 && (total.exact < total.reads/10 || total.failed < total.reads/10 || total.late < 10 ||
			total.cancelled < 10 || total.retries < total.reads/5) {
			t.Error("the cases do not reach what they are for")
		}
	})

	const shards = 8
	for shard := range shards {
		t.Run(fmt.Sprintf("shard %d", shard), func(t *testing.T) {
			t.Parallel()

			for seed := 1 + shard; seed <= *chaosCases; seed += shards {
				c := newChaos(uint64(seed))
				var seen tally
				ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { seen = c.run(t) })
				})
				if !ok {
					t.Errorf("to run this case alone: go test ./internal/client -run 'TestChaos$' -chaos-seed %d -v", seed)
				}
				mu.Lock()
				total.add(seen)
				mu.Unlock()
			}
		})
	}
}

// tally counts what the cases come to.
type tally struct{ reads, exact, failed, late, cancelled, requests, retries int }

func (a *tally) add(b tally) {
	a.reads += b.reads
	a.exact += b.exact
	a.failed += b.failed
	a.late += b.late
	a.cancelled += b.cancelled
	a.requests += b.requests
	a.retries += b.retries
}

// chaos is one service in trouble, and who reads from it.
type chaos struct {
	seed       uint64
	rows       int
	readers    int
	lookup     bool // of the project
	wrongKey   bool
	maxRetries int
	timeout    time.Duration // of each read
	cancel     time.Duration // after which the first reader gives up; 0: never
	kinds      []*trouble
	share      float64 // of the requests that are hit
}

func newChaos(seed uint64) *chaos {
	random := rand.New(rand.NewPCG(seed, seed))
	c := &chaos{
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
		c.rows++ // a page of a round length is looked into, and stands if that fails
	}
	if random.IntN(3) == 0 {
		c.readers = 2 + random.IntN(20)
	}
	if random.IntN(6) == 0 {
		c.cancel = time.Duration(random.Int64N(int64(min(c.timeout, time.Minute))))
	}
	if random.IntN(20) == 0 { // many pages, many requests: little goes wrong, or none would end well
		c.rows, c.readers, c.share = 250+random.IntN(2000), 1+random.IntN(3), c.share/4
	}
	for range 1 + random.IntN(5) {
		kind := troubles[random.IntN(len(troubles))]
		if kind.ofQuery && c.rows >= simulatedPage || kind.proves && c.wrongKey {
			continue // a list would ask in another way; nobody says so of a wrong key
		}
		c.kinds = append(c.kinds, kind)
	}

	return c
}

// simulatedPage is what the service lists at once.
const simulatedPage = 200

// sent is one request as the service saw it.
type sent struct {
	reader  int // -1: the lookup, which is everybody's
	address string

	arrived, ended time.Time
	trouble        *trouble // nil: the response is the right one
	broken         bool     // ended by its context before anything else
}

// turmoil is the way to the service.
type turmoil struct {
	*chaos
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

func (u *turmoil) RoundTrip(r *http.Request) (*http.Response, error) {
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
	// Drawn from what the request is, not from when it comes: goroutines have no order.
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
		s.trouble = u.kinds[random.IntN(len(u.kinds))]
		faulty := simulator.New(simulator.Config{})
		faulty.Script(s.trouble.fault(time.Now().Add(latency)))
		service = faulty.Transport()
	case draw > 0.98:
		latency = 20 * time.Second // late, but not too late
	}
	if !sleep(r.Context(), latency) {
		u.end(s, true)
		return nil, r.Context().Err()
	}
	answer, err := service.RoundTrip(r)
	if err != nil {
		u.end(s, r.Context().Err() != nil)
		return nil, err
	}
	u.mu.Lock()
	u.open++
	u.mu.Unlock()
	answer.Body = &watched{answer.Body, func() {
		u.mu.Lock()
		u.open--
		u.mu.Unlock()
		u.end(s, r.Context().Err() != nil)
	}}

	return answer, nil
}

// end books the end of a request: its body is closed, or it has none. stopped
// tells that its context has ended, by itself or as a try that took too long.
func (u *turmoil) end(s *sent, stopped bool) {
	u.mu.Lock()
	defer u.mu.Unlock()

	s.ended = time.Now()
	s.broken = stopped && s.ended.Sub(s.arrived) < attemptLasts
	u.inFlight--
	if !s.broken && !u.wrongKey && (s.trouble == nil || s.trouble.proves) {
		u.proved = true
	}
}

// watched tells when a body is closed.
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

// read is what one reader got, and when.
type read struct {
	rows  []thing
	err   error
	ended time.Time
}

func (c *chaos) run(t *testing.T) tally {
	t.Helper()

	start := time.Now()
	cloud := simulator.New(simulator.Config{})
	executions := simulator.Seed(c.rows, start, time.Minute, c.seed)
	cloud.AddWorkflow("w", executions...)
	u := &turmoil{chaos: c, service: cloud.Transport(), start: start, tries: map[string]int{}}
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
	synctest.Wait() // for a lookup that everybody has left

	u.mu.Lock()
	defer u.mu.Unlock()
	for _, problem := range u.problems {
		t.Error(problem)
	}
	if u.open != 0 || u.inFlight != 0 {
		t.Errorf("%d bodies are open, %d requests in flight", u.open, u.inFlight)
	}
	model := newChecker(t, u)
	want := tally{requests: len(u.sent), retries: model.retries}
	for i, r := range reads {
		want.add(model.check(i, r, executions))
	}
	if t.Failed() {
		u.tell(t)
	}

	return want
}

// tell writes down what happened.
func (u *turmoil) tell(t *testing.T) {
	t.Helper()
	t.Logf(
		"%d rows, %d readers, lookup %t, wrong key %t, max_retries %d, timeout %s, cancelled after %s", u.rows, u.readers,
		u.lookup, u.wrongKey, u.maxRetries, u.timeout, u.cancel,
	)
	for _, s := range u.sent {
		name := "well"
		if s.trouble != nil {
			name = s.trouble.name
		}
		t.Logf(
			"reader %2d: %12s to %12s, broken %-5t %-30s %s", s.reader, s.arrived.Sub(u.start), s.ended.Sub(u.start), s.broken,
			name, s.address[strings.Index(s.address, "?")+1:],
		)
	}
}

// checker compares requests and reads with the model.
type checker struct {
	*turmoil
	t        *testing.T
	deadline time.Time
	retries  int
	given    map[int][]givenUp // by reader; -1 is the lookup
	rejected time.Time         // when a response condemned the key; zero: never
}

// givenUp is a request that was not tried again.
type givenUp struct {
	class Class
	at    time.Time
	tries int
	must  bool // the policy grants no further try, or the deadline does not
	early bool // both do
}

func newChecker(t *testing.T, u *turmoil) *checker {
	t.Helper()
	c := &checker{turmoil: u, t: t, deadline: u.start.Add(u.timeout), given: map[int][]givenUp{}}
	requests := map[string][]*sent{}
	for _, s := range u.sent {
		if s.trouble == nil && u.wrongKey && !s.broken {
			s.trouble = &trouble{name: "wrong key", class: ClassAuth, condemn: true}
		}
		if s.trouble != nil && s.trouble.condemn && !s.broken && (c.rejected.IsZero() || s.ended.Before(c.rejected)) {
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

// follow goes through what was sent to one address for one reader: a request
// and its retries, and perhaps the same again later.
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
				c.t.Errorf("reader %d sent on after it was stopped", s.reader)
			}
			return
		}
		if s.trouble == nil { // well
			spent, tries = account{maxRetries: c.maxRetries}, 0
			continue
		}

		again, low, high := spent.after(s.trouble)
		switch {
		case next == nil:
			c.given[s.reader] = append(c.given[s.reader], givenUp{
				class: s.trouble.class, at: s.ended, tries: tries,
				must:  !again || !s.ended.Add(low).Before(c.deadline),
				early: again && s.ended.Add(high).Before(c.deadline),
			})
		case !again:
			c.t.Errorf("reader %d: a retry after %s (try %d)", s.reader, s.trouble.name, tries)
		default:
			c.retries++
			spent.retried(s.trouble)
			// In company a retry may have to wait for others, too.
			waited, alone := next.arrived.Sub(s.ended), c.readers == 1 && c.rows < simulatedPage
			if waited < low || alone && waited > high {
				c.t.Errorf(
					"reader %d: waited %s after %s (try %d), want %s to %s", s.reader, waited, s.trouble.name, tries, low, high,
				)
			}
			if next.arrived.After(c.deadline) || alone && next.arrived.Equal(c.deadline) {
				c.t.Errorf("reader %d: a retry past the deadline", s.reader)
			}
		}
	}
}

// check compares the result of a reader with the outcomes of its requests.
func (c *checker) check(reader int, r read, executions []simulator.Execution) tally {
	c.t.Helper()

	given := slices.Clone(c.given[reader])
	if c.lookup {
		given = append(given, c.given[-1]...)
	}
	if r.ended.After(c.deadline) || reader == 0 && c.cancel > 0 && r.ended.After(c.start.Add(c.cancel)) {
		c.t.Errorf("reader %d ended at %s, too late", reader, r.ended.Sub(c.start))
	}
	if r.err == nil {
		if len(given) > 0 {
			c.t.Errorf("reader %d succeeded, though one of its requests did not", reader)
		}
		c.wantRows(reader, r.rows, executions)
		return tally{reads: 1, exact: 1}
	}

	var failed *APIError
	if r.rows != nil || !errors.As(r.err, &failed) {
		c.t.Errorf("reader %d got %d rows and %v", reader, len(r.rows), r.err)
		return tally{reads: 1}
	}
	for _, g := range given {
		if g.must && g.at.Before(r.ended) {
			c.t.Errorf("reader %d went on to %s after it had to give up at %s", reader, r.ended.Sub(c.start), g.at.Sub(c.start))
		}
	}
	switch failed.Class {
	case ClassDeadline:
		if !r.ended.Equal(c.deadline) {
			c.t.Errorf("reader %d ran out of time at %s", reader, r.ended.Sub(c.start))
		}
		return tally{reads: 1, late: 1}
	case ClassCancelled:
		if reader != 0 || !r.ended.Equal(c.start.Add(c.cancel)) {
			c.t.Errorf("reader %d was cancelled at %s", reader, r.ended.Sub(c.start))
		}
		return tally{reads: 1, cancelled: 1}
	}
	condemned := failed.Class == ClassAuth && !c.rejected.IsZero() && !r.ended.Before(c.rejected)
	// Of the requests that a list has in flight together, one that is given up ends the others.
	if !condemned && !slices.ContainsFunc(given, func(g givenUp) bool {
		return g.class == failed.Class && g.tries == failed.Attempts && g.at.Equal(r.ended) && !g.early
	}) {
		c.t.Errorf(
			"reader %d: got %v (class %d, %d tries), want one of %+v", reader, failed, failed.Class, failed.Attempts, given,
		)
	}

	return tally{reads: 1, failed: 1}
}

// wantRows wants exactly these executions, the newest first.
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

package listing_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client/listing"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// The randomised test draws a service, its data, what happens to both while
// they are read, and a question, all from one number. The answer must be exact,
// or an error where completeness cannot be had.
//
// Exact means: every execution that matched during the whole read is there, none
// that never matched is, none is there twice, and they are in order. Bounds that
// the service chooses (three days before its own clock) are known to a minute,
// so that executions next to them may or may not be there.

var (
	cases = flag.Int("cases", map[bool]int{false: 3000, true: 300}[underRace], "how many random cases to run")
	only  = flag.Uint64("seed", 0, "run this one random case")
)

const testWorkflow = "48aff955-ea10-4ffd-b426-190bc192dc14"

func TestRandomCases(t *testing.T) {
	t.Parallel()

	if *only != 0 {
		synctest.Test(t, func(t *testing.T) { newCase(*only).run(t) })
		return
	}

	var mu sync.Mutex
	refused, total := map[string]int{}, map[string]int{}
	t.Cleanup(func() {
		for _, name := range slices.Sorted(maps.Keys(total)) {
			t.Logf("%-30s %5d cases, %4.1f%% refused", name, total[name], 100*float64(refused[name])/float64(total[name]))
		}
	})

	const shards = 8
	for shard := range shards {
		t.Run(fmt.Sprintf("shard %d", shard), func(t *testing.T) {
			t.Parallel()

			for seed := 1 + shard; seed <= *cases; seed += shards {
				c := newCase(uint64(seed))
				var wasRefused bool
				ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { wasRefused = c.run(t) })
				})
				if !ok {
					t.Errorf("to run this case alone: go test ./internal/client/listing -run TestRandomCases -seed %d -v", seed)
				}
				mu.Lock()
				for _, name := range c.traits() {
					total[name]++
					if wasRefused {
						refused[name]++
					}
				}
				mu.Unlock()
			}
		})
	}
}

// randomCase is one service, its data and one question.
type randomCase struct {
	seed      uint64
	behaviour simulator.Behaviour
	skew      time.Duration // of the service's clock
	opts      client.ListOptions
	limit     int
	shape     string
	churn     bool
	faults    bool
	noDate    bool // answers do not tell the service's clock

	start      time.Time // of virtual time
	executions []simulator.Execution
	events     []event
}

// event is something that happens to the data while it is read.
type event struct {
	at     time.Time // by our clock
	happen func(*world)
}

func newCase(seed uint64) *randomCase {
	return &randomCase{seed: seed}
}

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

// draw makes up the case. It is called in the bubble, whose clock it needs.
func (c *randomCase) draw() {
	r := rand.New(rand.NewPCG(c.seed, 1))
	c.start = time.Now()
	c.behaviour = simulator.Behaviour{
		Order:        pick(r, simulator.NewestFirst, simulator.NewestFirst, simulator.OldestFirst, simulator.Unordered),
		Offset:       pick(r, simulator.OffsetHonoured, simulator.OffsetIgnored, simulator.OffsetRejected),
		TimeForm:     pick(r, simulator.AnyTimeForm, simulator.SpaceTimeForm, simulator.RFC3339TimeForm),
		UnreadTime:   pick(r, simulator.UnreadTimeRejected, simulator.UnreadTimeIgnored, simulator.UnreadTimeUnbounded),
		ExcludeStart: r.IntN(3) == 0,
		ExcludeEnd:   r.IntN(3) == 0,
		Window:       pick(r, simulator.WindowBegin, simulator.WindowBegin, simulator.WindowBegin, simulator.WindowLastUpdate, simulator.WindowEnd, simulator.WindowOverlap),
		DefaultLimit: pick(r, 0, 10, 50),
		EmptyList:    pick(r, simulator.EmptyArray, simulator.NullList, simulator.NoList),
		IgnoreStatus: r.IntN(6) == 0,
		NoEnd:        pick(r, simulator.NoEndOmitted, simulator.NoEndEmpty, simulator.NoEndNull, simulator.NoEndZeroDate),
	}
	if r.IntN(20) == 0 {
		c.behaviour.TimeForm = simulator.NoTimeForm
	}
	c.skew = pick(r, 0, 0, -5*time.Minute, 7*time.Minute)
	c.faults = r.IntN(4) == 0
	c.noDate = r.IntN(12) == 0
	now := c.start.Add(c.skew)

	c.drawQuestion(r, now)
	c.drawData(r, now)
	if c.churn = r.IntN(3) == 0; c.churn {
		c.drawEvents(r)
	}
}

func (c *randomCase) drawQuestion(r *rand.Rand, now time.Time) {
	day := 24 * time.Hour
	switch r.IntN(8) {
	case 0, 1, 2: // the service's own window
	case 3:
		c.opts.Start = now.Add(-time.Duration(1+r.IntN(240)) * time.Hour)
	case 4:
		c.opts.End = now.Add(-time.Duration(r.IntN(120)) * time.Hour)
	case 5: // within three days
		c.opts.Start = now.Add(-3*day + time.Hour)
		c.opts.End = now.Add(-time.Duration(r.IntN(24)) * time.Hour)
	default: // beyond three days
		c.opts.Start = now.Add(-10 * day)
		c.opts.End = now.Add(-time.Duration(r.IntN(9*24)) * time.Hour).Add(time.Duration(r.IntN(1000)) * time.Millisecond)
	}
	if r.IntN(4) == 0 {
		c.opts.Status = pick(r, "success", "fail", "running", "timeout", "cancel")
	}
	if r.IntN(4) == 0 {
		c.opts.Limit = pick(r, 1, 2, 4, 10, 50, 199, 200, 201, 250, 600)
	}
	c.limit = c.opts.Limit
}

func (c *randomCase) drawData(r *rand.Rand, now time.Time) {
	n := pick(r, r.IntN(20), 190+r.IntN(25), 200+r.IntN(400), 200+r.IntN(800), r.IntN(2000))
	reach := pick(r, 2, 3, 11) * 24 * int(time.Hour/time.Second)
	c.shape = pick(r, "uniform", "uniform", "bursts", "decaying", "dense", "one second")
	longest := pick(r, 1, 30, 600, 20000)
	second := now.Add(-time.Duration(r.IntN(2*24))*time.Hour - time.Minute)
	crowd := pick(r, 150, 199, 200, 250, 700)

	for i := range n {
		var age time.Duration
		switch c.shape {
		case "bursts":
			age = time.Duration(r.IntN(reach/3600))*time.Hour + time.Duration(r.IntN(30))*time.Second
		case "decaying":
			age = time.Duration(float64(reach)*r.Float64()*r.Float64()*r.Float64()) * time.Second
		case "dense":
			age = time.Duration(i/20) * time.Second
		default:
			age = time.Duration(r.IntN(reach)) * time.Second
		}
		begin := now.Add(-age)
		if c.shape == "one second" && i < crowd {
			begin = second.Add(time.Duration(i%pick(r, 1, 1, 3)) * time.Second)
		}
		c.executions = append(c.executions, c.drawExecution(r, i, begin.Truncate(time.Second), now, longest))
	}
}

func (c *randomCase) drawExecution(r *rand.Rand, i int, begin, now time.Time, longest int) simulator.Execution {
	e := simulator.Execution{
		ID:        fmt.Sprintf("%08x-%04x-4000-8000-%012x", r.Uint32(), i, r.Uint64()>>16),
		Status:    pick(r, "success", "success", "success", "fail", "timeout", "cancel", "running"),
		CreatedBy: "admin",
		Begin:     begin,
	}
	took := time.Duration(r.IntN(longest)) * time.Second
	e.LastUpdate = begin.Add(took)
	if e.LastUpdate.After(now) {
		e.Status, e.LastUpdate = "running", begin
	}
	if e.Status != "running" {
		e.End = e.LastUpdate
	}
	if r.IntN(100) == 0 {
		e.Raw = map[string]string{"begin_time": pick(r, `""`, `"soon"`, "null", "")}
	}

	return e
}

// drawEvents has executions begin, finish and vanish in the first seconds.
func (c *randomCase) drawEvents(r *rand.Rand) {
	for i := range 5 + r.IntN(40) {
		at := c.start.Add(time.Duration(r.IntN(4000)) * time.Millisecond)
		kind := r.IntN(3)
		if len(c.executions) == 0 {
			kind = 0
		}
		switch kind {
		case 0:
			e := c.drawExecution(r, 5000+i, at.Add(c.skew).Truncate(time.Second), at.Add(c.skew), 2)
			c.events = append(c.events, event{at, func(w *world) { w.add(e) }})
		case 1:
			id := pick(r, c.executions...).ID
			c.events = append(c.events, event{at, func(w *world) { w.finish(id, at.Add(c.skew)) }})
		default:
			oldest := slices.MinFunc(c.executions, func(a, b simulator.Execution) int { return a.Begin.Compare(b.Begin) })
			id := pick(r, oldest.ID, pick(r, c.executions...).ID)
			c.events = append(c.events, event{at, func(w *world) { w.remove(id) }})
		}
	}
	slices.SortFunc(c.events, func(a, b event) int { return a.at.Compare(b.at) })
}

// traits name what the shares of refusals are counted by.
func (c *randomCase) traits() []string {
	traits := []string{
		"all",
		"order " + c.behaviour.Order.String(),
		"offset " + c.behaviour.Offset.String(),
		"bounds on " + c.behaviour.Window.String(),
		"form " + c.behaviour.TimeForm.String() + ", else " + c.behaviour.UnreadTime.String(),
		"shape " + c.shape,
	}
	if c.churn {
		traits = append(traits, "churn")
	}
	if c.faults {
		traits = append(traits, "faults")
	}
	if c.noDate {
		traits = append(traits, "no date")
	}

	return traits
}

// run reads the list and holds the answer against the truth.
func (c *randomCase) run(t *testing.T) (refused bool) {
	t.Helper()
	c.draw()

	w := newWorld(c)
	reader, err := client.New(client.Config{
		Region:      simulator.DefaultRegion,
		ProjectID:   simulator.DefaultProjectID,
		Credentials: client.Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey},
		MaxRetries:  8,
		Transport:   w,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	began := w.now()
	rows, err := reader.AllWorkflowExecutions(ctx, testWorkflow, c.opts)
	ended := w.now()

	var incomplete *client.ListingError
	var failed *client.APIError
	switch {
	case errors.As(err, &incomplete) && c.mayRefuse(w):
		return true
	case errors.As(err, &failed) && failed.Class == client.ClassBadRequest && c.refusesBounds():
		return true
	case err != nil:
		t.Errorf("%s\nof %s", err, c)
		return false
	}
	if len(rows) == 0 && c.isBounded() && c.behaviour.TimeForm == simulator.NoTimeForm {
		return false // bounds that nobody reads cannot be told from a time when nothing ran
	}
	if problem := c.problem(w, rows, began, ended); problem != "" {
		t.Errorf("%s\nof %s", problem, c)
	}

	return false
}

func (c *randomCase) String() string {
	return fmt.Sprintf("seed %d: %+v\n%+v, %d executions (%s), churn %t, faults %t, no date %t", c.seed, c.behaviour, c.opts, len(c.executions), c.shape, c.churn, c.faults, c.noDate)
}

// refusesBounds reports whether the service calls every question with bounds
// invalid, and this is one.
func (c *randomCase) refusesBounds() bool {
	return c.isBounded() && c.behaviour.TimeForm == simulator.NoTimeForm && c.behaviour.UnreadTime == simulator.UnreadTimeRejected
}

func (c *randomCase) isBounded() bool { return !c.opts.Start.IsZero() || !c.opts.End.IsZero() }

// mayRefuse reports whether completeness cannot be had: no bounds are honoured
// though the question has some, or there is no working offset and neither are
// bounds honoured, or more executions than a page fall into one second, by the
// field that bounds apply to.
func (c *randomCase) mayRefuse(w *world) bool {
	if c.behaviour.TimeForm == simulator.NoTimeForm && c.isBounded() {
		return true
	}
	if c.behaviour.Offset == simulator.OffsetHonoured {
		return false
	}
	if c.behaviour.TimeForm == simulator.NoTimeForm {
		return true
	}
	change := map[int64]int{} // of the crowd, by the second
	for _, versions := range w.history {
		for _, e := range versions {
			from, to := e.Begin, e.Begin
			switch c.behaviour.Window {
			case simulator.WindowLastUpdate:
				from, to = e.LastUpdate, e.LastUpdate
			case simulator.WindowEnd:
				from, to = e.End, e.End
			case simulator.WindowOverlap:
				// A run is in every second that it lasts, and shows in the
				// neighbours of those, which have to be asked for as well.
				if to = e.End; to.IsZero() {
					to = w.now()
				}
				from, to = from.Add(-time.Second), to.Add(time.Second)
			}
			change[from.Unix()]++
			change[to.Unix()+1]--
		}
	}
	crowd := 0
	for _, second := range slices.Sorted(maps.Keys(change)) {
		if crowd += change[second]; crowd >= listing.MaxPage {
			return true
		}
	}

	return false
}

// problem compares an answer with the truth and returns what is wrong, or "".
func (c *randomCase) problem(w *world, rows []client.WorkflowExecution, began, ended time.Time) string {
	must, may := c.truth(w, began, ended)
	listed := map[string]bool{}
	for i, row := range rows {
		if listed[row.ExecutionID] {
			return "listed twice: " + row.ExecutionID
		}
		listed[row.ExecutionID] = true
		if !may[row.ExecutionID] {
			return fmt.Sprintf("listed, but never matched: %+v", row)
		}
		if i > 0 && compare(rows[i-1], row) > 0 {
			return fmt.Sprintf("out of order: %+v before %+v", rows[i-1], row)
		}
	}
	if c.limit > 0 && len(rows) > c.limit {
		return fmt.Sprintf("%d rows, more than the limit", len(rows))
	}

	missing := 0
	var example string
	for id := range must {
		if listed[id] {
			continue
		}
		// Under a limit, what is no newer than the last row may be missing.
		if c.limit > 0 && len(rows) == c.limit && w.shownBegin(id) <= shownBegin(rows[len(rows)-1]) {
			continue
		}
		missing++
		example = fmt.Sprintf("%+v", w.history[id])
	}
	if missing > 0 {
		return fmt.Sprintf("%d of %d are missing, for example %s", missing, len(must), example)
	}

	return ""
}

// compare orders rows as they have to be listed.
func compare(a, b client.WorkflowExecution) int {
	return cmp.Or(strings.Compare(shownBegin(b), shownBegin(a)), strings.Compare(a.ExecutionID, b.ExecutionID))
}

// shownBegin is "", and so the oldest, if it cannot be read.
func shownBegin(e client.WorkflowExecution) string {
	if _, err := time.Parse(time.RFC3339, e.BeginTime); err != nil {
		return ""
	}

	return e.BeginTime
}

// truth returns the executions that must be listed and those that may be.
func (c *randomCase) truth(w *world, began, ended time.Time) (must, may map[string]bool) {
	must, may = map[string]bool{}, map[string]bool{}
	slack := time.Minute
	if c.noDate {
		slack = 15 * time.Minute // as far as the clocks may be apart
	}
	day := 24 * time.Hour
	start, end := c.opts.Start.Truncate(time.Second), c.opts.End
	if !end.IsZero() && !end.Truncate(time.Second).Equal(end) {
		end = end.Truncate(time.Second).Add(time.Second)
	}
	var certain, possible [2]time.Time
	switch {
	case start.IsZero() && end.IsZero():
		certain = [2]time.Time{ended.Add(-3*day + slack), began}
		possible = [2]time.Time{began.Add(-3*day - slack), ended.Add(slack)}
	case start.IsZero():
		certain = [2]time.Time{end.Add(-3*day + slack), end}
		possible = [2]time.Time{end.Add(-3*day - slack), end}
	case end.IsZero():
		certain = [2]time.Time{start, start.Add(3*day - slack)}
		possible = [2]time.Time{start, start.Add(3*day + slack)}
	default:
		certain = [2]time.Time{start, end}
		possible = certain
	}

	// An execution of this very second may be too new to be seen.
	if latest := began.Add(-time.Second); certain[1].After(latest) {
		certain[1] = latest
	}

	for id, versions := range w.history {
		always, ever := !w.changed[id], false
		for _, e := range versions {
			isStatus := c.opts.Status == "" || e.Status == c.opts.Status
			always = always && isStatus && c.isInside(e, certain)
			ever = ever || isStatus && c.isInside(e, possible)
		}
		if always {
			must[id] = true
		}
		if ever {
			may[id] = true
		}
	}

	return must, may
}

// isInside says what the service's bounds select.
func (c *randomCase) isInside(e simulator.Execution, window [2]time.Time) bool {
	b := c.behaviour
	afterStart := func(t time.Time) bool { return t.After(window[0]) || !b.ExcludeStart && t.Equal(window[0]) }
	beforeEnd := func(t time.Time) bool { return t.Before(window[1]) || !b.ExcludeEnd && t.Equal(window[1]) }
	switch b.Window {
	case simulator.WindowLastUpdate:
		return afterStart(e.LastUpdate) && beforeEnd(e.LastUpdate)
	case simulator.WindowEnd:
		return !e.End.IsZero() && afterStart(e.End) && beforeEnd(e.End)
	case simulator.WindowOverlap:
		return beforeEnd(e.Begin) && (e.End.IsZero() || afterStart(e.End))
	default:
		return afterStart(e.Begin) && beforeEnd(e.Begin)
	}
}

// world is the service with what happens to it. As a transport it lets virtual
// time pass: latency, faults and events are functions of the seed and of that
// time alone.
type world struct {
	c     *randomCase
	cloud *simulator.Cloud
	inner http.RoundTripper

	mu      sync.Mutex
	events  []event
	history map[string][]simulator.Execution // all versions
	changed map[string]bool                  // came or went
}

func newWorld(c *randomCase) *world {
	w := &world{c: c, events: c.events, history: map[string][]simulator.Execution{}, changed: map[string]bool{}}
	w.cloud = simulator.New(simulator.Config{Now: w.now, Behaviour: c.behaviour})
	w.inner = w.cloud.Transport()
	w.cloud.AddWorkflow(testWorkflow, c.executions...)
	for _, e := range c.executions {
		w.history[e.ID] = []simulator.Execution{truncated(e)}
	}

	return w
}

func (w *world) now() time.Time { return time.Now().Add(w.c.skew) }

func truncated(e simulator.Execution) simulator.Execution {
	e.Begin, e.End, e.LastUpdate = e.Begin.Truncate(time.Second), e.End.Truncate(time.Second), e.LastUpdate.Truncate(time.Second)
	return e
}

func (w *world) add(e simulator.Execution) {
	w.cloud.AddWorkflow(testWorkflow, e)
	w.history[e.ID] = append(w.history[e.ID], truncated(e))
	w.changed[e.ID] = true
}

func (w *world) remove(id string) {
	w.cloud.RemoveExecutions(testWorkflow, id)
	w.changed[id] = true
}

func (w *world) finish(id string, at time.Time) {
	w.cloud.UpdateExecution(testWorkflow, id, func(e *simulator.Execution) {
		if e.Status == "running" {
			e.Status, e.End, e.LastUpdate = "success", at, at
			w.history[id] = append(w.history[id], truncated(*e))
		}
	})
}

// shownBegin is what the service shows of when an execution began.
func (w *world) shownBegin(id string) string {
	e := w.history[id][0]
	if e.Raw != nil {
		return ""
	}

	return e.Begin.Format(time.RFC3339)
}

// RoundTrip implements [http.RoundTripper].
func (w *world) RoundTrip(req *http.Request) (*http.Response, error) {
	w.pass()
	hash := fnv.New64()
	fmt.Fprintf(hash, "%d %d %s", w.c.seed, time.Since(w.c.start), req.URL)
	r := rand.New(rand.NewPCG(w.c.seed, hash.Sum64()))

	select {
	case <-time.After(time.Duration(5+r.IntN(200)) * time.Millisecond):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	w.pass()
	if w.c.faults && r.IntN(8) == 0 {
		switch r.IntN(3) {
		case 0:
			return nil, syscall.ECONNRESET
		case 1:
			return respond(req, http.StatusServiceUnavailable, "busy"), nil
		default:
			return respond(req, http.StatusTooManyRequests, `{"error_code":"APIGW.0308","error_msg":"policy api over ratelimit,limit:5,time:1 second"}`), nil
		}
	}

	resp, err := w.inner.RoundTrip(req)
	if err == nil && w.c.noDate {
		resp.Header.Del("Date")
	}

	return resp, err
}

func respond(req *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Request: req, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(body))}
}

// pass lets happen what is due.
func (w *world) pass() {
	w.mu.Lock()
	defer w.mu.Unlock()

	for len(w.events) > 0 && !w.events[0].at.After(time.Now()) {
		w.events[0].happen(w)
		w.events = w.events[1:]
	}
}

package executions_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// The randomised test draws a service, its runs, what happens to them while they
// are read, and some questions, all from one number. Each list must be exact, or
// an error where completeness cannot be had.
//
// Exact means: every execution that matched during the whole read is listed, none
// that never matched is, none is listed twice, and they are in order. Bounds that
// the service chooses (three days before its own clock) are known to a minute, so
// that executions next to them may or may not be listed.

var (
	cases = flag.Int("cases", race.Choose(3000, 150), "how many random cases to run")
	only  = flag.Uint64("seed", 0, "run this one random case")
)

// One case in simulated goes through the client and the simulator, which cost more
// than the model.
const simulated = 10

func TestRandomCases(t *testing.T) {
	t.Parallel()
	if *only != 0 {
		synctest.Test(t, func(t *testing.T) { newCase(*only).run(t) })
		return
	}

	var shares shares
	t.Cleanup(func() { shares.check(t) })
	const shards = 4
	for shard := range shards {
		t.Run(fmt.Sprintf("shard %d", shard), func(t *testing.T) {
			t.Parallel()
			for seed := 1 + shard; seed <= *cases; seed += shards {
				c := newCase(uint64(seed))
				ok := t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { c.run(t) })
				})
				if !ok {
					t.Errorf("to run this case alone: "+
						"go test ./internal/functiongraph/executions -run TestRandomCases -seed %d -v", seed)
				}
				shares.add(c)
			}
		})
	}
}

// shares count how lists ended, by what the service is like.
type shares struct {
	mu     sync.Mutex
	traits map[string]*outcomes
}

type outcomes struct{ lists, refused, broken, requests int }

func (s *shares) add(c *randomCase) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.traits == nil {
		s.traits = map[string]*outcomes{}
	}
	for _, name := range c.labels() {
		o := s.traits[name]
		if o == nil {
			o = &outcomes{}
			s.traits[name] = o
		}
		o.lists += c.lists
		o.refused += c.refused
		o.broken += c.broken
		o.requests += c.requests
	}
}

// highest are the most refusals in a hundred lists, where some are allowed.
// Elsewhere a single one fails its case.
var highest = map[string]float64{
	"changes, bounds on update": 25,
	"changes, bounds on end":    25,
	"bounds on overlap":         60,
}

func (s *shares) check(t *testing.T) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(s.traits)) {
		o := s.traits[name]
		refused := 100 * float64(o.refused) / float64(o.lists)
		t.Logf("%-40s %5d lists, %5.1f%% refused, %5.1f%% broken, %5.1f requests each",
			name, o.lists, refused, 100*float64(o.broken)/float64(o.lists), float64(o.requests)/float64(o.lists))
		if most, ok := highest[name]; ok && o.lists >= 50 && refused > most {
			t.Errorf("%s: %.1f%% of %d lists are refused, at most %.0f%% may be", name, refused, o.lists, most)
		}
	}
}

// randomCase is one service, its runs and some questions.
type randomCase struct {
	seed      uint64
	traits    traits
	ahead     time.Duration
	questions []executions.Question
	together  bool // whether the questions are asked at the same time
	faults    bool
	shape     string
	long      string
	runs      []*run
	events    []event

	start   time.Time // of virtual time
	service *service
	read    func(t *testing.T, q executions.Question) ([]executions.Execution, error)

	mu      sync.Mutex
	history map[string][]version // by execution ID, oldest first

	lists, refused, broken, requests int
}

// version is a run as it was from some time on; nil is gone.
type version struct {
	from time.Time
	*run
}

func newCase(seed uint64) *randomCase { return &randomCase{seed: seed} }

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

func chance(r *rand.Rand, in int) bool { return r.IntN(in) == 0 }

// draw makes up the case. It is called in the bubble, whose clock it needs.
func (c *randomCase) draw() {
	r := rand.New(rand.NewPCG(c.seed, 1))
	c.start = time.Now()
	c.traits = drawTraits(r)
	c.ahead = pick(r, 0, 0, -5*time.Minute, 7*time.Minute)
	c.faults = chance(r, 8)
	if c.faults {
		// A short page stands if looking for more fails, by the design.
		c.traits.pageLimit, c.traits.zone, c.traits.longest, c.traits.refusesLong = 0, "", 0, false
	}
	c.together = chance(r, 5)
	c.drawRuns(r, ms(c.start.Add(c.ahead)))
	for range pick(r, 1, 1, 1, 2, 3) {
		c.questions = append(c.questions, c.drawQuestion(r, c.start.Add(c.ahead)))
	}
	if chance(r, 3) {
		c.drawEvents(r)
	}
}

// switches draw one trait each.
var switches = []func(*rand.Rand, *traits){
	func(r *rand.Rand, t *traits) { t.sortBy = pick(r, byBegin, byUpdate, byEnd, byID, byHash) },
	func(_ *rand.Rand, t *traits) { t.ascending = true },
	func(r *rand.Rand, t *traits) {
		t.sortBy, t.blanks = pick(r, byUpdate, byEnd, byEnd), pick(r, asOldest, first, last)
	},
	func(r *rand.Rand, t *traits) { t.running = pick(r, first, last) },
	func(r *rand.Rand, t *traits) { t.scrambled = pick(r, scrambledTies, scrambledAll) },
	func(r *rand.Rand, t *traits) { t.compared = pick(r, byUpdate, byEnd) },
	func(r *rand.Rand, t *traits) { t.compared = pick(r, byUpdate, byEnd, byAny) },
	func(r *rand.Rand, t *traits) { t.openStart, t.openEnd = r.IntN(2) == 0, r.IntN(2) == 0 },
	func(r *rand.Rand, t *traits) { t.fraction = pick(r, hidden, rounded) },
	func(r *rand.Rand, t *traits) {
		t.onlyForm = pick(r, spaceOnly, rfc3339Only)
		t.unread = pick(r, unreadRefused, unreadIgnored, unreadUnbounded, unreadNothing)
	},
	func(r *rand.Rand, t *traits) { t.offset = pick(r, offsetIgnored, offsetRefused) },
	func(r *rand.Rand, t *traits) {
		t.farthest = pick(r, 100, 200, 500, 1000)
		t.beyond = pick(r, beyondLastPage, beyondFirstPage, beyondNothing, beyondRefused)
	},
	func(_ *rand.Rand, t *traits) { t.anyStatus = true },
	func(r *rand.Rand, t *traits) { t.statusForm = pick(r, capitals, omitted, omittedIfFiltered) },
	func(r *rand.Rand, t *traits) { t.endless = pick(r, endIsBegin, endIsZeroDate) },
	func(r *rand.Rand, t *traits) {
		t.dateAhead = pick(r, -10*time.Minute, -time.Minute, -30*time.Second, -5*time.Second, 30*time.Second, 8*time.Minute)
	},
	func(_ *rand.Rand, t *traits) { t.noDate = true },
}

// oddSwitches draw what contradicts the API page.
var oddSwitches = []func(*rand.Rand, *traits){
	func(r *rand.Rand, t *traits) { t.zone = pick(r, chinaUnlessNamed, china) },
	func(r *rand.Rand, t *traits) {
		t.longest, t.cutsStart, t.refusesLong = 3*day, r.IntN(2) == 0, chance(r, 4)
	},
	func(r *rand.Rand, t *traits) { t.pageLimit = pick(r, 10, 20, 50, 100, 100, 100) },
	func(r *rand.Rand, t *traits) {
		t.onlyForm = noForm
		t.unread = pick(r, unreadRefused, unreadIgnored, unreadUnbounded, unreadNothing)
	},
	func(r *rand.Rand, t *traits) { t.coarse = pick(r, 10*second, minute) },
	func(r *rand.Rand, t *traits) { t.lone = pick(r, loneOpen, loneIgnored) },
	func(r *rand.Rand, t *traits) { t.defaultHours = pick[int64](r, 24, 7*24) },
	func(r *rand.Rand, t *traits) { t.pageLimit = pick(r, 37, 150) },
}

// drawTraits draws each switch alone and combined.
func drawTraits(r *rand.Rand) traits {
	var t traits
	switch {
	case chance(r, 8): // the most plausible service
	case chance(r, 3):
		switches[r.IntN(len(switches))](r, &t)
	default:
		often := pick(r, 3, 5, 8)
		for _, draw := range switches {
			if chance(r, often) {
				draw(r, &t)
			}
		}
	}
	switch {
	case chance(r, 4):
		oddSwitches[r.IntN(len(oddSwitches))](r, &t)
	case chance(r, 12): // some of those that do not contradict each other
		for _, draw := range oddSwitches[:3] {
			if chance(r, 2) {
				draw(r, &t)
			}
		}
	}
	if t.anyStatus && t.statusForm != capitals {
		t.statusForm = "" // no test can tell which rows belong
	}
	return t
}

func (c *randomCase) drawQuestion(r *rand.Rand, now time.Time) executions.Question {
	q := executions.Question{WorkflowID: testWorkflow}
	ago := func(most time.Duration) time.Time {
		return now.Add(-time.Duration(r.Int64N(int64(most)))).Truncate(time.Second)
	}
	const days = 24 * time.Hour
	switch r.IntN(10) {
	case 0, 1, 2, 3: // the service's own window
	case 4:
		q.Start = ago(10 * days)
	case 5:
		q.End = ago(5 * days)
	case 6: // within three days
		q.Start, q.End = now.Add(-3*days+time.Hour), ago(days)
	case 7: // short
		q.Start = ago(3 * days)
		q.End = q.Start.Add(time.Duration(r.IntN(pick(r, 7200, 40_000))) * time.Second)
	case 8: // into the future
		q.Start, q.End = ago(4*days), now.Add(pick(r, time.Minute, 5*time.Hour, days, 100*days))
	default: // beyond three days
		q.Start, q.End = now.Add(-10*days), ago(9*days)
	}
	if chance(r, 4) { // fractions
		if !q.Start.IsZero() {
			q.Start = q.Start.Add(-time.Duration(r.IntN(1000)) * time.Millisecond)
		}
		if !q.End.IsZero() {
			q.End = q.End.Add(time.Duration(r.IntN(1000)) * time.Millisecond)
		}
	}
	if chance(r, 4) {
		q.Status = pick(r, "success", "fail", "running", "running", "timeout", "cancel")
	}
	if chance(r, 3) {
		n := len(c.runs)
		q.Limit = max(1, pick(r, 1, 1+r.IntN(12), 1+r.IntN(199), 1+r.IntN(500), 199, 200, 201, n-1, n, n+1, n/2))
	}
	return q
}

func (c *randomCase) drawRuns(r *rand.Rand, now int64) {
	n := pick(r, r.IntN(20), 190+r.IntN(25), 200+r.IntN(300), 200+r.IntN(300), 200+r.IntN(300), 400+r.IntN(1200))
	if c.traits.pageLimit > 0 {
		n = pick(r, c.traits.pageLimit-1+r.IntN(3), r.IntN(5*c.traits.pageLimit))
	}
	reach := pick[int64](r, 2, 3, 11) * day
	c.shape = pick(r, "uniform", "uniform", "bursts", "decaying", "dense", "one second")
	c.long = pick(r, "short", "rare long", "rare long", "any")
	at := now - r.Int64N(2*day) - minute
	crowd := pick(r, 150, 199, 200, 250, 700)
	spread := pick[int64](r, 1, 1, 3)
	runningIn := pick(r, 7, 100, 0)

	for i := range n {
		var age int64
		switch c.shape {
		case "bursts":
			age = r.Int64N(reach/hour)*hour + r.Int64N(30*second)
		case "decaying":
			age = int64(float64(reach) * r.Float64() * r.Float64() * r.Float64())
		case "dense":
			age = int64(i/20) * second
		default:
			age = r.Int64N(reach)
		}
		begin := now - age
		if c.shape == "one second" && i < crowd {
			begin = at + int64(i)%spread*second
		}
		c.runs = append(c.runs, c.drawRun(r, i, begin, now, runningIn))
	}
}

// drawRun makes a run that begins at some time and may have ended by now. One in
// runningIn is running; 0: none that could have ended.
func (c *randomCase) drawRun(r *rand.Rand, i int, begin, now int64, runningIn int) *run {
	var lasts int64
	switch c.long {
	case "short":
		lasts = r.Int64N(3 * second)
	case "any":
		lasts = r.Int64N(20000 * second)
	default:
		if lasts = r.Int64N(3 * second); chance(r, 60) {
			lasts = r.Int64N(20 * hour)
		}
	}
	e := &run{
		id:     fmt.Sprintf("%08x-%04x-4000-8000-%012x", r.Uint32(), i, r.Uint64()>>16),
		status: pick(r, "success", "success", "success", "fail", "timeout", "cancel"),
		begin:  begin,
		end:    begin + lasts,
	}
	if c.traits.fraction == "" {
		e.begin, e.end = e.begin/second*second, e.end/second*second
	}
	// The last update may come a little before the end, or after it.
	e.update = min(max(e.begin, e.end+pick(r, 0, 0, -2*second, 3*second)), now)
	if e.end > now || runningIn > 0 && chance(r, runningIn) {
		e.status, e.end, e.update = "running", 0, min(e.update, now)
		if chance(r, 3) {
			e.update = e.begin
		}
	}
	if chance(r, 150) {
		text := pick(r, "", "soon", "yesterday")
		e.odd = func(row *executions.Execution) { row.BeginTime = text }
	} else if chance(r, 150) {
		text := pick(r, "", "soon")
		e.odd = func(row *executions.Execution) { row.EndTime, row.LastUpdateTime = text, text }
	}
	return e
}

// drawEvents has runs begin, finish, change and vanish in the first seconds.
func (c *randomCase) drawEvents(r *rand.Rand) {
	for i := range 5 + r.IntN(40) {
		at := c.start.Add(time.Duration(r.IntN(6000)) * time.Millisecond)
		now := ms(at.Add(c.ahead))
		kind := r.IntN(4)
		if len(c.runs) == 0 {
			kind = 0
		}
		switch kind {
		case 0:
			born := c.drawRun(r, 5000+i, now, now, 2)
			if born.end > now {
				born.end = 0
			}
			c.events = append(c.events, event{at, func(*service) { c.add(born) }})
		case 1:
			id, also := pick(r, c.runs...).id, pick(r, 0, -second)
			c.events = append(c.events, event{at, func(*service) {
				c.change(id, func(e run) *run {
					if e.status == "running" {
						e.status, e.end, e.update = "success", max(now+also, e.begin), max(now, e.begin)
						if c.traits.fraction == "" {
							e.end, e.update = e.end/second*second, e.update/second*second
						}
					}
					return &e
				})
			}})
		case 2: // the last running ones, of which there may be few
			for _, e := range c.runs[len(c.runs)-min(len(c.runs), 5):] {
				id := e.id
				c.events = append(c.events, event{at, func(*service) {
					c.change(id, func(e run) *run {
						if e.status == "running" {
							e.update = max(now/second*second, e.begin)
						}
						return &e
					})
				}})
			}
		default:
			oldest := slices.MinFunc(c.runs, func(a, b *run) int { return cmp.Compare(a.begin, b.begin) })
			id := pick(r, oldest.id, pick(r, c.runs...).id)
			c.events = append(c.events, event{at, func(*service) { c.change(id, func(run) *run { return nil }) }})
		}
	}
	slices.SortStableFunc(c.events, func(a, b event) int { return a.at.Compare(b.at) })
}

func (c *randomCase) add(runs ...*run) {
	c.service.add(runs...)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range runs {
		c.history[e.id] = append(c.history[e.id], version{time.Now(), e})
	}
}

func (c *randomCase) change(id string, change func(run) *run) {
	var changed *run
	ok := c.service.replace(id, func(e run) *run {
		changed = change(e)
		return changed
	})
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.history[id] = append(c.history[id], version{time.Now(), changed})
}

// labels name what the shares are counted by.
func (c *randomCase) labels() []string {
	t := c.traits
	bounds := "bounds on " + cmp.Or(string(t.compared), "begin")
	labels := []string{"all", "sorted by " + cmp.Or(string(t.sortBy), "begin"), bounds}
	for name, is := range map[string]bool{
		"as documented":                    t == traits{},
		"ascending":                        t.ascending,
		"running first or last":            t.running != "",
		"scrambled " + string(t.scrambled): t.scrambled != "",
		"fractions " + string(t.fraction):  t.fraction != "",
		"form " + string(t.onlyForm) + ", else " + cmp.Or(string(t.unread), "refused"): t.onlyForm != "",
		"zone " + string(t.zone):                  t.zone != "",
		"span of three days":                      t.longest > 0,
		"coarse bounds":                           t.coarse > 0,
		"lone bound " + string(t.lone):            t.lone != "",
		"another default window":                  t.defaultHours > 0,
		fmt.Sprintf("pages of %d", t.pageLimit):   t.pageLimit > 0,
		"status ignored, in capitals or left out": t.anyStatus || t.statusForm != "",
		"date wrong or missing":                   t.noDate || t.dateAhead != 0,
		"faults":                                  c.faults,
		"at the same time":                        c.together && len(c.questions) > 1,
		"through the client":                      c.isSimulated(),
		"changes, " + bounds:                      len(c.events) > 0 && t.compared != byAny,
		"shape " + c.shape + ", " + c.long:        true,
	} {
		if is {
			labels = append(labels, name)
		}
	}
	return labels
}

func (c *randomCase) isSimulated() bool { return c.seed%simulated == 0 }

func (c *randomCase) String() string {
	questions := make([]string, len(c.questions))
	for i, q := range c.questions {
		start, end := q.Start.Format(time.RFC3339Nano), q.End.Format(time.RFC3339Nano)
		questions[i] = fmt.Sprintf("%q from %s to %s, at most %d", q.Status, start, end, q.Limit)
	}
	return fmt.Sprintf("seed %d: %s\nclock ahead %s, %d runs (%s, %s), %d events, faults %t, at the same time %t\n%s",
		c.seed, c.traits, c.ahead, len(c.runs), c.shape, c.long, len(c.events), c.faults, c.together,
		strings.Join(questions, "\n"))
}

// run reads the lists and holds them against the truth.
func (c *randomCase) run(t *testing.T) {
	t.Helper()
	c.draw()
	c.history = map[string][]version{}
	s := &service{traits: c.traits, seed: c.seed, ahead: c.ahead, faults: c.faults, events: c.events}
	s.latency = len(c.events) > 0 || c.faults || c.together || chance(rand.New(rand.NewPCG(c.seed, 2)), 4)
	s.most = 500 + 40*len(c.questions)*(len(c.runs)/cmp.Or(c.traits.pageLimit, 200)+5)
	if c.traits.compared == byAny || c.traits.coarse > 0 {
		s.most *= 4
	}
	c.service = s
	facts := &executions.Facts{}
	c.read = func(t *testing.T, q executions.Question) ([]executions.Execution, error) {
		t.Helper()
		return s.all(t, facts, q)
	}
	if c.isSimulated() {
		c.read = c.throughClient(t)
	}
	c.add(c.runs...)

	unseen := make([]bool, len(c.questions))
	for i, q := range c.questions {
		unseen[i] = c.cannotBeSeen(q)
	}
	var group sync.WaitGroup
	for i, q := range c.questions {
		if c.together {
			group.Go(func() { c.list(t, q, unseen[i]) })
		} else {
			c.list(t, q, unseen[i])
		}
	}
	group.Wait()
	c.requests = s.count()
}

// list reads one list and holds it against the truth, unless that cannot be seen.
func (c *randomCase) list(t *testing.T, q executions.Question, cannotBeSeen bool) {
	t.Helper()
	began := time.Now()
	rows, err := c.read(t, q)
	ended := time.Now()

	c.mu.Lock()
	defer c.mu.Unlock()
	c.lists++
	_, refused := errors.AsType[*executions.Error](err)
	switch {
	case errors.Is(err, errBroken) && c.faults:
		c.broken++
		return
	case isInvalid(err) && c.mayBeInvalid(q):
		c.refused++
		return
	case refused:
		c.refused++
		if !c.mayRefuse(q) {
			t.Errorf("refused: %v\n%+v\nof %s", err, q, c)
		}
		return
	case err != nil:
		t.Errorf("%v\nof %s", err, c)
		return
	}
	if rows == nil {
		t.Errorf("an empty list is nil\nof %s", c)
	}
	problem := c.problem(q, rows, began, ended)
	if problem != "" && (!cannotBeSeen || strings.HasPrefix(problem, "form")) {
		t.Errorf("%s\n%+v\nof %s", problem, q, c)
	}
}

// isInvalid reports whether the service calls a request invalid.
func isInvalid(err error) bool {
	failed, ok := errors.AsType[*client.APIError](err)
	return errors.Is(err, executions.ErrBadRequest) || ok && failed.Class == client.ClassBadRequest
}

func isBounded(q executions.Question) bool { return !q.Start.IsZero() || !q.End.IsZero() }

// mayBeInvalid reports whether the service calls every form of the question
// invalid.
func (c *randomCase) mayBeInvalid(q executions.Question) bool {
	t := c.traits
	return isBounded(q) && (t.onlyForm == noForm && t.unread == unreadRefused || t.refusesLong)
}

// mayRefuse reports whether completeness cannot be had, or cannot be shown. Where
// bounds work in one form, in UTC or as UTC+8, on any field, and no second is
// full, every list has to be exact.
func (c *randomCase) mayRefuse(q executions.Question) bool {
	t := c.traits
	switch {
	case t.onlyForm == noForm, t.longest > 0, t.coarse > 0, t.pageLimit > 0, c.faults:
		return true
	case t.lone != "" && q.Start.IsZero() != q.End.IsZero(), t.defaultHours > 0 && !isBounded(q):
		return true
	case q.Limit > 0 && c.mayBeNewest(q):
		return true
	case len(c.events) > 0 && t.compared != byBegin:
		return true
	}
	if c.isFull(executions.MaxPage) {
		return t.offset != offsetHonoured || t.farthest > 0 || len(c.events) > 0 || t.scrambled != ""
	}
	return false
}

// mayBeNewest reports whether the newest executions cannot be told, because one
// shows no time and not all can be read.
func (c *randomCase) mayBeNewest(q executions.Question) bool {
	_, possible := c.windows(q, c.start, time.Now())
	possible.openFrom, possible.openTo, possible.from, possible.to = false, false, possible.from-second, possible.to+second
	odd, belong, shown := false, 0, 0
	for _, versions := range c.history {
		for _, v := range versions {
			if v.run == nil || !c.service.isIn(v.run, possible) {
				continue
			}
			isStatus := q.Status == "" || v.status == q.Status
			if isStatus {
				belong++
				odd = odd || shownBegin(*v.row) == ""
			}
			if isStatus || c.traits.anyStatus {
				shown++
			}
			break
		}
	}
	return odd && shown >= executions.MaxPage && q.Limit < belong
}

// isFull reports whether so many executions share a second by what bounds are
// compared with, or the seconds next to it, which are requested as well, because
// it is not known which edges are included.
func (c *randomCase) isFull(page int) bool {
	change := map[int64]int{} // of the crowd, by the second
	for _, versions := range c.history {
		for _, v := range versions {
			if v.run == nil {
				continue
			}
			from, to := v.begin, v.begin
			switch c.traits.compared {
			case byUpdate:
				from, to = v.update, v.update
			case byEnd:
				from, to = v.end, v.end
			case byAny:
				if to = v.end; to == 0 {
					to = ms(c.start.Add(c.ahead)) + hour
				}
			}
			change[from/second-1]++
			change[to/second+2]--
		}
	}
	crowd := 0
	for _, at := range slices.Sorted(maps.Keys(change)) {
		if crowd += change[at]; crowd >= page {
			return true
		}
	}
	return false
}

// cannotBeSeen reports whether the service contradicts the API page in a way that
// this question does not show.
func (c *randomCase) cannotBeSeen(q executions.Question) bool {
	t := c.traits
	switch {
	case t.pageLimit == 37, t.pageLimit == 150:
		return true
	case t.pageLimit > 0:
		return c.isFull(t.pageLimit)
	case t.onlyForm != "" && t.defaultHours == 24: // instead of what bounds ask for
		return true
	}
	if t.onlyForm != noForm && t.coarse == 0 && t.lone != loneIgnored || !isBounded(q) {
		return false
	}
	// Too few rows show nothing, and running ones may go on anywhere.
	for _, form := range []executions.Form{executions.SpaceForm, executions.RFC3339Form} {
		in, err := c.service.interval(executions.Query{Status: q.Status, Start: q.Start, End: q.End, Form: form})
		shown := c.service.matching(in)
		ended := 0
		for _, e := range shown {
			if e.end != 0 {
				ended++
			}
		}
		if err == nil && ended < 8 {
			return true
		}
	}
	return false
}

// problem compares a list with the truth and returns what is wrong, or "".
func (c *randomCase) problem(q executions.Question, rows []executions.Execution, began, ended time.Time) string {
	must, may := c.truth(q, began, ended)
	listed := map[string]bool{}
	for i, row := range rows {
		if listed[row.ExecutionID] {
			return "form: listed twice: " + row.ExecutionID
		}
		listed[row.ExecutionID] = true
		if i > 0 && compareRows(rows[i-1], row) > 0 {
			return fmt.Sprintf("form: out of order: %+v before %+v", rows[i-1], row)
		}
	}
	if q.Limit > 0 && len(rows) > q.Limit {
		return fmt.Sprintf("form: %d rows, more than the limit", len(rows))
	}
	for _, row := range rows {
		if !may[row.ExecutionID] {
			return fmt.Sprintf("listed, but never matched: %+v", row)
		}
	}

	missing, example := 0, ""
	for _, id := range slices.Sorted(maps.Keys(must)) {
		if listed[id] {
			continue
		}
		// Under a limit, what is no newer than the last row may be missing.
		if e := *c.history[id][0].row; q.Limit > 0 && len(rows) == q.Limit && shownBegin(e) <= shownBegin(rows[len(rows)-1]) {
			continue
		}
		missing++
		example = fmt.Sprintf("%+v", *c.history[id][0].row)
	}
	if missing > 0 {
		return fmt.Sprintf("%d of %d are missing, %d are listed; missing is for example\n%s",
			missing, len(must), len(rows), example)
	}
	return ""
}

// compareRows orders rows as they have to be listed.
func compareRows(a, b executions.Execution) int {
	return cmp.Or(strings.Compare(shownBegin(b), shownBegin(a)), strings.Compare(a.ExecutionID, b.ExecutionID))
}

// shownBegin is "", and so the oldest, if it cannot be read.
func shownBegin(e executions.Execution) string {
	if _, err := time.Parse(time.RFC3339, e.BeginTime); err != nil {
		return ""
	}
	return e.BeginTime
}

// truth returns the executions that must be listed and those that may be.
func (c *randomCase) truth(q executions.Question, began, ended time.Time) (must, may map[string]bool) {
	must, may = map[string]bool{}, map[string]bool{}
	certain, possible := c.windows(q, began, ended)
	for id, versions := range c.history {
		always, ever := !versions[0].from.After(began), false
		for i, v := range versions {
			if i+1 < len(versions) && !versions[i+1].from.After(began) || v.from.After(ended) {
				continue // replaced before, or made after
			}
			if v.run == nil {
				always = false
				continue
			}
			isStatus := q.Status == "" || v.status == q.Status
			always = always && isStatus && c.service.isIn(v.run, certain)
			ever = ever || isStatus && c.service.isIn(v.run, possible)
		}
		if always && ever {
			must[id] = true
		}
		if ever {
			may[id] = true
		}
	}
	return must, may
}

// windows returns what the question covers by the rules of the API page, at least
// and at most.
func (c *randomCase) windows(q executions.Question, began, ended time.Time) (certain, possible interval) {
	t := c.traits
	slack := minute + t.dateAhead.Abs().Milliseconds()
	if t.noDate {
		slack = 16*minute + c.ahead.Abs().Milliseconds()
	}
	first, last := ms(began.Add(c.ahead)), ms(ended.Add(c.ahead))
	start, end := ms(q.Start)/second*second, (ms(q.End)+second-1)/second*second

	certain = interval{compared: t.compared, openFrom: t.openStart, openTo: t.openEnd}
	possible = certain
	switch {
	case isBounded(q) && !q.Start.IsZero() && !q.End.IsZero():
		certain.from, certain.to = start, end
		possible.from, possible.to = start, end
	case !q.Start.IsZero():
		certain.from, certain.to = start, start+3*day-2*second
		possible.from, possible.to = start, start+3*day+2*second
	case !q.End.IsZero():
		certain.from, certain.to = end-3*day+2*second, end
		possible.from, possible.to = end-3*day-2*second, end
	default:
		certain.from, certain.to = last-min(72, cmp.Or(t.defaultHours, 72))*hour+slack, first
		possible.from, possible.to = first-max(72, t.defaultHours)*hour-slack, last+slack
		certain.openFrom, possible.openFrom, certain.openTo, possible.openTo = false, false, false, false
	}
	if t.lone == loneIgnored && q.Start.IsZero() != q.End.IsZero() {
		certain.from = max(certain.from, last-3*day+slack) // what it shows of what is asked
	}
	if t.coarse > 0 && isBounded(q) {
		certain.to -= certain.to % t.coarse
		possible.from -= possible.from % t.coarse
		certain.openTo = true
	}
	// An execution of this very second may be too new to be seen.
	certain.to = min(certain.to, first-2*second)
	if certain.to < certain.from {
		certain.never = true
	}
	possible.to = min(possible.to, math.MaxInt64)
	return certain, possible
}

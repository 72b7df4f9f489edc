package executions_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const testWorkflow = "48aff955-ea10-4ffd-b426-190bc192dc14"

// service is a model of ListWorkflowExecutions in memory. It shares no code with
// the simulator, so that a mistake in one of them does not hide a mistake in the
// method.
type service struct {
	traits
	seed    uint64
	ahead   time.Duration // how far the service's clock is ahead of ours
	latency bool          // whether requests take time
	faults  bool          // whether some requests fail

	mu       sync.Mutex
	runs     []*run // as they are now
	byWindow []*run // sorted by the field that bounds are compared with; nil if it must be made again
	events   []event
	requests []executions.Query
	times    map[uint64]uint64 // how often each request came
	most     int               // requests until errEndless; 0: any number

	mirror *simulator.Cloud // gets the same runs; may be nil
}

var (
	errEndless = errors.New("the list does not end")
	errBroken  = errors.New("the connection broke")
)

// traits is everything that the API page leaves open, or that a service might do
// in spite of it. The zero value of each is what the page says, or else what is
// likely.
type traits struct {
	sortBy    field // order of rows
	ascending bool
	blanks    place // rows that lack the field
	running   place // rows whose status is running
	scrambled scramble

	compared     field // what bounds are compared with
	openStart    bool  // the start is exclusive
	openEnd      bool
	fraction     fraction
	coarse       int64 // bounds are cut to multiples of so many milliseconds
	onlyForm     onlyForm
	unread       unread
	zone         zone
	longest      int64 // the longest window, in milliseconds; 0: any
	cutsStart    bool  // of a longer window
	refusesLong  bool
	lone         lone
	defaultHours int64 // of the default window; 0: three days

	offset     offset
	farthest   int // the largest offset that counts
	beyond     beyond
	pageLimit  int // 0: 200
	anyStatus  bool
	statusForm statusForm
	endless    endless // how a run without an end shows it

	dateAhead time.Duration
	noDate    bool
}

func (t traits) String() string {
	var set []string
	for field, value := range reflect.ValueOf(t).Fields() {
		if !value.IsZero() {
			set = append(set, fmt.Sprintf("%s:%v", field.Name, value))
		}
	}
	return "{" + strings.Join(set, " ") + "}"
}

type (
	field      string
	place      string
	scramble   string
	fraction   string
	onlyForm   string
	unread     string
	zone       string
	lone       string
	offset     string
	beyond     string
	statusForm string
	endless    string
)

const (
	byBegin  field = ""
	byUpdate field = "update"
	byEnd    field = "end"
	byID     field = "id"
	byHash   field = "hash"
	byAny    field = "overlap" // for bounds: any moment of the run

	asOldest place = ""
	first    place = "first"
	last     place = "last"

	scrambledTies scramble = "ties"
	scrambledAll  scramble = "all"

	hidden  fraction = "hidden"
	rounded fraction = "rounded"

	spaceOnly   onlyForm = "space"
	rfc3339Only onlyForm = "rfc3339"
	noForm      onlyForm = "none"

	unreadRefused   unread = ""
	unreadIgnored   unread = "ignored"
	unreadUnbounded unread = "unbounded"
	unreadNothing   unread = "nothing" // nothing is in the window

	chinaUnlessNamed zone = "china unless named"
	china            zone = "china"

	loneOpen    lone = "open"
	loneIgnored lone = "ignored"

	offsetHonoured offset = ""
	offsetIgnored  offset = "ignored"
	offsetRefused  offset = "refused"

	beyondLastPage  beyond = ""
	beyondFirstPage beyond = "first page"
	beyondNothing   beyond = "nothing"
	beyondRefused   beyond = "refused"

	capitals          statusForm = "capitals"
	omitted           statusForm = "omitted"
	omittedIfFiltered statusForm = "omitted if filtered"

	endIsBegin    endless = "begin"
	endIsZeroDate endless = "zero date"
)

// run is one version of an execution; it is not changed. Times are in milliseconds
// since 1970, 0 if there is none.
type run struct {
	id, status         string
	begin, end, update int64
	odd                func(*executions.Execution) // changes what is shown

	hash uint64
	row  *executions.Execution // as shown, apart from the status
}

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// event is something that happens to the runs at some time by our clock.
type event struct {
	at     time.Time
	happen func(*service)
}

// now is the service's clock.
func (s *service) now() time.Time { return time.Now().Add(s.ahead) }

// add takes runs in. They must not be used elsewhere afterwards.
func (s *service) add(runs ...*run) {
	for _, r := range runs {
		sum := fnv.New64a()
		sum.Write([]byte(r.id))
		r.hash = sum.Sum64() * 0x9E3779B97F4A7C15
		r.row = s.show(r)
	}
	s.runs = append(s.runs, runs...)
	s.byWindow = nil
	if s.mirror != nil {
		executions := make([]simulator.Execution, len(runs))
		for i, r := range runs {
			executions[i] = r.execution()
		}
		s.mirror.AddWorkflow(testWorkflow, executions...)
	}
}

// replace puts a new version in the place of a run and reports whether the run is
// there. The version may be nil.
func (s *service) replace(id string, version func(run) *run) bool {
	i := slices.IndexFunc(s.runs, func(r *run) bool { return r.id == id })
	if i < 0 {
		return false
	}
	changed := version(*s.runs[i])
	s.runs = slices.Delete(slices.Clone(s.runs), i, i+1)
	if s.mirror != nil {
		s.mirror.RemoveExecutions(testWorkflow, id)
	}
	s.byWindow = nil
	if changed != nil {
		s.add(changed)
	}
	return true
}

func (s *service) show(r *run) *executions.Execution {
	text := func(ms int64) string {
		if ms == 0 {
			return ""
		}
		if s.fraction == rounded {
			ms += second / 2
		}
		return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05Z")
	}
	row := executions.Execution{
		WorkflowID:     testWorkflow,
		WorkflowURN:    "urn:fss:cn-north-4:p:workflow:default:flow:latest",
		ExecutionID:    r.id,
		Status:         r.status,
		BeginTime:      text(r.begin),
		EndTime:        text(r.end),
		LastUpdateTime: text(r.update),
		CreatedBy:      "admin",
	}
	if r.end == 0 {
		switch s.endless {
		case endIsBegin:
			row.EndTime = row.BeginTime
		case endIsZeroDate:
			row.EndTime = "0001-01-01T00:00:00Z"
		}
	}
	if r.odd != nil {
		r.odd(&row)
	}
	return &row
}

// time is what the service compares.
func (s *service) time(r *run, f field) int64 {
	var ms int64
	switch f {
	case byEnd:
		ms = r.end
	case byUpdate:
		ms = r.update
	default:
		ms = r.begin
	}
	if s.fraction == "" {
		ms -= ms % second
	}
	return ms
}

// interval is what a request is about; the edges belong to it unless they are
// open.
type interval struct {
	from, to           int64
	openFrom, openTo   bool
	compared           field
	onlyStatus         string
	never, wasFiltered bool
}

func (s *service) isIn(r *run, in interval) bool {
	if in.never || in.onlyStatus != "" && r.status != in.onlyStatus {
		return false
	}
	if in.compared == byAny {
		from, to := s.time(r, byBegin), s.time(r, byEnd)
		if to == 0 {
			to = math.MaxInt64
		}
		return from != 0 && in.isBelow(from) && in.isAbove(to)
	}
	at := s.time(r, in.compared)
	return at != 0 && in.isAbove(at) && in.isBelow(at)
}

func (in interval) isAbove(ms int64) bool { return ms > in.from || ms == in.from && !in.openFrom }
func (in interval) isBelow(ms int64) bool { return ms < in.to || ms == in.to && !in.openTo }

// read returns what a bound means, and whether it can be read.
func (s *service) read(form executions.Form, t time.Time) (int64, bool) {
	text := form.Format(t)
	layout, named := "2006-01-02 15:04:05", false
	if strings.Contains(text, "T") {
		layout, named = "2006-01-02T15:04:05Z", true
	}
	at, err := time.Parse(layout, text)
	switch {
	case err != nil, s.onlyForm == noForm, s.onlyForm == spaceOnly && named, s.onlyForm == rfc3339Only && !named:
		return 0, false
	}
	ms := at.UnixMilli()
	if s.zone == china || s.zone == chinaUnlessNamed && !named {
		ms -= 8 * hour
	}
	if s.coarse > 0 {
		ms -= ms % s.coarse
	}
	return ms, true
}

// interval returns what a request is about.
func (s *service) interval(q executions.Query) (interval, error) {
	in := interval{openFrom: s.openStart, openTo: s.openEnd, compared: s.compared, wasFiltered: q.Status != ""}
	if !s.anyStatus {
		in.onlyStatus = q.Status
	}
	var hasFrom, hasTo bool
	for _, b := range []struct {
		sent time.Time
		at   *int64
		has  *bool
	}{{q.Start, &in.from, &hasFrom}, {q.End, &in.to, &hasTo}} {
		if b.sent.IsZero() {
			continue
		}
		*b.at, *b.has = s.read(q.Form, b.sent)
		switch {
		case *b.has:
		case s.unread == unreadUnbounded:
			in.from, in.to, in.openFrom, in.openTo = 0, math.MaxInt64, false, false
			return in, nil
		case s.unread == unreadNothing:
			in.from, in.to = 1, 0
			return in, nil
		case s.unread == unreadRefused:
			return in, executions.ErrBadRequest
		}
	}
	if s.lone == loneIgnored && hasFrom != hasTo {
		hasFrom, hasTo = false, false
	}
	switch {
	case hasFrom && hasTo:
	case hasFrom && s.lone == loneOpen:
		in.to = math.MaxInt64 - day
	case hasTo && s.lone == loneOpen:
		in.from = 1
	case hasFrom:
		in.to = in.from + 3*day
	case hasTo:
		in.from = in.to - 3*day
	default:
		in.to = s.now().UnixMilli() / second * second
		in.from = in.to - cmp.Or(s.defaultHours, 72)*hour
	}
	if s.longest > 0 && in.to-in.from > s.longest {
		switch {
		case s.refusesLong:
			return in, executions.ErrBadRequest
		case s.cutsStart:
			in.from = in.to - s.longest
		default:
			in.to = in.from + s.longest
		}
	}
	in.never = in.from > in.to
	return in, nil
}

// rank is the part of the list that a run is in; the lowest comes first.
func (s *service) rank(r *run) int {
	at := func(p place) int { return map[place]int{first: -1, last: 1}[p] }
	rank := 0
	if r.status == "running" {
		rank = 2 * at(s.running)
	}
	if (s.sortBy == byEnd || s.sortBy == byUpdate) && s.time(r, s.sortBy) == 0 {
		rank += at(s.blanks)
	}
	return rank
}

// compare is the order of rows; ties keep the order in which the runs came.
func (s *service) compare(a, b *run) int {
	if s.running != "" || s.blanks != "" {
		if n := cmp.Compare(s.rank(a), s.rank(b)); n != 0 {
			return n
		}
	}
	var n int
	switch s.sortBy {
	case byHash:
		n = cmp.Compare(a.hash, b.hash)
	case byID:
		n = cmp.Compare(a.id, b.id)
	default:
		n = cmp.Compare(s.time(a, s.sortBy), s.time(b, s.sortBy))
	}
	if !s.ascending {
		n = -n
	}
	return n
}

// matching returns the runs of an interval, in the order of the field that bounds
// are compared with.
func (s *service) matching(in interval) []*run {
	key := in.compared
	if key == byAny {
		key = byBegin
	}
	if s.byWindow == nil {
		s.byWindow = slices.Clone(s.runs)
		slices.SortStableFunc(s.byWindow, func(a, b *run) int { return cmp.Compare(s.time(a, key), s.time(b, key)) })
	}
	from := 0
	if in.compared != byAny {
		from = sort.Search(len(s.byWindow), func(i int) bool { return s.time(s.byWindow[i], key) >= in.from })
	}
	to := sort.Search(len(s.byWindow), func(i int) bool { return s.time(s.byWindow[i], key) > in.to })
	if to < from {
		return nil
	}
	found := make([]*run, 0, to-from)
	for _, r := range s.byWindow[from:to] {
		if s.isIn(r, in) {
			found = append(found, r)
		}
	}
	return found
}

// page returns the runs of one page.
func (s *service) page(q executions.Query, in interval, random *rand.Rand) ([]*run, error) {
	skip := 0
	switch {
	case q.Offset == 0 || s.offset == offsetIgnored:
	case s.offset == offsetRefused:
		return nil, executions.ErrBadRequest
	case s.farthest == 0 || q.Offset <= s.farthest:
		skip = q.Offset
	case s.beyond == beyondRefused:
		return nil, executions.ErrBadRequest
	case s.beyond == beyondNothing:
		return nil, nil
	case s.beyond == beyondLastPage:
		skip = s.farthest
	}
	limit := min(q.Limit, cmp.Or(s.pageLimit, 200))

	found := s.matching(in)
	if s.scrambled != "" {
		random.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	}
	switch {
	case s.scrambled == scrambledAll:
	case s.sortBy == byBegin && in.compared == byBegin && s.running == "" && s.scrambled == "":
		if !s.ascending {
			slices.Reverse(found)
		}
	default:
		found = foremost(found, skip+limit, s.compare)
	}
	found = found[min(skip, len(found)):]
	return found[:min(len(found), limit)], nil
}

// foremost returns the first n runs of an order, sorted. Runs that are equal keep
// their order.
func foremost(runs []*run, n int, compare func(a, b *run) int) []*run {
	var kept []*run
	full := false // whether kept[n-1] is the last of the first n so far
	for _, r := range runs {
		if full && compare(r, kept[n-1]) >= 0 {
			continue
		}
		if kept = append(kept, r); len(kept) >= 2*n {
			slices.SortStableFunc(kept, compare)
			kept, full = kept[:n], true
		}
	}
	slices.SortStableFunc(kept, compare)
	return kept[:min(n, len(kept))]
}

// ask is the service's [executions.Asker].
func (s *service) ask(ctx context.Context, q executions.Query) (executions.Page, error) {
	random, err := s.receive(q)
	if err != nil {
		return executions.Page{}, err
	}
	if s.latency {
		if err := wait(ctx, time.Duration(2+random.IntN(100))*time.Millisecond); err != nil {
			return executions.Page{}, err
		}
	}
	page, err := s.answer(q, random)
	if s.latency {
		if err := wait(ctx, time.Duration(2+random.IntN(100))*time.Millisecond); err != nil {
			return executions.Page{}, err
		}
	}
	return page, cmp.Or(ctx.Err(), err)
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// receive records a request. What is random about its response depends on the
// request, on how often it came and on the time, and not on the order in which
// requests at the same time come.
func (s *service) receive(q executions.Query) (*rand.Rand, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, q)
	if s.most > 0 && len(s.requests) > s.most {
		return nil, errEndless
	}
	if q.Limit < 1 || q.Limit > executions.MaxPage || q.Offset < 0 {
		return nil, fmt.Errorf("the request is not as documented: %+v", q)
	}
	if s.seed == 0 && s.scrambled == "" {
		return nil, nil //nolint:nilnil // nothing is random
	}
	sum := fnv.New64a()
	fmt.Fprint(sum, q.Status, q.Start.UnixMilli(), q.End.UnixMilli(), q.Form, q.Limit, q.Offset, time.Now().UnixNano())
	if s.times == nil {
		s.times = map[uint64]uint64{}
	}
	s.times[sum.Sum64()]++
	return rand.New(rand.NewPCG(s.seed+s.times[sum.Sum64()], sum.Sum64())), nil
}

func (s *service) answer(q executions.Query, random *rand.Rand) (executions.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pass()
	if s.faults && random.IntN(12) == 0 {
		return executions.Page{}, errBroken
	}
	in, err := s.interval(q)
	if err != nil {
		return executions.Page{}, err
	}
	runs, err := s.page(q, in, random)
	if err != nil {
		return executions.Page{}, err
	}
	page := executions.Page{Rows: make([]executions.Execution, len(runs))}
	for i, r := range runs {
		page.Rows[i] = *r.row
		switch s.statusForm {
		case capitals:
			page.Rows[i].Status = strings.ToUpper(r.row.Status)
		case omitted:
			page.Rows[i].Status = ""
		case omittedIfFiltered:
			if in.wasFiltered {
				page.Rows[i].Status = ""
			}
		}
	}
	if !s.noDate {
		page.Date = s.now().Add(s.dateAhead).UTC().Truncate(time.Second)
	}
	page.Throttled = s.latency && random.IntN(40) == 0
	return page, nil
}

// pass lets happen what is due.
func (s *service) pass() {
	for len(s.events) > 0 && !s.events[0].at.After(time.Now()) {
		happen := s.events[0].happen
		s.events = s.events[1:]
		happen(s)
	}
}

// count returns the number of requests since the last count.
func (s *service) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.requests)
	s.requests = nil
	return n
}

// ms is a time as runs have it.
func ms(t time.Time) int64 { return t.UnixMilli() }

// all reads one list, and fails the test if it does not end.
func (s *service) all(t *testing.T, facts *executions.Facts, q executions.Question) ([]executions.Execution, error) {
	t.Helper()
	q.WorkflowID = testWorkflow
	s.mu.Lock()
	if s.most == 0 {
		s.most = 1000 + len(s.runs)
	}
	s.mu.Unlock()
	rows, err := executions.All(t.Context(), facts, s.ask, q)
	if errors.Is(err, errEndless) {
		t.Errorf("the list does not end: more than %d requests", s.most)
	}
	return rows, err
}

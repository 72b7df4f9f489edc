package executions_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// throughClient returns a way to read lists through the client from the simulator,
// which behaves as the model would.
func (c *randomCase) throughClient(t *testing.T) func(*testing.T, executions.Question) ([]executions.Execution, error) {
	t.Helper()
	w := &world{c: c}
	w.cloud = simulator.New(simulator.Config{Now: c.service.now, Behaviour: c.traits.behaviour()})
	w.inner = w.cloud.Transport()
	w.cloud.AddWorkflow(testWorkflow)
	c.service.mirror = w.cloud
	reader, err := functiongraph.New(acctest.ClientConfig(w, func(cfg *client.Config) { cfg.MaxRetries = 8 }))
	if err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T, q executions.Question) ([]executions.Execution, error) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		return reader.AllWorkflowExecutions(ctx, executions.Question{
			WorkflowID: testWorkflow,
			Status:     q.Status, Start: q.Start, End: q.End, Limit: q.Limit,
		})
	}
}

// behaviour is what the traits are called in the simulator.
func (t traits) behaviour() simulator.Behaviour {
	b := simulator.Behaviour{
		OrderBy: map[field]simulator.OrderField{
			byUpdate: simulator.OrderByLastUpdate, byEnd: simulator.OrderByEnd, byID: simulator.OrderByID,
		}[t.sortBy],
		Missing: map[place]simulator.MissingRows{first: simulator.MissingFirst, last: simulator.MissingLast}[t.blanks],
		Running: map[place]simulator.RunningRows{first: simulator.RunningFirst, last: simulator.RunningLast}[t.running],
		Shuffle: map[scramble]simulator.Shuffle{
			scrambledTies: simulator.ShuffleTies, scrambledAll: simulator.ShuffleAll,
		}[t.scrambled],
		Offset: map[offset]simulator.OffsetMode{
			offsetIgnored: simulator.OffsetIgnored, offsetRefused: simulator.OffsetRejected,
		}[t.offset],
		OffsetCap: t.farthest,
		OffsetBeyond: map[beyond]simulator.OffsetBeyond{
			beyondFirstPage: simulator.OffsetFirstPage, beyondNothing: simulator.OffsetNoRows,
			beyondRefused: simulator.OffsetBadRequest,
		}[t.beyond],
		TimeForm: map[onlyForm]simulator.TimeForm{
			spaceOnly: simulator.SpaceTimeForm, rfc3339Only: simulator.RFC3339TimeForm, noForm: simulator.NoTimeForm,
		}[t.onlyForm],
		UnreadTime: map[unread]simulator.UnreadTime{
			unreadIgnored: simulator.UnreadTimeIgnored, unreadUnbounded: simulator.UnreadTimeUnbounded,
			unreadNothing: simulator.UnreadTimeNothing,
		}[t.unread],
		Zone: map[zone]simulator.Zone{
			chinaUnlessNamed: simulator.ZoneChinaUnlessNamed, china: simulator.ZoneChina,
		}[t.zone],
		Window: map[field]simulator.WindowField{
			byUpdate: simulator.WindowLastUpdate, byEnd: simulator.WindowEnd, byAny: simulator.WindowOverlap,
		}[t.compared],
		ExcludeStart: t.openStart,
		ExcludeEnd:   t.openEnd,
		Fractions: map[fraction]simulator.Fractions{
			hidden: simulator.FractionsHidden, rounded: simulator.FractionsRounded,
		}[t.fraction],
		Precision: time.Duration(t.coarse) * time.Millisecond,
		MaxSpan:   time.Duration(t.longest) * time.Millisecond,
		LoneBound: map[lone]simulator.LoneBound{
			loneOpen: simulator.LoneBoundOpen, loneIgnored: simulator.LoneBoundIgnored,
		}[t.lone],
		DefaultSpan: time.Duration(t.defaultHours) * time.Hour,
		PageCap:     t.pageLimit,
		StatusText: map[statusForm]simulator.StatusText{
			capitals: simulator.StatusCapitals, omitted: simulator.StatusOmitted,
			omittedIfFiltered: simulator.StatusOmittedByFilter,
		}[t.statusForm],
		IgnoreStatus: t.anyStatus,
		NoEnd: map[endless]simulator.NoEnd{
			endIsBegin: simulator.NoEndBegin, endIsZeroDate: simulator.NoEndZeroDate,
		}[t.endless],
		DateSkew: t.dateAhead,
		NoDate:   t.noDate,
	}
	switch {
	case t.sortBy == byHash:
		b.Order = simulator.Unordered
	case t.ascending:
		b.Order = simulator.OldestFirst
	}
	switch {
	case t.refusesLong:
		b.SpanCut = simulator.SpanRejected
	case t.cutsStart:
		b.SpanCut = simulator.SpanKeepsEnd
	}
	return b
}

// execution is a run as the simulator has it.
func (r *run) execution() simulator.Execution {
	at := func(ms int64) time.Time {
		if ms == 0 {
			return time.Time{}
		}
		return time.UnixMilli(ms)
	}
	e := simulator.Execution{
		ID: r.id, Status: r.status, CreatedBy: "admin",
		Begin: at(r.begin), End: at(r.end), LastUpdate: at(r.update),
	}
	if r.odd != nil {
		e.Raw = map[string]string{}
		for name, text := range map[string]string{
			"begin_time": r.row.BeginTime, "end_time": r.row.EndTime, "last_update_time": r.row.LastUpdateTime,
		} {
			e.Raw[name] = fmt.Sprintf("%q", text)
		}
	}
	return e
}

// world is a transport that lets virtual time pass: latency, faults and what
// happens to the runs depend on the seed and on that time alone.
type world struct {
	c     *randomCase
	cloud *simulator.Cloud
	inner http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (w *world) RoundTrip(req *http.Request) (*http.Response, error) {
	s := w.c.service
	hash := fnv.New64()
	fmt.Fprintf(hash, "%s %s", time.Since(w.c.start), req.URL)
	random := rand.New(rand.NewPCG(w.c.seed, hash.Sum64()))
	s.mu.Lock()
	s.requests = append(s.requests, executions.Query{})
	endless := len(s.requests) > s.most
	s.mu.Unlock()
	if endless {
		return nil, errEndless
	}

	if err := wait(req.Context(), time.Duration(2+random.IntN(200))*time.Millisecond); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.pass()
	s.mu.Unlock()
	if w.c.faults && random.IntN(8) == 0 {
		switch random.IntN(3) {
		case 0:
			return nil, syscall.ECONNRESET
		case 1:
			return respond(req, http.StatusServiceUnavailable, "busy"), nil
		default:
			const throttled = `{"error_code":"APIGW.0308","error_msg":"policy api over ratelimit,limit:5,time:1 second"}`
			return respond(req, http.StatusTooManyRequests, throttled), nil
		}
	}
	return w.inner.RoundTrip(req)
}

func respond(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Request: req, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(body)),
	}
}

// The model and the simulator were written apart from each other. They must answer
// alike.
func TestModelAndSimulatorAgree(t *testing.T) {
	t.Parallel()
	for seed := range uint64(race.Choose(400, 25)) {
		synctest.Test(t, func(t *testing.T) {
			c := newCase(seed)
			c.draw()
			c.history = map[string][]version{}
			s := &service{traits: c.traits, ahead: c.ahead, seed: seed + 1}
			c.service = s
			s.mirror = simulator.New(simulator.Config{Now: s.now, Behaviour: c.traits.behaviour(), Token: "token"})
			s.mirror.AddWorkflow(testWorkflow)
			c.add(c.runs...)
			r := rand.New(rand.NewPCG(seed, 3))
			for range 10 {
				drawn := c.drawQuestion(r, c.start.Add(c.ahead))
				q := executions.Query{
					Status: drawn.Status, Start: drawn.Start.Truncate(time.Second), End: drawn.End.Truncate(time.Second),
					Form: pick(r, executions.SpaceForm, executions.RFC3339Form), Limit: pick(r, 200, 200, 1+r.IntN(200)),
					Offset: pick(r, 0, 0, 50, 1+r.IntN(500)),
				}
				if problem := c.disagree(t, q); problem != "" {
					t.Errorf("%s\nasked %+v\nof %s", problem, q, c)
				}
			}
		})
	}
}

// disagree asks both services the same and returns how their responses differ, or
// "".
func (c *randomCase) disagree(t *testing.T, q executions.Query) string {
	t.Helper()
	s := c.service
	want, err := s.ask(t.Context(), q)
	status, got := askSimulator(t, s.mirror, q)
	if invalid := errors.Is(err, executions.ErrBadRequest); invalid || status != http.StatusOK {
		if invalid != (status == http.StatusBadRequest) {
			return fmt.Sprintf("the model says %v, the simulator %d", err, status)
		}
		return ""
	}
	if len(got) != len(want.Rows) {
		return fmt.Sprintf("the model has %d rows, the simulator %d", len(want.Rows), len(got))
	}
	runs := map[string]*run{}
	for _, r := range s.runs {
		runs[r.id] = r
	}
	in, err := s.interval(q)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range got {
		r := runs[row.ExecutionID]
		shown := *r.row
		switch {
		case s.statusForm == capitals:
			shown.Status = strings.ToUpper(shown.Status)
		case s.statusForm == omitted, s.statusForm == omittedIfFiltered && q.Status != "":
			shown.Status = ""
		}
		shown.WorkflowURN = row.WorkflowURN
		switch {
		case !s.isIn(r, in):
			return fmt.Sprintf("the simulator lists %+v", row)
		case row != shown:
			return fmt.Sprintf("the simulator shows\n%+v, the model\n%+v", row, shown)
		case s.scrambled != scrambledAll && s.sortBy != byHash && s.compare(r, runs[want.Rows[i].ExecutionID]) != 0:
			return fmt.Sprintf("the simulator has %+v in row %d, the model %+v", row, i, want.Rows[i])
		}
	}
	return ""
}

// askSimulator sends one request as the API page describes it.
func askSimulator(t *testing.T, cloud *simulator.Cloud, q executions.Query) (status int, rows []executions.Execution) {
	t.Helper()
	params := []string{fmt.Sprintf("limit=%d", q.Limit)}
	if q.Status != "" {
		params = append(params, "status="+q.Status)
	}
	if !q.Start.IsZero() {
		params = append(params, "start_time="+url.PathEscape(q.Form.Format(q.Start)))
	}
	if !q.End.IsZero() {
		params = append(params, "end_time="+url.PathEscape(q.Form.Format(q.End)))
	}
	if q.Offset > 0 {
		params = append(params, fmt.Sprintf("offset=%d", q.Offset))
	}
	address := "http://simulator.test/v2/" + simulator.DefaultProjectID + "/fgs/workflows/" + testWorkflow + "/executions?"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+strings.Join(params, "&"), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", "token")
	resp, err := cloud.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var list struct {
		Executions []executions.Execution `json:"executions"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, list.Executions
}

package survey

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// question is a group of answers that come from the same requests.
type question struct {
	budget int // the most requests that it sends
	ask    func(*survey, context.Context)
}

// questions are in the order of their importance. What one learns, the next ones
// use. Requests that one does not need are left for those after it. If all of
// them needed all that they may use, the last would stay open.
var questions = []question{
	{6, (*survey).askBaseline},
	{20, (*survey).askBounds},
	{10, (*survey).askLimits},
	{1, (*survey).askOrder},
	{9, (*survey).askHistory},
	{6, (*survey).askEdges},
	{13, (*survey).askWindows},
	{1, (*survey).askRunning},
	{3, (*survey).askUnknownWorkflow},
	{4, (*survey).askStatuses},
	{7, (*survey).askOffset},
	{5, (*survey).askRetention},
	{0, (*survey).answerClock},
	{0, (*survey).answerForms},
	{0, (*survey).answerThrottling},
	{0, (*survey).checkPromises},
}

// survey is the state of a survey.
type survey struct {
	workflow  string
	client    *functiongraph.Client
	session   *client.Session
	transport *transport
	err       error     // ends the survey; nothing is sent after it
	began     time.Time // by the service's clock

	// What has been seen.
	known     map[string]*row
	responses []*response
	baseline  *response       // without bounds
	offsets   []time.Duration // the service's clock minus this machine's, by Date headers
	undated   int             // responses without a Date header

	// What has been learnt.
	bounds         *explanation // of the form that is used; nil: no bounds that are understood
	theory         theory       // one of those that are left
	pageLimit      int          // rows; 0: not known
	isLimitTried   bool         // no page was seen to be cut off, but by pageLimit
	longest        *response    // whose list limit and offset are tried on
	isOrdered      bool         // equal requests get equal pages
	isLimitRefused bool         // a limit of 200 is refused, so that none is sent
	thin           string       // status of which there are so few that pages are short; empty: any

	report report
}

// Run surveys the executions of a workflow. It returns the report, in Markdown;
// its progress goes to log. An error comes without a report, says why, and may
// contain text that a report must not contain.
func Run(ctx context.Context, cfg client.Config, workflowID string, log io.Writer) (string, error) {
	t := newTransport(log)
	cfg.WrapTransport = func(next http.RoundTripper) http.RoundTripper {
		t.next = next
		return t
	}
	cfg.MaxRetries = min(cfg.MaxRetries, 2)
	c, err := functiongraph.New(cfg)
	if err != nil {
		return "", err
	}
	session, err := c.Session(ctx, "")
	if err != nil {
		return "", err
	}
	s := &survey{workflow: workflowID, client: c, session: session, transport: t, known: map[string]*row{}}
	for _, q := range questions {
		t.most = t.count + q.budget
		if q.ask(s, ctx); s.err != nil {
			return "", s.err
		}
	}

	return s.report.markdown(time.Now(), t.count), nil
}

// left returns how many requests the current question may still send.
func (s *survey) left() int { return min(s.transport.most, maxRequests) - s.transport.count }

// errFirst means that even the list without bounds cannot be read.
var errFirst = errors.New("the list of executions cannot be read")

// askBaseline asks for the list without bounds. Where it is empty, older
// executions are looked for.
func (s *survey) askBaseline(ctx context.Context) {
	s.began = time.Now()
	r := s.send(ctx, query{})
	if r.isRefused() {
		refused := r
		s.isLimitRefused = true
		if r = s.send(ctx, query{}); !r.isOK() {
			s.isLimitRefused, r = false, refused
			s.report.surprise("A request without bounds is refused, so that lists without bounds cannot be read.")
		}
	}
	if r.failed != nil && !r.isRefused() {
		s.err = errors.Join(errFirst, r.failed)
	}
	if s.err != nil {
		return
	}
	s.baseline = r
	if !r.date.IsZero() {
		s.began = r.date
	}
	for _, length := range []time.Duration{30 * day, 20 * time.Hour} {
		for _, f := range []executions.Form{executions.SpaceForm, executions.RFC3339Form} {
			if len(s.settled()) > 0 {
				break
			}
			s.send(ctx, query{start: s.began.Add(-length), end: s.began, form: f})
		}
	}
}

const day = 24 * time.Hour

// written returns the time to write so that the service reads the given one.
func (s *survey) written(t time.Time) time.Time { return t.Add(s.theory.zone) }

// between returns the query for a window, in times as the service reads them.
func (s *survey) between(from, to time.Time) query {
	return query{start: s.written(from), end: s.written(to), form: s.bounds.form, status: s.thin}
}

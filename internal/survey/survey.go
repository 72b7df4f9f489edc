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

// step is a part of a survey: questions that are answered from the same requests.
type step struct {
	budget int // the most requests that it sends
	// ask answers questions. The others stay open, and it returns why.
	ask       func(*survey, context.Context) (because string)
	questions []string
}

// steps are in the order of their importance. What one learns, the next ones use.
// Requests that one does not need are left for those after it. If all of them
// needed all that they may use, the last would stay open.
var steps = []step{
	{6, (*survey).askBaseline, nil},
	{20, (*survey).askBounds, []string{onForms, onField, onPrecision, onZone, onUnread}},
	{10, (*survey).askLimits, []string{onPageLimit, onDefaultLimit, onZeroLimit, onSmallLimit}},
	{1, (*survey).askOrder, []string{onOrderOf}},
	{9, (*survey).askHistory, []string{onMethod, onTotal}},
	{6, (*survey).askEdges, []string{onEdgesOf}},
	{13, (*survey).askWindows, []string{onNeither, onLong, onOnlyEnd, onOnlyStart}},
	{1, (*survey).askRunning, []string{onRunningEnd}},
	{3, (*survey).askUnknownWorkflow, []string{onUnknown}},
	{4, (*survey).askStatuses, []string{onFilter}},
	{7, (*survey).askOffset, []string{onOffsetOf, onOffsetFar}},
	{5, (*survey).askRetention, []string{onKept}},
	{0, (*survey).answerClock, []string{onClock}},
	{0, (*survey).answerForms, []string{onSeen}},
	{0, (*survey).answerThrottling, []string{onThrottle}},
	{0, (*survey).checkPromises, nil},
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
	s.report.answers = map[string]answer{}
	for _, step := range steps {
		t.most = t.count + step.budget
		because := step.ask(s, ctx)
		if s.err != nil {
			return "", s.err
		}
		for _, question := range step.questions {
			if _, isAnswered := s.report.answers[question]; !isAnswered {
				s.answer(question, cannotTell(because))
			}
		}
	}

	return s.report.markdown(time.Now(), t.count), nil
}

func (s *survey) answer(question string, a answer) { s.report.answers[question] = a }

// left returns how many requests the current step may still send.
func (s *survey) left() int { return min(s.transport.most, maxRequests) - s.transport.count }

// errFirst means that even the list without bounds cannot be read.
var errFirst = errors.New("the list of executions cannot be read")

// askBaseline asks for the list without bounds. Where it is empty, older
// executions are looked for.
func (s *survey) askBaseline(ctx context.Context) string {
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
		return ""
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

	return ""
}

const day = 24 * time.Hour

// written returns the time to write so that the service reads the given one.
func (s *survey) written(t time.Time) time.Time { return t.Add(s.theory.zone) }

// between returns the query for a window, in times as the service reads them.
func (s *survey) between(from, to time.Time) query {
	return query{start: s.written(from), end: s.written(to), form: s.bounds.form, status: s.thin}
}

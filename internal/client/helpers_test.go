package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// testKeys are the ones that the simulator accepts.
var testKeys = Credentials{
	AccessKey: simulator.DefaultAccessKey,
	SecretKey: simulator.DefaultSecretKey,
	Source:    "the test",
}

// newTestClient returns a client that uses only transport. It tries up to six
// times, and its waits are exact because the jitter is always the maximum.
func newTestClient(t *testing.T, transport http.RoundTripper, changes ...func(*Config)) *Client {
	t.Helper()

	cfg := Config{
		Region:      simulator.DefaultRegion,
		Credentials: testKeys,
		MaxRetries:  5,
		Transport:   transport,
	}
	for _, change := range changes {
		change(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.retry.jitter = func(d time.Duration) time.Duration { return d }

	return c
}

// maxRetries is an option of newTestClient.
func maxRetries(n int) func(*Config) { return func(cfg *Config) { cfg.MaxRetries = n } }

// opened lets a client's requests through its gate together, as after a response
// that proved the key good.
func opened(c *Client) *Client {
	c.gateFor(testKeys).record(nil)

	return c
}

// testRequest is a request to the service of the given address.
func testRequest(address string) *request {
	base, err := url.Parse(address)
	if err != nil {
		panic(err)
	}

	return &request{
		method: http.MethodGet, base: base, path: []string{"v2", "p1", "things"}, region: "cn-north-4", projectID: "p1",
	}
}

// get sends the simplest read, which accepts any JSON.
func get(ctx context.Context, c *Client) error {
	_, err := c.send(ctx, testRequest("https://service.example"), func(resp *Response) error {
		var anything any
		return json.Unmarshal(resp.body, &anything)
	})

	return err
}

// together starts n reads at once and returns their outcomes when all are done.
func together(n int, read func(i int) error) []error {
	outcomes := make([]error, n)
	var readers sync.WaitGroup
	for i := range n {
		readers.Go(func() { outcomes[i] = read(i) })
	}
	readers.Wait()

	return outcomes
}

// started begins a read and returns the channel of its outcome.
func started(read func() error) <-chan error {
	outcome := make(chan error, 1)
	go func() { outcome <- read() }()

	return outcome
}

// asAPIError returns err as an APIError, and ends the test if it is none.
func asAPIError(t *testing.T, err error) *APIError {
	t.Helper()

	var apiErr *APIError
	if !errors.As(err, &apiErr) {
		t.Fatalf("got %v, want an APIError", err)
	}

	return apiErr
}

// wantClass ends the test unless err is an APIError of the class.
func wantClass(t *testing.T, err error, want Class) *APIError {
	t.Helper()

	apiErr := asAPIError(t, err)
	if apiErr.Class != want {
		t.Fatalf("class %d, want %d: %v", apiErr.Class, want, err)
	}

	return apiErr
}

// reply is one response of a service.
type reply struct {
	status int
	header map[string]string
	body   string

	delay    time.Duration // before the header
	hang     bool          // no header until the request's context ends
	bodyHang bool          // no end of the body until then
	bodyErr  error         // the error at the end of the body
	err      error         // instead of a response
}

var good = reply{status: http.StatusOK, body: `{}`}

// throttledFor returns the gateway's 429 with a period in its text.
func throttledFor(period string) reply {
	return reply{
		status: http.StatusTooManyRequests,
		body:   `{"error_code":"APIGW.0308","error_msg":"policy ip over ratelimit,limit:5,time:` + period + `"}`,
	}
}

// service is a RoundTripper that responds in process, so that it can be used in
// bubbles, and records the requests.
type service struct {
	respond func(n int, r *http.Request) reply // n is 1 for the first request

	mu       sync.Mutex
	requests []*http.Request
	times    []time.Time
	inFlight int
	peak     int // the most requests that were in flight at once
}

// replying responds to the requests with one reply each, and with the last one
// when none is left.
func replying(replies ...reply) *service {
	return &service{respond: func(n int, _ *http.Request) reply { return replies[min(n, len(replies))-1] }}
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.requests = append(s.requests, r)
	s.times = append(s.times, time.Now())
	n := len(s.requests)
	s.inFlight++
	s.peak = max(s.peak, s.inFlight)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.inFlight--
	}()

	a := s.respond(n, r)
	wait := time.After(a.delay)
	if a.hang {
		wait = nil
	}
	select {
	case <-wait:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if a.err != nil {
		return nil, a.err
	}
	header := http.Header{}
	for name, value := range a.header {
		header.Set(name, value)
	}

	return &http.Response{
		StatusCode: a.status,
		Header:     header,
		Body:       &replyBody{Reader: strings.NewReader(a.body), ctx: r.Context(), reply: a},
		Request:    r,
	}, nil
}

// sent returns the number of requests.
func (s *service) sent() int {
	s.mu.Lock()
	defer s.mu.Unlock()

	return len(s.requests)
}

// gaps returns the time before each request but the first.
func (s *service) gaps() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()

	var gaps []time.Duration
	for i := 1; i < len(s.times); i++ {
		gaps = append(gaps, s.times[i].Sub(s.times[i-1]))
	}

	return gaps
}

type replyBody struct {
	*strings.Reader
	ctx   context.Context //nolint:containedctx // a body lives as long as its request
	reply reply
}

func (b *replyBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	if b.reply.bodyHang {
		<-b.ctx.Done()
		return n, b.ctx.Err()
	}
	if b.reply.bodyErr != nil {
		return n, b.reply.bodyErr
	}

	return n, io.EOF
}

// WriteTo hides that of the reader, which would skip the error at the end.
func (b *replyBody) WriteTo(io.Writer) (int64, error) { panic("not used") }

func (b *replyBody) Close() error { return nil }

// quiet discards the logs of test servers.
var quiet = log.New(io.Discard, "", 0)

// observeInto collects the attempts of reads that run one after another.
func observeInto(seen *[]Attempt) func(context.Context, Attempt) {
	return func(_ context.Context, a Attempt) { *seen = append(*seen, a) }
}

// allocates returns how many bytes do allocates. No other test may run
// meanwhile.
func allocates(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)

	return after.TotalAlloc - before.TotalAlloc
}

// The operation that the tests of this package use.
var operationTest = NewOperation("ListThings", "https://service.example/doc")

// thing is a row of the list.
type thing struct {
	WorkflowID, WorkflowURN, ExecutionID, Status, BeginTime, EndTime, LastUpdateTime, CreatedBy string
}

// listThings reads the list of the client's own region.
func listThings(ctx context.Context, c *Client) ([]thing, error) { return listThingsIn(ctx, c, "") }

func listThingsIn(ctx context.Context, c *Client, region string) ([]thing, error) {
	session, err := c.Session(ctx, region)
	if err != nil {
		return nil, err
	}
	const page = 200
	var things []thing
	for {
		query := url.Values{"limit": {strconv.Itoa(page)}}
		if len(things) > 0 {
			query.Set("offset", strconv.Itoa(len(things)))
		}
		reply, err := Get(ctx, session, Request{
			Operation: operationTest,
			Path:      []string{"workflows", "w", "executions"},
			Query:     query,
		}, decodeThings)
		if err != nil {
			return nil, err
		}
		if things = append(things, reply.Value...); len(reply.Value) < page {
			return things, nil
		}
	}
}

func decodeThings(resp *Response) ([]thing, error) {
	list, err := DecodeList(resp, "the list of executions", "executions", func(d *Decoder, row *thing) error {
		return d.ObjectOrNull(func(key string) error {
			switch key {
			case "workflow_id":
				return d.Identifier(&row.WorkflowID)
			case "workflow_urn":
				return d.Text(&row.WorkflowURN)
			case "execution_id":
				return d.Identifier(&row.ExecutionID)
			case "status":
				return d.Identifier(&row.Status)
			case "begin_time":
				return d.Text(&row.BeginTime)
			case "end_time":
				return d.Text(&row.EndTime)
			case "last_update_time":
				return d.Text(&row.LastUpdateTime)
			case "created_by":
				return d.AnyText(&row.CreatedBy)
			default:
				return d.Skip()
			}
		})
	})
	if err == nil && slices.Contains(list.Rows, thing{}) {
		err = errors.New("one of the executions is empty")
	}
	if err != nil {
		return nil, err
	}

	return list.Rows, nil
}

// Package client reads workflow executions from Huawei Cloud FunctionGraph.
//
// It knows nothing of Terraform. A request passes through small steps, each in
// a file of its own:
//
//	request.go      what is asked, and its canonical address
//	gate.go         one request at a time until the key has proved good
//	credentials.go  the keys
//	sign.go         SDK-HMAC-SHA256, anew for every try
//	errors.go       what kept a request from a usable answer
//	retry.go        whether and when to try again
//
// The project of a region comes from projects.go, one page of executions from
// workflow_executions.go, and the complete list from listing.go.
package client

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	maxInFlight = 10

	// A full page of executions has about 100 KB.
	maxBody = 16 << 20
)

// Config is what a [Client] is made of.
type Config struct {
	// Region is used where a call names none.
	Region string

	// Cloud is the domain of all default endpoints; empty: [DefaultCloud].
	Cloud string

	// AuthURL is IAM's address, for the project lookup. Empty: the endpoint
	// "iam", else the region's default.
	AuthURL string

	// Endpoints are custom addresses by the name of the service, without the
	// version: "fgs" and "iam".
	Endpoints map[string]string

	// ProjectID is the project of Region. Empty: it is looked up.
	ProjectID string

	// ProjectName is looked up for Region instead of the region's own name.
	ProjectName string

	Credentials CredentialsProvider

	// MaxRetries bounds the tries of one request after the first.
	MaxRetries int

	// UserAgent is sent as it is.
	UserAgent string

	// Insecure turns the check of the services' certificates off.
	Insecure bool

	// Observe, if set, is told of every try, with the context of the read it
	// belongs to. It is never given a key, a token or a header.
	Observe func(context.Context, Attempt)

	// Transport, if set, replaces the network.
	Transport http.RoundTripper
}

// Attempt is one try of a request, for logs.
type Attempt struct {
	Method, Host, Path, Query string

	Number    int // 1 is the first try
	Status    int // 0: no answer came
	RequestID string
	Duration  time.Duration
	Body      []byte        // of the answer
	Err       error         // nil: a usable answer
	Wait      time.Duration // before the next try; 0: there is none
}

// Client reads from the services of one cloud with one set of credentials. It
// is safe for concurrent use; what it learns and looks up is shared by all who
// use it. Making one sends nothing.
type Client struct {
	cfg      Config
	http     *http.Client
	gate     *gate
	inFlight chan struct{}
	retry    retryPolicy

	mu      sync.Mutex
	regions map[string]*region

	timeForm timeForm // guarded by mu: the form of times that the service reads
}

// New returns a client, or an error for an endpoint that is no URL.
func New(cfg Config) (*Client, error) {
	if cfg.Region == "" {
		return nil, errors.New("the region must not be empty")
	}
	if _, err := endpointsFor(cfg, cfg.Region); err != nil {
		return nil, err
	}
	if cfg.Credentials == nil {
		cfg.Credentials = Credentials{}
	}
	if cfg.Observe == nil {
		cfg.Observe = func(context.Context, Attempt) {}
	}
	transport := cfg.Transport
	if transport == nil {
		transport = newTransport(cfg.Insecure)
	}

	return &Client{
		cfg: cfg,
		http: &http.Client{
			Transport: transport,
			// A signature fits one host and one path: it must not travel.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		gate:     newGate(),
		inFlight: make(chan struct{}, maxInFlight),
		retry:    newRetryPolicy(cfg.MaxRetries),
		regions:  map[string]*region{},
	}, nil
}

func newTransport(insecure bool) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented to be one
	transport.MaxIdleConnsPerHost = maxInFlight
	transport.MaxConnsPerHost = maxInFlight
	if insecure {
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // what the argument is for
	}

	return transport
}

// Region returns the region that is used where a call names none.
func (c *Client) Region() string { return c.cfg.Region }

// response is a complete answer with status 200.
type response struct {
	body []byte
	date time.Time // the service's clock; ours if the answer has no date
}

// do sends a request until it is answered with something that decode accepts,
// retrying by the policy. The error is an [*APIError], or what kept the
// credentials from being retrieved, such as [ErrNoCredentials].
func (c *Client) do(ctx context.Context, r *request, decode func(body []byte) error) (*response, error) {
	started := time.Now()
	var last *APIError // of the try before

	for try := 1; ; try++ {
		creds, err := c.cfg.Credentials.Retrieve(ctx)
		if err != nil {
			return nil, err
		}
		leave, err := c.gate.enter(ctx)
		if err != nil {
			return nil, orEnded(ctx, r, err, last)
		}
		resp, seen, failed := c.attempt(ctx, r, creds, decode)
		if failed != nil {
			failed.Attempts, failed.Elapsed = try, time.Since(started)
		}
		leave(failed)

		seen.Number = try
		again := false
		if failed != nil {
			seen.Err = failed
			seen.Wait, again = c.retry.next(failed, try)
		}
		c.cfg.Observe(ctx, seen)

		switch {
		case failed == nil:
			return resp, nil
		case ctx.Err() != nil:
			return nil, orEnded(ctx, r, ctx.Err(), last)
		case !again, comesTooLate(ctx, seen.Wait):
			return nil, failed
		case !sleep(ctx, seen.Wait):
			return nil, orEnded(ctx, r, ctx.Err(), failed)
		}
		last = failed
	}
}

// attempt sends a request once. Of resp and failed one is nil; seen is for logs.
func (c *Client) attempt(ctx context.Context, r *request, creds Credentials, decode func([]byte) error) (resp *response, seen Attempt, failed *APIError) {
	select {
	case c.inFlight <- struct{}{}:
		defer func() { <-c.inFlight }()
	case <-ctx.Done():
		return nil, Attempt{}, r.failure(ctx.Err())
	}

	ctx, cancel := context.WithTimeoutCause(ctx, attemptTimeout, errAttemptTimeout)
	defer cancel()
	started := time.Now()
	u := r.url()
	seen = Attempt{Method: http.MethodGet, Host: u.Host, Path: u.Path, Query: u.RawQuery}

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, seen, r.failure(err)
	}
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	req.Header.Set("Accept", "application/json")
	if r.projectID != "" {
		req.Header.Set(headerProjectID, r.projectID)
	}
	sign(req, creds, started)

	answer, err := c.http.Do(req)
	if err != nil {
		seen.Duration = time.Since(started)
		return nil, seen, r.failure(causeOf(ctx, err))
	}
	defer answer.Body.Close() //nolint:errcheck // nothing is lost: the body has been read, or is not wanted

	seen.Body, err = io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	seen.Status, seen.Duration = answer.StatusCode, time.Since(started)

	failed = r.failure(nil)
	failed.readHeader(answer, seen.Duration)
	failed.KeySource = creds.Source
	seen.RequestID = failed.RequestID
	switch {
	case err != nil:
		failed.Class, failed.Err = ClassNetwork, causeOf(ctx, err)
		return nil, seen, failed
	case len(seen.Body) > maxBody:
		failed.Class, failed.Message = ClassMalformed, fmt.Sprintf("the answer is larger than %d MiB", maxBody>>20)
		failed.Status = answer.StatusCode
		return nil, seen, failed
	case answer.StatusCode != http.StatusOK:
		failed.readErrorBody(seen.Body)
		failed.Class = failed.classify()
		if location := answer.Header.Get("Location"); failed.Class == ClassMalformed && location != "" {
			failed.Message = "the answer is a redirect, to " + printable(location, maxSnippet)
		}
		seen.RequestID = failed.RequestID
		return nil, seen, failed
	}

	// A byte order mark is no part of the JSON that it announces.
	body := bytes.TrimPrefix(seen.Body, []byte("\xef\xbb\xbf"))
	if err := decode(body); err != nil {
		failed.Class, failed.Message = ClassMalformed, printable(err.Error(), maxMessage)+"; "+snippet(body)
		return nil, seen, failed
	}
	date, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		date = time.Now()
	}

	return &response{body: body, date: date}, seen, nil
}

// failure is the error for a request that got no answer, for the given reason.
func (r *request) failure(err error) *APIError {
	u := r.url()

	return &APIError{
		Class:     ClassNetwork,
		Method:    http.MethodGet,
		Host:      u.Host,
		Path:      u.Path,
		Region:    r.region,
		ProjectID: r.projectID,
		Err:       err,
	}
}

// readHeader takes over what the header of an answer says of it.
func (e *APIError) readHeader(answer *http.Response, took time.Duration) {
	e.Status = answer.StatusCode
	// IAM has its own name for the request ID (API.md 2.1).
	for _, name := range []string{"X-Request-Id", "X-IAM-Trace-Id"} {
		if e.RequestID == "" {
			e.RequestID = printable(answer.Header.Get(name), maxSnippet)
		}
	}
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		e.ClockOffset = date.Sub(time.Now().Add(-took / 2))
	}
	e.retryAfter = parseRetryAfter(answer.Header)
}

// causeOf names what ended a transfer: the context's own cause if it was that,
// else the innermost error that says more than "Get https://…".
func causeOf(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}

	return err
}

// orEnded returns err, or, if ctx has ended, the error that says so. Its cause
// tells of the try before, if there was one.
func orEnded(ctx context.Context, r *request, err error, last *APIError) error {
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		return err
	}
	ended := r.failure(ctx.Err())
	ended.Class = ClassCancelled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		ended.Class = ClassDeadline
	}
	if last != nil {
		ended.Attempts, ended.Elapsed = last.Attempts, last.Elapsed
		ended.Err = fmt.Errorf("%w; before that: %w", ctx.Err(), last)
	}

	return ended
}

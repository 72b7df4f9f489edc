package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// maxBody bounds what is read of an answer. A full page of executions has about
// 100 KB.
const maxBody = 16 << 20

// maxSecretBody bounds the same where the answer holds credentials, which take
// a few KB.
const maxSecretBody = 1 << 20

// Attempt is one try of a request, for logs.
type Attempt struct {
	Method, Host, Path, Query string

	Number    int // 1 is the first try
	Status    int // 0: no answer came
	RequestID string
	Duration  time.Duration
	Bytes     int           // of the answer's body
	Body      []byte        // its beginning, as a line of text; nil if it holds credentials
	Err       error         // nil: a usable answer
	Wait      time.Duration // before the next try; 0: there is none
}

// Response is a complete answer that says that the request succeeded.
type Response struct {
	header    http.Header
	body      []byte
	sent      time.Time    // the request was, by our clock
	date      time.Time    // the service's clock; zero: the answer has no date
	throttled bool         // an earlier try was
	ended     func() error // why reading the body must end; nil: it need not
	secrets   *secrets     // of the request; no value that is read may repeat one
}

// do sends a request until it is answered with something that decode accepts,
// retrying by the policy. The error is an [*APIError], or what kept the
// credentials from being retrieved: [ErrNoCredentials] or a
// [*CredentialsError].
func (c *Client) do(ctx context.Context, r *request, decode func(*Response) error) (*Response, error) {
	r.settings, r.tlsSettings = c.settingsOf(r), c.sources("cacert_file", "cert", "key")
	resp, err := c.try(ctx, r, decode)

	return resp, r.ofReader(r.inStep(err))
}

func (c *Client) try(ctx context.Context, r *request, decode func(*Response) error) (*Response, error) {
	started := time.Now()
	var last *APIError // of the try before
	throttled := false
	retries := c.retry.begin()

	for try := 1; ; try++ {
		creds, leave, err := c.enter(ctx, r)
		if err != nil {
			return nil, c.orEnded(ctx, r, err, last, last)
		}
		reportProgress(ctx, progress{r, last})
		resp, seen, failed := c.attempt(ctx, r, creds, decode)
		if failed != nil {
			failed.Attempts, failed.Elapsed = try, time.Since(started)
		}
		exchange := false
		if failed == nil {
			r.access.succeeded(r, creds)
		} else if exchange = r.access.refused(r, creds, failed); !exchange {
			failed = r.access.explain(failed, creds)
		}
		leave(failed)

		seen.Number = try
		again := false
		if failed != nil {
			seen.Err = failed
			seen.Wait, again = retries.next(failed)
			if r.once || comesTooLate(ctx, seen.Wait) {
				seen.Wait, again = 0, false
			}
		}
		c.cfg.Observe(ctx, seen)
		if exchange && ctx.Err() == nil {
			if err := r.access.exchange(ctx, failed); err != nil {
				return nil, c.orEnded(ctx, r, err, failed, failed)
			}
			last = failed
			continue
		}

		switch {
		case failed == nil:
			resp.throttled = throttled
			return resp, nil
		case ctx.Err() != nil:
			return nil, c.orEnded(ctx, r, ctx.Err(), failed, last)
		case !again:
			return nil, failed
		}
		last = failed
		reportProgress(ctx, progress{r, failed})
		if !sleep(ctx, seen.Wait) {
			return nil, c.orEnded(ctx, r, ctx.Err(), failed, failed)
		}
		throttled = throttled || failed.Class == ClassThrottled
	}
}

// enter waits until a request may go out, and says with which credentials. The
// caller passes the outcome of that request (nil for success) to leave, exactly
// once.
func (c *Client) enter(ctx context.Context, r *request) (creds Credentials, leave func(*APIError), err error) {
	for {
		// Before a place is taken: this may take requests of its own.
		held, err := c.keyFor(ctx, r)
		if err != nil {
			return Credentials{}, nil, err
		}
		select {
		case c.inFlight <- struct{}{}:
		case <-ctx.Done():
			return Credentials{}, nil, ctx.Err()
		}
		// The gate comes second: it may shut while others are in flight.
		judge, err := r.access.enter(ctx, r, held)
		if err != nil {
			<-c.inFlight
			verdict, shut := errors.AsType[*APIError](err)
			switch {
			case !shut:
				return Credentials{}, nil, err
			case r.access.refused(r, held.Credentials, verdict):
				continue // another token may be better
			}
			return Credentials{}, nil, r.access.explain(r.refusedBefore(verdict), held.Credentials)
		}
		leave = func(outcome *APIError) {
			judge(outcome)
			<-c.inFlight
		}
		if !held.expired() && !r.access.outdated(held.Credentials) {
			return held.Credentials, leave, nil
		}
		leave(notSent) // it took too long to get here
	}
}

// refusedBefore is the failure of a request that is not sent, because its
// credentials have been refused for another.
func (r *request) refusedBefore(verdict *APIError) *APIError {
	failed := *verdict
	failed.Region, failed.ProjectID, failed.ProjectConfigured = r.region, r.projectID, r.projectConfigured
	failed.ForAnother, failed.Attempts, failed.Elapsed = true, 0, 0
	failed.Exchange = nil

	return &failed
}

// keyFor returns what signs a request.
func (c *Client) keyFor(ctx context.Context, r *request) (key, error) {
	switch {
	case r.unsigned && r.gate != nil:
		return key{gate: r.gate}, nil
	case r.unsigned:
		return key{gate: &gate{open: true}}, nil // there is no key to judge
	case r.access != nil:
		return r.access.key(ctx, c, r)
	case r.keys != nil:
		return r.keys.get(ctx)
	default:
		return c.keys.get(ctx)
	}
}

// attempt sends a request once. Of resp and failed one is nil; seen is for logs.
func (c *Client) attempt(ctx context.Context, r *request, creds Credentials, decode func(*Response) error) (resp *Response, seen Attempt, failed *APIError) {
	ctx, cancel := cutAfter(ctx, attemptTimeout, errAttemptTimeout)
	defer cancel()
	started := time.Now()
	u := r.url()
	seen = Attempt{Method: r.verb(), Host: u.Host, Path: u.Path, Query: u.RawQuery}

	req, err := r.build(ctx, creds, c.cfg.UserAgent, started)
	if err != nil {
		return nil, seen, r.failure(err)
	}
	sender := c.http
	if r.direct {
		sender = c.direct
	}
	proxy := proxyFor(sender, req)
	secrets := r.secretsOf(req, creds, proxy.User)
	if r.sent != nil {
		r.sent(secrets)
	}
	answer, err := sender.Do(req)
	if err != nil {
		seen.Duration = time.Since(started)
		return nil, seen, r.failure(causeOf(ctx, err, secrets))
	}
	c.heard.Store(u.Host, true)
	defer answer.Body.Close() //nolint:errcheck // nothing is lost: the body has been read, or is not wanted

	most := maxBody
	if r.secret {
		most = maxSecretBody
	}
	body, err := readBody(answer, most)
	seen.Status, seen.Duration, seen.Bytes = answer.StatusCode, time.Since(started), len(body)
	hidden := r.secret || r.sensitive && r.succeeds(answer.StatusCode)
	if !hidden {
		seen.Body = secrets.beginning(body)
	}
	failed = r.failure(nil)
	failed.unsigned = r.unsigned || creds.Token != ""
	if !r.unsigned {
		failed.KeyKind, failed.KeySource = creds.kind(), creds.Source
	}
	if !r.succeeds(answer.StatusCode) && (answer.StatusCode >= 400 || !r.secret) {
		failed.readErrorBody(body, secrets)
	}
	failed.readHeader(answer, seen.Duration, secrets)
	seen.RequestID = failed.RequestID
	switch {
	case answer.StatusCode == http.StatusProxyAuthRequired:
		failed.Err = &ProxyError{Host: proxy.Host, Status: answer.StatusCode}
		return nil, seen, failed
	case !r.succeeds(answer.StatusCode):
		// The status says enough, even if the body broke off.
		failed.Class = failed.classify()
		if location := answer.Header.Get("Location"); failed.Class == ClassMalformed && location != "" {
			failed.Message = "the response is a redirect, to " + secrets.shown(location, maxSnippet)
		}
		return nil, seen, failed
	case isCorrupt(err):
		failed.Class, failed.Message = ClassMalformed, "the response cannot be unpacked: "+err.Error()
		return nil, seen, failed
	case err != nil:
		failed.Err = causeOf(ctx, err, secrets)
		return nil, seen, failed
	case len(body) > most:
		failed.Class, failed.Message = ClassMalformed, fmt.Sprintf("the response is larger than %d MiB", most>>20)
		return nil, seen, failed
	}

	date, _ := http.ParseTime(answer.Header.Get("Date")) // zero if there is none
	resp = &Response{
		header: answer.Header, body: withoutMark(body), sent: started, date: date, ended: ctx.Err, secrets: secrets,
	}
	err = decode(resp)
	switch {
	case err != nil && ctx.Err() != nil:
		failed.Err = causeOf(ctx, err, secrets)
		return nil, seen, failed
	case err != nil:
		failed.Class, failed.Message = ClassMalformed, secrets.shown(err.Error(), maxMessage)
		if !hidden {
			failed.Message += "; " + secrets.snippet(body)
		}
		return nil, seen, failed
	}

	return resp, seen, nil
}

// cutAfter returns a context that ends after a while, for the given cause. It is
// not context.WithTimeout, which does nothing where ctx has an earlier deadline:
// that may move when more come to wait for shared work.
func cutAfter(ctx context.Context, d time.Duration, cause error) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { cancel(cause) })

	return ctx, func() {
		timer.Stop()
		cancel(nil)
	}
}

// readBody reads an answer's body, and no more than a byte too much. What the
// answer says of its length saves copies, but is believed only up to a page's.
func readBody(answer *http.Response, most int) ([]byte, error) {
	const page = 256 << 10
	var body bytes.Buffer
	body.Grow(int(min(max(answer.ContentLength, 0), page)) + bytes.MinRead) // the end needs room, too
	_, err := body.ReadFrom(io.LimitReader(answer.Body, int64(most)+1))

	return body.Bytes(), err
}

// failure is the error for a request that got no answer, for the given reason.
func (r *request) failure(err error) *APIError {
	u := r.url()
	var retryAfter *time.Duration
	if refused, ok := errors.AsType[*ProxyError](err); ok {
		retryAfter = refused.retryAfter
	}
	settings := r.settings
	if err != nil {
		settings = slices.Concat(settings, r.tlsSettings)
	}

	return &APIError{
		Class:     ClassNetwork,
		Service:   r.service,
		Operation: r.operation,
		Method:    r.verb(),
		Scheme:    u.Scheme,
		Host:      u.Host,
		Path:      u.Path,
		Region:    r.region,
		ProjectID: r.projectID,
		Settings:  settings,
		Err:       err,

		ProjectConfigured: r.projectConfigured,

		retryAfter: retryAfter,
	}
}

// readHeader takes over what the header of an answer says of it. The request
// ID of the body, if there is one, stays.
func (e *APIError) readHeader(answer *http.Response, took time.Duration, s *secrets) {
	e.Status = answer.StatusCode
	// IAM has its own name for the request ID (API.md 2.1).
	for _, name := range []string{"X-Request-Id", "X-IAM-Trace-Id"} {
		if e.RequestID == "" {
			e.RequestID = s.shown(answer.Header.Get(name), maxSnippet)
		}
	}
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		e.ClockOffset = date.Sub(time.Now().Add(-took / 2))
	}
	e.retryAfter = parseRetryAfter(answer.Header)
}

// causeOf names what ended a transfer: the context's own cause if it was that,
// else the innermost error that says more than "Get https://…".
func causeOf(ctx context.Context, err error, s *secrets) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}

	return cleaned{err, s.shown(err.Error(), maxMessage)}
}

// orEnded returns err, or, if ctx has ended, the error that says so. It counts
// the tries up to tried and tells of the failure before, if there are such. Who
// has left the work of others is told where that was.
func (c *Client) orEnded(ctx context.Context, r *request, err error, tried, before *APIError) error {
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		return err
	}
	if left, ok := errors.AsType[*leftError](err); ok && left.progress.request != nil {
		r, tried, before = left.progress.request, nil, left.progress.failed
	}
	ended := r.failure(ctx.Err())
	ended.Class = ClassCancelled
	_, heard := c.heard.Load(ended.Host)
	ended.Silent = !heard
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		ended.Class = ClassDeadline
	}
	if before != nil {
		cause := *before
		if tried != nil {
			cause.Attempts, cause.Elapsed = 0, 0 // told by ended
		}
		ended.Err = fmt.Errorf("%w; before that: %w", ctx.Err(), &cause)
	}
	if tried != nil {
		ended.Attempts, ended.Elapsed = tried.Attempts, tried.Elapsed
	}

	return r.inStep(ended)
}

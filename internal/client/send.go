package client

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// newHandler returns the steps that each request passes through. This list is
// the only place that states their order, the outermost step first.
func (c *Client) newHandler() handler {
	h := c.sendHTTP // the innermost step: one HTTP request over the network
	for _, s := range slices.Backward([]step{
		// Once for a request.
		nameCredentialsStep, // name the step on the way to credentials in the error
		c.explainEnd,        // explain the end of the context
		retry,               // wait and try again, as long as planRetry allows
		exchangeToken,       // exchange a token that the service refused, and try again
		c.observe,           // log the attempt
		planRetry,           // decide whether and when the next attempt follows
		c.authorize,         // get credentials that have not expired
		c.limitInFlight,     // wait while too many requests are in flight
		passGate,            // wait while the credentials have not proved good

		// Once for an attempt that is sent.
		recordToken,       // record whether the service accepted a token
		countAttempts,     // number the attempt and measure it
		limitTime,         // bound the time of the attempt
		decodeBody,        // read the value of the response
		classify,          // turn any other response than a success into an error
		readBody,          // read the body of the response, up to a bound
		c.build,           // make the HTTP request
		authenticate,      // sign it or add the token, after all other headers are set
		c.chooseTransport, // through a proxy or not
		collectSecrets,    // list what must not be shown, after all of it is in the request
	}) {
		next := h
		h = func(ctx context.Context, call *call) (*Response, error) { return s(ctx, call, next) }
	}

	return h
}

// handler sends a request and returns its response. It returns a response with
// the error, too, as far as one came. The error of an attempt that was sent is
// an [*APIError] with Attempts above 0.
type handler func(ctx context.Context, call *call) (*Response, error)

// step does one task and calls next for the rest.
type step func(ctx context.Context, call *call, next handler) (*Response, error)

// call is the state of one request on its way through the steps.
type call struct {
	*request
	decode func(*Response) error

	started   time.Time
	attempts  int           // that were sent
	elapsed   time.Duration // from started to the end of the last attempt
	retries   *retries
	throttled bool      // an attempt was
	failed    *APIError // the last failure that the end of ctx did not cause; nil: there is none

	// The attempt that is under way, as far as the steps have come.
	key       key
	http      *http.Request
	sent      time.Time
	transport *http.Client
	proxy     url.URL // zero: none, or not known
	secrets   *secrets

	// What follows the attempt.
	wait     time.Duration
	again    bool
	exchange bool // the token may be exchanged
}

// sender sends requests. [Client] implements it.
type sender interface {
	// send sends a request and passes the response to decode. An error of decode
	// makes the response malformed. send retries by the policy in retry.go. The error
	// is an [*APIError], [ErrNoCredentials] or a [*CredentialsError].
	send(ctx context.Context, r *request, decode func(*Response) error) (*Response, error)
}

func (c *Client) send(ctx context.Context, r *request, decode func(*Response) error) (*Response, error) {
	c.setEndpoint(r)
	r.settings, r.tlsSettings = c.settingsOf(r), c.sources("cacert_file", "cert", "key")

	return c.handler(ctx, &call{request: r, decode: decode, started: time.Now(), retries: c.retry.begin()})
}

// do sends a request by s and returns the value that decode reads and the
// response. Errors are those of send.
func do[T any](
	ctx context.Context, s sender, r *request, decode func(*Response) (T, error),
) (value T, resp *Response, err error) {
	resp, err = s.send(ctx, r, func(resp *Response) (err error) {
		value, err = decode(resp)
		return err
	})
	if err != nil {
		return *new(T), nil, err
	}

	return value, resp, nil
}

// attemptFailure returns the failure of an attempt; nil if it succeeded or was
// not sent.
func attemptFailure(err error) *APIError {
	failed, ok := err.(*APIError) //nolint:errorlint // a wrapped failure is that of another request
	if !ok || failed.Attempts == 0 {
		return nil
	}

	return failed
}

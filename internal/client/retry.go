package client

import (
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// Waits grow from retryBase by doubling up to retryCap, with full jitter:
	// each is drawn evenly from zero to that bound.
	retryBase = 500 * time.Millisecond
	retryCap  = 30 * time.Second

	// attemptTimeout ends one try, body included; another may follow.
	attemptTimeout = 30 * time.Second

	// maxRetryAfter is far beyond every deadline, and far from an overflow.
	maxRetryAfter = math.MaxInt32 * time.Second
)

var errAttemptTimeout = errors.New("no complete response within " + attemptTimeout.String())

// retryRules is the policy: which failures are retried, and how often. The first
// rule that matches decides; a failure that no rule matches ends the request.
// Each rule has a budget of its own, and max_retries bounds all of them together.
//
// 400, 401, 403 and 404 are never retried. Refused connections, unknown hosts
// and TLS failures are not either, because they mean a wrong address.
var retryRules = []retryRule{
	{"throttled", ofClass(ClassThrottled), always},
	{"gateway or service away", status(busyStatuses...), always},
	{"proxy busy", busyProxy, always},
	// At most 2, because FunctionGraph uses 500 for lasting failures, too.
	{"internal error", status(http.StatusInternalServerError), 2},
	{"complete answer that cannot be read", unreadableAnswer, 1},
	{"connection lost, body cut short or too slow", passingTrouble, always},
}

// busyStatuses say that the same request may succeed a moment later.
var busyStatuses = []int{
	http.StatusRequestTimeout,
	http.StatusTooEarly,
	http.StatusBadGateway,
	http.StatusServiceUnavailable,
	http.StatusGatewayTimeout,
}

// retryRule is one line of the policy.
type retryRule struct {
	name  string
	match func(*APIError) bool
	most  int // tries that may follow a failure of this kind
}

// always leaves the bound to max_retries and the deadline.
const always = math.MaxInt

// retryPolicy is what follows a failed try, for all requests of a client.
type retryPolicy struct {
	maxRetries int                               // tries after the first
	jitter     func(time.Duration) time.Duration // draws from [0, d]; replaced in tests
}

func newRetryPolicy(maxRetries int) retryPolicy {
	return retryPolicy{
		maxRetries: maxRetries,
		jitter:     func(d time.Duration) time.Duration { return rand.N(d + 1) }, //nolint:gosec // jitter is no secret
	}
}

// begin starts the accounts of one request.
func (p retryPolicy) begin() *retries {
	return &retries{policy: p, spent: map[string]int{}}
}

// retries are the tries that one request has spent.
type retries struct {
	policy retryPolicy
	total  int
	spent  map[string]int // by the rule's name
}

// next returns whether to try again after a failed try, and how long to wait
// before that.
func (r *retries) next(err *APIError) (wait time.Duration, again bool) {
	i := slices.IndexFunc(retryRules, func(rule retryRule) bool { return rule.match(err) })
	if i < 0 || r.total >= r.policy.maxRetries || r.spent[retryRules[i].name] >= retryRules[i].most {
		return 0, false
	}
	rule := retryRules[i]
	wait = r.policy.backoff(r.total)
	r.total++
	r.spent[rule.name]++
	if asked := askedWait(err); asked > 0 {
		// Never early; the jitter keeps those who wait from coming back at once.
		wait = asked + min(wait, asked)
	}

	return wait, true
}

// backoff draws the wait after a number of retries.
func (p retryPolicy) backoff(retries int) time.Duration {
	doublings := min(retries, 6) // more would pass retryCap, and in the end overflow

	return p.jitter(min(retryCap, retryBase<<doublings))
}

func ofClass(class Class) func(*APIError) bool {
	return func(err *APIError) bool { return err.Class == class }
}

// status matches failures of the service itself: some of its codes turn a 500
// into something else.
func status(statuses ...int) func(*APIError) bool {
	return func(err *APIError) bool {
		return err.Class == ClassServer && slices.Contains(statuses, err.Status)
	}
}

func unreadableAnswer(err *APIError) bool {
	return err.Class == ClassMalformed && (err.Status == http.StatusOK || err.Status == http.StatusCreated)
}

func passingTrouble(err *APIError) bool {
	return err.Class == ClassNetwork && isPassing(err.Err)
}

// busyProxy matches the responses of a proxy to CONNECT.
func busyProxy(err *APIError) bool {
	refused, ok := errors.AsType[*ProxyError](err.Err)

	return ok && refused.IsTemporary()
}

// askedWait returns how long the server asks to wait before the next try; 0: it
// does not say. Retry-After is meant for this very request, so that the period
// of a throttling policy counts only without that header.
func askedWait(err *APIError) time.Duration {
	if err.retryAfter != nil {
		return *err.retryAfter
	}

	return throttlePeriod(err)
}

// isPassing reports whether a connection failed in a way that another try may
// well mend. Refused connections, unknown hosts and TLS failures are not: they
// mean a wrong address or a wrong certificate.
func isPassing(err error) bool {
	for _, passing := range []error{
		errAttemptTimeout,
		syscall.ECONNRESET,
		syscall.EPIPE,
		wsaECONNABORTED,
		wsaECONNRESET,
		io.EOF,
		io.ErrUnexpectedEOF,
	} {
		if errors.Is(err, passing) {
			return true
		}
	}
	var timeout net.Error
	var reset streamReset

	// A gateway that is replaced says goodbye (HTTP/2). That error has neither a
	// name outside of net/http nor a way to be taken over.
	return errors.As(err, &timeout) && timeout.Timeout() || errors.As(err, &reset) ||
		err != nil && strings.Contains(err.Error(), "http2: server sent GOAWAY")
}

// Windows has numbers of its own for lost connections, which package syscall
// does not count as equal to its portable ones. Nothing else uses them.
const (
	wsaECONNABORTED = syscall.Errno(10053)
	wsaECONNRESET   = syscall.Errno(10054)
)

// streamReset is the loss of a connection that carries others too (HTTP/2).
// The error type of net/http has no name outside; it lets itself be taken over
// by any type with the same fields.
type streamReset struct {
	StreamID, Code uint32
	Cause          error
}

// Error implements error.
func (streamReset) Error() string { return "stream reset" }

// parseRetryAfter reads both forms of the header: seconds and a date, which is
// compared with the server's own clock. It returns nil for anything else.
func parseRetryAfter(header http.Header) *time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if count, ok := parseCount(value); ok {
		return new(atMost(count, time.Second))
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return nil
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}

	return new(min(max(0, date.Sub(now)), maxRetryAfter))
}

// throttleText matches the period in the gateway's text, for example
// "policy ip over ratelimit,limit:5,time:1 minute" (API.md 2.3).
var throttleText = regexp.MustCompile(`\btime:\s*(\d*)\s*(second|minute|hour|day)`)

// throttlePeriod returns the period that a throttled answer names, else 0.
func throttlePeriod(err *APIError) time.Duration {
	if err.Class != ClassThrottled {
		return 0
	}
	match := throttleText.FindStringSubmatch(err.Message)
	if match == nil {
		return 0
	}
	count, ok := parseCount(match[1])
	if !ok {
		count = 1 // "time:minute"
	}
	unit := map[string]time.Duration{
		"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour,
	}

	return atMost(count, unit[match[2]])
}

// parseCount reads a number of digits alone. One that is too large counts as
// the largest: it still asks for patience.
func parseCount(digits string) (count uint64, ok bool) {
	count, err := strconv.ParseUint(digits, 10, 63)

	return count, err == nil || errors.Is(err, strconv.ErrRange)
}

// atMost multiplies, up to maxRetryAfter.
func atMost(count uint64, unit time.Duration) time.Duration {
	return time.Duration(min(count, uint64(maxRetryAfter/unit))) * unit //nolint:gosec // both are positive
}

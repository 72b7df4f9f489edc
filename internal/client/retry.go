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
	// The wait before a retry has full jitter: it is random between zero and a bound
	// that doubles from retryBase to retryCap.
	retryBase = 500 * time.Millisecond
	retryCap  = 30 * time.Second

	// attemptTimeout bounds one attempt, including the body of its response.
	attemptTimeout = 30 * time.Second

	// maxRetryAfter bounds waits. It is longer than any deadline and cannot overflow.
	maxRetryAfter = math.MaxInt32 * time.Second
)

var errAttemptTimeout = errors.New("no complete response within " + attemptTimeout.String())

// retryRules is the policy: which failures are retried, and how often. The first
// rule that matches decides; a failure without a matching rule ends the request.
// Each rule has its own budget, and max_retries bounds their sum.
//
// 400, 401, 403 and 404 are never retried. Neither are refused connections,
// unknown hosts and failures of TLS, because they mean a wrong address.
var retryRules = []retryRule{
	{"throttled", ofClass(ClassThrottled), always},
	{"gateway or service unavailable", status(busyStatuses...), always},
	{"proxy busy", busyProxy, always},
	// At most 2, because FunctionGraph uses 500 for lasting failures, too.
	{"internal error", status(http.StatusInternalServerError), 2},
	{"complete response that cannot be read", unreadableResponse, 1},
	{"connection lost, body incomplete or too slow", transientFailure, always},
}

// busyStatuses are the statuses after which the same request may succeed.
var busyStatuses = []int{
	http.StatusRequestTimeout,
	http.StatusTooEarly,
	http.StatusBadGateway,
	http.StatusServiceUnavailable,
	http.StatusGatewayTimeout,
}

type retryRule struct {
	name  string
	match func(*APIError) bool
	most  int // the number of retries after failures that match
}

// always means that only max_retries and the deadline bound the retries.
const always = math.MaxInt

// retryPolicy decides about retries for all requests of a client.
type retryPolicy struct {
	maxRetries int                               // attempts after the first
	jitter     func(time.Duration) time.Duration // returns a random duration in [0, d]; tests replace it
}

func newRetryPolicy(maxRetries int) retryPolicy {
	return retryPolicy{
		maxRetries: maxRetries,
		jitter: func(d time.Duration) time.Duration {
			return rand.N(d + 1) //nolint:gosec // jitter needs no secure randomness
		},
	}
}

// begin returns the budgets of one request.
func (p retryPolicy) begin() *retries {
	return &retries{policy: p, spent: map[string]int{}}
}

// retries counts the retries of one request. It is not safe for concurrent use.
type retries struct {
	policy retryPolicy
	total  int
	spent  map[string]int // by the rule's name
}

// next reports whether another attempt follows a failed one, and after which wait.
func (r *retries) next(err *APIError) (wait time.Duration, again bool) {
	i := slices.IndexFunc(retryRules, func(rule retryRule) bool { return rule.match(err) })
	if i < 0 || r.total >= r.policy.maxRetries || r.spent[retryRules[i].name] >= retryRules[i].most {
		return 0, false
	}
	rule := retryRules[i]
	wait = r.policy.backoff(r.total)
	r.total++
	r.spent[rule.name]++
	if requested := requestedWait(err); requested > 0 {
		// Not earlier than requested. The jitter spreads the requests after that.
		wait = requested + min(wait, requested)
	}

	return wait, true
}

func (p retryPolicy) backoff(retries int) time.Duration {
	doublings := min(retries, 6) // more would exceed retryCap and could overflow

	return p.jitter(min(retryCap, retryBase<<doublings))
}

func ofClass(class Class) func(*APIError) bool {
	return func(err *APIError) bool { return err.Class == class }
}

// status matches failures of the service with one of the statuses. The codes of
// some responses give them another class.
func status(statuses ...int) func(*APIError) bool {
	return func(err *APIError) bool {
		return err.Class == ClassServer && slices.Contains(statuses, err.Status)
	}
}

func unreadableResponse(err *APIError) bool {
	return err.Class == ClassMalformed && (err.Status == http.StatusOK || err.Status == http.StatusCreated)
}

func transientFailure(err *APIError) bool {
	return err.Class == ClassNetwork && isTransient(err.Err)
}

func busyProxy(err *APIError) bool {
	refused, ok := errors.AsType[*ProxyError](err.Err)

	return ok && refused.IsTemporary()
}

// requestedWait returns the wait that the server requests before the next attempt;
// 0: none. Retry-After precedes the period of a throttling policy, because it is
// meant for this request.
func requestedWait(err *APIError) time.Duration {
	if err.retryAfter != nil {
		return *err.retryAfter
	}

	return throttlePeriod(err)
}

// isTransient reports whether a connection failed in a way that may not happen
// again. Refused connections, unknown hosts and failures of TLS are not transient:
// they mean a wrong address or a wrong certificate.
func isTransient(err error) bool {
	for _, transient := range []error{
		errAttemptTimeout,
		syscall.ECONNRESET,
		syscall.EPIPE,
		wsaECONNABORTED,
		wsaECONNRESET,
		io.EOF,
		io.ErrUnexpectedEOF,
	} {
		if errors.Is(err, transient) {
			return true
		}
	}
	var timeout net.Error
	var reset streamReset

	// A gateway that shuts down sends GOAWAY (HTTP/2). The error type of net/http is
	// not exported, so that only its text can be compared.
	return errors.As(err, &timeout) && timeout.Timeout() || errors.As(err, &reset) ||
		err != nil && strings.Contains(err.Error(), "http2: server sent GOAWAY")
}

// Windows has its own numbers for lost connections, which package syscall does not
// treat as equal to the portable ones. Other systems do not use these numbers.
const (
	wsaECONNABORTED = syscall.Errno(10053)
	wsaECONNRESET   = syscall.Errno(10054)
)

// streamReset is the reset of a stream (HTTP/2). The error type of net/http is not
// exported, but errors.As converts it to any type with the same fields.
type streamReset struct {
	StreamID, Code uint32
	Cause          error
}

func (streamReset) Error() string { return "stream reset" }

// parseRetryAfter parses both forms of the header: seconds, and a date, which it
// compares with the server's clock. It returns nil for other values.
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
// "policy ip over ratelimit,limit:5,time:1 minute" (CLOUD.md 2.3).
var throttleText = regexp.MustCompile(`\btime:\s*(\d*)\s*(second|minute|hour|day)`)

// throttlePeriod returns the period in the text of a throttled response; 0: none.
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

// parseCount parses a number that consists of digits. It returns the largest
// number for one that is too large, because that still requests a wait.
func parseCount(digits string) (count uint64, ok bool) {
	count, err := strconv.ParseUint(digits, 10, 63)

	return count, err == nil || errors.Is(err, strconv.ErrRange)
}

// atMost returns count units, or maxRetryAfter if that is less.
func atMost(count uint64, unit time.Duration) time.Duration {
	return time.Duration(min(count, uint64(maxRetryAfter/unit))) * unit //nolint:gosec // both are positive
}

package client

import (
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strconv"
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

var errAttemptTimeout = errors.New("no complete answer within " + attemptTimeout.String())

// retryPolicy decides what follows a failed try.
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

// next returns whether to try again after the given try (1 is the first) and
// how long to wait before that.
func (p retryPolicy) next(err *APIError, try int) (wait time.Duration, again bool) {
	if try > min(p.maxRetries, retriesFor(err)) {
		return 0, false
	}
	doublings := min(try-1, 6) // more would pass retryCap, and in the end overflow
	wait = p.jitter(min(retryCap, retryBase<<doublings))
	if hint := max(err.retryAfter, throttlePeriod(err)); hint > 0 {
		// Never early; the jitter keeps those who wait from coming back at once.
		wait = hint + min(wait, hint)
	}

	return wait, true
}

// retriesFor is the policy: how often a failure is worth another try, before
// max_retries bounds it.
func retriesFor(err *APIError) int {
	const unlimited, never = 1 << 20, 0

	switch {
	case err.Class == ClassThrottled:
		return unlimited
	case err.Class == ClassServer:
		switch err.Status {
		case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return unlimited
		case http.StatusInternalServerError:
			return 2 // often lasting: FunctionGraph uses it for more than outages
		}
	case err.Class == ClassMalformed && err.Status == http.StatusOK:
		return 1
	case err.Class == ClassNetwork && isPassing(err.Err):
		return unlimited
	}

	return never
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

	return errors.As(err, &timeout) && timeout.Timeout() || errors.As(err, &reset)
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

// sleep waits and reports whether it could: false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// comesTooLate reports whether a wait would leave no time before ctx's deadline.
func comesTooLate(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()

	return ok && !time.Now().Add(wait).Before(deadline)
}

// parseRetryAfter reads both forms of the header: seconds and a date, which is
// compared with the server's own clock. It returns 0 for anything else.
func parseRetryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}

	return min(max(0, date.Sub(now)), maxRetryAfter)
}

// throttleText matches the period in the gateway's text, for example
// "policy ip over ratelimit,limit:5,time:1 minute" (API.md 2.3).
var throttleText = regexp.MustCompile(`\btime:\s*(\d{1,4})?\s*(second|minute|hour)`)

// throttlePeriod returns the period that a throttled answer names, else 0.
func throttlePeriod(err *APIError) time.Duration {
	if err.Class != ClassThrottled {
		return 0
	}
	match := throttleText.FindStringSubmatch(err.Message)
	if match == nil {
		return 0
	}
	count := 1
	if match[1] != "" {
		count, _ = strconv.Atoi(match[1]) // at most four digits: cannot fail
	}
	unit := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour}[match[2]]

	return time.Duration(count) * unit
}

package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Class groups failures by what a practitioner can do about them.
type Class int

// The classes of failures.
const (
	ClassServer     Class = iota + 1 // the service failed or was too slow: 5xx, 408, 425
	ClassAuth                        // the key is unknown, wrong, locked or expired
	ClassClock                       // the signature's date is too far from the service's clock
	ClassPermission                  // the key is good, but may not do this
	ClassNotFound                    // no such workflow, project or API in this place
	ClassThrottled                   // too many requests
	ClassBadRequest                  // the service refuses the request itself: other 4xx
	ClassMalformed                   // an answer that this API does not give
	ClassNetwork                     // no complete answer came
	ClassDeadline                    // the time for the whole read was used up
	ClassCancelled                   // the caller gave up, for example by Ctrl-C
)

// APIError is one failed request, whatever kept it from a usable answer. When
// it was tried more than once it describes the last try.
type APIError struct {
	Class     Class
	Service   string // who was asked, for example "FunctionGraph"
	Operation Operation

	Status    int    // HTTP status; 0: no answer came
	Code      string // the service's code, for example "APIGW.0301"
	Message   string // the service's text, or what was wrong with its answer
	RequestID string

	// EncodedMessage is what an identity policy's denial carries instead of a
	// reason; STS decodes it (API.md 2.3).
	EncodedMessage string

	Method             string
	Scheme, Host, Path string // of the address, without the query
	Region, ProjectID  string // ProjectID is empty for all but FunctionGraph

	// ProjectConfigured is true if ProjectID was configured, and not given by IAM.
	ProjectConfigured bool

	// Settings are the arguments that led to this request and are not set in the
	// provider block, each with its source, for example "auth_url from environment
	// variable OS_AUTH_URL". They never hold a value.
	Settings []string

	// Silent is true when the time was used up, or the caller gave up, before the
	// host had sent any response to this client.
	Silent bool

	Attempts int           // how many times the request was sent
	Elapsed  time.Duration // from the first try to the end of the last

	// ClockOffset is the service's clock less ours, by the Date header of the
	// answer; 0 when there is none.
	ClockOffset time.Duration

	// KeySource says where the credentials of the request came from, never their
	// value, and KeyKind what they are: "access key", "temporary access key" (one
	// that this client has got itself) or "token"; empty if there were none.
	KeySource, KeyKind string

	// Exchange is why a token that a service refused was not exchanged for one of
	// the project; nil for all other failures.
	Exchange *APIError

	// ForAnother is true when the credentials were refused for another request,
	// which Method, Host, Path, Status and the rest describe. None was sent for
	// this one.
	ForAnother bool

	// Err is the cause when no complete answer came.
	Err error

	retryAfter *time.Duration // from the Retry-After header; nil: none
	unsigned   bool           // the request had no signature, and so no date
}

// Error gives the whole story in one line, for logs; diagnostics lay the
// fields out.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", e.Request())
	if e.Status != 0 {
		fmt.Fprintf(&b, "HTTP %d", e.Status)
		if e.Code != "" {
			fmt.Fprintf(&b, ", error code %s", e.Code)
		}
		if e.RequestID != "" {
			fmt.Fprintf(&b, ", request ID %s", e.RequestID)
		}
		if e.Message != "" {
			fmt.Fprintf(&b, ": %s", e.Message)
		}
	}
	if e.Err != nil {
		if e.Status != 0 {
			b.WriteString(": ")
		}
		b.WriteString(e.Err.Error())
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (%d tries in %s)", e.Attempts, e.Elapsed.Round(time.Millisecond))
	}

	return b.String()
}

// Request is the request line: the method and the address, without the query.
func (e *APIError) Request() string {
	address := e.Host + e.Path
	if e.Scheme != "" {
		address = e.Scheme + "://" + address
	}

	return e.Method + " " + address
}

// Unwrap returns the cause when no complete answer came.
func (e *APIError) Unwrap() error { return e.Err }

// LacksTLS reports whether a request failed because what answered https does
// not speak TLS.
func LacksTLS(err error) bool {
	var otherRecord tls.RecordHeaderError

	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &otherRecord)
}

// gatewayCode matches the codes of shared (APIGW) and dedicated (APIG)
// gateways, which share their numbers (API.md 2.3).
var gatewayCode = regexp.MustCompile(`^APIG(?:W)?\.(\d{4})$`)

// GatewayCode returns the four digits of a gateway's error code, for example
// "0101", or "" if the answer is not the gateway's.
func (e *APIError) GatewayCode() string {
	if match := gatewayCode.FindStringSubmatch(e.Code); match != nil {
		return match[1]
	}

	return ""
}

// ofFunctionGraph reports whether FunctionGraph itself answered, behind the
// gateway that checks keys. It is careless with statuses (API.md 2.2): its 401
// may mean a missing object.
func (e *APIError) ofFunctionGraph() bool {
	return strings.HasPrefix(e.Code, "FSS.") || strings.HasPrefix(e.Code, "FGS.")
}

// AcceptsKey reports whether this failure still shows that the key is good: a
// service behind the gateway answered, or the gateway itself knows who asks.
// Its other codes, and answers without a code, may come before it has looked.
func (e *APIError) AcceptsKey() bool {
	if e.Status < 400 || e.Status >= 500 || e.Status == http.StatusUnauthorized ||
		e.Class == ClassNetwork || e.Class == ClassThrottled || e.Class == ClassServer {
		return false
	}
	switch e.GatewayCode() {
	case "":
		return e.Code != ""
	case "0302", "0802": // this user may not call it
		return true
	default:
		return false
	}
}

// rejectsKey reports whether this failure shows that the key is not good.
func (e *APIError) rejectsKey() bool {
	return e.Status == http.StatusUnauthorized && !e.ofFunctionGraph()
}

// isFinal reports whether asking again would fail in the same way, and perhaps
// lock a key.
func (e *APIError) isFinal() bool {
	return e.Class == ClassAuth || e.Class == ClassClock || e.Class == ClassPermission
}

// classify decides the class of a complete answer with an error status.
func (e *APIError) classify() Class {
	switch e.GatewayCode() {
	case "0308":
		return ClassThrottled
	case "0101":
		return ClassNotFound
	}
	switch e.Code {
	case "FGS.5002", "FSS.0404", "FSS.1051", "FSS.1052", "FSS.1053", "FSS.1308":
		return ClassNotFound
	}

	switch {
	case e.Status == http.StatusTooManyRequests:
		return ClassThrottled
	case e.Status == http.StatusUnauthorized && e.ofFunctionGraph():
		return ClassPermission
	case e.Status == http.StatusUnauthorized && !e.unsigned && e.clockIsOff():
		return ClassClock
	case e.Status == http.StatusUnauthorized:
		return ClassAuth
	case e.Status == http.StatusForbidden:
		return ClassPermission
	case e.Status == http.StatusNotFound:
		return ClassNotFound
	case e.Status >= 500, e.Status == http.StatusRequestTimeout, e.Status == http.StatusTooEarly:
		return ClassServer
	case e.Status >= 400:
		return ClassBadRequest
	default:
		return ClassMalformed
	}
}

// clockIsOff tells a refusal for the signature's date from a refusal for the
// key, by the gateway's text or by the clocks themselves.
func (e *APIError) clockIsOff() bool {
	return strings.Contains(e.Message, "signature expired") || e.ClockOffset.Abs() > signatureLifetime
}

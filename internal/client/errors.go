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

// Class is a kind of failure, by what a practitioner can do about it.
type Class int

// The classes of failures.
const (
	ClassServer     Class = iota + 1 // the service failed or was too slow: 5xx, 408, 425
	ClassAuth                        // the key is unknown, wrong, locked or expired
	ClassClock                       // the signature's date is too far from the service's clock
	ClassPermission                  // the key is good, but may not do this
	ClassNotFound                    // no such object, project or API in this place
	ClassThrottled                   // too many requests
	ClassBadRequest                  // the service refuses the request itself: other 4xx
	ClassMalformed                   // the response is not one of this API
	ClassNetwork                     // no complete response came
	ClassDeadline                    // the deadline of the read has passed
	ClassCancelled                   // the caller cancelled the read, for example by Ctrl-C
)

// APIError is the failure of a request. After several attempts it describes the
// last one.
type APIError struct {
	Class     Class
	Service   string // its name, for example "FunctionGraph"
	Operation Operation

	Status    int    // HTTP status; 0: no response came
	Code      string // the service's code, for example "APIGW.0301"
	Message   string // the service's text, or what is wrong with its response
	RequestID string

	// EncodedMessage is the encoded reason of a denial by an identity policy; STS
	// decodes it (CLOUD.md 2.3).
	EncodedMessage string

	Method             string
	Scheme, Host, Path string // of the address, without the query
	Region, ProjectID  string // ProjectID is empty for all but FunctionGraph

	// ProjectConfigured is true if ProjectID is configured, false if it is from IAM.
	ProjectConfigured bool

	// Settings are the arguments outside of the provider block that decided this
	// request, each with its source, for example "auth_url from environment variable
	// OS_AUTH_URL". They never contain a value.
	Settings []string

	// Silent is true if the read ended by its deadline or was cancelled before the
	// host had sent any response to this client.
	Silent bool

	Attempts int           // how many times the request was sent
	Elapsed  time.Duration // from the first attempt to the end of the last

	// ClockOffset is the time of the service's clock minus that of this machine, by
	// the Date header of the response; 0 without one.
	ClockOffset time.Duration

	// KeySource is where the credentials of the request came from. It never contains
	// a value. KeyKind is "access key", "token" or "temporary access key", which is
	// one that this client has retrieved. Both are empty without credentials.
	KeySource, KeyKind string

	// Exchange is why a token that a service refused could not be exchanged for one
	// of the project; nil for other failures.
	Exchange *APIError

	// ForAnother is true if this request was not sent because its credentials were
	// refused for another one. Method, Host, Path, Status and the other fields then
	// describe that one.
	ForAnother bool

	// Err is why no complete response came; nil: one came.
	Err error

	retryAfter *time.Duration // from the Retry-After header; nil: it has none
	unsigned   bool           // the request had no signature, and so no signed date
}

// Error returns all of the failure in one line, for logs.
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

// Request returns the method and the address without the query.
func (e *APIError) Request() string {
	address := e.Host + e.Path
	if e.Scheme != "" {
		address = e.Scheme + "://" + address
	}

	return e.Method + " " + address
}

// Unwrap returns why no complete response came; nil: one came.
func (e *APIError) Unwrap() error { return e.Err }

// LacksTLS reports whether a request failed because the server at an https
// address does not use TLS.
func LacksTLS(err error) bool {
	var otherRecord tls.RecordHeaderError

	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &otherRecord)
}

// gatewayCode matches the codes of shared (APIGW) and dedicated (APIG) gateways,
// which have the same numbers (CLOUD.md 2.3).
var gatewayCode = regexp.MustCompile(`^APIG(?:W)?\.(\d{4})$`)

// GatewayCode returns the four digits of a gateway's error code, for example
// "0101", or "" if the response is not the gateway's.
func (e *APIError) GatewayCode() string {
	if match := gatewayCode.FindStringSubmatch(e.Code); match != nil {
		return match[1]
	}

	return ""
}

// OfFunctionGraph reports whether the response is that of FunctionGraph, behind
// the gateway that checks keys. Its statuses are not reliable (CLOUD.md 2.2): a
// 401 may mean a missing object.
func (e *APIError) OfFunctionGraph() bool {
	return strings.HasPrefix(e.Code, "FSS.") || strings.HasPrefix(e.Code, "FGS.")
}

// AcceptsKey reports whether the failure shows that the key is good: the response
// is that of a service behind the gateway, or the gateway has checked the key.
// Other codes and responses without a code may come before that check.
func (e *APIError) AcceptsKey() bool {
	if e.Status < 400 || e.Status >= 500 || e.Status == http.StatusUnauthorized ||
		e.Class == ClassNetwork || e.Class == ClassThrottled || e.Class == ClassServer {
		return false
	}
	switch e.GatewayCode() {
	case "":
		return e.Code != ""
	case "0302", "0802": // this user may not call the operation
		return true
	default:
		return false
	}
}

// rejectsKey reports whether the failure shows that the key is wrong.
func (e *APIError) rejectsKey() bool {
	return e.Status == http.StatusUnauthorized && !e.OfFunctionGraph()
}

// isPermanent reports whether another request would fail in the same way. It might
// also lock a key.
func (e *APIError) isPermanent() bool {
	return e.Class == ClassAuth || e.Class == ClassClock || e.Class == ClassPermission
}

// classify returns the class of a response with an error status.
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
	case e.Status == http.StatusUnauthorized && e.OfFunctionGraph():
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

// clockIsOff reports whether a 401 means the date of the signature and not the
// key, by the text of the gateway or by the difference of the clocks.
func (e *APIError) clockIsOff() bool {
	return strings.Contains(e.Message, "signature expired") || e.ClockOffset.Abs() > signatureLifetime
}

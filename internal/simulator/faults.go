package simulator

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Fault is a fault of one or more requests. It changes only the fields that are
// set: a Fault with only a Delay delays the response of the service, and one with
// only CutBody truncates it.
type Fault struct {
	Operation Operation // which requests match; empty for any
	Skip      int       // number of matching requests before the fault
	Times     int       // number of requests with the fault; 0 means one, a negative number means all

	Delay time.Duration // before the response
	Hang  bool          // no response before the request's context ends
	Reset bool          // the connection is reset instead of a response

	Status  int         // of a response with Body; 0 with a Body means 200
	Body    string      // "{request_id}" in it stands for the request ID
	Header  http.Header // of the response; nil values remove headers, even Date and Content-Type
	CutBody bool        // the connection is closed after half of the body
}

// Status is an error response of the gateway or FunctionGraph with this status
// (CLOUD.md 2.2, 2.3).
func Status(status int) Fault {
	body, ok := errorBodies[status]
	if !ok {
		body = errorBody{Code: "APIGW.0601", Message: "Internal error"}
	}
	body.RequestID = requestIDPlaceholder

	return Fault{Status: status, Body: string(encode(body))}
}

// Throttled is the gateway's 429. The period has the gateway's form: "1 second",
// "1 minute". The service is not known to send Retry-After (CLOUD.md 2.3), so add
// it through Header.
func Throttled(period string) Fault {
	message := "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:" + period

	return Fault{
		Status: http.StatusTooManyRequests,
		Body:   string(encode(errorBody{"APIGW.0308", message, requestIDPlaceholder})),
	}
}

// HTML is an HTML page, as proxies and web application firewalls send.
func HTML(status int) Fault {
	return Fault{
		Status: status,
		Header: http.Header{"Content-Type": {"text/html"}, "Server": {"nginx"}},
		Body: fmt.Sprintf("<html>\r\n<head><title>%[1]d %[2]s</title></head>\r\n<body>\r\n"+
			"<center><h1>%[1]d %[2]s</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
			status, http.StatusText(status)),
	}
}

// On returns the fault for one operation.
func (f Fault) On(operation Operation) Fault {
	f.Operation = operation

	return f
}

// Repeat returns the fault for a number of requests. A negative number means all
// requests.
func (f Fault) Repeat(times int) Fault {
	f.Times = times

	return f
}

// Script appends faults. The first fault that matches a request and is not used up
// applies. While it skips requests, the service responds to them; later faults
// wait until it is used up.
func (c *Cloud) Script(faults ...Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = 1
		}
		f.Header = f.Header.Clone()
		c.script = append(c.script, &f)
	}
}

// ClearScript removes all faults.
func (c *Cloud) ClearScript() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.script = nil
}

// nextFault returns the fault for a request, or the zero Fault. The caller holds
// the lock.
func (c *Cloud) nextFault(operation Operation) Fault {
	for i, f := range c.script {
		if f.Operation != "" && f.Operation != operation {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			return Fault{}
		}
		due := *f
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				c.script = append(c.script[:i:i], c.script[i+1:]...)
			}
		}
		return due
	}

	return Fault{}
}

const requestIDPlaceholder = "{request_id}"

// wait waits for the delay. If the fault hangs, it waits until ctx ends.
func (f Fault) wait(ctx context.Context) error {
	if err := sleep(ctx, f.Delay); err != nil {
		return err
	}
	if f.Hang {
		<-ctx.Done()
	}

	return ctx.Err()
}

// canned returns the response that replaces the service's, if the fault has one.
func (f Fault) canned(requestID string) (response, bool) {
	if f.Status == 0 && f.Body == "" {
		return response{}, false
	}
	body := strings.ReplaceAll(f.Body, requestIDPlaceholder, requestID)

	return response{status: cmp.Or(f.Status, http.StatusOK), body: []byte(body)}, true
}

// applyTo applies the fault to a response.
func (f Fault) applyTo(a *response) {
	for name, values := range f.Header {
		a.header[http.CanonicalHeaderKey(name)] = values
	}
	a.truncate = f.CutBody
}

package simulator

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Fault is something that goes wrong with a request. The zero value does nothing once.
//
// What is not set stays as the service would have it: a Fault with only a Delay makes a good answer late, one with only
// a Header changes a good answer's header, one with only CutBody breaks off a good answer.
type Fault struct {
	Operation Operation // which requests match; empty for any
	Skip      int       // let that many matching requests pass first
	Times     int       // how many are answered so; 0 means one, a negative number all to come

	Delay time.Duration // before anything else
	Hang  bool          // never answer; the request ends when its context does
	Reset bool          // reset the connection instead of answering

	Status  int         // answer with this status and Body; 0 with a Body means 200
	Body    string      // "{request_id}" in it becomes the answer's request ID
	Header  http.Header // set on the answer; a nil value removes the header, Date and Content-Type included
	CutBody bool        // promise the whole body, send half of it and close
}

// Status is an answer with an error body as the gateway or FunctionGraph writes it for this status (CLOUD.md 2.2, 2.3).
func Status(status int) Fault {
	code, message := "APIGW.0601", "Internal error"
	switch status {
	case http.StatusBadRequest:
		code, message = "FGS.3002", "Invalid parameters."
	case http.StatusUnauthorized:
		code, message = "APIGW.0301", "Incorrect IAM authentication information: "+errBadSignature.Error()
	case http.StatusForbidden:
		code, message = "APIGW.0302", "The IAM user is not authorized to access the API"
	case http.StatusNotFound:
		code, message = "FGS.5002", "Function flow not found."
	case http.StatusTooManyRequests:
		code, message = "FSS.0429", "api is busy now"
	case http.StatusInternalServerError:
		code, message = "FGS.3002", "Internal Error."
	case http.StatusBadGateway:
		code, message = "APIGW.0202", "Backend unavailable"
	case http.StatusServiceUnavailable:
		code, message = "APIGW.0801", "Service unavailable"
	case http.StatusGatewayTimeout:
		code, message = "APIGW.0203", "Backend timeout"
	}

	return Fault{Status: status, Body: string(encode(errorBody{code, message, requestIDPlaceholder}))}
}

// Throttled is the gateway's 429. The period is as the gateway writes it: "1 second", "1 minute". No Retry-After has
// been seen from the service (CLOUD.md 2.3); add one through Header.
func Throttled(period string) Fault {
	message := "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:" + period

	return Fault{
		Status: http.StatusTooManyRequests,
		Body:   string(encode(errorBody{"APIGW.0308", message, requestIDPlaceholder})),
	}
}

// HTML is a page such as proxies and web application firewalls answer with.
func HTML(status int) Fault {
	return Fault{
		Status: status,
		Header: http.Header{"Content-Type": {"text/html"}, "Server": {"nginx"}},
		Body: fmt.Sprintf("<html>\r\n<head><title>%[1]d %[2]s</title></head>\r\n<body>\r\n<center><h1>%[1]d %[2]s</h1></center>\r\n"+
			"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", status, http.StatusText(status)),
	}
}

// On limits the fault to one operation.
func (f Fault) On(operation Operation) Fault {
	f.Operation = operation

	return f
}

// Repeat sets how many requests the fault answers; a negative number means all to come.
func (f Fault) Repeat(times int) Fault {
	f.Times = times

	return f
}

// Script appends faults to what is to go wrong. For each request the first fault that matches and is not used up
// decides: while it skips, the request is served; later faults wait until it is used up.
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

// ClearScript ends all trouble.
func (c *Cloud) ClearScript() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.script = nil
}

// nextFault takes the fault that is due, or the zero Fault. The caller holds the lock.
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

// wait passes the delay and, if the fault hangs, everything up to the end of ctx.
func (f Fault) wait(ctx context.Context) error {
	if err := sleep(ctx, f.Delay); err != nil {
		return err
	}
	if f.Hang {
		<-ctx.Done()
	}

	return ctx.Err()
}

// canned returns the answer that stands in for the service's, if the fault has one.
func (f Fault) canned(requestID string) (response, bool) {
	if f.Status == 0 && f.Body == "" {
		return response{}, false
	}
	status := f.Status
	if status == 0 {
		status = http.StatusOK
	}

	return response{status: status, body: []byte(strings.ReplaceAll(f.Body, requestIDPlaceholder, requestID))}, true
}

// dress applies what the fault changes about an answer, whoever gave it.
func (f Fault) dress(a *response) {
	for name, values := range f.Header {
		a.header[http.CanonicalHeaderKey(name)] = values
	}
	a.cut = f.CutBody
}

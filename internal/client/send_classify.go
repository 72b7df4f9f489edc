package client

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// classify turns a response that is not a complete success into an [*APIError].
// The status counts first, because it says enough even without a whole body.
func classify(ctx context.Context, call *call, next handler) (*Response, error) {
	resp, err := next(ctx, call)
	if err != nil {
		return resp, err
	}
	status, isSuccess, most := resp.http.StatusCode, call.succeeds(resp.http.StatusCode), call.maxBody()
	if isSuccess && resp.incomplete == nil && len(resp.body) <= most {
		return resp, nil
	}
	failed := call.responseFailure(resp)
	switch location := resp.http.Header.Get("Location"); {
	case status == http.StatusProxyAuthRequired:
		failed.Err = &ProxyError{Host: call.proxy.Host, Status: status}
	case !isSuccess:
		failed.Class = failed.classify()
		if failed.Class == ClassMalformed && location != "" {
			failed.Message = "the response is a redirect, to " + resp.secrets.shown(location, maxSnippet)
		}
	case isCorrupt(resp.incomplete):
		failed.Class, failed.Message = ClassMalformed, "the response cannot be unpacked: "+resp.incomplete.Error()
	case resp.incomplete != nil:
		failed.Err = causeOf(ctx, resp.incomplete, resp.secrets)
	default:
		failed.Class, failed.Message = ClassMalformed, fmt.Sprintf("the response is larger than %d MiB", most>>20)
	}

	return resp, failed
}

// responseFailure returns a failure with what a response says of itself. The
// caller sets its class and reason.
func (call *call) responseFailure(resp *Response) *APIError {
	failed := call.failure(nil)
	failed.Status = resp.http.StatusCode
	failed.unsigned = call.unsigned || call.key.Token != ""
	if !call.unsigned {
		failed.KeyKind, failed.KeySource = call.key.kind(), call.key.Source
	}
	if !call.succeeds(failed.Status) && (failed.Status >= 400 || !call.returnsCredentials) {
		failed.readErrorBody(resp.body, resp.secrets)
	}
	if failed.RequestID == "" {
		failed.RequestID = resp.requestID()
	}
	if !resp.date.IsZero() {
		failed.ClockOffset = resp.date.Sub(resp.sent.Add(resp.took / 2))
	}
	failed.retryAfter = parseRetryAfter(resp.http.Header)

	return failed
}

// failure returns the error of a request that got no response because of err.
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
		Method:    r.method,
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

// isCorrupt reports whether an error means that a body is not compressed as its
// header says. A body that ends too early is not corrupt.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError

	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}

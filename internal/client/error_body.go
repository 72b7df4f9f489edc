package client

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Bounds on texts of the service in errors, in characters.
const (
	maxMessage = 1000
	maxSnippet = 200

	// An encoded authorization message cannot be decoded after it was truncated.
	maxEncodedMessage = 20000
)

// Bounds on error bodies, in bytes and in levels of nesting. Real ones have one
// detail, one level and less than a kilobyte.
const (
	maxErrorBody   = 1 << 20
	maxErrorLevels = 3
)

// readErrorBody sets the fields that the body of an error response contains, and
// hides the secrets in them. For a body of unknown shape the message is a snippet
// of it.
func (e *APIError) readErrorBody(body []byte, s *secrets) {
	if len(body) > maxErrorBody {
		e.Message = s.snippet(body)
		return
	}
	fields := parseErrorBody(body)
	e.Code = s.shown(fields.code, maxMessage)
	e.Message = s.shown(fields.message, maxMessage)
	e.RequestID = s.shown(fields.requestID, maxMessage)
	e.EncodedMessage = s.shown(fields.encodedMessage, maxEncodedMessage)
	if e.Code == "" && e.Message == "" {
		e.Message = s.snippet(body)
	}
}

// errorBody holds the fields of an error response as they came, not truncated and
// not cleaned.
type errorBody struct{ code, message, requestID, encodedMessage string }

// merge sets the empty fields to those of other.
func (e *errorBody) merge(other errorBody) {
	e.code = cmp.Or(e.code, other.code)
	e.message = cmp.Or(e.message, other.message)
	e.requestID = cmp.Or(e.requestID, other.requestID)
	e.encodedMessage = cmp.Or(e.encodedMessage, other.encodedMessage)
}

// parseErrorBody reads a body of any shape in CLOUD.md 2.1: the codes and texts of
// FunctionGraph, the gateway, IAM and STS, at the top or nested in "error" or
// "details", as strings or numbers. The result for a malformed body is empty.
func parseErrorBody(body []byte) errorBody {
	var fields errorFields
	resp := &Response{body: body}
	if resp.Decode("the error", func(d *Decoder) error { return fields.read(d, maxErrorLevels) }) != nil {
		return errorBody{}
	}

	return fields.merged()
}

// errorFields are the fields of an object that may describe an error.
type errorFields struct {
	errorCode, code                      string
	errorMessage, errorMsg, message      string
	requestID, encodedMessage, errorText string
	failed                               bool // the field success is false
	nested, details                      errorBody
}

// read reads an object of at most deeper further levels.
func (f *errorFields) read(d *Decoder, deeper int) error {
	return d.Object(func(key string) error { return f.field(d, key, deeper) })
}

// field reads the value of a key. It skips those that do not describe an error.
func (f *errorFields) field(d *Decoder, key string, deeper int) error {
	switch key {
	case "error_code":
		return d.lenientText(&f.errorCode)
	case "code":
		return d.lenientText(&f.code)
	case "error_msg":
		return d.lenientText(&f.errorMsg)
	case "error_message":
		return d.lenientText(&f.errorMessage)
	case "message":
		return d.lenientText(&f.message)
	case "request_id":
		return d.lenientText(&f.requestID)
	case "encoded_authorization_message":
		return d.lenientText(&f.encodedMessage)
	case "success":
		f.failed = d.json.PeekKind() == 'f'
	case "error":
		if d.json.PeekKind() != '{' {
			return d.lenientText(&f.errorText)
		}
		if deeper > 0 {
			return f.nest(d, &f.nested, deeper)
		}
	case "details":
		if d.json.PeekKind() == '[' && deeper > 0 {
			return d.array(func() error {
				if d.json.PeekKind() != '{' {
					return d.Skip()
				}
				return f.nest(d, &f.details, deeper)
			})
		}
	}

	return d.Skip()
}

func (f *errorFields) nest(d *Decoder, into *errorBody, deeper int) error {
	var inner errorFields
	err := inner.read(d, deeper-1)
	into.merge(inner.merged())

	return err
}

// merged returns the fields; outer ones precede nested ones.
func (f *errorFields) merged() errorBody {
	body := errorBody{
		code:           cmp.Or(f.errorCode, f.code),
		message:        cmp.Or(f.errorMsg, f.errorMessage, f.message),
		requestID:      f.requestID,
		encodedMessage: f.encodedMessage,
	}
	body.merge(f.nested)
	body.merge(f.details)

	return body
}

// failure returns the error that a response with the status of a success contains,
// if any. A message alone is not an error if the response has rows.
func (f *errorFields) failure(rows int) error {
	body := f.merged()
	body.message = cmp.Or(body.message, f.errorText)
	message := f.message
	if rows > 0 {
		message = ""
	}
	switch {
	case f.failed:
		body.code = strings.TrimSpace("success: false " + body.code)
	case !slices.ContainsFunc([]string{
		f.errorCode, f.code, f.errorMsg, f.errorMessage, message, f.errorText,
		f.nested.code, f.nested.message, f.details.code,
	}, isFailure):
		return nil
	}

	text := strings.TrimSpace(body.code + " " + body.message)

	return fmt.Errorf("the response has the status of a success and the error %s", text)
}

// isFailure reports whether a code or a message is other than those of a success.
func isFailure(text string) bool {
	return !slices.Contains([]string{"", "0", "200", "ok", "success"}, strings.ToLower(text))
}

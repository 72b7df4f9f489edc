package client

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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

// withoutMark removes a byte order mark, because it is not part of the JSON.
func withoutMark(body []byte) []byte {
	return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
}

// printable returns a text of a server in a form that is safe on a terminal: one
// line without control or formatting characters, valid UTF-8, and at most limit
// characters.
func printable(s string, limit int) string {
	cleaned, whole := clean([]byte(s), (limit+1)*utf8.UTFMax)

	return truncate(cleaned, limit, whole)
}

// clean returns the printable characters of a text as one line, and reports
// whether that is all of it. It stops after about most bytes.
func clean(text []byte, most int) (line string, whole bool) {
	if plain := text[:min(len(text), most)]; isClean(plain) {
		return string(plain), len(plain) == len(text)
	}
	var cleaned strings.Builder
	gap := false
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case unicode.IsSpace(r):
			gap = true
			continue
		case r == utf8.RuneError, !unicode.IsPrint(r):
			continue
		case cleaned.Len() >= most:
			return cleaned.String(), false
		}
		if gap && cleaned.Len() > 0 {
			cleaned.WriteByte(' ')
		}
		gap = false
		cleaned.WriteRune(r)
	}

	return cleaned.String(), true
}

// isClean reports whether a text is a clean line of ASCII. It is a fast path of
// clean.
func isClean(text []byte) bool {
	before := byte(' ')
	for _, c := range text {
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}

	return before != ' '
}

// truncate returns at most limit characters of a text, with an ellipsis if it is
// longer or not whole.
func truncate(text string, limit int, whole bool) string {
	length := 0
	for i := range text {
		if length == limit {
			return text[:i] + "…"
		}
		length++
	}
	if !whole {
		return text + "…"
	}

	return text
}

// cleaned is an error of the transport with a printable text. The error itself may
// quote malformed headers or the names in a certificate.
type cleaned struct {
	error
	text string
}

func (c cleaned) Error() string { return c.text }

func (c cleaned) Unwrap() error { return c.error }

// isCorrupt reports whether an error means that a body is not compressed as its
// header says. A body that ends too early is not corrupt.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError

	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}

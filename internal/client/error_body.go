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

// Bounds, in characters, on texts of the service that are shown to people.
const (
	maxMessage = 1000
	maxSnippet = 200

	// Encoded authorization messages are of use only whole.
	maxEncodedMessage = 20000
)

// Bounds on error bodies that are looked into. Real ones have one detail, one
// level and less than a kilobyte.
const (
	maxErrorBody   = 1 << 20
	maxErrorLevels = 3
)

// readErrorBody fills in what an error answer says of itself, with the secrets
// hidden. A body of no known shape is shown as a short snippet.
func (e *APIError) readErrorBody(body []byte, s *secrets) {
	if len(body) > maxErrorBody {
		e.Message = s.snippet(body)
		return
	}
	said := parseErrorBody(body)
	e.Code = s.shown(said.code, maxMessage)
	e.Message = s.shown(said.message, maxMessage)
	e.RequestID = s.shown(said.requestID, maxMessage)
	e.EncodedMessage = s.shown(said.encodedMessage, maxEncodedMessage)
	if e.Code == "" && e.Message == "" {
		e.Message = s.snippet(body)
	}
}

// errorBody is what an error answer says of itself, as it came: nothing is cut
// or cleaned yet.
type errorBody struct{ code, message, requestID, encodedMessage string }

// merge fills in what is missing.
func (e *errorBody) merge(other errorBody) {
	e.code = cmp.Or(e.code, other.code)
	e.message = cmp.Or(e.message, other.message)
	e.requestID = cmp.Or(e.requestID, other.requestID)
	e.encodedMessage = cmp.Or(e.encodedMessage, other.encodedMessage)
}

// parseErrorBody knows every shape of API.md 2.1: the codes and texts of
// FunctionGraph, the gateway, IAM and STS, at the top or nested in "error" or
// "details", as strings or numbers. What is malformed says nothing.
func parseErrorBody(body []byte) errorBody {
	var fields errorFields
	resp := &Response{body: body}
	if resp.Decode("the error", func(d *Decoder) error { return fields.read(d, maxErrorLevels) }) != nil {
		return errorBody{}
	}

	return fields.said()
}

// errorFields are the fields of an object that may say what failed.
type errorFields struct {
	errorCode, code                      string
	errorMessage, errorMsg, message      string
	requestID, encodedMessage, errorText string
	failed                               bool // it says that it is no success
	nested, details                      errorBody
}

// read reads an object of which nothing else matters.
func (f *errorFields) read(d *Decoder, deeper int) error {
	return d.Object(func(key string) error { return f.field(d, key, deeper) })
}

// field reads the value of any key.
func (f *errorFields) field(d *Decoder, key string, deeper int) error {
	switch key {
	case "error_code":
		return d.LenientText(&f.errorCode)
	case "code":
		return d.LenientText(&f.code)
	case "error_msg":
		return d.LenientText(&f.errorMsg)
	case "error_message":
		return d.LenientText(&f.errorMessage)
	case "message":
		return d.LenientText(&f.message)
	case "request_id":
		return d.LenientText(&f.requestID)
	case "encoded_authorization_message":
		return d.LenientText(&f.encodedMessage)
	case "success":
		f.failed = d.kind() == 'f'
	case "error":
		if d.kind() != '{' {
			return d.LenientText(&f.errorText)
		}
		if deeper > 0 {
			return f.nest(d, &f.nested, deeper)
		}
	case "details":
		if d.kind() == '[' && deeper > 0 {
			return d.array(func() error {
				if d.kind() != '{' {
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
	into.merge(inner.said())

	return err
}

// said returns what the fields say, the outer ones first.
func (f *errorFields) said() errorBody {
	said := errorBody{
		code:           cmp.Or(f.errorCode, f.code),
		message:        cmp.Or(f.errorMsg, f.errorMessage, f.message),
		requestID:      f.requestID,
		encodedMessage: f.encodedMessage,
	}
	said.merge(f.nested)
	said.merge(f.details)

	return said
}

// failure returns the error that a response with the status of a success says
// to be, if any. A message alone is none where there are rows.
func (f *errorFields) failure(rows int) error {
	said := f.said()
	said.message = cmp.Or(said.message, f.errorText)
	message := f.message
	if rows > 0 {
		message = ""
	}
	switch {
	case f.failed:
		said.code = strings.TrimSpace("success: false " + said.code)
	case !slices.ContainsFunc([]string{
		f.errorCode, f.code, f.errorMsg, f.errorMessage, message, f.errorText,
		f.nested.code, f.nested.message, f.details.code,
	}, isFailure):
		return nil
	}

	text := strings.TrimSpace(said.code + " " + said.message)

	return fmt.Errorf("the response has the status of a success and the error %s", text)
}

// isFailure reports whether a code or a message is not one of a success.
func isFailure(text string) bool {
	return !slices.Contains([]string{"", "0", "200", "ok", "success"}, strings.ToLower(text))
}

// withoutMark cuts off a byte order mark, which is no part of the JSON that it
// announces.
func withoutMark(body []byte) []byte {
	return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
}

// printable makes a server's text safe to show on a terminal: one line, no
// control or formatting characters, valid UTF-8, at most limit characters.
func printable(s string, limit int) string {
	cleaned, whole := clean([]byte(s), (limit+1)*utf8.UTFMax)

	return truncate(cleaned, limit, whole)
}

// clean is the line of printable characters that a text consists of, and
// whether that is all of it. At least most bytes of it are returned.
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

// isClean reports whether a text needs no cleaning. It does not know all that
// do not.
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

// truncate returns at most limit characters of a text, and says if there are more.
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

// cleaned is an error of the transport, fit to be shown: it may quote a
// server's bad header lines, or the names in its certificate, as they came.
type cleaned struct {
	error
	text string
}

// Error implements error.
func (c cleaned) Error() string { return c.text }

// Unwrap returns the error itself.
func (c cleaned) Unwrap() error { return c.error }

// isCorrupt reports whether a body is not packed as its header says. That it
// ends too early is another matter.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError

	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}

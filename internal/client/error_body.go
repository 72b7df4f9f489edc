package client

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"errors"
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

// maxNesting bounds how deep an error body is looked into. Each level is parsed
// anew, and no service is known to need more than one.
const maxNesting = 3

// Bounds on error bodies that are looked into. Real ones have one detail and
// less than a kilobyte.
const (
	maxErrorBody = 1 << 20
	maxDetails   = 10
)

// readErrorBody fills in what an error answer says of itself, with the secrets
// hidden. A body of no known shape is shown as a short snippet.
func (e *APIError) readErrorBody(body []byte, s secrets) {
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

// parseErrorBody knows every shape of API.md 2.1: the codes and texts of
// FunctionGraph, the gateway, IAM and STS, at the top or nested in "error" or
// "details", as strings or numbers.
func parseErrorBody(body []byte) (said errorBody) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(withoutMark(body), &fields) == nil {
		said.read(fields, maxNesting)
	}

	return said
}

func (said *errorBody) read(fields map[string]json.RawMessage, deeper int) {
	fill(&said.code, fields, "error_code", "code")
	fill(&said.message, fields, "error_msg", "error_message", "message")
	fill(&said.requestID, fields, "request_id")
	fill(&said.encodedMessage, fields, "encoded_authorization_message")

	if deeper == 0 {
		return
	}
	var nested map[string]json.RawMessage
	if json.Unmarshal(fields["error"], &nested) == nil {
		said.read(nested, deeper-1)
	}
	var details []map[string]json.RawMessage
	if json.Unmarshal(fields["details"], &details) == nil {
		for _, detail := range details[:min(len(details), maxDetails)] {
			said.read(detail, deeper-1)
		}
	}
}

// fill sets target, unless it is set already, to the first field that holds a
// string or a number.
func fill(target *string, fields map[string]json.RawMessage, names ...string) {
	for _, name := range names {
		if *target != "" {
			return
		}
		raw := bytes.TrimSpace(fields[name])
		var text string
		var number json.Number
		if json.Unmarshal(raw, &text) == nil {
			*target = text
		} else if json.Unmarshal(raw, &number) == nil {
			*target = number.String()
		}
	}
}

// withoutMark cuts off a byte order mark, which is no part of the JSON that it
// announces.
func withoutMark(body []byte) []byte {
	return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
}

// printable makes a server's text safe to show on a terminal: one line, no
// control or formatting characters, valid UTF-8, at most limit characters.
func printable(s string, limit int) string {
	var clean strings.Builder
	length, gap := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = true
			continue
		case r == utf8.RuneError, !unicode.IsPrint(r):
			continue
		case length == limit:
			clean.WriteString("…")
			return clean.String()
		}
		if gap && length > 0 {
			clean.WriteByte(' ')
			length++
		}
		gap = false
		if length == limit {
			clean.WriteString("…")
			return clean.String()
		}
		clean.WriteRune(r)
		length++
	}

	return clean.String()
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

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

// readErrorBody fills in what an error answer says of itself. It knows every
// shape of API.md 2.1: the codes and texts of FunctionGraph, the gateway, IAM
// and STS, at the top or nested in "error" or "details", as strings or numbers.
// A body that is none of these is shown as a short snippet.
func (e *APIError) readErrorBody(body []byte) {
	body = withoutMark(body)
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		e.Message = snippet(body)
		return
	}

	e.readErrorFields(fields, maxNesting)
	if e.Code == "" && e.Message == "" {
		e.Message = snippet(body)
	}
}

func (e *APIError) readErrorFields(fields map[string]json.RawMessage, deeper int) {
	fill(&e.Code, maxMessage, fields, "error_code", "code")
	fill(&e.Message, maxMessage, fields, "error_msg", "error_message", "message")
	fill(&e.RequestID, maxMessage, fields, "request_id")
	fill(&e.EncodedMessage, maxEncodedMessage, fields, "encoded_authorization_message")

	if deeper == 0 {
		return
	}
	var nested map[string]json.RawMessage
	if json.Unmarshal(fields["error"], &nested) == nil {
		e.readErrorFields(nested, deeper-1)
	}
	var details []map[string]json.RawMessage
	if json.Unmarshal(fields["details"], &details) == nil {
		for _, detail := range details {
			e.readErrorFields(detail, deeper-1)
		}
	}
}

// fill sets target, unless it is set already, to the first field that holds a
// string or a number.
func fill(target *string, limit int, fields map[string]json.RawMessage, names ...string) {
	for _, name := range names {
		if *target != "" {
			return
		}
		raw := bytes.TrimSpace(fields[name])
		var text string
		var number json.Number
		if json.Unmarshal(raw, &text) == nil {
			*target = printable(text, limit)
		} else if json.Unmarshal(raw, &number) == nil {
			*target = printable(number.String(), limit)
		}
	}
}

// snippet is the beginning of a body that could not be understood.
func snippet(body []byte) string {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return "the answer has no body"
	}
	// No more than this can become visible, and bodies may be large.
	text := printable(string(body[:min(len(body), 4*maxSnippet)]), maxSnippet)
	if text == "" {
		return "the body holds no text"
	}

	return "the body begins with: " + text
}

// withoutMark cuts off a byte order mark, which is no part of the JSON that it
// announces.
func withoutMark(body []byte) []byte {
	return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
}

// printable makes a server's text safe to show on a terminal: one line, no
// control or formatting characters, valid UTF-8, at most limit characters.
func printable(s string, limit int) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, !unicode.IsPrint(r):
			return -1
		default:
			return r
		}
	}, s)
	clean = strings.Join(strings.Fields(clean), " ")
	if runes := []rune(clean); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}

	return clean
}

// cleaned is an error of the transport, fit to be shown: it may quote a
// server's bad header lines, or the names in its certificate, as they came.
type cleaned struct{ error }

// Error implements error.
func (c cleaned) Error() string { return printable(c.error.Error(), maxMessage) }

// Unwrap returns the error itself.
func (c cleaned) Unwrap() error { return c.error }

// isCorrupt reports whether a body is not packed as its header says. That it
// ends too early is another matter.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError

	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt)
}

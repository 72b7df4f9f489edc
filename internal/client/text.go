package client

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean returns the printable characters of a text as one line, and reports
// whether that is all of it. It stops after about most bytes.
func clean(text []byte, most int) (line string, whole bool) {
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

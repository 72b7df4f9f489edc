package provider

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostShown is how many characters of a value a message shows.
const mostShown = 100

// show returns a value in a message. It is quoted, so that a space or a line break
// at its end is visible. A value that may be a secret in the wrong place is not
// shown at all, and a long one not as a whole.
func show(text string) string {
	n := utf8.RuneCountInString(text)
	switch {
	case mayBeSecret(text):
		return fmt.Sprintf("a text of %d characters (not shown, because it may be a secret)", n)
	case n > mostShown:
		return fmt.Sprintf("a text of %d characters that begins with %q", n, string([]rune(text)[:mostShown/4]))
	default:
		return strconv.Quote(text)
	}
}

// unbroken matches what keys, tokens and certificates consist of. Names of
// hosts, folders and regions have separators more often.
var unbroken = regexp.MustCompile(`[A-Za-z0-9+=]{16,}`)

var (
	lowerCase = regexp.MustCompile(`^[a-z]+$`)
	hasScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)
)

// mayBeSecret reports whether a text looks like a key or a token, or contains
// one: JSON in base64, a long run of characters that is not a word in lower
// case, or a user between a scheme and an @.
func mayBeSecret(text string) bool {
	if strings.Contains(text, "eyJ") { // the beginning of a JSON object in base64
		return true
	}
	for _, run := range unbroken.FindAllString(text, -1) {
		if !lowerCase.MatchString(run) {
			return true
		}
	}

	return hasScheme.MatchString(text) && strings.Contains(text, "@")
}

// pathLike matches what can only be meant as a path.
var pathLike = regexp.MustCompile(`^(?:~?[/\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\])|\.[A-Za-z0-9]{1,8}$`)

// showFile returns a file in a message. The name of a file that exists is shown. A
// value that names none may be a secret that stands in the wrong place, such as
// a token or the text of a private key: it is shown only if it looks like a path
// and like nothing else.
func showFile(name string, exists bool) string {
	n := utf8.RuneCountInString(name)
	switch {
	case exists:
		return "the file " + strconv.Quote(name)
	case !pathLike.MatchString(name) || mayBeSecret(name) || n > maxPath:
		return fmt.Sprintf("that file (its name of %d characters is not shown, because it may be a secret)", n)
	default:
		return "the file " + strconv.Quote(name)
	}
}

// maxPath is longer than the paths that people write.
const maxPath = 255

// isHidden reports whether a text contains a character that does not show: a
// line break, a control character or a mark such as a zero-width space. Spaces
// show, since values are quoted.
func isHidden(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool {
		return unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp)
	})
}

const quotes = "\"'`“”„‘’«»"

// isQuoted reports whether there are quotes around a text.
func isQuoted(text string) bool {
	runes := []rune(text)

	return len(runes) > 1 && strings.ContainsRune(quotes, runes[0]) && strings.ContainsRune(quotes, runes[len(runes)-1])
}

// withQuotesHint adds to what is wrong with a value in quotes where they may
// come from.
func withQuotesHint(problem string) string {
	if !strings.HasSuffix(problem, ")") {
		problem += "."
	}

	return problem + " The quotes are part of the value: leave them out where no shell removes them, as in a file for docker --env-file."
}

package provider

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostShown is the most characters of a value in a message.
const mostShown = 100

// show returns a value for a message. It quotes the value, so that spaces and line
// breaks at the end are visible. It hides a value that may be a misplaced secret,
// and shortens a long one.
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

// unbroken matches the long runs of characters that keys, tokens and certificates
// consist of. Names of hosts, folders and regions have separators more often.
var unbroken = regexp.MustCompile(`[A-Za-z0-9+=]{16,}`)

var (
	lowerCase = regexp.MustCompile(`^[a-z]+$`)
	hasScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)
)

// mayBeSecret reports whether a text looks like a key or a token or contains one:
// JSON in base64, a long run of characters that is not a lower-case word, or user
// information in a URL.
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

// pathLike matches texts that can only be paths.
var pathLike = regexp.MustCompile(`^(?:~?[/\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\])|\.[A-Za-z0-9]{1,8}$`)

// showFile returns the name of a file for a message. It shows the name of an
// existing file. Any other name may be a misplaced secret, such as a token or a
// private key, and is shown only if it looks like a path and not like a secret.
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

// maxPath is the longest name of a missing file in a message.
const maxPath = 255

// isHidden reports whether a text contains an invisible character: a line break, a
// control character or a mark such as a zero-width space. Spaces are visible,
// because values are quoted.
func isHidden(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool {
		return unicode.IsControl(c) || unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp)
	})
}

const quotes = "\"'`“”„‘’«»"

// isQuoted reports whether quotes enclose a text.
func isQuoted(text string) bool {
	runes := []rune(text)

	return len(runes) > 1 && strings.ContainsRune(quotes, runes[0]) && strings.ContainsRune(quotes, runes[len(runes)-1])
}

// withQuotesHint adds a hint about a common cause of quotes around a value.
func withQuotesHint(problem string) string {
	if !strings.HasSuffix(problem, ")") {
		problem += "."
	}

	return problem + " The quotes are part of the value: leave them out where no shell removes them, " +
		"as in a file for docker --env-file."
}

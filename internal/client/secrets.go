package client

import (
	"bytes"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// secrets are what a request carries that must never be shown. Services repeat
// some of it when they refuse it (API.md 2.3), and may repeat all of it.
type secrets struct {
	accessKey string // its last four characters are shown, to recognise it by
	others    []string
}

// secretsOf collects the secrets of a request as it is sent.
func (r *request) secretsOf(req *http.Request, creds Credentials) secrets {
	authorization := req.Header.Get("Authorization")
	_, signature, _ := strings.Cut(authorization, "Signature=")
	all := slices.Concat([]string{authorization, signature, creds.SecretKey, creds.SecurityToken, creds.Token}, r.secrets)

	return secrets{
		accessKey: creds.AccessKey,
		// One of a few letters is in every text.
		others: slices.DeleteFunc(all, func(secret string) bool { return len(secret) < 4 }),
	}
}

// hide replaces the secrets in a text of the service. A text in which they are
// written with escapes, of JSON, HTML or a URL, comes back without any.
func (s secrets) hide(text []byte) []byte {
	text = s.hideLiteral(text)
	plain := text
	for range 4 { // escapes may be escaped themselves
		next := unescaped(plain)
		if bytes.Equal(next, plain) {
			return text
		}
		plain = next
		if hidden := s.hideLiteral(plain); !bytes.Equal(hidden, plain) {
			text, plain = hidden, hidden
		}
	}

	return text
}

// telling is how much of the beginning of a secret is hidden by itself: a
// service may have cut what it repeats.
const telling = 16

func (s secrets) hideLiteral(text []byte) []byte {
	for _, secret := range s.others {
		text = hideBeginnings(text, secret)
	}
	if n := len(s.accessKey); n > 4 && bytes.Contains(text, []byte(s.accessKey)) {
		text = bytes.ReplaceAll(text, []byte(s.accessKey), []byte("****"+s.accessKey[n-4:]))
	}

	return text
}

// hideBeginnings replaces a secret, and as much of its beginning as there is.
func hideBeginnings(text []byte, secret string) []byte {
	beginning := []byte(secret[:min(len(secret), telling)])
	if !bytes.Contains(text, beginning) {
		return text
	}
	var hidden []byte
	for {
		at := bytes.Index(text, beginning)
		if at < 0 {
			return append(hidden, text...)
		}
		end := at + len(beginning)
		for end < len(text) && end-at < len(secret) && text[end] == secret[end-at] {
			end++
		}
		hidden = append(append(hidden, text[:at]...), "****"...)
		text = text[end:]
	}
}

// escaped matches the ways to write one character of ASCII in JSON and in URLs.
var escaped = regexp.MustCompile(`\\u00[0-7][0-9A-Fa-f]|\\["/\\]|%[0-7][0-9A-Fa-f]`)

// unescaped returns a text with its outermost escapes undone.
func unescaped(text []byte) []byte {
	if bytes.IndexByte(text, '&') >= 0 {
		text = []byte(html.UnescapeString(string(text)))
	}
	if !bytes.ContainsAny(text, `\%`) {
		return text
	}

	return escaped.ReplaceAllFunc(text, func(match []byte) []byte {
		if len(match) == 2 {
			return match[1:]
		}
		code, _ := strconv.ParseUint(string(match[len(match)-2:]), 16, 8) // two hexadecimal digits

		return []byte{byte(code)}
	})
}

// shown makes a text of the service fit to be shown.
func (s secrets) shown(text string, limit int) string {
	return printable(string(s.cut([]byte(text), 64<<10)), limit)
}

// beginning is as much of an answer's body as observers are shown.
func (s secrets) beginning(body []byte) []byte { return s.cut(body, 8<<10) }

// cut returns at most that much of a text, with the secrets hidden before it is
// cut, so that none is left in part. What it costs does not grow with the text.
func (s secrets) cut(text []byte, most int) []byte {
	if len(text) <= most {
		return s.hide(bytes.Clone(text))
	}
	longest := len(s.accessKey)
	for _, secret := range s.others {
		longest = max(longest, len(secret))
	}
	spare := 6 * longest // each character may be written as \u0000
	if len(text) > most+spare {
		// The end of this may be a part of a secret, which is cut off again.
		text = s.hide(bytes.Clone(text[:most+spare]))
		text = text[:max(0, len(text)-spare)]
	} else {
		text = s.hide(bytes.Clone(text))
	}

	return text[:min(len(text), most)]
}

// snippet is the beginning of a body that could not be understood.
func (s secrets) snippet(body []byte) string {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return "the answer has no body"
	}
	text := printable(string(s.beginning(body)), maxSnippet)
	if text == "" {
		return "the body holds no text"
	}

	return "the body begins with: " + text
}

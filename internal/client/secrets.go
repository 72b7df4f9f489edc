package client

import (
	"bytes"
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
		others:    slices.DeleteFunc(all, func(secret string) bool { return secret == "" }),
	}
}

// hide replaces the secrets in a text of the service. A text in which they are
// written with escapes, of JSON or of a URL, comes back without any.
func (s secrets) hide(text []byte) []byte {
	text = s.hideLiteral(text)
	if plain := unescaped(text); s.isIn(plain) {
		return s.hideLiteral(plain)
	}

	return text
}

func (s secrets) hideLiteral(text []byte) []byte {
	for _, secret := range s.others {
		if bytes.Contains(text, []byte(secret)) {
			text = bytes.ReplaceAll(text, []byte(secret), []byte("****"))
		}
	}
	if n := len(s.accessKey); n > 4 && bytes.Contains(text, []byte(s.accessKey)) {
		text = bytes.ReplaceAll(text, []byte(s.accessKey), []byte("****"+s.accessKey[n-4:]))
	}

	return text
}

func (s secrets) isIn(text []byte) bool {
	return len(s.accessKey) > 4 && bytes.Contains(text, []byte(s.accessKey)) ||
		slices.ContainsFunc(s.others, func(secret string) bool { return bytes.Contains(text, []byte(secret)) })
}

// escaped matches the ways to write one character of ASCII in JSON and in URLs.
var escaped = regexp.MustCompile(`\\u00[0-7][0-9A-Fa-f]|\\["/\\]|%[0-7][0-9A-Fa-f]`)

// unescaped returns a text without escapes; nothing if there are none.
func unescaped(text []byte) []byte {
	if !bytes.ContainsAny(text, `\%`) {
		return nil
	}

	return escaped.ReplaceAllFunc(text, func(match []byte) []byte {
		if len(match) == 2 {
			return match[1:]
		}
		code, _ := strconv.ParseUint(string(match[len(match)-2:]), 16, 8) // two hexadecimal digits

		return []byte{byte(code)}
	})
}

// shown makes a text of the service fit to be shown: the secrets are hidden
// before it is cut, so that none is left in part.
func (s secrets) shown(text string, limit int) string {
	return printable(string(s.hide([]byte(text))), limit)
}

// beginning is as much of an answer's body as observers are shown.
func (s secrets) beginning(body []byte) []byte {
	const most = 8 << 10
	text := s.hide(bytes.Clone(body[:min(len(body), 4*most)]))

	return text[:min(len(text), most)]
}

// snippet is the beginning of a body that could not be understood.
func (s secrets) snippet(body []byte) string {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return "the answer has no body"
	}
	text := s.shown(string(s.beginning(body)), maxSnippet)
	if text == "" {
		return "the body holds no text"
	}

	return "the body begins with: " + text
}

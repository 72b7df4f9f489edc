package client

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// secrets are what a request carries that must never be shown. Services repeat
// some of it when they refuse it (API.md 2.3), and may repeat all of it.
type secrets struct {
	accessKey string   // its last four characters are shown, to recognise it by
	others    []string // every way of writing them that is known
}

// secretsOf collects the secrets of a request as it is sent.
func (r *request) secretsOf(req *http.Request, creds Credentials) secrets {
	authorization := req.Header.Get("Authorization")
	_, signature, _ := strings.Cut(authorization, "Signature=")
	s := secrets{accessKey: creds.AccessKey}
	for _, secret := range slices.Concat([]string{authorization, signature, creds.SecretKey, creds.SecurityToken, creds.Token}, r.secrets) {
		if secret != "" {
			s.others = append(s.others, spellings(secret)...)
		}
	}

	return s
}

// spellings are the ways in which a text may stand in JSON or in a URL. Some
// libraries escape more of it than they must.
func spellings(secret string) []string {
	all := []string{
		secret,
		strings.ReplaceAll(secret, "/", `\/`),
		strings.NewReplacer("=", `\u003d`, "&", `\u0026`, "<", `\u003c`, ">", `\u003e`, "'", `\u0027`).Replace(secret),
		url.QueryEscape(secret),
	}
	slices.Sort(all)

	return slices.Compact(all)
}

// hide replaces the secrets in a text of the service.
func (s secrets) hide(text []byte) []byte {
	for _, secret := range s.others {
		if bytes.Contains(text, []byte(secret)) {
			text = bytes.ReplaceAll(text, []byte(secret), []byte("****"))
		}
	}
	if n := len(s.accessKey); n > 4 {
		text = bytes.ReplaceAll(text, []byte(s.accessKey), []byte("****"+s.accessKey[n-4:]))
	}

	return text
}

// hideIn replaces the secrets in what the service said of a failure.
func (s secrets) hideIn(e *APIError) {
	for _, text := range []*string{&e.Code, &e.Message, &e.RequestID, &e.EncodedMessage} {
		*text = string(s.hide([]byte(*text)))
	}
}

// beginning is as much of an answer's body as observers are shown. The secrets
// are hidden in more than that, so that none is cut in two before it is found.
func (s secrets) beginning(body []byte) []byte {
	const most = 8 << 10
	text := s.hide(bytes.Clone(body[:min(len(body), 4*most)]))

	return text[:min(len(text), most)]
}

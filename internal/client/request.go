package client

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// request is one request as its caller means it. Nothing is escaped, dated or
// signed yet: every attempt does that anew.
type request struct {
	service   string // who is asked, told in errors
	operation Operation
	method    string   // empty: GET
	base      *url.URL // the service's endpoint, with or without a path prefix
	path      []string // raw path segments below base
	query     url.Values
	header    map[string]string // beyond what every request has
	body      []byte            // JSON, or nothing
	region    string            // told in errors
	projectID string            // sent as X-Project-Id and told in errors, if there is one

	projectConfigured bool // as in [APIError]

	settings    []string // as in [APIError.Settings]
	tlsSettings []string // the same, of what matters only to TLS

	step          string         // on the way to credentials, as in [CredentialsError]
	keys          *keyring       // sign it; nil: the client's own
	access        *tokenAccess   // of the region; nil: the credentials are not a token
	unsigned      bool           // or nobody does
	gate          *gate          // of what an unsigned request carries in its body; nil: none
	secrets       []string       // in header or body; hidden wherever the service repeats them
	recordSecrets func(*secrets) // called with the secrets of each attempt; may be nil
	secret        bool           // the response holds credentials: it is neither logged nor quoted
	noRetry       bool

	bypassProxy bool
}

func (r *request) verb() string {
	if r.method == "" {
		return http.MethodGet
	}

	return r.method
}

// succeeds reports whether a status is a success. Only what makes something
// is answered with 201.
func (r *request) succeeds(status int) bool {
	return status == http.StatusOK || status == http.StatusCreated && r.method == http.MethodPost
}

// url returns the address in the canonical form of the signing algorithm
// (API.md 5): every segment and value is escaped strictly and the query is
// sorted, so that what is signed is, byte for byte, what is sent.
func (r *request) url() *url.URL {
	u := *r.base
	segments := append(strings.Split(u.Path, "/"), r.path...)
	segments = slices.DeleteFunc(segments, func(s string) bool { return s == "" })

	u.Path = "/" + strings.Join(segments, "/")
	for i, segment := range segments {
		segments[i] = escape(segment)
	}
	u.RawPath = "/" + strings.Join(segments, "/")
	u.RawQuery = canonicalQuery(r.query)

	return &u
}

// canonicalQuery sorts by raw name, then by raw value. Unlike
// [url.Values.Encode] it escapes strictly and writes a space as %20.
func canonicalQuery(query url.Values) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(query)) {
		for _, value := range slices.Sorted(slices.Values(query[name])) {
			pairs = append(pairs, escape(name)+"="+escape(value))
		}
	}

	return strings.Join(pairs, "&")
}

// escape leaves A-Z a-z 0-9 - _ . ~ as they are and writes every other byte
// as %XX. [url.QueryEscape] differs only in writing a space as a plus sign.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

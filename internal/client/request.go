package client

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// request is a request before it is escaped and signed, which each attempt does.
type request struct {
	service   string // its name, for errors
	operation Operation
	method    string
	base      *url.URL // the endpoint, with or without a path prefix; nil: [Client.setEndpoint] sets it
	path      []string // segments below base, not escaped
	query     url.Values
	header    map[string]string // in addition to those of all requests
	body      []byte            // JSON; empty: none
	projectID string            // for errors and the header X-Project-Id; empty: none

	// How it is sent.
	keys        *keyring     // the credentials; nil: those of the client
	access      *tokenAccess // of the region; nil: the credentials are not a token
	unsigned    bool         // without credentials in the header
	gate        *gate        // of the credentials in the body of an unsigned request; nil: none
	noRetry     bool
	bypassProxy bool

	// What must be neither logged nor quoted.
	secrets            []string       // in the header or the body, in addition to the credentials
	recordSecrets      func(*secrets) // called with all secrets of each attempt; may be nil
	returnsCredentials bool           // the response contains credentials
	sensitive          bool           // the body of a success is sensitive

	// For errors.
	region            string
	projectConfigured bool     // as in [APIError]
	settings          []string // as in [APIError.Settings]
	tlsSettings       []string // the same, for arguments of TLS
	credentialsStep   string   // as in [CredentialsError.Step]; empty: the request is not for credentials
}

// succeeds reports whether a status is a success. 201 is one for POST only.
func (r *request) succeeds(status int) bool {
	return status == http.StatusOK || status == http.StatusCreated && r.method == http.MethodPost
}

// hidesBody reports whether the body of a response must not be logged or quoted.
func (r *request) hidesBody(status int) bool {
	return r.returnsCredentials || r.sensitive && r.succeeds(status)
}

// url returns the address in the canonical form of the signing algorithm (CLOUD.md
// 5): each segment and value is escaped strictly and the query is sorted, so that
// the signed address is the one that is sent, byte for byte.
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

// canonicalQuery returns the query, sorted by raw name and then raw value. Unlike
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

// escape returns s with each byte but A-Z a-z 0-9 - _ . ~ written as %XX.
// [url.QueryEscape] differs only in writing a space as a plus sign.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

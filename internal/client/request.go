package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
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

	step     string         // on the way to credentials, as in [CredentialsError]
	keys     *keyring       // sign it; nil: the client's own
	access   *tokenAccess   // of the region; nil: the credentials are not a token
	unsigned bool           // or nobody does
	gate     *gate          // of what an unsigned request carries in its body; nil: none
	secrets  []string       // in header or body; hidden wherever the service repeats them
	sent     func(*secrets) // is told the secrets of each try; nil: nobody is
	secret   bool           // the response holds credentials: it is neither logged nor quoted
	once     bool           // never tried again

	sensitive bool // the body of a success is neither logged nor quoted

	direct bool // through no proxy
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

// inStep says in which step on the way to credentials a request failed, unless
// it was one before that.
func (r *request) inStep(err error) error {
	if err == nil || r.step == "" || errors.Is(err, ErrNoCredentials) {
		return err
	}
	if _, ok := errors.AsType[*CredentialsError](err); ok {
		return err
	}

	return &CredentialsError{Step: r.step, Err: err}
}

// ofReader adds to a failed step on the way to credentials for which read they
// were needed. Other readers get the same failure.
func (r *request) ofReader(err error) error {
	step, ok := errors.AsType[*CredentialsError](err)
	if !ok || r.step != "" {
		return err
	}
	own := *step
	own.Region, own.ProjectID, own.shared = r.region, r.projectID, step

	return &own
}

// build makes one attempt's request: signed, if there are credentials for it.
func (r *request) build(ctx context.Context, creds Credentials, userAgent string, now time.Time) (*http.Request, error) {
	var body io.Reader // nil stays nil, and no body is sent
	if len(r.body) > 0 {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.verb(), r.url().String(), body)
	if err != nil {
		return nil, err
	}
	req.Host = withoutZone(req.Host)
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	if r.projectID != "" {
		req.Header.Set(headerProjectID, r.projectID)
	}
	switch {
	case r.unsigned:
	case creds.Token != "":
		req.Header.Set(headerAuthToken, creds.Token)
	default:
		sign(req, r.body, creds, now)
	}

	return req, nil
}

// withoutZone cuts the zone off an IPv6 address, as net/http does when it sends
// the host, so that the host that is signed is the one that is sent.
func withoutZone(host string) string {
	zone, end := strings.LastIndex(host, "%"), strings.LastIndex(host, "]")
	if !strings.HasPrefix(host, "[") || zone < 0 || end < zone {
		return host
	}

	return host[:zone] + host[end:]
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

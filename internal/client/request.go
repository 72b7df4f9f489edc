package client

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// request is one GET as its caller means it. Nothing is escaped, dated or
// signed yet: every attempt does that anew.
type request struct {
	base      *url.URL // the service's endpoint, with or without a path prefix
	path      []string // raw path segments below base
	query     url.Values
	region    string // told in errors
	projectID string // sent as X-Project-Id and told in errors, if there is one
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

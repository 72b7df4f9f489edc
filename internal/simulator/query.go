package simulator

import (
	"net/url"
	"strings"
)

// query is the decoded query string, in the order in which it was sent.
type query []parameter

type parameter struct{ name, value string }

// parseQuery decodes a query string. It does not decode "+", because the signature
// algorithm encodes a space as %20 and never as "+" (CLOUD.md 5), so that a client
// with another encoding fails.
func parseQuery(raw string) query {
	var q query
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		q = append(q, parameter{unescape(name), unescape(value)})
	}

	return q
}

func unescape(s string) string {
	plain, err := url.PathUnescape(s)
	if err != nil {
		return s // unchanged, so that the signature is invalid
	}

	return plain
}

// get returns the first value of a parameter, and whether the request has it.
func (q query) get(name string) (string, bool) {
	for _, p := range q {
		if p.name == name {
			return p.value, true
		}
	}

	return "", false
}

func (q query) values() url.Values {
	v := url.Values{}
	for _, p := range q {
		v.Add(p.name, p.value)
	}

	return v
}

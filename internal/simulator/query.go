package simulator

import (
	"net/url"
	"strings"
)

// query is the query string as sent, decoded, in order.
type query []parameter

type parameter struct{ name, value string }

// parseQuery decodes a query string. A "+" stays a plus: the signature scheme writes a space as %20 and never as "+"
// (CLOUD.md 5), so a client that does otherwise must not pass.
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
		return s // as it is: the signature fails on it
	}

	return plain
}

// get returns the first value of a parameter and whether it was sent.
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

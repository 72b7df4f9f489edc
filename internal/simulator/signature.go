package simulator

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

// The signature algorithm and its headers (CLOUD.md 5).
const (
	algorithm         = "SDK-HMAC-SHA256"
	dateLayout        = "20060102T150405Z"
	dateHeader        = "X-Sdk-Date"
	contentHashHeader = "X-Sdk-Content-Sha256"
	unsignedPayload   = "UNSIGNED-PAYLOAD"
)

// authorization is the parsed Authorization header.
type authorization struct {
	accessKey     string
	signedHeaders []string
	signature     string
}

// parseAuthorization reads "SDK-HMAC-SHA256 Access=…, SignedHeaders=a;b,
// Signature=…" and reports whether it has this form. It requires sorted, unique
// header names in lower case.
func parseAuthorization(header string) (a authorization, ok bool) {
	fields, ok := strings.CutPrefix(header, algorithm+" ")
	if !ok {
		return a, false
	}
	for field := range strings.SplitSeq(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "Access":
			a.accessKey = value
		case "SignedHeaders":
			a.signedHeaders = strings.Split(value, ";")
		case "Signature":
			a.signature = value
		default:
			return a, false
		}
	}
	canonical := strings.Split(strings.ToLower(strings.Join(a.signedHeaders, ";")), ";")
	slices.Sort(canonical)

	return a, a.accessKey != "" && a.signature != "" && slices.Equal(a.signedHeaders, slices.Compact(canonical))
}

// signatureOf returns the correct signature of a request.
func signatureOf(q *call, signedHeaders []string, secretKey string) string {
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte(stringToSign(q, signedHeaders)))

	return hex.EncodeToString(mac.Sum(nil))
}

func stringToSign(q *call, signedHeaders []string) string {
	return algorithm + "\n" + q.Header.Get(dateHeader) + "\n" + hexSHA256([]byte(canonicalRequest(q, signedHeaders)))
}

func canonicalRequest(q *call, signedHeaders []string) string {
	hash := cmp.Or(q.Header.Get(contentHashHeader), hexSHA256(q.body))

	return strings.Join([]string{
		strings.ToUpper(q.Method),
		canonicalURI(q.URL.EscapedPath()),
		canonicalQuery(q.query),
		canonicalHeaders(q.Request, signedHeaders),
		strings.Join(signedHeaders, ";"),
		hash,
	}, "\n")
}

// canonicalURI decodes and escapes each segment, because a client may escape fewer
// characters in the path. The result ends in "/".
func canonicalURI(escapedPath string) string {
	var b strings.Builder
	for segment := range strings.SplitSeq(strings.Trim(escapedPath, "/"), "/") {
		if b.WriteByte('/'); segment != "" {
			b.WriteString(escape(unescape(segment)))
		}
	}
	if b.Len() > 1 {
		b.WriteByte('/')
	}

	return b.String()
}

// canonicalQuery sorts by raw name and then raw value before escaping.
func canonicalQuery(q query) string {
	sorted := slices.SortedFunc(slices.Values(q), func(a, b parameter) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value))
	})
	pairs := make([]string, len(sorted))
	for i, p := range sorted {
		pairs[i] = escape(p.name) + "=" + escape(p.value)
	}

	return strings.Join(pairs, "&")
}

func canonicalHeaders(r *http.Request, signedHeaders []string) string {
	var b strings.Builder
	for _, name := range signedHeaders {
		value := strings.Join(r.Header.Values(name), ",")
		if name == "host" {
			value = r.Host // net/http does not keep it in Header
		}
		b.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}

	return b.String()
}

// escape escapes all bytes except letters, digits and -_.~.
func escape(s string) string {
	const upperHex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("-_.~", c) >= 0:
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', upperHex[c>>4], upperHex[c&15]})
		}
	}

	return b.String()
}

func hexSHA256(b []byte) string {
	sum := sha256.Sum256(b)

	return hex.EncodeToString(sum[:])
}

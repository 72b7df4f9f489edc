package client

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

const (
	signingAlgorithm = "SDK-HMAC-SHA256"
	signingDate      = "20060102T150405Z"

	headerAuthToken     = "X-Auth-Token" //nolint:gosec // the name of a header
	headerDate          = "X-Sdk-Date"
	headerDomainID      = "X-Domain-Id"
	headerProjectID     = "X-Project-Id"
	headerSecurityToken = "X-Security-Token"

	// signatureLifetime is the largest difference between the date of a signature and
	// the service's clock (CLOUD.md 5).
	signatureLifetime = 15 * time.Minute
)

// sign dates and signs a request with the given body (CLOUD.md 5). The signature
// covers the host, date, account, project and security token. A proxy may change
// other headers.
func sign(req *http.Request, body []byte, creds Credentials, now time.Time) {
	req.Header.Set(headerDate, now.UTC().Format(signingDate))
	if creds.SecurityToken != "" {
		req.Header.Set(headerSecurityToken, creds.SecurityToken)
	}
	signed := []string{"host"}
	for _, name := range []string{headerDomainID, headerProjectID, headerDate, headerSecurityToken} { // ascending
		if req.Header.Get(name) != "" {
			signed = append(signed, strings.ToLower(name))
		}
	}
	canonical := canonicalRequest(req, signed, hashHex(string(body)))
	req.Header.Set("Authorization", signingAlgorithm+
		" Access="+creds.AccessKey+
		", SignedHeaders="+strings.Join(signed, ";")+
		", Signature="+signature(canonical, req.Header.Get(headerDate), creds.SecretKey))
}

// canonicalRequest returns the text that is signed. The URL must come from
// [request.url]; signed lists lower-case header names in ascending order.
func canonicalRequest(req *http.Request, signed []string, payloadHash string) string {
	path := req.URL.EscapedPath()
	if !strings.HasSuffix(path, "/") {
		path += "/" // signed, never sent
	}

	var b strings.Builder
	b.WriteString(req.Method + "\n" + path + "\n" + req.URL.RawQuery + "\n")
	for _, name := range signed {
		value := req.Header.Get(name)
		if name == "host" {
			value = req.Host
		}
		b.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + payloadHash)

	return b.String()
}

// signature returns the signature of a canonical request. The algorithm uses the
// secret key itself, and not a key derived from it.
func signature(canonical, date, secretKey string) string {
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte(signingAlgorithm + "\n" + date + "\n" + hashHex(canonical)))

	return hex.EncodeToString(mac.Sum(nil))
}

func hashHex(s string) string {
	sum := sha256.Sum256([]byte(s))

	return hex.EncodeToString(sum[:])
}

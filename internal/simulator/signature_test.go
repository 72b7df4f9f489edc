package simulator

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
)

// vector is an entry of testdata/signing-vectors.json, which names the source of
// each.
type vector struct {
	ID            string `json:"id"`
	AccessKey     string `json:"access_key"`
	SecretKey     string `json:"secret_key"`
	Method        string `json:"method"`
	Endpoint      string `json:"endpoint"`
	Headers       []struct{ Name, Value string }
	Body          string   `json:"body"`
	URI           string   `json:"fully_escaped_request_uri"`
	LighterURI    string   `json:"go_sdk_request_uri"`
	Signed        []string `json:"signed_headers"`
	Canonical     string   `json:"canonical_request"`
	ToSign        string   `json:"string_to_sign"`
	Signature     string   `json:"signature"`
	Authorization string   `json:"authorization"`
}

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/signing-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) != 13 {
		t.Fatalf("got %d vectors, want 13", len(file.Vectors))
	}
	for _, v := range file.Vectors {
		for form, uri := range map[string]string{"escaped": v.URI, "lighter": v.LighterURI} {
			if uri == "" {
				continue
			}
			t.Run(v.ID+"/"+form, func(t *testing.T) {
				t.Parallel()
				v.check(t, uri)
			})
		}
	}
}

func (v vector) check(t *testing.T, uri string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), v.Method, v.Endpoint+uri, strings.NewReader(v.Body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range v.Headers {
		r.Header.Set(h.Name, h.Value)
	}
	q := &call{Request: r, body: []byte(v.Body), query: parseQuery(r.URL.RawQuery)}

	auth, ok := parseAuthorization(v.Authorization)
	if !ok || auth.accessKey != v.AccessKey || auth.signature != v.Signature {
		t.Errorf("parsed %+v from %q", auth, v.Authorization)
	}
	if got := canonicalRequest(q, auth.signedHeaders); got != v.Canonical {
		t.Errorf("canonical request\n%s\nwant\n%s", got, v.Canonical)
	}
	if got := stringToSign(q, auth.signedHeaders); got != v.ToSign {
		t.Errorf("string to sign\n%s\nwant\n%s", got, v.ToSign)
	}
	if got := signatureOf(q, auth.signedHeaders, v.SecretKey); got != v.Signature {
		t.Errorf("signature %s, want %s", got, v.Signature)
	}
}

func TestParseAuthorization_malformed(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{
		"other algorithm":   "V11-HMAC-SHA256 Credential=AK/20260310/r/s, SignedHeaders=x-sdk-date, Signature=00",
		"no key":            algorithm + " SignedHeaders=x-sdk-date, Signature=00",
		"empty key":         algorithm + " Access=, SignedHeaders=x-sdk-date, Signature=00",
		"no signature":      algorithm + " Access=AK, SignedHeaders=x-sdk-date",
		"unsorted headers":  algorithm + " Access=AK, SignedHeaders=x-sdk-date;host, Signature=00",
		"upper-case header": algorithm + " Access=AK, SignedHeaders=X-Sdk-Date, Signature=00",
		"repeated header":   algorithm + " Access=AK, SignedHeaders=host;host, Signature=00",
		"unknown field":     algorithm + " Access=AK, SignedHeaders=host, Signature=00, Extra=1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := parseAuthorization(header); ok {
				t.Errorf("got %+v of %q", got, header)
			}
		})
	}
}

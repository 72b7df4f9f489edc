package client

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// signingVector is one entry of testdata/signing-vectors.json, whose "about"
// says where the values come from and how they were checked.
type signingVector struct {
	ID        string `json:"id"`
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	Method    string `json:"method"`
	Endpoint  string `json:"endpoint"`
	Path      string `json:"path_unescaped"`
	Query     []struct{ Name, Value string }
	RawQuery  []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"query_unescaped"`
	Headers []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"headers"`
	Body             string   `json:"body"`
	RequestURI       string   `json:"fully_escaped_request_uri"`
	SignedHeaders    []string `json:"signed_headers"`
	CanonicalRequest string   `json:"canonical_request"`
	Signature        string   `json:"signature"`
}

func signingVectors(t *testing.T) []signingVector {
	t.Helper()

	data, err := os.ReadFile("testdata/signing-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []signingVector `json:"vectors"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if got, want := len(file.Vectors), 13; got != want {
		t.Fatalf("%d signing vectors, want %d", got, want)
	}

	return file.Vectors
}

func TestSigningVectors(t *testing.T) {
	t.Parallel()

	for _, vector := range signingVectors(t) {
		t.Run(vector.ID, func(t *testing.T) {
			t.Parallel()

			base, err := url.Parse(vector.Endpoint)
			if err != nil {
				t.Fatal(err)
			}
			r := request{base: base, path: strings.Split(vector.Path, "/"), query: url.Values{}}
			for _, parameter := range vector.RawQuery {
				r.query.Add(parameter.Name, parameter.Value)
			}
			req, err := http.NewRequestWithContext(t.Context(), vector.Method, r.url().String(), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, header := range vector.Headers {
				req.Header.Set(header.Name, header.Value)
			}
			payloadHash := req.Header.Get("X-Sdk-Content-Sha256")
			if payloadHash == "" {
				payloadHash = hashHex(vector.Body)
			}

			// A trailing slash is never sent and always signed.
			if got, want := req.URL.RequestURI(), strings.Replace(vector.RequestURI, "/?", "?", 1); got != want {
				t.Errorf("request URI\n got %s\nwant %s", got, want)
			}
			canonical := canonicalRequest(req, vector.SignedHeaders, payloadHash)
			if canonical != vector.CanonicalRequest {
				t.Errorf("canonical request\n got %q\nwant %q", canonical, vector.CanonicalRequest)
			}
			if got := signature(canonical, req.Header.Get(headerDate), vector.SecretKey); got != vector.Signature {
				t.Errorf("signature %s, want %s", got, vector.Signature)
			}
		})
	}
}

func TestSignCoversWhatIsSent(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		projectID, domainID, securityToken string
		want                               string
	}{
		"permanent keys": {want: "host;x-sdk-date"},
		"project":        {projectID: "p", want: "host;x-project-id;x-sdk-date"},
		"account":        {domainID: "d", want: "host;x-domain-id;x-sdk-date"},
		"temporary keys": {securityToken: "t", want: "host;x-sdk-date;x-security-token"},
		"temporary keys and the project": {
			projectID: "p", securityToken: "t", want: "host;x-project-id;x-sdk-date;x-security-token",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.com/v2", nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.projectID != "" {
				req.Header.Set(headerProjectID, test.projectID)
			}
			if test.domainID != "" {
				req.Header.Set(headerDomainID, test.domainID)
			}
			zone := time.FixedZone("UTC+8", 8*60*60)
			sign(
				req, nil, Credentials{AccessKey: "ak", SecretKey: "sk", SecurityToken: test.securityToken},
				time.Date(2025, 12, 12, 16, 15, 0, 0, zone),
			)

			if got, want := req.Header.Get(headerDate), "20251212T081500Z"; got != want {
				t.Errorf("%s: %s, want %s", headerDate, got, want)
			}
			if got := req.Header.Get(headerSecurityToken); got != test.securityToken {
				t.Errorf("%s: %q, want %q", headerSecurityToken, got, test.securityToken)
			}
			authorization := req.Header.Get("Authorization")
			if !strings.HasPrefix(authorization, "SDK-HMAC-SHA256 Access=ak, SignedHeaders="+test.want+", Signature=") {
				t.Errorf("Authorization: %s, want the signed headers %s", authorization, test.want)
			}
			if strings.Contains(authorization, "sk") && strings.Contains(authorization, "Signature=sk") {
				t.Error("the secret key is in the Authorization header")
			}
		})
	}
}

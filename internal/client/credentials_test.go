package client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestCredentials(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		keys Credentials
		want error
	}{
		"both":          {keys: Credentials{AccessKey: "ak", SecretKey: "sk", SecurityToken: "t", Source: "the test"}},
		"no access key": {keys: Credentials{SecretKey: "sk"}, want: ErrNoCredentials},
		"no secret key": {keys: Credentials{AccessKey: "ak"}, want: ErrNoCredentials},
		"none":          {want: ErrNoCredentials},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := test.keys.Retrieve(t.Context(), nil)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if err == nil && got != test.keys {
				t.Errorf("got other credentials than those given")
			}
			if err != nil && got != (Credentials{}) {
				t.Errorf("got credentials with an error")
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()

	keys := Credentials{AccessKey: "AKIDEXAMPLE0001", SecretKey: "secret/key", SecurityToken: "token+1==", Token: "iam'token"}
	tests := map[string]struct {
		keys       Credentials
		text, want string
	}{
		"nothing to hide":  {keys, "ak not exist", "ak not exist"},
		"access key":       {keys, "failed,ak:AKIDEXAMPLE0001,err:AKIDEXAMPLE0001", "failed,ak:****0001,err:****0001"},
		"secrets":          {keys, "secret/key and token+1==", "**** and ****"},
		"no keys":          {Credentials{}, "text", "text"},
		"a very short one": {Credentials{AccessKey: "ak"}, "ak", "ak"},
		"the header":       {keys, `sent "SDK-HMAC-SHA256 Access=AKIDEXAMPLE0001, SignedHeaders=host, Signature=0a1b"`, `sent "****"`},
		"the signature":    {keys, "expected 1111, got 0a1b", "expected 1111, got ****"},
		"of the request":   {keys, "bad id.token", "bad ****"},
		"escaped":          {keys, `secret\/key token+1\u003d\u003d iam\u0027token`, "**** **** ****"},
		"in a URL":         {keys, "secret%2Fkey token%2B1%3D%3D iam%27token", "**** **** ****"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := &request{secrets: []string{"id.token"}}
			sent := &http.Request{Header: http.Header{"Authorization": {"SDK-HMAC-SHA256 Access=AKIDEXAMPLE0001, SignedHeaders=host, Signature=0a1b"}}}
			if got := string(r.secretsOf(sent, test.keys).hide([]byte(test.text))); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// What a service says of the keys that it refuses reaches neither errors nor
// observers.
func TestDo_masksCredentials(t *testing.T) {
	t.Parallel()

	tests := map[string]reply{
		"refused":   {status: 401, body: `{"error_code":"APIGW.0301","error_msg":"Get secretKey failed,ak:AKIDEXAMPLE0001,err:ak not exist"}`},
		"no JSON":   {status: 500, body: `AKIDEXAMPLE0001 secret/key`},
		"malformed": {status: 200, body: `AKIDEXAMPLE0001 secret/key`},
		"escaped":   {status: 401, body: `{"error_code":"APIGW.0301","error_msg":"AKIDEXAMPLE0001 secret\\/key"}`},
		"in a code": {status: 401, body: `{"error_code":"AKIDEXAMPLE0001","error_msg":"secret/key"}`},
		"redirect":  {status: 302, header: map[string]string{"Location": "https://example.com/AKIDEXAMPLE0001", "X-Request-Id": "AKIDEXAMPLE0001"}},
	}
	for name, answer := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var written strings.Builder
				c := newTestClient(t, replying(answer, answer, answer), maxRetries(0), func(cfg *Config) {
					cfg.Credentials = Credentials{AccessKey: "AKIDEXAMPLE0001", SecretKey: "secret/key"}
					cfg.Observe = func(_ context.Context, a Attempt) { written.WriteString(string(a.Body) + a.Err.Error()) }
				})
				err := get(t.Context(), c)
				written.WriteString(err.Error())
				if strings.Contains(written.String(), "AKIDEXAMPLE") || strings.Contains(written.String(), "secret/key") {
					t.Errorf("credentials are shown: %s", written.String())
				}
				if !strings.Contains(written.String(), "****0001") {
					t.Errorf("the access key cannot be recognised: %s", written.String())
				}
			})
		})
	}
}

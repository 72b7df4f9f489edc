package client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
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

			got, err := test.keys.retrieve(t.Context(), nil)
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

	keys := Credentials{
		AccessKey: "AKIDEXAMPLE0001", SecretKey: "secret/key", SecurityToken: "token+1==", Token: "iam'token",
	}
	long := Credentials{SecurityToken: "long-security-token-of-many-letters"}
	tests := map[string]struct {
		keys       Credentials
		text, want string
	}{
		"nothing to hide": {keys, "ak not exist", "ak not exist"},
		"access key": {
			keys, "failed,ak:AKIDEXAMPLE0001,err:AKIDEXAMPLE0001", "failed,ak:****0001,err:****0001",
		},
		"secrets":                  {keys, "secret/key and token+1==", "**** and ****"},
		"in HTML":                  {keys, "token&#43;1&#x3D;= and iam&#39;token", "**** and ****"},
		"escaped twice":            {keys, `"{\"sent\":\"token\\u002b1==\"}"`, `"{\"sent\":\"****\"}"`},
		"escaped in a URL":         {keys, "token%252B1%253D%253D", "****"},
		"truncated by the service": {long, "you sent long-security-to…", "you sent ****…"},
		"no keys":                  {Credentials{}, "text", "text"},
		"a very short one":         {Credentials{AccessKey: "ak"}, "ak", "ak"},
		"the header": {
			keys, `sent "SDK-HMAC-SHA256 Access=AKIDEXAMPLE0001, SignedHeaders=host, Signature=0a1b"`,
			`sent "SDK-HMAC-SHA256 Access=****0001, SignedHeaders=host, Signature=****"`,
		},
		"the signature":     {keys, "expected 1111, got 0a1b", "expected 1111, got ****"},
		"of the request":    {keys, "bad id.token", "bad ****"},
		"escaped":           {keys, `secret\/key token+1\u003d\u003d iam\u0027token`, "**** **** ****"},
		"escaped otherwise": {keys, `{"sent":"token\u002B1\u003D\u003D"}`, `{"sent":"****"}`},
		"key escaped":       {keys, `AKIDEXAMPLE\u0030001`, "****0001"},
		"other escapes":     {keys, `a\u0041 %41 \/`, `a\u0041 %41 \/`},
		"in a URL":          {keys, "secret%2Fkey token%2B1%3D%3D iam%27token", "**** **** ****"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := &request{secrets: []string{"id.token"}}
			sent := &http.Request{
				Header: http.Header{
					"Authorization": {"SDK-HMAC-SHA256 Access=AKIDEXAMPLE0001, SignedHeaders=host, Signature=0a1b"},
				},
			}
			if got := r.secretsOf(sent, test.keys, nil).shown(test.text, maxMessage); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// If a service quotes the keys that it refuses, they reach neither errors nor
// observers.
func TestDo_masksCredentials(t *testing.T) {
	t.Parallel()

	tests := map[string]reply{
		"refused": {
			status: 401,
			body:   `{"error_code":"APIGW.0301","error_msg":"Get secretKey failed,ak:AKIDEXAMPLE0001,err:ak not exist"}`,
		},
		"no JSON":   {status: 500, body: `AKIDEXAMPLE0001 secret/key`},
		"malformed": {status: 200, body: `AKIDEXAMPLE0001 secret/key`},
		"escaped":   {status: 401, body: `{"error_code":"APIGW.0301","error_msg":"AKIDEXAMPLE0001 secret\\/key"}`},
		"in a code": {status: 401, body: `{"error_code":"AKIDEXAMPLE0001","error_msg":"secret/key"}`},
		"redirect": {
			status: 302,
			header: map[string]string{"Location": "https://example.com/AKIDEXAMPLE0001", "X-Request-Id": "AKIDEXAMPLE0001"},
		},
	}
	for name, response := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var written strings.Builder
				c := newTestClient(t, replying(response, response, response), maxRetries(0), func(cfg *Config) {
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

// No part of a long secret is left in a text, however often the text contains it
// and wherever it is truncated.
func TestSecrets_truncated(t *testing.T) {
	t.Parallel()

	const most = 500
	for _, length := range []int{20, 60, 300} {
		token := strings.Repeat("Q7", length/2)
		s := &secrets{}
		s.add("T"+token, hidden, true)
		inJSON := `\u0054` + strings.ReplaceAll(token, "Q", `\u0051`)
		step := race.Choose(1, 7)
		for place := 0; place < 900; place += step { // of the truncation, which is at another one each time
			whole := len(token) + 2
			for _, text := range []string{
				strings.Repeat("x", place) + strings.Repeat("T"+token+" ", 10+20*most/length),
				strings.Repeat("x", place) + strings.Repeat(inJSON+" ", 10+20*most/length),
				strings.Repeat("x", place%whole) + strings.Repeat(
					"T"+token+" ", place/whole,
				) + inJSON + strings.Repeat("x", 7*len(token)),
			} {
				shown := s.beginningOf([]byte(text), most, most)
				if len(shown) > most+len("…") || strings.Contains(shown, "Q7") || strings.Contains(shown, `\u0051`) {
					t.Fatalf("a token of %d, truncated at %d: %d bytes are shown: %s", length, place, len(shown), shown)
				}
			}
		}
	}
}

// A secret that is longer than the shown part of a text is not shown in part.
func TestDo_longSecrets(t *testing.T) {
	t.Parallel()

	token := "T" + strings.Repeat("Q7", 2000)
	tests := map[string]reply{
		"error of Keystone": {status: 401, body: `{"error":{"message":"decrypt token fail: ` + token + `"}}`},
		"code":              {status: 401, body: `{"error_code":"` + token + `"}`},
		"request ID":        {status: 401, body: `{"error_code":"a","request_id":"` + token + `"}`},
		"encoded reason": {
			status: 403, body: `{"error_code":"a","encoded_authorization_message":"` + strings.Repeat(token, 6) + `"}`,
		},
		"text":             {status: 401, body: "decrypt token fail: " + token},
		"far into a text":  {status: 401, body: strings.Repeat("x", 150) + token},
		"success":          {status: 200, body: "hello " + token},
		"error in success": {status: 200, body: `{"error_code":"a","error_msg":"` + strings.Repeat("x", 900) + token + `"}`},
		"redirect":         {status: 302, header: map[string]string{"Location": "https://example.com/?token=" + token}},
		"header":           {status: 401, header: map[string]string{"X-Request-Id": token}},
		"no HTTP":          {err: errors.New("malformed HTTP response: " + strings.Repeat("x", 900) + token)},
	}
	for name, response := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var written strings.Builder
				c := newTestClient(t, replying(response), maxRetries(0), func(cfg *Config) {
					cfg.Credentials, cfg.ProjectID = Credentials{Token: token}, "p1"
					cfg.Observe = func(_ context.Context, a Attempt) {
						written.WriteString(
							string(a.Body) + a.RequestID + a.Err.Error(),
						)
					}
				})
				_, err := listThings(t.Context(), c)
				failed := asAPIError(t, err)
				written.WriteString(err.Error() + failed.EncodedMessage)
				if at := strings.Index(written.String(), "Q7Q7"); at >= 0 {
					t.Errorf("a part of it is shown: %s", written.String()[:at+50])
				}
				if !strings.Contains(written.String(), "****") {
					t.Errorf("it was not found: %s", written.String())
				}
			})
		})
	}
}

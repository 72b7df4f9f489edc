package client

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// FuzzDecodeProjects reads any body as IAM's list of projects.
func FuzzDecodeProjects(f *testing.F) {
	for _, seed := range []string{
		`{"projects":[{"id":"p1","name":"cn-north-4"}]}`,
		`{"projects":[{"id":"p1","name":"cn-north-4"},{"id":"p2","name":"cn-north-4_dev"}]}`,
		`{"projects":[{"id":"p1"}],"projects":[{"name":"cn-north-4"}]}`,
		`{"projects":[{"id":"p1","ID":"p2","name":"cn-north-4","enabled":true,"links":{"self":"u"}}],"links":{"next":null}}`,
		`{"projects":[{"id":"\ud800","name":"cn-north-4"},null,{"id":"` + testKeys.SecretKey + `"}],"message":"m"}`,
		`{"projects":[]}`, `{"projects":null}`, `{"error":{"code":401}}`, "\xef\xbb\xbf{}", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c := newTestClient(t, replying(reply{status: 200, body: string(body)}), maxRetries(0))
		id, err := projectOf(t.Context(), c, "")
		if (id == "") != (err != nil) {
			t.Fatalf("got %q and %v", id, err)
		}
		if err == nil {
			return
		}
		var unknown *ProjectError
		var malformed *APIError
		if !errors.As(err, &unknown) && (!errors.As(err, &malformed) || malformed.Class != ClassMalformed) {
			t.Errorf("got %v", err)
		}
		wantHarmless(t, err)
	})
}

// FuzzDecodeKeys reads any body as temporary keys. Those that are returned are
// complete and can be sent.
func FuzzDecodeKeys(f *testing.F) {
	for _, seed := range []string{
		`{"credential":{"access":"a","secret":"s","securitytoken":"t","expires_at":"2999-01-08T02:56:19.587000Z"}}`,
		`{"credentials":{"access_key_id":"a","secret_access_key":"s","security_token":"t","expiration":"2999-01-08"}}`,
		`{"credential":{"access":"a","Access":"b","secret":"s\n","securitytoken":null,"expires_at":"soon"},"Credential":{}}`,
		`{"credential":null,"credentials":{"access_key_id":1}}`, `{"credential":{},"credential":{}}`, "null", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, decode := range []func(*Response) (Credentials, error){decodeKeysOfIAM, decodeKeysOfSTS} {
			keys, err := decode(&Response{body: body})
			if err != nil {
				if keys != (Credentials{}) {
					t.Error("an error comes with keys")
				}
				continue
			}
			if keys.Token != "" || keys.Source != "" || !time.Now().Before(keys.Expires) {
				t.Errorf("got %+v", keys)
			}
			for _, part := range []string{keys.AccessKey, keys.SecretKey, keys.SecurityToken} {
				if !fitsHeader(part) {
					t.Errorf("%q is a part of the keys", part)
				}
			}
		}
	})
}

// FuzzDecodeScopedToken reads any token and any description of it. The
// returned token can be sent.
func FuzzDecodeScopedToken(f *testing.F) {
	for _, seed := range []string{
		`{"token":{"expires_at":"2999-01-08T02:56:19.587000Z","project":{"id":"p1"}}}`,
		`{"token":{"project":{"id":"a token of IAM"}}}`, `{"token":{"project":{"id":"../"}}}`, `{"Token":{}}`,
		`{"token":{"project":null}}`, `{"token":null}`, `{"token":[]}`, `{"token":{},"token":{}}`, "{}", "null", "",
	} {
		f.Add("anIAMToken", []byte(seed))
	}
	f.Add("a token", []byte("{}"))
	f.Fuzz(func(t *testing.T, token string, body []byte) {
		resp := &Response{
			http:    &http.Response{Header: http.Header{"X-Subject-Token": {token}}},
			body:    body,
			secrets: &secrets{},
		}
		got, err := decodeScopedToken(resp)
		if err != nil {
			if got != (scopedToken{}) {
				t.Error("an error comes with a token")
			}
			return
		}
		if got.Token != token || !fitsHeader(token) || !isUsableProjectID(got.projectID) ||
			len(token) >= minInRows && strings.Contains(got.projectID, token) {
			t.Errorf("got %+v", got)
		}
	})
}

// FuzzParseEndpoint reads any endpoint that a practitioner may write.
func FuzzParseEndpoint(f *testing.F) {
	for _, seed := range []string{
		"fgs.example.com", "http://127.0.0.1:8080", "https://h/prefix/", "https://user:password@h", "https://[::1]:1/x",
		"h?q", "h#f", "ftp://h", "//h", "h:port", "", "%", "\u00ad", "ｈｔｔｐ://h", "bücher:",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, endpoint string) {
		u, err := ParseEndpoint(endpoint)
		if err != nil {
			if strings.Contains(endpoint, "@") && err.Error() != "must not contain a user name or a password" {
				t.Errorf("%q: %v", endpoint, err)
			}
			return
		}
		if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" ||
			u.Fragment != "" || !strings.HasSuffix(u.Path, "/") {
			t.Errorf("%q is read as %#v", endpoint, u)
		}
		if strings.Contains(u.String(), "@") {
			return // it was escaped, and is not when written out
		}
		if again, err := ParseEndpoint(u.String()); err != nil || again.String() != u.String() {
			t.Errorf("%q is read as %s, and that as %v, %v", endpoint, u, again, err)
		}
	})
}

package client

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// The body of a success is neither observed nor quoted if it is sensitive. That
// of a failure is. Further headers are sent.
func TestGet_sensitive(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sensitive bool
		status    int
		want      bool // whether the body is seen
	}{
		"a success":           {false, http.StatusOK, true},
		"a sensitive success": {true, http.StatusOK, false},
		"a sensitive failure": {true, http.StatusBadRequest, true},
		"a failure":           {false, http.StatusBadRequest, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := simulator.New(simulator.Config{})
			cloud.Script(simulator.Fault{Status: tt.status, Body: `{"error_msg":"planted text"`, Times: -1})
			var seen strings.Builder
			c, err := New(Config{
				Region: simulator.DefaultRegion, ProjectID: simulator.DefaultProjectID, Transport: cloud.Transport(),
				Credentials: Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey},
				Observe:     func(_ context.Context, attempt Attempt) { seen.Write(attempt.Body) },
			})
			if err != nil {
				t.Fatal(err)
			}
			session, err := c.Session(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			_, err = Get(t.Context(), session, Request{
				Operation: "test", Path: []string{"workflows"}, Sensitive: tt.sensitive, Header: map[string]string{"X-Test": "yes"},
			}, func(resp *Response) (text string, err error) {
				return text, DecodeObject(resp, "the object", func(d *Decoder, _ string) (bool, error) {
					return true, d.JSON(&text)
				})
			})
			if err == nil {
				t.Fatal("an incomplete body was accepted")
			}
			if got := strings.Contains(seen.String(), "planted"); got != tt.want {
				t.Errorf("observed: %t, want %t: %s", got, tt.want, seen.String())
			}
			if got := strings.Contains(err.Error(), "planted"); got != tt.want {
				t.Errorf("quoted: %t, want %t: %v", got, tt.want, err)
			}
			for _, r := range cloud.Requests() {
				if r.Header.Get("X-Test") != "yes" || !r.SignatureValid {
					t.Errorf("got headers %v", r.Header)
				}
			}
		})
	}
}

func TestDecoder_json(t *testing.T) {
	t.Parallel()
	const secret = "the secret of the request"
	tests := map[string]struct{ body, want, err string }{
		"object":       {body: "{ \"a\" : [ 1.50e3, null ],\n\"b\": \"x y\" }", want: `{"a":[1.50e3,null],"b":"x y"}`},
		"text":         {body: ` "a b" `, want: `"a b"`},
		"number":       {body: `10000000000000000000000001`, want: `10000000000000000000000001`},
		"null":         {body: `null`, want: "before"},
		"broken UTF-8": {body: "[\"\xff\"]", want: "[\"\ufffd\"]"},
		"twice":        {body: `{"a":1,"a":2}`, err: `the key "a" appears twice`},
		"incomplete":   {body: `{"a":`, err: "unexpected end of JSON input"},
		"long":         {body: `"` + strings.Repeat("x", maxText) + `"`, err: "is longer than"},
		"secret":       {body: `[["` + secret + `"]]`, err: "the body repeats a secret of the request"},
		"escaped":      {body: `["the\u0020secret of the request"]`, err: "repeats a secret of the request"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := "before"
			err := NewResponse([]byte(tt.body), secret).Decode("it", func(d *Decoder) error { return d.JSON(&got) })
			switch {
			case tt.err == "" && (err != nil || got != tt.want):
				t.Errorf("got %q and %v, want %q", got, err, tt.want)
			case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err) || got != "before"):
				t.Errorf("got %q and %v, want %s", got, err, tt.err)
			}
		})
	}
}

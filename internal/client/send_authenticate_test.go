package client

import (
	"strings"
	"testing"
	"time"
)

func TestAuthenticate(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		creds    Credentials
		unsigned bool
		signed   bool
		token    string
	}{
		"keys":     {creds: Credentials{AccessKey: "ak", SecretKey: "sk"}, signed: true},
		"a token":  {creds: Credentials{Token: "t"}, token: "t"},
		"unsigned": {creds: Credentials{AccessKey: "ak", SecretKey: "sk", Token: "t"}, unsigned: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			call := newCall()
			call.unsigned, call.key, call.sent = test.unsigned, key{Credentials: test.creds}, time.Unix(0, 0)
			call.http = httpRequest(t)
			if _, err := authenticate(t.Context(), call, (&fakeSteps{errs: []error{nil}}).handle); err != nil {
				t.Fatal(err)
			}
			header := call.http.Header
			if got := strings.HasPrefix(header.Get("Authorization"), signingAlgorithm+" Access=ak, "); got != test.signed {
				t.Errorf("signed: %t, want %t: %v", got, test.signed, header)
			}
			if date := header.Get(headerDate); test.signed && date != "19700101T000000Z" {
				t.Errorf("got date %s, want that of the attempt", date)
			}
			if got := header.Get(headerAuthToken); got != test.token {
				t.Errorf("got token %q, want %q", got, test.token)
			}
		})
	}
}

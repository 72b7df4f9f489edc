package client

import (
	"net/url"
	"testing"
)

func TestCollectSecrets(t *testing.T) {
	t.Parallel()

	call := newCall()
	call.key.Credentials = Credentials{
		AccessKey: "ACCESSKEY0123456", SecretKey: "the-secret-key", SecurityToken: "the-security-token",
		Token: "the-iam-token",
	}
	call.request.secrets = []string{"the-id-token"}
	call.proxy.User = url.UserPassword("the/user", "the/password1")
	call.http = httpRequest(t)
	call.http.Header.Set("Authorization", signingAlgorithm+" Access=ACCESSKEY0123456, Signature=the-signature")
	var recorded *secrets
	call.recordSecrets = func(s *secrets) { recorded = s }
	if _, err := collectSecrets(t.Context(), call, (&fakeSteps{errs: []error{nil}}).handle); err != nil {
		t.Fatal(err)
	}
	if recorded != call.secrets {
		t.Error("other secrets were recorded")
	}
	for text, want := range map[string]string{
		"ACCESSKEY0123456": hidden + "3456", // users recognise the end
		"the-secret-key":   hidden, "the-security-token": hidden, "the-iam-token": hidden, "the-id-token": hidden,
		"the-signature": hidden, "the/password1": hidden, "the%2Fpassword1": hidden, "the/user": hidden, "the%2Fuser": hidden,
		"dGhlL3VzZXI6dGhlL3Bhc3N3b3JkMQ==": hidden, // both in base64, as net/http sends them
		"another text":                     "another text",
	} {
		if got := call.secrets.shown(text, maxMessage); got != want {
			t.Errorf("%s is shown as %q, want %q", text, got, want)
		}
	}
}

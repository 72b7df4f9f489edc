package client

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Keys that cannot be sent in a header, or that a service would reject as wrong,
// make the response malformed. They are neither used nor shown.
func TestTemporaryKeys_unfit(t *testing.T) {
	t.Parallel()

	const good = "aGoodPartOfTemporaryKeys"
	steps := map[string]struct {
		from     CredentialsProvider
		agencies []Agency
		keys     [5]string // the object and its fields
		step     string
		before   int // requests before the one that gives the keys
		tries    int
	}{
		"IAM": {
			testKeys,
			[]Agency{firstByName},
			[5]string{"credential", "access", "secret", "securitytoken", "expires_at"},
			"assume_role",
			0,
			2,
		},
		"STS": {
			testKeys, []Agency{firstByID},
			[5]string{"credentials", "access_key_id", "secret_access_key", "security_token", "expiration"}, "assume_role", 0, 2,
		},
		"OIDC": {
			exchanging(idToken), nil, [5]string{"credential", "access", "secret", "securitytoken", "expires_at"},
			"assume_role_with_oidc: the exchange of the IAM token", 1, 2,
		},
		"metadata": {
			Metadata{Source: "a profile"}, nil, [5]string{"credential", "access", "secret", "securitytoken", "expires_at"},
			"a profile: the ECS metadata service", 1, 1,
		},
	}
	for of, step := range steps {
		for name, part := range map[string]string{
			"line break at the end": good + "\n",
			"line break":            good + "\r\nX-Other: a",
			"space":                 good + " x",
			"space before":          " " + good,
			"NUL":                   good + "\x00",
			"DEL":                   good + "\x7f",
			"Chinese":               good + "函",
			"invisible":             good + "\u200b",
			"half a surrogate":      good + "\ufffd",
			"only space":            " ",
			"too long":              strings.Repeat(good, maxHeaderText/len(good)+1),
		} {
			for i := 1; i <= 3; i++ {
				t.Run(of+"/"+step.keys[i]+"/"+name, func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						keys := map[string]string{step.keys[1]: good, step.keys[2]: good, step.keys[3]: good}
						keys[step.keys[i]] = part
						keys[step.keys[4]] = time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
						body, err := json.Marshal(map[string]any{step.keys[0]: keys})
						if err != nil {
							t.Fatal(err)
						}
						s := &service{respond: func(n int, _ *http.Request) reply {
							if n <= step.before {
								return reply{status: 200, body: "token", header: map[string]string{"X-Subject-Token": "token"}}
							}
							return reply{status: 200, body: string(body)}
						}}
						c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials, cfg.Agencies = step.from, step.agencies })
						err = get(t.Context(), c)
						failed := wantClass(t, err, ClassMalformed)
						const want = "the response contains temporary keys that cannot be sent in a header"
						if failed.Message != want || failed.Status != 200 {
							t.Errorf("got HTTP %d, %s\nwant %s", failed.Status, failed.Message, want)
						}
						if wrong, ok := errors.AsType[*CredentialsError](err); !ok || !strings.HasPrefix(wrong.Step, step.step) {
							t.Errorf("got %v, want the step %s", err, step.step)
						}
						if strings.Contains(err.Error(), good) {
							t.Errorf("keys are shown: %v", err)
						}
						if s.sent() != step.before+step.tries {
							t.Errorf("%d requests, want %d", s.sent(), step.before+step.tries)
						}
					})
				})
			}
		}
	}
}

// The same for an IAM token.
func TestOIDC_unfitToken(t *testing.T) {
	t.Parallel()

	for name, token := range unfitTokens() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(reply{status: 201, body: "{}", header: map[string]string{"X-Subject-Token": token}})
				err := get(t.Context(), newTestClient(t, s, func(cfg *Config) { cfg.Credentials = exchanging(idToken) }))
				failed := wantClass(t, err, ClassMalformed)
				if want := "the X-Subject-Token of the response cannot be sent in a header"; failed.Message != want {
					t.Errorf("got %s, want %s", failed.Message, want)
				}
				if s.sent() != 2 { // a response that cannot be read is requested again, once
					t.Errorf("%d requests, want 2", s.sent())
				}
			})
		})
	}
}

// The same for the token of the metadata service, which is a body.
func TestMetadata_unfitToken(t *testing.T) {
	t.Parallel()

	for name, token := range unfitTokens() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(reply{status: 200, body: token})
				err := get(t.Context(), newTestClient(t, s, func(cfg *Config) { cfg.Credentials = Metadata{} }))
				if failed := wantClass(t, err, ClassMalformed); failed.Message != "the response is not a token" {
					t.Errorf("got %s", failed.Message)
				}
				if s.sent() != 1 {
					t.Errorf("%d requests, want 1", s.sent())
				}
			})
		})
	}
}

func unfitTokens() map[string]string {
	return map[string]string{
		"tab": "a\tb", "space": "a b", "Chinese": "a函", "control": "a\x01b", "too long": strings.Repeat("a", maxHeaderText+1),
	}
}

package simulator

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const idTokens = "/v3.0/OS-AUTH/id-token/tokens"

// byIDToken returns a request for an IAM token. The scope is such as
// `"project":{"name":"r"}`.
func byIDToken(idToken, scope string) string {
	return fmt.Sprintf(`{"auth":{"id_token":{"id":%q},"scope":{%s}}}`, idToken, scope)
}

func TestCreateTokenWithIDToken(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body     string
		lifetime time.Duration
		want     string
	}{
		"unscoped":        {`{"auth":{"id_token":{"id":"jwt"}}}`, 0, "2026-03-11T12:00:00.000000Z"},
		"rotated":         {`{"auth":{"id_token":{"id":"next"}}}`, 0, "2026-03-11T12:00:00.000000Z"},
		"project by name": {byIDToken("jwt", `"project":{"name":"cn-north-4"}`), 0, "2026-03-11T12:00:00.000000Z"},
		"project by ID": {byIDToken("jwt", `"project":{"id":"`+DefaultProjectID+`"}`), 0,
			"2026-03-11T12:00:00.000000Z"},
		"account":     {byIDToken("jwt", `"domain":{"name":"any"}`), 0, "2026-03-11T12:00:00.000000Z"},
		"short-lived": {`{"auth":{"id_token":{"id":"jwt"}}}`, time.Minute, "2026-03-10T12:01:00.000000Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := testNow
			c := New(Config{
				Now:               func() time.Time { return now },
				IdentityProviders: []IdentityProvider{{ID: "i", IDTokens: []string{"jwt", "next"}}},
				TokenLifetime:     tt.lifetime,
			})
			c.AddWorkflow(testWorkflow)
			cl := anonymous(c)
			got := cl.send(t, "POST", "/prefix"+idTokens, tt.body, "X-Idp-Id", "i")
			want := `{"token":{"expires_at":"` + tt.want +
				`","issued_at":"2026-03-10T12:00:00.000000Z","methods":["mapped"]}}`
			if diff := cmp.Diff(want, got.body); got.status != http.StatusCreated || diff != "" {
				t.Fatalf("status %d, body (-want +got):\n%s", got.status, diff)
			}

			const list = "/v2/" + DefaultProjectID + "/fgs/workflows/" + testWorkflow + "/executions"
			use := func() string {
				return refusalOf(t, cl.send(t, "GET", list, "", "X-Auth-Token", got.header.Get("X-Subject-Token")))
			}
			if text := use(); text != "" {
				t.Errorf("the token is refused: %s", text)
			}
			end, err := time.Parse(iamTimeLayout, tt.want)
			if err != nil {
				t.Fatal(err)
			}
			now = end
			if text := use(); text != "token expires, expires_at "+tt.want {
				t.Errorf("after its end the token gets %q", text)
			}
			if diff := cmp.Diff([]string{"", "idp:i", ""}, callers(c)); diff != "" {
				t.Errorf("callers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCreateTokenWithIDToken_refused(t *testing.T) {
	t.Parallel()
	cfg := Config{
		Now:               fixedClock,
		Projects:          []Project{{ID: DefaultProjectID, Name: "mine", DomainID: "d"}, {ID: "2", Name: "home's"}},
		IdentityProviders: []IdentityProvider{{ID: "i", IDTokens: []string{"jwt"}, DomainID: "d"}},
	}
	const invalid = "IAM.0011 Request parameter %s is invalid."
	for name, tt := range map[string]struct {
		idp  string
		body string
		want string
	}{
		"no provider": {"", byIDToken("jwt", `"project":{"name":"mine"}`), fmt.Sprintf(invalid, "X-Idp-Id")},
		"unknown provider": {"x", byIDToken("jwt", `"project":{"name":"mine"}`),
			"IAM.0004 Could not find Identity Provider: x."},
		"no body":        {"i", "", fmt.Sprintf(invalid, "body")},
		"other names":    {"i", `{"auth":{"idToken":{"id":"jwt"}}}`, fmt.Sprintf(invalid, "body")},
		"empty ID token": {"i", byIDToken("", `"project":{"name":"mine"}`), fmt.Sprintf(invalid, "id_token")},
		"other ID token": {"i", byIDToken("x", `"project":{"name":"mine"}`),
			"IAM.0001 The request you have made requires authentication."},
		"empty scope":   {"i", byIDToken("jwt", ""), fmt.Sprintf(invalid, "scope")},
		"empty project": {"i", byIDToken("jwt", `"project":{}`), fmt.Sprintf(invalid, "scope")},
		"two scopes": {"i", byIDToken("jwt", `"project":{"name":"mine"},"domain":{"id":"d"}`),
			fmt.Sprintf(invalid, "scope")},
		"unknown project": {"i", byIDToken("jwt", `"project":{"name":"x"}`), "IAM.0004 Could not find project: x."},
		"foreign project": {"i", byIDToken("jwt", `"project":{"id":"2"}`), "IAM.0004 Could not find project: 2."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var headers []string
			if tt.idp != "" {
				headers = []string{"X-Idp-Id", tt.idp}
			}
			if got := refusal(t, anonymous(New(cfg)).send(t, "POST", idTokens, tt.body, headers...)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const securityTokens = "/v3.0/OS-CREDENTIAL/securitytokens"

// byAgency returns a request for an agency's keys. more are further fields of
// assume_role, such as `,"domain_id":"d"`.
func byAgency(name, domainName string, more ...string) string {
	return fmt.Sprintf(`{"auth":{"identity":{"methods":["assume_role"],"assume_role":{"agency_name":%q,`+
		`"domain_name":%q%s}}}}`,
		name, domainName, strings.Join(more, ""))
}

func byToken(id string, more ...string) string {
	return fmt.Sprintf(`{"auth":{"identity":{"methods":["token"],"token":{"id":%q%s}}}}`, id, strings.Join(more, ""))
}

func TestCreateTemporaryAccessKeyByAgency(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Agencies: []Agency{{Name: "a", DomainID: "d", DomainName: "team"}}})
	body := byAgency("a", "team", `,"duration_seconds":3600`)
	got := inProcess(c).send(t, "POST", "/iam"+securityTokens, body)

	pair := c.creds.pairs["SIMULATORTEMPKEY0001"]
	want := `{"credential":{"access":"SIMULATORTEMPKEY0001","secret":"` + pair.secretKey + `","securitytoken":"` +
		pair.securityToken + `","expires_at":"2026-03-10T13:00:00.000000Z"}}`
	if diff := cmp.Diff(want, got.body); got.status != http.StatusCreated || diff != "" {
		t.Errorf("status %d, body (-want +got):\n%s", got.status, diff)
	}
	if trace := got.header.Get("X-Iam-Trace-Id"); trace == "" {
		t.Error("no X-IAM-Trace-Id")
	}
	r := c.Requests()[0]
	if string(r.Body) != body || r.Operation != CreateTemporaryAccessKeyByAgency || r.Caller != CallerHome {
		t.Errorf("recorded %s by %q with the body %s", r.Operation, r.Caller, r.Body)
	}
}

func TestCreateTemporaryAccessKeyByAgency_refused(t *testing.T) {
	t.Parallel()
	agencies := []Agency{
		{Name: "a", DomainID: "d", DomainName: "team"},
		{Name: "for nobody", TrustedBy: []string{}},
		{Name: "for another", TrustedBy: []string{Agency{Name: "a", DomainID: "d"}.Caller()}},
	}
	const invalid, notFound = "IAM.0011 Request parameter %s is invalid.", "IAM.0004 Could not find agency: %s."
	const forbidden = "IAM.0003 Policy doesn't allow iam:agencies:assume to be performed."
	for name, tt := range map[string]struct {
		body string
		want string
	}{
		"no body": {"", fmt.Sprintf(invalid, "body")},
		"other names": {`{"auth":{"identity":{"methods":["assume_role"],"assume_role":{"xrole_name":"a",` +
			`"domain_name":"team"}}}}`, fmt.Sprintf(invalid, "body")},
		"no methods": {`{"auth":{"identity":{"assume_role":{"agency_name":"a","domain_name":"team"}}}}`,
			fmt.Sprintf(invalid, "body")},
		"other method":  {`{"auth":{"identity":{"methods":["password"]}}}`, fmt.Sprintf(invalid, "methods")},
		"nothing to it": {`{"auth":{"identity":{"methods":["assume_role"]}}}`, fmt.Sprintf(invalid, "assume_role")},
		"token too": {`{"auth":{"identity":{"methods":["assume_role"],"assume_role":{"agency_name":"a",` +
			`"domain_name":"team"},"token":{"id":"x"}}}}`, fmt.Sprintf(invalid, "assume_role")},
		"no name": {byAgency("", "team"), fmt.Sprintf(invalid, "agency_name")},
		"no account": {`{"auth":{"identity":{"methods":["assume_role"],"assume_role":{"agency_name":"a"}}}}`,
			fmt.Sprintf(invalid, "domain_id")},
		"too short": {byAgency("a", "team", `,"duration_seconds":899`),
			fmt.Sprintf(invalid, "duration_seconds")},
		"too long": {byAgency("a", "team", `,"duration_seconds":86401`),
			fmt.Sprintf(invalid, "duration_seconds")},
		"other agency":     {byAgency("b", "team"), fmt.Sprintf(notFound, "b")},
		"other account":    {byAgency("a", DefaultDomainName), fmt.Sprintf(notFound, "a")},
		"other account ID": {byAgency("a", "team", `,"domain_id":"e"`), fmt.Sprintf(notFound, "a")},
		"nobody trusted":   {byAgency("for nobody", DefaultDomainName), forbidden},
		"not trusted":      {byAgency("for another", DefaultDomainName), forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := inProcess(New(Config{Now: fixedClock, Agencies: agencies})).send(t, "POST", securityTokens, tt.body)
			if got := refusal(t, r); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// refusal returns the code and the message of an error of IAM v3.0 or STS, and
// checks its status.
func refusal(t *testing.T, r reply) string {
	t.Helper()
	var body iamErrorBody
	if err := json.Unmarshal([]byte(r.body), &body); err != nil || body.Code == "" {
		t.Fatalf("got %d %s, want an error", r.status, r.body)
	}
	status := map[string]int{
		iamUnauthorized: 401, iamForbidden: 403, iamNotFound: 404, iamBadParameter: 400,
		stsUnauthorized: 401, stsForbidden: 403, stsNotFound: 404, stsBadParameter: 400,
	}[body.Code]
	if r.status != status {
		t.Errorf("%s came with %d, want %d", body.Code, r.status, status)
	}

	return body.Code + " " + body.Message
}

func TestCreateTemporaryAccessKeyByAgency_lifetime(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		configured time.Duration
		more       string
		want       string
	}{
		"not said":   {0, "", "2026-03-10T12:15:00.000000Z"},
		"shortest":   {0, `,"duration_seconds":900`, "2026-03-10T12:15:00.000000Z"},
		"longest":    {0, `,"duration_seconds":86400`, "2026-03-11T12:00:00.000000Z"},
		"configured": {90500 * time.Millisecond, `,"duration_seconds":86400`, "2026-03-10T12:01:30.500000Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Agencies: []Agency{{Name: "a"}}, TemporaryLifetime: tt.configured})
			got := inProcess(c).send(t, "POST", securityTokens, byAgency("a", DefaultDomainName, tt.more))
			if !strings.Contains(got.body, `"expires_at":"`+tt.want+`"`) {
				t.Errorf("got %s, want the end %s", got.body, tt.want)
			}
		})
	}
}

func TestCreateTemporaryAccessKeyByToken(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Token: "tok"})
	c.AddWorkflow(testWorkflow)
	cl := anonymous(c)
	r := cl.send(t, "POST", securityTokens, byToken("tok", `,"duration_seconds":3600`))
	if !strings.Contains(r.body, `"expires_at":"2026-03-10T13:00:00.000000Z"`) {
		t.Errorf("got %s", r.body)
	}
	if got := cl.as(t, http.StatusCreated, r).list(t); got.status != http.StatusOK {
		t.Errorf("with the keys: %d %s", got.status, got.body)
	}
	if diff := cmp.Diff([]string{"", CallerHome}, callers(c)); diff != "" {
		t.Errorf("callers (-want +got):\n%s", diff)
	}
}

func TestCreateTemporaryAccessKeyByToken_refused(t *testing.T) {
	t.Parallel()
	cfg := Config{Now: fixedClock, Token: "tok", TokenExpires: testNow}
	const invalid = "IAM.0011 Request parameter %s is invalid."
	for name, tt := range map[string]struct {
		body string
		want string
	}{
		"other names": {`{"auth":{"identity":{"methods":["token"],"token":{"ID":"tok"}}}}`,
			fmt.Sprintf(invalid, "body")},
		"two methods": {`{"auth":{"identity":{"methods":["token","assume_role"],"token":{"id":"tok"}}}}`,
			fmt.Sprintf(invalid, "methods")},
		"no token": {`{"auth":{"identity":{"methods":["token"]}}}`, fmt.Sprintf(invalid, "token")},
		"agency too": {`{"auth":{"identity":{"methods":["token"],"token":{"id":"tok"},` +
			`"assume_role":{"agency_name":"a"}}}}`, fmt.Sprintf(invalid, "token")},
		"empty token":   {byToken(""), fmt.Sprintf(invalid, "token")},
		"too short":     {byToken("tok", `,"duration_seconds":899`), fmt.Sprintf(invalid, "duration_seconds")},
		"too long":      {byToken("tok", `,"duration_seconds":86401`), fmt.Sprintf(invalid, "duration_seconds")},
		"unknown token": {byToken("x"), "IAM.0001 Incorrect IAM authentication information: decrypt token fail"},
		"finished token": {byToken("tok"),
			"IAM.0001 Incorrect IAM authentication information: token expires, expires_at 2026-03-10T12:00:00.000000Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := refusal(t, anonymous(New(cfg)).send(t, "POST", securityTokens, tt.body)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

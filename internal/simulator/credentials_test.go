package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// refusalOf returns the text of a 401 from the gateway, or "" for a list.
func refusalOf(t *testing.T, r reply) string {
	t.Helper()
	if r.status == http.StatusOK {
		return ""
	}
	var body errorBody
	if err := json.Unmarshal([]byte(r.body), &body); err != nil || r.status != http.StatusUnauthorized ||
		body.Code != "APIGW.0301" {
		t.Fatalf("got %d %s, want a 401", r.status, r.body)
	}

	return strings.TrimPrefix(body.Message, "Incorrect IAM authentication information: ")
}

func TestVerify_issuedKeys(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		later  time.Duration
		client func(*client)
		want   string
	}{
		"good":          {},
		"to the end":    {later: 900*time.Second - 1},
		"ended":         {later: 900 * time.Second, want: "token expires, expires_at 2026-03-10T12:15:00.000000Z"},
		"without token": {client: func(cl *client) { cl.token = "" }, want: "decrypt token fail"},
		"other token":   {client: func(cl *client) { cl.token += "x" }, want: "decrypt token fail"},
		"other secret":  {client: func(cl *client) { cl.secretKey += "x" }, want: "verify aksk signature fail"},
		"other key": {
			client: func(cl *client) { cl.accessKey = DefaultAccessKey },
			want:   "decrypt token fail", // the main pair has none
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := testNow
			c := New(Config{Now: func() time.Time { return now }, Agencies: []Agency{{Name: "a"}}})
			c.AddWorkflow(testWorkflow)
			cl := inProcess(c)
			cl = cl.as(t, http.StatusCreated, cl.send(t, "POST", securityTokens, byAgency("a", DefaultDomainName)))
			now = now.Add(tt.later)
			if tt.client != nil {
				tt.client(cl)
			}
			if got := refusalOf(t, cl.list(t)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestVerify_iamToken(t *testing.T) {
	t.Parallel()
	const list = "/v2/" + DefaultProjectID + "/fgs/workflows/" + testWorkflow + "/executions"
	static := Config{Token: "tok"}
	ends := Config{Token: "tok", TokenExpires: testNow.Add(time.Hour)}
	ended := Config{Token: "tok", TokenExpires: testNow}
	for name, tt := range map[string]struct {
		cfg    Config
		token  string
		signed bool
		want   string
	}{
		"good":            {cfg: static, token: "tok"},
		"not ended":       {cfg: ends, token: "tok"},
		"ended":           {cfg: ended, token: "tok", want: "token expires, expires_at 2026-03-10T12:00:00.000000Z"},
		"another":         {cfg: static, token: "other", want: "decrypt token fail"},
		"none configured": {token: "tok", want: "decrypt token fail"},
		"neither":         {cfg: static, want: "x-auth-token not found"},
		"signature too": {cfg: static, token: "tok", signed: true,
			want: "x-auth-token and a signature in one request"},
		"signature not used": {cfg: static, signed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.cfg.Now = fixedClock
			c := New(tt.cfg)
			c.AddWorkflow(testWorkflow)
			cl := anonymous(c)
			if tt.signed {
				cl = inProcess(c)
			}
			var headers []string
			if tt.token != "" {
				headers = []string{"X-Auth-Token", tt.token}
			}
			if got := refusalOf(t, cl.send(t, "GET", list, "", headers...)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			caller := CallerHome
			if tt.want != "" {
				caller = ""
			}
			if r := c.Requests()[0]; r.Caller != caller || r.SignatureValid != (tt.want == "") {
				t.Errorf("recorded caller %q, valid=%t", r.Caller, r.SignatureValid)
			}
		})
	}
}

// Each service has its own shape of a 401.
func TestUnauthorized_services(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	cl := anonymous(c)
	const text = "Incorrect IAM authentication information: x-auth-token not found"
	want := []string{
		`{"error_code":"IAM.0001","error_msg":"` + text + `"}`,
		`{"error_code":"STS5.1002","error_msg":"` + text + `"}`,
	}
	got := []string{
		cl.send(t, "POST", securityTokens, byAgency("a", "d")).body,
		cl.send(t, "POST", "/v5/agencies/assume", "{}").body,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
}

// The signature covers the body.
func TestVerify_body(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Agencies: []Agency{{Name: "a"}, {Name: "b"}}})
	cl := inProcess(c)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, cl.base+securityTokens,
		strings.NewReader(byAgency("a", DefaultDomainName)))
	if err != nil {
		t.Fatal(err)
	}
	cl.sign(r, "host", "x-sdk-date")
	changed, err := http.NewRequestWithContext(t.Context(), http.MethodPost, cl.base+securityTokens,
		strings.NewReader(byAgency("b", DefaultDomainName)))
	if err != nil {
		t.Fatal(err)
	}
	changed.Header = r.Header
	if got := cl.do(t, changed); got.status != http.StatusUnauthorized ||
		!strings.Contains(got.body, errBadSignature.Error()) {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// Secrets are unique, and none is part of another.
func TestIssueKeys_differ(t *testing.T) {
	t.Parallel()
	c := New(Config{})
	seen := map[string]bool{}
	for range 10 {
		pair := c.issueKeys(identity{}, testNow, time.Hour)
		token := c.issueToken(term{})
		for _, s := range []string{pair.accessKey, pair.secretKey, pair.securityToken, token} {
			if seen[s] || len(s) < 20 {
				t.Errorf("%q is short or was issued before", s)
			}
			seen[s] = true
		}
	}
}

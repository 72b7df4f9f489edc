package simulator

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func assumeBody(urn, session string, more ...string) string {
	return `{"agency_urn":"` + urn + `","agency_session_name":"` + session + `"` + strings.Join(more, "") + `}`
}

func TestAssumeAgency(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Agencies: []Agency{{Name: "a", DomainID: "d"}}})
	body := assumeBody("iam::d:agency:a", "me")
	got := inProcess(c).send(t, "POST", "/v5/agencies/assume", body)

	pair := c.creds.pairs["SIMULATORTEMPKEY0001"]
	want := `{"assumed_agency":{"urn":"sts::d:assumed-agency:a/me","id":"` +
		hexSHA256([]byte("iam::d:agency:a"))[:32] + `:me"},` +
		`"credentials":{"access_key_id":"SIMULATORTEMPKEY0001","secret_access_key":"` + pair.secretKey +
		`","security_token":"` +
		pair.securityToken + `","expiration":"2026-03-10T13:00:00.000Z"}}`
	if diff := cmp.Diff(want, got.body); got.status != http.StatusOK || diff != "" {
		t.Errorf("status %d, body (-want +got):\n%s", got.status, diff)
	}
	if r := c.Requests()[0]; string(r.Body) != body || r.Operation != AssumeAgency || r.Caller != CallerHome {
		t.Errorf("recorded %s by %q with the body %s", r.Operation, r.Caller, r.Body)
	}
}

func TestAssumeAgency_refused(t *testing.T) {
	t.Parallel()
	a := Agency{Name: "a", DomainID: "d", TrustedBy: []string{CallerHome, "iam::d:agency:a"}}
	locked := Agency{Name: "locked", TrustedBy: []string{}}
	const urn = "iam::d:agency:a"
	invalid := func(name string) string { return "STS5.1003 the parameter " + name + " is invalid" }
	for name, tt := range map[string]struct {
		body    string
		chained bool
		want    string // "" for accepted
	}{
		"names of v3":       {body: byAgency("a", "d"), want: invalid("body")},
		"name in caps":      {body: `{"AGENCY_URN":"` + urn + `","agency_session_name":"me"}`, want: invalid("body")},
		"unknown name":      {body: assumeBody(urn, "me", `,"duration":900`), want: invalid("body")},
		"no session":        {body: `{"agency_urn":"` + urn + `"}`, want: invalid("body")},
		"empty agency":      {body: assumeBody("", "me"), want: invalid("agency_urn")},
		"session too short": {body: assumeBody(urn, "m"), want: invalid("agency_session_name")},
		"shortest session":  {body: assumeBody(urn, "me")},
		"longest session":   {body: assumeBody(urn, strings.Repeat("m", 128))},
		"session too long":  {body: assumeBody(urn, strings.Repeat("m", 129)), want: invalid("agency_session_name")},
		"all of a session":  {body: assumeBody(urn, "aZ0_+=,.@-")},
		"space in session":  {body: assumeBody(urn, "a b"), want: invalid("agency_session_name")},
		"shortest":          {body: assumeBody(urn, "me", `,"duration_seconds":900`)},
		"too short": {body: assumeBody(urn, "me", `,"duration_seconds":899`),
			want: invalid("duration_seconds")},
		"longest": {body: assumeBody(urn, "me", `,"duration_seconds":43200`)},
		"too long": {body: assumeBody(urn, "me", `,"duration_seconds":43201`),
			want: invalid("duration_seconds")},
		"longest chained":  {body: assumeBody(urn, "me", `,"duration_seconds":3600`), chained: true},
		"chained not said": {body: assumeBody(urn, "me"), chained: true},
		"too long chained": {body: assumeBody(urn, "me", `,"duration_seconds":3601`), chained: true,
			want: invalid("duration_seconds")},
		"unknown agency": {body: assumeBody(urn+"b", "me"),
			want: "STS5.1106 the agency " + urn + "b cannot be found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Agencies: []Agency{a, locked}})
			cl := inProcess(c)
			if tt.chained {
				cl = cl.as(t, http.StatusOK, cl.send(t, "POST", "/v5/agencies/assume", assumeBody(urn, "me")))
			}
			got := cl.send(t, "POST", "/v5/agencies/assume", tt.body)
			if tt.want == "" {
				cl.as(t, http.StatusOK, got)
			} else if text := refusal(t, got); text != tt.want {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}

func TestAssumeAgency_denied(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Agencies: []Agency{{Name: "a", TrustedBy: []string{}}}})
	got := inProcess(c).send(t, "POST", "/v5/agencies/assume", assumeBody("iam::"+DefaultDomainID+":agency:a", "me"))
	want := `{"error_code":"STS5.1001",` +
		`"error_msg":"access denied: home is not authorized to perform: sts:agencies:assume ` +
		`on resource: iam::fedcba9876543210fedcba9876543210:agency:a",` +
		`"encoded_authorization_message":"aG9tZSBpcyBub3QgYXV0aG9y` +
		`aXplZCB0byBwZXJmb3JtOiBzdHM6YWdlbmNpZXM6YXNzdW1lIG9uIHJlc291cmNlOiBpYW06OmZlZGNi` +
		`YTk4NzY1NDMyMTBmZWRjYmE5ODc2NTQzMjEw` +
		`OmFnZW5jeTph"}`
	if diff := cmp.Diff(want, got.body); got.status != http.StatusForbidden || diff != "" {
		t.Errorf("status %d, body (-want +got):\n%s", got.status, diff)
	}
}

package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Agency b can be assumed only with the keys of agency a.
func TestAgency_chain(t *testing.T) {
	t.Parallel()
	a := Agency{Name: "a", DomainID: "d1", DomainName: "one"}
	b := Agency{Name: "b", DomainID: "d2", DomainName: "two", TrustedBy: []string{a.Caller()}}
	newCloud := func() *Cloud { return New(Config{Now: fixedClock, Agencies: []Agency{a, b}}) }
	const assume = "/v5/agencies/assume"
	urn := func(a Agency) string { return `{"agency_urn":"` + a.Caller() + `","agency_session_name":"test"}` }
	type hop struct {
		path, body string
		status     int
	}
	v3a, v3b := hop{securityTokens, byAgency("a", "one"), 201}, hop{securityTokens, byAgency("b", "two"), 201}
	v5a, v5b := hop{assume, urn(a), 200}, hop{assume, urn(b), 200}
	for name, hops := range map[string][2]hop{
		"v3 v3": {v3a, v3b}, "v3 v5": {v3a, v5b}, "v5 v3": {v5a, v3b}, "v5 v5": {v5a, v5b},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud()
			home := inProcess(c)
			first := home.as(t, hops[0].status, home.send(t, "POST", hops[0].path, hops[0].body))
			first.as(t, hops[1].status, first.send(t, "POST", hops[1].path, hops[1].body)).get(t, "/v3/projects")
			want := []string{CallerHome, "iam::d1:agency:a", "iam::d2:agency:b"}
			if diff := cmp.Diff(want, callers(c)); diff != "" {
				t.Errorf("callers (-want +got):\n%s", diff)
			}
			if got := home.send(t, "POST", hops[1].path, hops[1].body); got.status != http.StatusForbidden {
				t.Errorf("hop b with the first keys: %d %s", got.status, got.body)
			}
		})
	}
}

// Each caller finds the projects of its own account and can read no others.
func TestOwns(t *testing.T) {
	t.Parallel()
	cfg := Config{
		Now:   fixedClock,
		Token: "tok",
		Projects: []Project{
			{ID: "10000000000000000000000000000000", Name: "r"},
			{ID: "20000000000000000000000000000000", Name: "r", DomainID: DefaultDomainID},
			{ID: "30000000000000000000000000000000", Name: "r", DomainID: "of nobody else"},
			{ID: "40000000000000000000000000000000", Name: "r", DomainID: "agency"},
			{ID: "50000000000000000000000000000000", Name: "r", DomainID: "idp"},
			{ID: "60000000000000000000000000000000", Name: "r", DomainID: "instance"},
		},
		Agencies:          []Agency{{Name: "near"}, {Name: "far", DomainID: "agency", DomainName: "agency"}},
		IdentityProviders: []IdentityProvider{{ID: "i", IDTokens: []string{"jwt"}, DomainID: "idp"}},
		Metadata:          &Metadata{DomainID: "instance"},
	}
	for name, tt := range map[string]struct {
		client func(*testing.T, *Cloud) *client
		want   string // first digits of the projects
	}{
		"home": {func(_ *testing.T, c *Cloud) *client { return inProcess(c) }, "12"},
		"agency of the same account": {func(t *testing.T, c *Cloud) *client {
			t.Helper()
			cl := inProcess(c)
			return cl.as(t, 201, cl.send(t, "POST", securityTokens, byAgency("near", DefaultDomainName)))
		}, "12"},
		"agency of another": {func(t *testing.T, c *Cloud) *client {
			t.Helper()
			cl := inProcess(c)
			return cl.as(t, 201, cl.send(t, "POST", securityTokens, byAgency("far", "agency")))
		}, "4"},
		"identity provider": {func(t *testing.T, c *Cloud) *client {
			t.Helper()
			cl := anonymous(c)
			token := cl.send(t, "POST", idTokens, `{"auth":{"id_token":{"id":"jwt"}}}`, "X-Idp-Id",
				"i").header.Get("X-Subject-Token")
			return cl.as(t, 201, cl.send(t, "POST", securityTokens, byToken(token)))
		}, "5"},
		"instance": {func(t *testing.T, c *Cloud) *client {
			t.Helper()
			cl := anonymous(c)
			return cl.as(t, 200, cl.send(t, "GET", securityKey, ""))
		}, "6"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New(cfg)
			c.AddWorkflow(testWorkflow)
			cl := tt.client(t, c)
			var body struct{ Projects []struct{ ID string } }
			if err := json.Unmarshal([]byte(cl.get(t, "/v3/projects", "name", "r").body), &body); err != nil {
				t.Fatal(err)
			}
			found, read := "", ""
			for _, p := range body.Projects {
				found += p.ID[:1]
			}
			for _, p := range cfg.Projects {
				r := cl.get(t, "/v2/"+p.ID+"/fgs/workflows/"+testWorkflow+"/executions")
				if r.status == http.StatusOK {
					read += p.ID[:1]
				} else if r.status != http.StatusForbidden || !strings.Contains(r.body, `"APIGW.0302"`) {
					t.Errorf("project %s: %d %s", p.ID, r.status, r.body)
				}
			}
			if found != tt.want || read != tt.want {
				t.Errorf("found %s and read %s, want %s", found, read, tt.want)
			}
		})
	}
}

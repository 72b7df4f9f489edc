package simulator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// exchanging returns a request to exchange a token. The scope is such as
// `"id":"p"`.
func exchanging(token, project string) string {
	return fmt.Sprintf(`{"auth":{"identity":{"methods":["token"],"token":{"id":%q}},"scope":{"project":{%s}}}}`,
		token, project)
}

func TestCreateTokenWithToken(t *testing.T) {
	t.Parallel()
	const (
		byID   = `"id":"` + DefaultProjectID + `"`
		byName = `"name":"` + DefaultRegion + `","domain":{"name":"` + DefaultDomainName + `"}`
		byBoth = `"name":"` + DefaultRegion + `","domain":{"id":"` + DefaultDomainID + `"}`
	)
	for name, tt := range map[string]struct {
		body    string
		project string // of the token
		refuses int
		want    int
	}{
		"unscoped, by ID":              {exchanging("tok", byID), Unscoped, 0, 201},
		"unscoped, by name":            {exchanging("tok", byName), Unscoped, 0, 201},
		"unscoped, by name and ID":     {exchanging("tok", byBoth), Unscoped, 0, 201},
		"of another project":           {exchanging("tok", byID), "other", 0, 201},
		"scoped, refused":              {exchanging("tok", byID), "other", 403, 403},
		"unscoped, others are refused": {exchanging("tok", byID), Unscoped, 403, 201},
		"wrong token":                  {exchanging("wrong", byID), Unscoped, 0, 401},
		"no such project":              {exchanging("tok", `"id":"none"`), Unscoped, 0, 401},
		"of another account": {exchanging("tok", `"name":"`+DefaultRegion+`","domain":{"name":"else"}`),
			Unscoped, 0, 401},
		"by name, no account": {exchanging("tok", `"name":"`+DefaultRegion+`"`), Unscoped, 0, 400},
		"no scope":            {exchanging("tok", ""), Unscoped, 0, 400},
		"another method of IAM's": {strings.Replace(exchanging("tok", byID), `["token"]`, `["password"]`, 1),
			Unscoped, 0, 400},
		"no JSON":                        {"tok", Unscoped, 0, 400},
		"for every project, and refused": {exchanging("tok", byID), "", 400, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Token: "tok", TokenProject: tt.project, TokenExchange: tt.refuses})
			c.AddWorkflow(testWorkflow)
			cl := anonymous(c)
			got := cl.send(t, "POST", "/prefix/v3/auth/tokens", tt.body)
			token := got.header.Get("X-Subject-Token")
			if got.status != tt.want || (token != "") != (tt.want == 201) {
				t.Fatalf("status %d, token %q, body %s; want %d", got.status, token, got.body, tt.want)
			}
			const list = "/v2/" + DefaultProjectID + "/fgs/workflows/" + testWorkflow + "/executions"
			if token != "" {
				if got := cl.send(t, "GET", list, "", "X-Auth-Token", token); got.status != http.StatusOK {
					t.Errorf("the new token gets %d %s", got.status, got.body)
				}
			}
			want := map[string]int{Unscoped: 401, "other": 403, "": 200}[tt.project]
			if got := cl.send(t, "GET", list, "", "X-Auth-Token", "tok"); got.status != want {
				t.Errorf("the old token gets %d %s, want %d", got.status, got.body, want)
			}
		})
	}
}

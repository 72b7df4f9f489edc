package simulator

import (
	"cmp"
	"net/http"
	"slices"
)

// wireIDTokenLogin is the body of POST /v3.0/OS-AUTH/id-token/tokens (CLOUD.md
// 6.6).
type wireIDTokenLogin struct {
	Auth struct {
		IDToken struct {
			ID string `json:"id"`
		} `json:"id_token"`
		Scope *wireScope `json:"scope,omitempty"`
	} `json:"auth"`
}

// wireScope names a project or an account.
type wireScope struct {
	Project *wireScopeTarget `json:"project,omitempty"`
	Domain  *wireScopeTarget `json:"domain,omitempty"`
}

type wireScopeTarget struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

func (s *wireScope) valid() bool {
	if s == nil {
		return true // an unscoped token
	}
	target := cmp.Or(s.Project, s.Domain)

	return target != nil && (s.Project == nil || s.Domain == nil) && *target != wireScopeTarget{}
}

// includes reports whether the scope includes a project. It ignores names of
// accounts, because projects have none.
func (s *wireScope) includes(p Project) bool {
	if s == nil || s.Project == nil {
		return true
	}

	return (s.Project.ID == "" || s.Project.ID == p.ID) && (s.Project.Name == "" || s.Project.Name == p.Name)
}

// createTokenWithIDToken issues an IAM token for an ID token of an identity
// provider.
func (c *Cloud) createTokenWithIDToken(q *call) response {
	var body wireIDTokenLogin
	if !q.decode(&body) {
		return badParameter("body")
	}
	id, scope := q.Header.Get("X-Idp-Id"), body.Auth.Scope
	switch {
	case id == "":
		return badParameter("X-Idp-Id")
	case body.Auth.IDToken.ID == "":
		return badParameter("id_token")
	case !scope.valid():
		return badParameter("scope")
	}
	provider, found := first(c.cfg.IdentityProviders, func(p IdentityProvider) bool { return p.ID == id })
	if !found {
		return refuse(http.StatusNotFound, iamNotFound, "Could not find Identity Provider: "+id+".")
	}
	if !slices.Contains(provider.IDTokens, body.Auth.IDToken.ID) {
		return refuse(http.StatusUnauthorized, iamUnauthorized, "The request you have made requires authentication.")
	}
	mine := func(p Project) bool { return p.account() == provider.identity().domainID && scope.includes(p) }
	if scope != nil && scope.Project != nil && !slices.ContainsFunc(c.cfg.Projects, mine) {
		name := cmp.Or(scope.Project.ID, scope.Project.Name)
		return refuse(http.StatusNotFound, iamNotFound, "Could not find project: "+name+".")
	}

	return c.grantToken(q, provider.identity(), "mapped", nil)
}

package simulator

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Unscoped is the project of a token without a project.
const Unscoped = "unscoped"

// wireTokenExchange is the body of POST /v3/auth/tokens with the method token
// (CLOUD.md 6.7).
type wireTokenExchange struct {
	Auth struct {
		Identity struct {
			Methods []string       `json:"methods"`
			Token   wireTokenLogin `json:"token"`
		} `json:"identity"`
		Scope struct {
			Project wireScopeProject `json:"project"`
		} `json:"scope"`
	} `json:"auth"`
}

// wireScopeProject names a project: by its ID, or by its name with its account.
type wireScopeProject struct {
	ID     string           `json:"id,omitempty"`
	Name   string           `json:"name,omitempty"`
	Domain *wireScopeTarget `json:"domain,omitempty"`
}

func (s wireScopeProject) valid() bool {
	return s.ID != "" || s.Name != "" && s.Domain != nil && *s.Domain != wireScopeTarget{}
}

func (s wireScopeProject) means(p Project) bool {
	if s.ID != "" {
		return s.ID == p.ID
	}

	return s.Name == p.Name &&
		(s.Domain.ID == p.account() || p.account() == DefaultDomainID && s.Domain.Name == DefaultDomainName)
}

type wireToken struct {
	Token struct {
		ExpiresAt string            `json:"expires_at"`
		IssuedAt  string            `json:"issued_at"`
		Methods   []string          `json:"methods"`
		Project   *wireScopeProject `json:"project,omitempty"`
	} `json:"token"`
}

// createTokenWithToken exchanges an IAM token for one of another project of the
// same account.
func (c *Cloud) createTokenWithToken(q *call) response {
	var body wireTokenExchange
	auth := &body.Auth
	if !q.decode(&body) || !slices.Contains(auth.Identity.Methods, "token") || !auth.Scope.Project.valid() {
		return keystoneError(http.StatusBadRequest, "The request body is invalid.")
	}
	old, err := c.token(auth.Identity.Token.ID, q.now)
	if err != nil {
		return keystoneError(http.StatusUnauthorized, "The request you have made requires authentication.")
	}
	if status := c.cfg.TokenExchange; status != 0 && old.project != Unscoped {
		return keystoneError(status, "rescope a scoped token")
	}
	project, found := first(c.cfg.Projects,
		func(p Project) bool { return p.account() == old.owner.domainID && auth.Scope.Project.means(p) })
	if !found { // Keystone does not reveal projects of other accounts
		return keystoneError(http.StatusUnauthorized, "The request you have made requires authentication.")
	}

	return c.grantToken(q, old.owner, "token", &project)
}

// grantToken issues an IAM token for a project, or for all projects of the owner
// if it is nil.
func (c *Cloud) grantToken(q *call, owner identity, method string, project *Project) response {
	t := term{owner: owner, expires: q.now.Add(cmp.Or(c.cfg.TokenLifetime, 24*time.Hour))}
	var w wireToken
	w.Token.ExpiresAt = t.expires.UTC().Format(iamTimeLayout)
	w.Token.IssuedAt = q.now.UTC().Format(iamTimeLayout)
	w.Token.Methods = []string{method}
	if project != nil {
		t.project = project.ID
		w.Token.Project = &wireScopeProject{project.ID, project.Name, &wireScopeTarget{ID: owner.domainID}}
	}
	token := c.issueToken(t)

	return response{status: http.StatusCreated, header: http.Header{"X-Subject-Token": {token}}, body: encode(w)}
}

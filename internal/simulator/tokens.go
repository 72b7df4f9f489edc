package simulator

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Unscoped is the project of a token without a project.
const Unscoped = "unscoped"

// wireTokenExchange is the body of POST /v3/auth/tokens with the method token (CLOUD.md 6.7).
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
	domain := cmp.Or(p.DomainID, DefaultDomainID)

	return s.Name == p.Name &&
		(s.Domain.ID == domain || domain == DefaultDomainID && s.Domain.Name == DefaultDomainName)
}

type wireScopedToken struct {
	Token struct {
		ExpiresAt string           `json:"expires_at"`
		IssuedAt  string           `json:"issued_at"`
		Methods   []string         `json:"methods"`
		Project   wireScopeProject `json:"project"`
	} `json:"token"`
}

// createTokenWithToken exchanges an IAM token for one of another project of the same account.
func (c *Cloud) createTokenWithToken(q *call) response {
	var body wireTokenExchange
	auth := &body.Auth
	if q.decode(&body) != nil || !slices.Contains(auth.Identity.Methods, "token") || !auth.Scope.Project.valid() {
		return keystoneRefusal(http.StatusBadRequest, "The request body is invalid.")
	}
	owner, err := c.ownerOfToken(auth.Identity.Token.ID, q.now)
	if err != nil {
		return keystoneRefusal(http.StatusUnauthorized, "The request you have made requires authentication.")
	}
	if status := c.cfg.TokenExchange; status != 0 && c.projectOfToken(auth.Identity.Token.ID) != Unscoped {
		return keystoneRefusal(status, "rescope a scoped token")
	}
	i := slices.IndexFunc(c.cfg.Projects,
		func(p Project) bool { return c.owns(owner, p) && auth.Scope.Project.means(p) })
	if i < 0 { // Keystone does not reveal projects of other accounts
		return keystoneRefusal(http.StatusUnauthorized, "The request you have made requires authentication.")
	}
	project := c.cfg.Projects[i]

	expires := q.now.Add(cmp.Or(c.cfg.TokenLifetime, 24*time.Hour))
	token := c.issueToken(term{owner: owner, expires: expires, project: project.ID})
	var w wireScopedToken
	w.Token.ExpiresAt = expires.UTC().Format(iamTimeLayout)
	w.Token.IssuedAt = q.now.UTC().Format(iamTimeLayout)
	w.Token.Methods = []string{"token"}
	w.Token.Project = wireScopeProject{ID: project.ID, Name: project.Name, Domain: &wireScopeTarget{ID: owner.domainID}}

	return response{status: http.StatusCreated, header: http.Header{"X-Subject-Token": {token}}, body: encode(w)}
}

// denyToken is FunctionGraph's response to a token of another project. It is not documented: here the gateway rejects a
// token without a project, and FunctionGraph one of another project.
func (c *Cloud) denyToken(q *call, p Project) (response, bool) {
	switch project := c.projectOfToken(q.Header.Get("X-Auth-Token")); project {
	case "", p.ID:
		return response{}, false
	case Unscoped:
		return q.fail(http.StatusUnauthorized, "APIGW.0301",
			"Incorrect IAM authentication information: "+errBadToken.Error()), true
	default:
		return q.fail(http.StatusForbidden, "FSS.0403", "invalid token"), true
	}
}

// keystoneRefusal is an error of IAM v3 (CLOUD.md 2.1).
func keystoneRefusal(status int, message string) response {
	var body keystoneBody
	body.Error.Code, body.Error.Message, body.Error.Title = status, message,
		strconv.Itoa(status)+" "+http.StatusText(status)

	return response{status: status, body: encode(body)}
}

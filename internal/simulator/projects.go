package simulator

import (
	"cmp"
	"net/http"
	"strings"
)

type wireProjects struct {
	Projects []wireProject `json:"projects"`
	Links    wireLinks     `json:"links"`
}

type wireProject struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	DomainID    string    `json:"domain_id"`
	ParentID    string    `json:"parent_id"`
	Enabled     bool      `json:"enabled"`
	IsDomain    bool      `json:"is_domain"`
	Description string    `json:"description"`
	Links       wireLinks `json:"links"`
}

type wireLinks struct {
	Self     string  `json:"self"`
	Next     *string `json:"next"`
	Previous *string `json:"previous"`
}

// listProjects returns the projects of the caller's account with an exact name
// (CLOUD.md 6.4).
func (c *Cloud) listProjects(q *call) response {
	self := "http://" + q.Host + q.URL.EscapedPath()
	name, filtered := q.query.get("name")
	list := wireProjects{Projects: []wireProject{}, Links: wireLinks{Self: self}}
	for _, p := range c.cfg.Projects {
		if filtered && p.Name != name || p.account() != q.caller.owner.domainID {
			continue
		}
		list.Projects = append(list.Projects, wireProject{
			ID:       p.ID,
			Name:     p.Name,
			DomainID: p.account(),
			ParentID: p.account(),
			Enabled:  true,
			Links:    wireLinks{Self: self + "/" + p.ID},
		})
	}

	return success(encode(list))
}

// denyProject sets the project of a request to FunctionGraph, or returns the
// response if the caller has no access. The responses to a token of another
// project are not documented: here the gateway rejects a token without a project,
// and FunctionGraph one of another project.
func (c *Cloud) denyProject(q *call) (denial response, denied bool) {
	project, found := first(c.cfg.Projects, func(p Project) bool { return p.ID == q.vars["project_id"] })
	q.project = project
	switch {
	case !found:
		return q.fail(http.StatusForbidden, "APIGW.0310", "The project is unavailable"), true
	case project.account() != q.caller.owner.domainID:
		return q.failAs(http.StatusForbidden), true
	case q.caller.project == "", q.caller.project == q.project.ID:
		return response{}, false
	case q.caller.project == Unscoped:
		return q.route.unauthorized(q, errBadToken.Error()), true
	default:
		return q.fail(http.StatusForbidden, "FSS.0403", "invalid token"), true
	}
}

// account returns the account of a project.
func (p Project) account() string { return cmp.Or(p.DomainID, DefaultDomainID) }

// region returns the region of a project. The name of a subproject is
// "<region>_<name>".
func (p Project) region() string {
	region, _, _ := strings.Cut(p.Name, "_")

	return region
}

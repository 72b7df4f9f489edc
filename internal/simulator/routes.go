package simulator

import (
	"net/http"
	"net/url"
	"strings"
)

// Operation names an API as its documentation does.
type Operation string

// The operations served. A request for anything else has the empty Operation.
const (
	ListProjects           Operation = "ListProjects"
	ListWorkflowExecutions Operation = "ListWorkflowExecutions"
)

// route binds an operation to its method and path.
type route struct {
	operation Operation
	method    string
	pattern   string // the end of the path; anything may stand before it, {name} takes one segment
	iam       bool   // IAM and not FunctionGraph behind its gateway: errors in another shape
	serve     func(*Cloud, *call) answer
}

// The route table. A further operation needs a line here, a constant above and a file of its own.
var routes = []route{
	{ListProjects, http.MethodGet, "v3/projects", true, (*Cloud).listProjects},
	{ListWorkflowExecutions, http.MethodGet, "v2/{project_id}/fgs/workflows/{workflow_id}/executions", false, (*Cloud).listWorkflowExecutions},
}

// findRoute returns the route of a request and its path parameters, or nil.
func findRoute(method, escapedPath string) (*route, map[string]string) {
	segments := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		// An empty segment comes from a badly joined base URL; a real gateway does not know such a path.
		if err != nil || plain == "" {
			return nil, nil
		}
		segments[i] = plain
	}
	for i := range routes {
		if vars, ok := match(routes[i].pattern, segments); ok && routes[i].method == method {
			return &routes[i], vars
		}
	}
	return nil, nil
}

func match(pattern string, segments []string) (map[string]string, bool) {
	parts := strings.Split(pattern, "/")
	if len(segments) < len(parts) {
		return nil, false
	}
	vars := map[string]string{}
	for i, s := range segments[len(segments)-len(parts):] {
		if name, ok := strings.CutPrefix(parts[i], "{"); ok {
			vars[strings.TrimSuffix(name, "}")] = s
		} else if parts[i] != s {
			return nil, false
		}
	}
	return vars, true
}

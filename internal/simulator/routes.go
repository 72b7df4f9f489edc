package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Operation is the name of an API, as in its documentation.
type Operation string

// The operations that the simulator serves. All other requests have the empty
// Operation.
const (
	ListProjects           Operation = "ListProjects"
	ListWorkflow           Operation = "ListWorkflow"
	ListWorkflowExecutions Operation = "ListWorkflowExecutions"
	ShowWorkflowExecution  Operation = "ShowWorkflowExecution"

	// ShowWorkflowExecutionForPage lists executions as well, with their total.
	ShowWorkflowExecutionForPage Operation = "ShowWorkflowExecutionForPage"

	CreateTemporaryAccessKeyByAgency Operation = "CreateTemporaryAccessKeyByAgency" // IAM v3.0, methods assume_role
	CreateTemporaryAccessKeyByToken  Operation = "CreateTemporaryAccessKeyByToken"  // IAM v3.0, methods token
	CreateTokenWithIDToken           Operation = "CreateTokenWithIdToken"           // IAM v3.0
	CreateTokenWithToken             Operation = "KeystoneCreateToken"              // IAM v3, method token
	AssumeAgency                     Operation = "AssumeAgency"                     // STS

	// The documentation has no names for the operations of the ECS metadata service.
	CreateMetadataToken Operation = "CreateMetadataToken"
	ShowSecurityKey     Operation = "ShowSecurityKey"
)

// Operations returns the operations that the simulator serves.
func Operations() []Operation {
	all := make([]Operation, len(routes))
	for i, r := range routes {
		all[i] = r.operation
	}

	return all
}

// Signed reports whether requests for the operation need a signature or a token.
func (o Operation) Signed() bool {
	return !slices.ContainsFunc(routes, func(r route) bool { return r.operation == o && r.unsigned })
}

// service is the service of a route. It decides the shape of errors (CLOUD.md
// 2.1).
type service int

const (
	functionGraph service = iota // behind its gateway
	keystone                     // IAM v3
	iam                          // IAM v3.0
	sts
	instance // the metadata service of an ECS instance
)

// route is the method and the path of an operation.
type route struct {
	operation Operation
	method    string
	pattern   string // end of the path; {name} matches one segment
	service   service
	serve     func(*Cloud, *call) response

	unsigned bool                   // whether requests need neither a signature nor a token
	body     func(body []byte) bool // selects between operations with the same path; nil matches any body
}

// routes is the table of operations. A new operation is a constant, a row and a
// file.
var routes = []route{
	{
		operation: ListProjects, service: keystone, serve: (*Cloud).listProjects,
		method: http.MethodGet, pattern: "v3/projects",
	},
	{
		operation: ListWorkflowExecutions, service: functionGraph, serve: (*Cloud).listWorkflowExecutions,
		method: http.MethodGet, pattern: "v2/{project_id}/fgs/workflows/{workflow_id}/executions",
	},
	{
		operation: ListWorkflow, service: functionGraph, serve: (*Cloud).listWorkflow,
		method: http.MethodGet, pattern: "v2/{project_id}/fgs/workflows",
	},
	{
		operation: ShowWorkflowExecution, service: functionGraph, serve: (*Cloud).showWorkflowExecution,
		method: http.MethodGet, pattern: "v2/{project_id}/fgs/workflows/{workflow_id}/executions/{execution_id}",
	},
	{
		operation: ShowWorkflowExecutionForPage, service: functionGraph, serve: (*Cloud).showWorkflowExecutionForPage,
		method: http.MethodGet, pattern: "v2/{project_id}/fgs/workflows/{workflow_id}/executions-history",
	},
	{
		operation: CreateTokenWithToken, service: keystone, serve: (*Cloud).createTokenWithToken,
		method: http.MethodPost, pattern: "v3/auth/tokens", unsigned: true,
	},
	{
		operation: CreateTemporaryAccessKeyByToken, service: iam, serve: (*Cloud).createTemporaryAccessKeyByToken,
		method: http.MethodPost, pattern: "v3.0/OS-CREDENTIAL/securitytokens", unsigned: true, body: asksByToken,
	},
	{
		operation: CreateTemporaryAccessKeyByAgency, service: iam, serve: (*Cloud).createTemporaryAccessKeyByAgency,
		method: http.MethodPost, pattern: "v3.0/OS-CREDENTIAL/securitytokens",
	},
	{
		operation: CreateTokenWithIDToken, service: iam, serve: (*Cloud).createTokenWithIDToken,
		method: http.MethodPost, pattern: "v3.0/OS-AUTH/id-token/tokens", unsigned: true,
	},
	{
		operation: AssumeAgency, service: sts, serve: (*Cloud).assumeAgency,
		method: http.MethodPost, pattern: "v5/agencies/assume",
	},
	{
		operation: CreateMetadataToken, service: instance, serve: (*Cloud).createMetadataToken,
		method: http.MethodPut, pattern: "meta-data/latest/api/token", unsigned: true,
	},
	{
		operation: ShowSecurityKey, service: instance, serve: (*Cloud).showSecurityKey,
		method: http.MethodGet, pattern: "openstack/latest/securitykey", unsigned: true,
	},
}

// findRoute returns the route of a request and its path parameters, or nil.
func findRoute(method, escapedPath string, body []byte) (*route, map[string]string) {
	segments := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		// An empty segment comes from a wrong base URL. The real gateway does not know
		// such a path.
		if err != nil || plain == "" {
			return nil, nil
		}
		segments[i] = plain
	}
	for i := range routes {
		r := &routes[i]
		if vars, ok := match(r.pattern, segments); ok && r.method == method && (r.body == nil || r.body(body)) {
			return r, vars
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

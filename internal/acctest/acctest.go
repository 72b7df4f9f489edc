// Package acctest is what the tests of several packages share: the environment and
// the configurations of acceptance tests, workspaces with the provider in the
// test's process or in its own, certificates, and clients of the simulator. The
// server itself is [simulator.Start].
//
// It does not import the provider, so that tests inside of the provider's packages
// can use it. Tests inside of client and simulator cannot, because it imports
// both.
package acctest

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// WorkflowID is the workflow that the examples and most tests read.
const WorkflowID = "48aff955-ea10-4ffd-b426-190bc192dc14"

// Environment stands for the environment variables of a provider in this process,
// so that tests with different ones run in parallel.
type Environment map[string]string

// Keys returns the variables with the simulator's region and keys.
func Keys() Environment {
	return Environment{
		"HW_REGION_NAME": simulator.DefaultRegion,
		"HW_ACCESS_KEY":  simulator.DefaultAccessKey,
		"HW_SECRET_KEY":  simulator.DefaultSecretKey,
	}
}

// Getenv returns the value of a variable, or "" if it is not set.
func (e Environment) Getenv(name string) string { return e[name] }

// With returns a copy of the environment with further variables.
func (e Environment) With(variables Environment) Environment {
	result := maps.Clone(e)
	maps.Copy(result, variables)

	return result
}

// Factories serves a provider in this process. The CLI calls server for each
// command.
func Factories(server func() tfprotov6.ProviderServer) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"huaweicloud": func() (tfprotov6.ProviderServer, error) { return server(), nil },
	}
}

// Words matches the given texts in this order, wherever the CLI breaks their
// lines.
func Words(texts ...string) *regexp.Regexp {
	var patterns []string
	for _, text := range texts {
		var escaped []string
		for word := range strings.FieldsSeq(text) {
			escaped = append(escaped, regexp.QuoteMeta(word))
		}
		patterns = append(patterns, strings.Join(escaped, `[\s│]+`))
	}

	return regexp.MustCompile(`(?s)` + strings.Join(patterns, `.*`))
}

// ExpectRequests checks the numbers of project lookups and lists since the last
// reset, and that nothing else was requested. It resets the requests.
func ExpectRequests(t *testing.T, srv *simulator.Server, projects, lists int) {
	t.Helper()
	gotProjects := len(srv.RequestsOf(simulator.ListProjects))
	gotLists := len(srv.RequestsOf(simulator.ListWorkflowExecutions))
	if n := len(srv.Requests()); gotProjects != projects || gotLists != lists || n != projects+lists {
		t.Errorf("got %d lookups and %d lists among %d requests, want %d and %d", gotProjects, gotLists, n,
			projects, lists)
	}
	srv.ResetRequests()
}

package datasources_test

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// testWorkflow is the workflow that most tests read.
const testWorkflow = "48aff955-ea10-4ffd-b426-190bc192dc14"

// environment is what the provider under test sees of environment variables,
// so that tests with different ones run in parallel.
type environment map[string]string

// defaultEnvironment has the simulator's region and key, and IAM's address.
func defaultEnvironment(srv *simulator.Server) environment {
	return environment{
		"HW_REGION_NAME": simulator.DefaultRegion,
		"HW_ACCESS_KEY":  simulator.DefaultAccessKey,
		"HW_SECRET_KEY":  simulator.DefaultSecretKey,
		"HW_AUTH_URL":    srv.URL,
	}
}

// with returns the environment with the given variables set.
func (e environment) with(variables environment) environment {
	result := maps.Clone(e)
	maps.Copy(result, variables)
	return result
}

// factories serves the provider in this process. The CLI starts it anew for
// every command.
func (e environment) factories() map[string]func() (tfprotov6.ProviderServer, error) {
	getenv := func(name string) string { return e[name] }
	return map[string]func() (tfprotov6.ProviderServer, error){
		"huaweicloud": func() (tfprotov6.ProviderServer, error) {
			return provider.Server(provider.Options{Version: "test", Getenv: getenv})(), nil
		},
	}
}

// run takes the steps through the CLI. Tests call t.Parallel themselves, since
// they start their simulator before.
func (e environment) run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: e.factories(), Steps: steps})
}

// providerBlock sends FunctionGraph's requests to the simulator, for which there
// is no environment variable, and takes further arguments.
func providerBlock(srv *simulator.Server, arguments ...string) string {
	const block = "provider \"huaweicloud\" {\n  endpoints = { fgs = %q }\n  %s\n}\n"
	return fmt.Sprintf(block, srv.URL, strings.Join(arguments, "\n  "))
}

// dataSource reads testWorkflow under the name "test", with further arguments.
func dataSource(arguments ...string) string {
	return namedDataSource("test", testWorkflow, arguments...)
}

// namedDataSource reads a workflow, with further arguments.
func namedDataSource(name, workflowID string, arguments ...string) string {
	return fmt.Sprintf("data \"huaweicloud_fgs_workflow_executions\" %q {\n  workflow_id = %q\n  %s\n}\n", name, workflowID, strings.Join(arguments, "\n  "))
}

// address is the data source that dataSource configures.
const address = typeAddress + "test"

// typeAddress begins the address of every data source.
const typeAddress = "data.huaweicloud_fgs_workflow_executions."

// words matches the given texts in this order, however the CLI wraps them.
func words(texts ...string) *regexp.Regexp {
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

// whole is the current second, as the service writes times.
func whole() time.Time { return time.Now().UTC().Truncate(time.Second) }

// requestsOf returns the requests of one operation.
func requestsOf(srv *simulator.Server, operation simulator.Operation) []simulator.Request {
	var result []simulator.Request
	for _, r := range srv.Requests() {
		if r.Operation == operation {
			result = append(result, r)
		}
	}
	return result
}

// expectRequests holds the numbers of lookups and lists since the last reset
// against what is wanted, and resets them.
func expectRequests(t *testing.T, srv *simulator.Server, projects, lists int) {
	t.Helper()
	requests := srv.Requests()
	gotProjects, gotLists := len(requestsOf(srv, simulator.ListProjects)), len(requestsOf(srv, simulator.ListWorkflowExecutions))
	if gotProjects != projects || gotLists != lists || len(requests) != projects+lists {
		t.Errorf("got %d lookups and %d lists among %d requests, want %d and %d", gotProjects, gotLists, len(requests), projects, lists)
	}
	srv.ResetRequests()
}

// queries returns the different queries among requests, by their canonical text.
func queries(requests []simulator.Request) map[string]url.Values {
	result := map[string]url.Values{}
	for _, r := range requests {
		result[r.Query.Encode()] = r.Query
	}
	return result
}

// executionIDs wants exactly these executions, in this order.
func executionIDs(executions []simulator.Execution) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(executions))
	for _, e := range executions {
		id := map[string]knownvalue.Check{"execution_id": knownvalue.StringExact(e.ID)}
		checks = append(checks, knownvalue.ObjectPartial(id))
	}
	return knownvalue.ListExact(checks)
}

// workflowOf is the workflow that a request lists.
func workflowOf(r simulator.Request) string {
	segments := strings.Split(r.Path, "/")
	return segments[len(segments)-2]
}

// stateCheck calls a function with the state.
type stateCheck func(any) error

// CheckState implements statecheck.StateCheck.
func (f stateCheck) CheckState(
	_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse,
) {
	resp.Error = f(req.State)
}

// planCheck calls a function with the plan.
type planCheck func(any) error

// CheckPlan implements plancheck.PlanCheck.
func (f planCheck) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = f(req.Plan)
}

package datasources_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// testWorkflow is the workflow that most tests read.
const testWorkflow = acctest.WorkflowID

type environment = acctest.Environment

// defaultEnvironment has the simulator's region and key, and IAM's address.
func defaultEnvironment(srv *simulator.Server) environment {
	return acctest.Keys().With(environment{"HW_AUTH_URL": srv.URL})
}

// factories serves the provider in this process.
func factories(env environment) map[string]func() (tfprotov6.ProviderServer, error) {
	return acctest.Factories(provider.Server(provider.Options{Version: "test", Getenv: env.Getenv}))
}

// run takes the steps through the CLI. Tests call t.Parallel themselves, because
// they start their simulator before.
func run(t *testing.T, env environment, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories(env), Steps: steps})
}

// refusal is what is said of a data source with these arguments.
type refusal struct {
	arguments []string
	want      []string
}

// expectRefusals checks that data sources of a type are refused for their
// arguments, before any request. One plan names all of them.
func expectRefusals(t *testing.T, typeName string, refusals map[string]refusal) {
	t.Helper()
	srv := simulator.Start(t, simulator.Config{})
	config := providerBlock(srv)
	want := map[string][]string{}
	for name, refused := range refusals {
		config += fmt.Sprintf("data %q %q {\n  %s\n}\n", typeName, label(name), strings.Join(refused.arguments, "\n  "))
		want[name] = refused.want
	}
	expectErrors(t, typeName, config, want)
	if n := len(srv.Requests()); n > 0 {
		t.Errorf("got %d requests", n)
	}
}

// failure is what is said of a data source that cannot be read from a service.
type failure struct {
	srv       *simulator.Server
	block     []string // arguments of its provider block, besides the addresses
	arguments []string
	want      []string
}

// expectFailures checks what is said of data sources of a type, each of which has
// a service and a provider block of its own. One plan names all of them.
func expectFailures(t *testing.T, typeName string, failures map[string]failure) {
	t.Helper()
	config := ""
	want := map[string][]string{}
	for name, failed := range failures {
		config += providerBlock(failed.srv, append(failed.block, fmt.Sprintf("alias    = %q\n  auth_url = %q",
			label(name), failed.srv.URL))...)
		config += fmt.Sprintf("data %q %q {\n  provider = huaweicloud.%[2]s\n  %[3]s\n}\n", typeName, label(name),
			strings.Join(failed.arguments, "\n  "))
		want[name] = failed.want
	}
	expectErrors(t, typeName, config, want)
}

// expectErrors checks that a plan fails, and the errors of its data sources.
func expectErrors(t *testing.T, typeName, config string, want map[string][]string, env ...string) {
	t.Helper()
	server := func(getenv func(string) string) func() tfprotov6.ProviderServer {
		return provider.Server(provider.Options{Version: "test", Getenv: getenv, Quiet: true})
	}
	out, err := acctest.NewWorkspace(t, server, config, env...).Run(t, "plan", "-input=false")
	if err == nil {
		t.Fatalf("the plan succeeds:\n%s", out)
	}
	said := strings.Split(out, "Error: ")
	for name, texts := range want {
		var ofThis string
		for _, text := range said {
			if at := typeName + "." + label(name); strings.Contains(text, at+",") || strings.Contains(text, at+"[") {
				ofThis += "Error: " + text
			}
		}
		if !acctest.Words(texts...).MatchString(ofThis) {
			t.Errorf("%s: got %q, want %q", name, ofThis, texts)
		}
	}
}

// label is a name as the label of a block.
func label(name string) string { return strings.NewReplacer(" ", "_", ",", "").Replace(name) }

// providerBlock sends FunctionGraph's requests to the simulator, for which there
// is no environment variable, and takes further arguments.
func providerBlock(srv *simulator.Server, arguments ...string) string {
	const block = "provider \"huaweicloud\" {\n  endpoints = { fgs = %q }\n  %s\n}\n"
	return fmt.Sprintf(block, srv.URL, strings.Join(arguments, "\n  "))
}

// dataSource reads testWorkflow under the name "test".
func dataSource() string { return workspace.DataSource("test", testWorkflow) }

// address is the data source that dataSource configures.
const address = typeAddress + "test"

// typeAddress begins the address of every data source.
const typeAddress = "data.huaweicloud_fgs_workflow_executions."

// whole is the current second, as the service writes times.
func whole() time.Time { return time.Now().UTC().Truncate(time.Second) }

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

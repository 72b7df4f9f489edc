package datasources_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// executionAddress is the data source that executionDataSource configures.
const executionAddress = "data.huaweicloud_fgs_workflow_execution.test"

// executionDataSource reads one execution of testWorkflow, with further arguments.
func executionDataSource(executionID string, arguments ...string) string {
	return fmt.Sprintf("data \"huaweicloud_fgs_workflow_execution\" \"test\" {\n"+
		"  workflow_id = %q\n  execution_id = %q\n  %s\n}\n", testWorkflow, executionID, strings.Join(arguments, "\n  "))
}

// planted is what an execution handles that must not be seen.
const planted = "PlantedPassword0123456789"

// failedExecution is an execution with two nodes, the second of which failed
// twice. Its payloads hold what is planted.
func failedExecution(begin time.Time) simulator.Execution {
	payload := `{"password": "` + planted + `"}`
	try := simulator.Try{
		Status: "fail", Begin: begin.Add(1500 * time.Millisecond), End: begin.Add(2 * time.Second), RequestID: "r-1",
		Input: payload, Output: `["` + planted + strings.Repeat("x", 1000) + `"]`, Error: `"wrong password"`,
	}
	again := try
	again.Begin, again.End, again.RequestID, again.Error = begin.Add(3*time.Second), time.Time{}, "r-2", `{"code": 7}`
	return simulator.Execution{
		ID: "e", Status: "fail", CreatedBy: "李雷",
		Begin: begin, End: begin.Add(time.Minute), LastUpdate: begin.Add(time.Minute),
		Input: payload, Output: payload,
		Nodes: []simulator.Node{
			{ID: "second", Name: "处理", Tries: []simulator.Try{try, again}},
			{ID: "first", Tries: []simulator.Try{
				{Status: "success", Begin: begin, End: begin.Add(time.Second), Input: payload},
			}},
		},
	}
}

func TestAccWorkflowExecutionDataSource_basic(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	begin := whole().Add(-time.Hour)
	srv.AddWorkflow(testWorkflow, failedExecution(begin))
	text := func(d time.Duration) knownvalue.Check {
		return knownvalue.StringExact(begin.Add(d).Format(time.RFC3339Nano))
	}
	exact, null := knownvalue.StringExact, knownvalue.Null()
	nodes := knownvalue.ListExact([]knownvalue.Check{
		knownvalue.ObjectExact(map[string]knownvalue.Check{
			"node_id": exact("first"), "node_name": null,
			"executions": knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
				"status": exact("success"), "begin_time": text(0), "end_time": text(time.Second),
				"error_message": null, "request_id": null,
			})}),
		}),
		knownvalue.ObjectExact(map[string]knownvalue.Check{
			"node_id": exact("second"), "node_name": exact("处理"),
			"executions": knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"status": exact("fail"), "begin_time": text(1500 * time.Millisecond), "end_time": text(2 * time.Second),
					"error_message": exact("wrong password"), "request_id": exact("r-1"),
				}),
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"status": exact("fail"), "begin_time": text(3 * time.Second), "end_time": null,
					"error_message": exact(`{"code":7}`), "request_id": exact("r-2"),
				}),
			}),
		}),
	})
	values := func(checks map[string]knownvalue.Check) []statecheck.StateCheck {
		all := []statecheck.StateCheck{}
		for name, check := range checks {
			all = append(all, statecheck.ExpectKnownValue(executionAddress, tfjsonpath.New(name), check))
		}
		return all
	}
	common := map[string]knownvalue.Check{
		"workflow_id": exact(testWorkflow), "execution_id": exact("e"), "region": exact(simulator.DefaultRegion),
		"workflow_urn": exact("urn:fss:cn-north-4:" + simulator.DefaultProjectID + ":workflow:default:flow-48aff955:latest"),
		"status":       exact("fail"),
		"begin_time":   text(0), "end_time": text(time.Minute), "last_update_time": text(time.Minute),
		"created_by": exact("李雷"), "nodes": nodes,
	}
	payload := exact(`{"password":"` + planted + `"}`)
	output := exact(`["` + planted + strings.Repeat("x", 1000) + `"]`)
	empty := resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	run(t, defaultEnvironment(srv),
		resource.TestStep{
			Config: providerBlock(srv) + executionDataSource("e"),
			ConfigStateChecks: append(values(common), values(map[string]knownvalue.Check{
				"input": null, "output": null, "node_payloads": null,
			})...),
			ConfigPlanChecks: empty,
		},
		resource.TestStep{
			PreConfig: func() {
				for _, r := range srv.RequestsOf(simulator.ShowWorkflowExecution) {
					if len(r.Query) > 0 || r.Header.Get("X-Get-Workflow-Full-History-Data") != "" || !r.SignatureValid {
						t.Errorf("got query %v, headers %v", r.Query, r.Header)
					}
				}
				srv.ResetRequests()
			},
			Config: providerBlock(srv) + executionDataSource("e", "payloads = true"),
			ConfigStateChecks: append(append(values(common), values(map[string]knownvalue.Check{
				"input": payload, "output": payload,
				"node_payloads": knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectExact(map[string]knownvalue.Check{
						"node_id": exact("first"),
						"executions": knownvalue.ListExact([]knownvalue.Check{
							knownvalue.ObjectExact(map[string]knownvalue.Check{"input": payload, "output": null}),
						}),
					}),
					knownvalue.ObjectExact(map[string]knownvalue.Check{
						"node_id": exact("second"),
						"executions": knownvalue.ListExact([]knownvalue.Check{
							knownvalue.ObjectExact(map[string]knownvalue.Check{"input": payload, "output": output}),
							knownvalue.ObjectExact(map[string]knownvalue.Check{"input": payload, "output": output}),
						}),
					}),
				}),
			})...),
				statecheck.ExpectSensitiveValue(executionAddress, tfjsonpath.New("input")),
				statecheck.ExpectSensitiveValue(executionAddress, tfjsonpath.New("output")),
				statecheck.ExpectSensitiveValue(executionAddress, tfjsonpath.New("node_payloads")),
			),
			ConfigPlanChecks: empty,
		})
	for _, r := range srv.RequestsOf(simulator.ShowWorkflowExecution) {
		if r.Header.Get("X-Get-Workflow-Full-History-Data") != "true" || !r.SignatureValid {
			t.Errorf("got headers %v", r.Header)
		}
	}
	expectReads(t, srv, simulator.ShowWorkflowExecution, readsOfStep)
}

// expectReads wants so many requests of one operation, and none but those and
// lookups of the project.
func expectReads(t *testing.T, srv *simulator.Server, operation simulator.Operation, want int) {
	t.Helper()
	requests, projects := len(srv.Requests()), len(srv.RequestsOf(simulator.ListProjects))
	if got := len(srv.RequestsOf(operation)); got != want || requests != projects+got {
		t.Errorf("got %d requests among %d, with %d lookups, want %d", got, requests, projects, want)
	}
}

// An execution that the service does not know is an error that names everything.
func TestAccWorkflowExecutionDataSource_unknown(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow(testWorkflow, simulator.Seed(1, whole(), time.Minute, 1)...)
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv) + executionDataSource("nobody-knows"),
		ExpectError: acctest.Words("Error: Execution not found", `execution_id = "nobody-knows"`, "Workflow: "+testWorkflow,
			"Execution: nobody-knows", "Region: cn-north-4", "Project: "+simulator.DefaultProjectID, "Error code: FGS.5002"),
	})
	expectReads(t, srv, simulator.ShowWorkflowExecution, 1)
}

func TestAccWorkflowExecutionDataSource_refusedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	const workflowID, executionID = `workflow_id = "w"`, `execution_id = "e"`
	expectRefusals(t, "huaweicloud_fgs_workflow_execution", map[string]refusal{
		"empty": {
			[]string{workflowID, `execution_id = ""`},
			[]string{"Error: Invalid execution ID", "Attribute execution_id must not be empty"},
		},
		"path": {[]string{workflowID, `execution_id = "a/b"`}, []string{
			"Error: Invalid execution ID", "must be the execution's ID, a UUID, without slashes", `got: "a/b"`,
		}},
		"dots": {[]string{workflowID, `execution_id = ".."`}, []string{"Error: Invalid execution ID"}},
		"URN as workflow": {
			[]string{`workflow_id = "urn:fss:x"`, executionID},
			[]string{"Error: Invalid workflow ID", "and not its URN"},
		},
		"region": {
			[]string{workflowID, executionID, `region = ""`},
			[]string{"Attribute region must not be an empty string"},
		},
		"timeout": {
			[]string{workflowID, executionID, "timeouts {\n    read = \"0s\"\n  }"},
			[]string{"Error: Timeout is not positive"},
		},
	})
}

// Not parallel: the log's place is an environment variable of this process.
func TestAccWorkflowExecutionDataSource_payloads(t *testing.T) {
	log := filepath.Join(t.TempDir(), "trace.log")
	t.Setenv("TF_LOG", "TRACE")
	t.Setenv("TF_ACC_LOG_PATH", log)
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow(testWorkflow, failedExecution(whole().Add(-time.Hour)))

	var state, plan strings.Builder
	keep := func(to *strings.Builder) func(v any) error {
		return func(v any) error {
			text, err := json.Marshal(v)
			to.Write(text)
			return err
		}
	}
	step := resource.TestStep{
		Config:            providerBlock(srv) + executionDataSource("e"),
		ConfigStateChecks: []statecheck.StateCheck{stateCheck(keep(&state))},
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply:             []plancheck.PlanCheck{planCheck(keep(&plan))},
			PostApplyPostRefresh: []plancheck.PlanCheck{planCheck(keep(&plan))},
		},
	}
	env := defaultEnvironment(srv)
	run(t, env, step)
	logged, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for place, text := range map[string]string{"log": string(logged), "state": state.String(), "plan": plan.String()} {
		if strings.Contains(text, planted) {
			t.Errorf("the payload is in the %s", place)
		}
		mark := map[string]string{"log": "HTTP response", "state": "wrong password", "plan": testWorkflow}[place]
		if !strings.Contains(text, mark) {
			t.Errorf("the %s lacks %q: is it the right place?", place, mark)
		}
	}

	// Asked for, it is in the state, and still not in the provider's log.
	state.Reset()
	step.Config = providerBlock(srv) + executionDataSource("e", "payloads = true")
	run(t, env, step)
	if logged, err = os.ReadFile(log); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(state.String(), planted) {
		t.Error("the payload is not in the state")
	}
	for line := range strings.Lines(string(logged)) {
		if strings.Contains(line, planted) && strings.Contains(line, "HTTP response") {
			t.Errorf("the payload is in the log: %s", line)
		}
	}
}

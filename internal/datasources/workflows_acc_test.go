package datasources_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// workflowsType begins the address of every data source of this file.
const workflowsType = "data.huaweicloud_fgs_workflows."

// workflowsDataSource lists workflows, with further arguments.
func workflowsDataSource(name string, arguments ...string) string {
	return fmt.Sprintf("data \"huaweicloud_fgs_workflows\" %q {\n  %s\n}\n", name, strings.Join(arguments, "\n  "))
}

// workflowNames wants exactly these workflows, in this order.
func workflowNames(names ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(names))
	for _, name := range names {
		checks = append(checks, knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"name": knownvalue.StringExact(name),
		}))
	}
	return knownvalue.ListExact(checks)
}

func TestAccWorkflowsDataSource_basic(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	created := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	srv.PutWorkflow(simulator.Workflow{
		ID: "w2", Name: "订单", Description: "d", CreatedBy: "李雷", Created: created, Updated: created.Add(time.Hour),
		StreamResponse: true,
	})
	srv.PutWorkflow(simulator.Workflow{ID: "w1", Name: "orders", Raw: map[string]string{
		"workflow_urn": `null`, "created_time": `"2026-03-01 16:00:00+08:00"`, "updated_time": `"0001-01-01T00:00:00Z"`,
		"created_by": `7`, "enable_stream_response": "",
	}})
	address := workflowsType + "test"
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv) + workflowsDataSource("test"),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("region"), knownvalue.StringExact(simulator.DefaultRegion)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("workflows"), knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"id":                     knownvalue.StringExact("w1"),
					"name":                   knownvalue.StringExact("orders"),
					"workflow_urn":           knownvalue.Null(),
					"description":            knownvalue.Null(),
					"created_time":           knownvalue.StringExact("2026-03-01T08:00:00Z"),
					"updated_time":           knownvalue.Null(),
					"created_by":             knownvalue.StringExact("7"),
					"enable_stream_response": knownvalue.Null(),
				}),
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"id":   knownvalue.StringExact("w2"),
					"name": knownvalue.StringExact("订单"),
					"workflow_urn": knownvalue.StringExact(
						"urn:fss:cn-north-4:" + simulator.DefaultProjectID + ":workflow:default:订单:latest"),
					"description":            knownvalue.StringExact("d"),
					"created_time":           knownvalue.StringExact("2026-03-01T08:00:00Z"),
					"updated_time":           knownvalue.StringExact("2026-03-01T09:00:00Z"),
					"created_by":             knownvalue.StringExact("李雷"),
					"enable_stream_response": knownvalue.Bool(true),
				}),
			})),
		},
		ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
	})
	for _, r := range srv.RequestsOf(simulator.ListWorkflow) {
		if diff := cmp.Diff(map[string][]string{"limit": {"200"}}, map[string][]string(r.Query)); diff != "" {
			t.Errorf("query (-want +got):\n%s", diff)
		}
	}
	if n := len(srv.RequestsOf(simulator.ListWorkflow)); n != readsOfStep {
		t.Errorf("got %d requests, want %d", n, readsOfStep)
	}
}

// 232 workflows in two pages, of which the names contain each other.
func TestAccWorkflowsDataSource_pagesAndNames(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	var names []string
	for _, w := range simulator.SeedWorkflows(232, whole(), 1) {
		srv.PutWorkflow(w)
		names = append(names, w.Name)
	}
	slices.Sort(names)
	workflows := tfjsonpath.New("workflows")
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv) + workflowsDataSource("all") + workflowsDataSource("orders", `name = "orders"`) +
			workflowsDataSource("chinese", `name = "订单"`) + workflowsDataSource("none", `name = "order"`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(workflowsType+"all", workflows, workflowNames(names...)),
			statecheck.ExpectKnownValue(workflowsType+"orders", workflows, workflowNames("orders")),
			statecheck.ExpectKnownValue(workflowsType+"chinese", workflows, workflowNames("订单")),
			statecheck.ExpectKnownValue(workflowsType+"none", workflows, workflowNames()),
		},
	})
	got := queries(srv.RequestsOf(simulator.ListWorkflow))
	for _, want := range []string{
		"limit=200", "limit=200&offset=199", "limit=200&workflow_name=orders", "limit=200&workflow_name=order",
		"limit=200&workflow_name=%E8%AE%A2%E5%8D%95",
	} {
		if _, ok := got[want]; !ok {
			t.Errorf("no request with %s", want)
		}
		delete(got, want)
	}
	if len(got) > 0 {
		t.Errorf("got further requests: %v", got)
	}
}

func TestAccWorkflowsDataSource_filters(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	srv.PutWorkflow(simulator.Workflow{ID: "1", Name: "normal"})
	srv.PutWorkflow(simulator.Workflow{ID: "2", Name: "express", Mode: "EXPRESS", EnterpriseProject: "ep"})
	workflows := tfjsonpath.New("workflows")
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv, `enterprise_project_id = "another"`) + workflowsDataSource("all") +
			workflowsDataSource("normal", `mode = "NORMAL"`) + workflowsDataSource("express", `mode = "EXPRESS"`) +
			workflowsDataSource("project", `enterprise_project_id = "ep"`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(workflowsType+"all", workflows, workflowNames("express", "normal")),
			statecheck.ExpectKnownValue(workflowsType+"normal", workflows, workflowNames("normal")),
			statecheck.ExpectKnownValue(workflowsType+"express", workflows, workflowNames("express")),
			statecheck.ExpectKnownValue(workflowsType+"project", workflows, workflowNames("express")),
		},
	})
}

func TestAccWorkflowsDataSource_refusedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	expectRefusals(t, "huaweicloud_fgs_workflows", map[string]refusal{
		"bad values": {
			[]string{`mode = "normal"`, `region = "a/b"`, "timeouts {\n    read = \"soon\"\n  }"},
			[]string{
				`Attribute mode value must be one of: ["NORMAL" "EXPRESS"], got: "normal"`,
				`Attribute region must be a region's ID such as "cn-north-4", got: a/b`,
				`"soon" must be a string containing a sequence of decimal numbers`,
			},
		},
		"empty strings": {
			[]string{`name = ""`, `mode = ""`, `enterprise_project_id = ""`, `region = ""`},
			[]string{"must not be an empty string. To leave it out, use null."},
		},
		"timeout of nothing": {
			[]string{"timeouts {\n    read = \"0s\"\n  }"}, []string{"Error: Timeout is not positive"},
		},
	})
}

func TestAccWorkflowsDataSource_failure(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		behaviour simulator.Behaviour
		fault     simulator.Fault
		want      []string
	}{
		"no right": {
			fault: simulator.Status(http.StatusForbidden).On(simulator.ListWorkflow),
			want:  []string{"Error: Permission denied", "and denied the list of workflows", "Error code: APIGW.0302"},
		},
		"no workflows in the region": {
			fault: simulator.Fault{Operation: simulator.ListWorkflow, Status: 404, Body: `{"error_code":"APIGW.0101"}`},
			want:  []string{"Error: API not found", "This region may not offer workflows"},
		},
		"offset ignored": {
			behaviour: simulator.Behaviour{WorkflowOffset: simulator.OffsetIgnored},
			want: []string{
				"Error: Incomplete list of workflows", "Region: cn-north-4",
				"The service ignores offset: it returned the first page again.",
			},
		},
	}
	failures := map[string]failure{}
	for name, tt := range tests {
		srv := simulator.Start(t, simulator.Config{Behaviour: tt.behaviour})
		for _, w := range simulator.SeedWorkflows(232, whole(), 1) {
			srv.PutWorkflow(w)
		}
		if tt.fault.Operation != "" {
			srv.Script(tt.fault)
		}
		failures[name] = failure{srv: srv, want: tt.want}
	}
	expectFailures(t, "huaweicloud_fgs_workflows", failures)
}

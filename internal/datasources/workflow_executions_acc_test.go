package datasources_test

// Acceptance tests: the provider through a real Terraform or OpenTofu, against
// the simulator. Each asserts the CLI's output and the requests.
//
// Covered: every attribute and null; lists of 0 to 401 executions; order; every
// argument alone, valid and invalid; the window; regions and projects; temporary
// and permanent failures of the service; secrets.
//
// Not covered here: the provider's settings (internal/provider); other behaviours
// of the service, retries and the gate in detail (internal/functiongraph,
// internal/client); the exact wording (testdata); Ctrl-C and deferral, which the
// testing framework does not support with released CLIs; a live service.

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
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

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// A step plans, applies and plans twice more. All three plans read.
const readsOfStep = 3

func TestAccWorkflowExecutionsDataSource_basic(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{Behaviour: simulator.Behaviour{NoEnd: simulator.NoEndZeroDate}})
	now := whole()
	srv.AddWorkflow(testWorkflow,
		simulator.Execution{
			ID: "e1", Status: "success", CreatedBy: "李雷",
			Begin: now.Add(-time.Hour), End: now.Add(-30 * time.Minute), LastUpdate: now.Add(-29 * time.Minute),
		},
		simulator.Execution{ID: "e2", Status: "running", Begin: now.Add(-time.Minute), Raw: map[string]string{
			"workflow_id": `null`, "workflow_urn": `""`, "created_by": "", "last_update_time": `"soon"`,
		}},
	)
	text := func(t time.Time) knownvalue.Check { return knownvalue.StringExact(t.Format(time.RFC3339)) }
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv) + dataSource() + `output "newest" { value = ` + address + `.executions[0] }`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("region"), knownvalue.StringExact(simulator.DefaultRegion)),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("executions"), knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"workflow_id":      knownvalue.Null(),
					"workflow_urn":     knownvalue.Null(),
					"execution_id":     knownvalue.StringExact("e2"),
					"status":           knownvalue.StringExact("running"),
					"begin_time":       text(now.Add(-time.Minute)),
					"end_time":         knownvalue.Null(),
					"last_update_time": knownvalue.StringExact("soon"),
					"created_by":       knownvalue.Null(),
				}),
				knownvalue.ObjectExact(map[string]knownvalue.Check{
					"workflow_id": knownvalue.StringExact(testWorkflow),
					"workflow_urn": knownvalue.StringExact(
						"urn:fss:cn-north-4:" + simulator.DefaultProjectID + ":workflow:default:flow-48aff955:latest"),
					"execution_id":     knownvalue.StringExact("e1"),
					"status":           knownvalue.StringExact("success"),
					"begin_time":       text(now.Add(-time.Hour)),
					"end_time":         text(now.Add(-30 * time.Minute)),
					"last_update_time": text(now.Add(-29 * time.Minute)),
					"created_by":       knownvalue.StringExact("李雷"),
				}),
			})),
		},
		ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
	})

	for _, r := range srv.RequestsOf(simulator.ListWorkflowExecutions) {
		if diff := cmp.Diff(map[string][]string{"limit": {"200"}}, map[string][]string(r.Query)); diff != "" {
			t.Errorf("query (-want +got):\n%s", diff)
		}
		if !r.SignatureValid || r.Header.Get("X-Project-Id") != simulator.DefaultProjectID {
			t.Errorf("got signature valid: %t, X-Project-Id: %q", r.SignatureValid, r.Header.Get("X-Project-Id"))
		}
		agent := r.Header.Get("User-Agent")
		if !strings.HasPrefix(agent, "terraform-provider-huaweicloud-fgs/test Terraform/1.") {
			t.Errorf("got user agent %q", agent)
		}
	}
	acctest.ExpectRequests(t, srv, readsOfStep, readsOfStep)
}

func TestAccWorkflowExecutionsDataSource_size(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	now := whole()
	cfg := providerBlock(srv)
	var checks []statecheck.StateCheck
	long := race.Choose(5000, 1000)
	for _, size := range []int{0, 1, 199, 200, 201, 401, long} {
		id := fmt.Sprint(size)
		rows := simulator.Seed(size, now.Add(-time.Minute), 30*time.Second, uint64(size))
		srv.AddWorkflow(id, rows...)
		cfg += workspace.DataSource("of_"+id, id) +
			`output "of_` + id + `" { value = length(` + typeAddress + `of_` + id + ".executions) }\n"
		checks = append(checks,
			statecheck.ExpectKnownValue(typeAddress+"of_"+id, tfjsonpath.New("executions"), executionIDs(rows)))
	}
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config:            cfg,
		ConfigStateChecks: checks,
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		},
	})

	if got := len(srv.RequestsOf(simulator.ListProjects)); got != readsOfStep {
		t.Errorf("got %d lookups of the project, want one for each process: %d", got, readsOfStep)
	}
	lists := map[string]int{}
	for _, r := range srv.RequestsOf(simulator.ListWorkflowExecutions) {
		lists[workflowOf(r)]++
	}
	for _, size := range []string{"0", "1", "199"} {
		if lists[size] != readsOfStep {
			t.Errorf("got %d requests for %s executions, want one for each read: %d", lists[size], size, readsOfStep)
		}
	}
	for _, size := range []string{"200", "201", "401", fmt.Sprint(long)} {
		if lists[size] <= readsOfStep {
			t.Errorf("got %d requests for %s executions in %d reads: a full page proves nothing", lists[size], size, readsOfStep)
		}
	}
}

func TestAccWorkflowExecutionsDataSource_order(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{Behaviour: simulator.Behaviour{Order: simulator.Unordered}})
	now := whole()
	row := func(id string, age time.Duration) simulator.Execution {
		return simulator.Execution{ID: id, Status: "success", Begin: now.Add(-age)}
	}
	srv.AddWorkflow(testWorkflow, row("b", time.Hour), row("old", 2*time.Hour), row("c", time.Hour), row("a", time.Hour),
		row("new", time.Minute))
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv) + dataSource(),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("executions"),
			executionIDs([]simulator.Execution{{ID: "new"}, {ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "old"}}))},
	})
	acctest.ExpectRequests(t, srv, readsOfStep, readsOfStep)
}

func TestAccWorkflowExecutionsDataSource_status(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	rows := simulator.Seed(100, whole(), time.Minute, 1)
	srv.AddWorkflow(testWorkflow, rows...)
	statuses := []string{"cancel", "fail", "running", "success", "timeout"}
	cfg := providerBlock(srv)
	var checks []statecheck.StateCheck
	for _, status := range statuses {
		cfg += workspace.DataSource(status, testWorkflow, `status = "`+status+`"`)
		var want []simulator.Execution
		for _, row := range rows {
			if row.Status == status {
				want = append(want, row)
			}
		}
		checks = append(checks,
			statecheck.ExpectKnownValue(typeAddress+status, tfjsonpath.New("executions"), executionIDs(want)))
	}
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config:            cfg,
		ConfigStateChecks: checks,
	})

	var got []string
	for _, query := range queries(srv.RequestsOf(simulator.ListWorkflowExecutions)) {
		got = append(got, query.Get("status"))
	}
	slices.Sort(got)
	if diff := cmp.Diff(statuses, got); diff != "" {
		t.Errorf("statuses in requests (-want +got):\n%s", diff)
	}
	acctest.ExpectRequests(t, srv, readsOfStep, readsOfStep*len(statuses))
}

func TestAccWorkflowExecutionsDataSource_window(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	now := whole()
	daysAgo := func(days float64) time.Time { return now.Add(-time.Duration(days * 24 * float64(time.Hour))) }
	row := func(days float64) simulator.Execution {
		at := daysAgo(days)
		return simulator.Execution{ID: fmt.Sprint(days), Status: "success", Begin: at, End: at, LastUpdate: at}
	}
	srv.AddWorkflow(testWorkflow, row(1), row(2), row(4), row(6), row(8))
	inChina := func(t time.Time) string { return t.In(time.FixedZone("", 8*3600)).Format(time.RFC3339) }
	start, end := `start_time = "`+inChina(daysAgo(5.5))+`"`, `end_time = "`+inChina(daysAgo(1.5))+`"`
	list := func(name string, want ...float64) statecheck.StateCheck {
		var rows []simulator.Execution
		for _, days := range want {
			rows = append(rows, row(days))
		}
		return statecheck.ExpectKnownValue(typeAddress+name, tfjsonpath.New("executions"), executionIDs(rows))
	}
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv) +
			workspace.DataSource("none", testWorkflow) +
			workspace.DataSource("both", testWorkflow, start, end) +
			workspace.DataSource("start", testWorkflow, start) +
			workspace.DataSource("end", testWorkflow, end),
		ConfigStateChecks: []statecheck.StateCheck{
			list("none", 1, 2),
			list("both", 2, 4),
			list("start", 4),
			list("end", 2, 4),
		},
	})

	// In UTC, each bound only where it was given.
	sent := queries(srv.RequestsOf(simulator.ListWorkflowExecutions))
	startUTC, endUTC := daysAgo(5.5).Format(time.DateTime), daysAgo(1.5).Format(time.DateTime)
	for name, want := range map[string]url.Values{
		"none":  {"limit": {"200"}},
		"both":  {"limit": {"200"}, "start_time": {startUTC}, "end_time": {endUTC}},
		"start": {"limit": {"200"}, "start_time": {startUTC}},
		"end":   {"limit": {"200"}, "end_time": {endUTC}},
	} {
		if _, ok := sent[want.Encode()]; !ok {
			t.Errorf("%s: no request with %v among %v", name, want, slices.Collect(maps.Keys(sent)))
		}
	}
}

func TestAccWorkflowExecutionsDataSource_limit(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	rows := simulator.Seed(401, whole().Add(-time.Minute), time.Minute, 1)
	srv.AddWorkflow("few", rows...)
	srv.AddWorkflow("many", rows...)
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv) + workspace.DataSource("few", "few", "limit = 5") +
			workspace.DataSource("many", "many", "limit = 250"),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(typeAddress+"few", tfjsonpath.New("executions"), executionIDs(rows[:5])),
			statecheck.ExpectKnownValue(typeAddress+"many", tfjsonpath.New("executions"), executionIDs(rows[:250])),
		},
	})

	// The first request has the limit of the data source. Further requests, which
	// find the newest executions, are tested with the client.
	small := 0
	for _, r := range srv.RequestsOf(simulator.ListWorkflowExecutions) {
		switch limit := r.Query.Get("limit"); {
		case limit == "5" && workflowOf(r) == "few":
			small++
		case limit != "200":
			t.Errorf("got a request with limit %s for workflow %s", limit, workflowOf(r))
		}
	}
	if small != readsOfStep {
		t.Errorf("got %d requests for 5 executions, want one for each read: %d", small, readsOfStep)
	}
}

// The provider's project belongs to its own region; custom endpoints are for
// every region.
func TestAccWorkflowExecutionsDataSource_region(t *testing.T) {
	t.Parallel()
	const other = "fedcba9876543210fedcba9876543210"
	srv := simulator.Start(t, simulator.Config{Projects: []simulator.Project{
		{ID: simulator.DefaultProjectID, Name: simulator.DefaultRegion},
		{ID: other, Name: "cn-south-1"},
	}})
	srv.AddWorkflow(testWorkflow, simulator.Seed(1, whole(), time.Minute, 1)...)
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv, `project_id = "`+simulator.DefaultProjectID+`"`, `project_name = "another"`) +
			workspace.DataSource("default", testWorkflow) +
			workspace.DataSource("same", testWorkflow, `region = "cn-north-4"`) +
			workspace.DataSource("other", testWorkflow, `region = "cn-south-1"`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(typeAddress+"default", tfjsonpath.New("region"), knownvalue.StringExact("cn-north-4")),
			statecheck.ExpectKnownValue(typeAddress+"same", tfjsonpath.New("region"), knownvalue.StringExact("cn-north-4")),
			statecheck.ExpectKnownValue(typeAddress+"other", tfjsonpath.New("region"), knownvalue.StringExact("cn-south-1")),
			statecheck.ExpectKnownValue(typeAddress+"other",
				tfjsonpath.New("executions").AtSliceIndex(0).AtMapKey("workflow_urn"),
				knownvalue.StringExact("urn:fss:cn-south-1:"+other+":workflow:default:flow-48aff955:latest")),
		},
	})

	for _, r := range srv.RequestsOf(simulator.ListProjects) {
		if name := r.Query.Get("name"); name != "cn-south-1" {
			t.Errorf("looked up project %q", name)
		}
	}
	acctest.ExpectRequests(t, srv, readsOfStep, 3*readsOfStep)
}

// An invalid data block is refused before any request.
func TestAccWorkflowExecutionsDataSource_refusedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	const workflowID = `workflow_id = "w"`
	expectRefusals(t, "huaweicloud_fgs_workflow_executions", map[string]refusal{
		"bad values": {
			arguments: []string{workflowID, `status = "failed"`, `start_time = "yesterday"`, `end_time = "2026-03-10"`,
				`limit = 0`, `region = "a/b"`, "timeouts {\n    read = \"soon\"\n  }"},
			want: []string{
				`value must be one of: ["success" "fail" "running" "timeout" "cancel"], got: "failed"`,
				`Attribute start_time must be a time in RFC 3339`, `got: "yesterday"`,
				`Attribute end_time must be a time in RFC 3339`, `got: "2026-03-10"`,
				`Attribute limit must be a whole number of at least 1, got: 0`,
				`Attribute region must be a region's ID such as "cn-north-4", got: a/b`,
				`"soon" must be a string containing a sequence of decimal numbers`,
			},
		},
		"URN": {
			arguments: []string{`workflow_id = "urn:fss:cn-north-4:x"`},
			want:      []string{"Error: Invalid workflow ID", "and not its URN"},
		},
		"path": {
			arguments: []string{`workflow_id = "a/../b"`},
			want:      []string{"Error: Invalid workflow ID", "without slashes"},
		},
		"empty strings": {
			arguments: []string{`workflow_id = ""`, `status = ""`, `start_time = ""`, `region = ""`},
			want: []string{
				"Attribute workflow_id must not be empty",
				"Attribute status must not be an empty string. To leave it out, use null.",
				"Attribute start_time must not be an empty string. To leave it out, use null.",
				"Attribute region must not be an empty string. To leave it out, use null.",
			},
		},
		"window ends before it starts": {
			arguments: []string{workflowID,
				`start_time = "2026-03-10T12:00:00Z"`, `end_time = "2026-03-10T12:00:00+08:00"`},
			want: []string{"Error: Window ends before it starts", "end_time = "},
		},
		"timeout of nothing": {
			arguments: []string{workflowID, "timeouts {\n    read = \"0s\"\n  }"},
			want:      []string{"Error: Timeout is not positive"},
		},
	})
}

// The refusals and failures of the service, as the practitioner sees them.
func TestAccWorkflowExecutionsDataSource_failure(t *testing.T) {
	t.Parallel()
	list := simulator.ListWorkflowExecutions
	wrongKey := []string{fmt.Sprintf("access_key = %q", simulator.DefaultAccessKey), `secret_key = "wrong"`}
	tests := map[string]struct {
		script          []simulator.Fault
		block           []string
		arguments       []string
		want            []string
		projects, lists int
	}{
		"unknown workflow": {
			arguments: []string{`workflow_id = "no-such-workflow"`},
			want: []string{
				"Error: Workflow not found", `workflow_id = "no-such-workflow"`,
				"Status: HTTP 404", "Error code: FGS.5002", "Request ID: 0",
			},
			projects: 1, lists: 1,
		},
		// Five refusals in a row would lock the key.
		"wrong key, three data sources": {
			block:     wrongKey,
			arguments: []string{`for_each = toset(["a", "b", "c"])`, `workflow_id = each.key`},
			want: []string{
				"Error: Credentials refused", "IAM refused the access key from the provider block",
				"Status: HTTP 401",
			},
			projects: 1,
		},
		"wrong key, no lookup": {
			block:     append(slices.Clone(wrongKey), fmt.Sprintf("project_id = %q", simulator.DefaultProjectID)),
			arguments: []string{`for_each = toset(["a", "b", "c"])`, `workflow_id = each.key`},
			want: []string{
				"Error: Credentials refused", "FunctionGraph refused the access key", "Error code: APIGW.0301",
			},
			lists: 1,
		},
		"no right": {
			script:    []simulator.Fault{simulator.Status(http.StatusForbidden).On(list)},
			arguments: []string{`workflow_id = "a"`},
			want:      []string{"Error: Permission denied", "Error code: APIGW.0302", "FunctionGraph ReadOnlyAccess"},
			projects:  1, lists: 1,
		},
		"no such project": {
			block:     []string{`project_name = "cn-north-4_dev"`},
			arguments: []string{`for_each = toset(["a", "b", "c"])`, `workflow_id = each.key`},
			want:      []string{"Error: Project not found", `Project name: "cn-north-4_dev"`},
			projects:  1,
		},
		"HTML": {
			script:    []simulator.Fault{simulator.HTML(http.StatusOK).On(list).Repeat(-1)},
			block:     []string{`max_retries = 0`},
			arguments: []string{`workflow_id = "a"`},
			want:      []string{"Error: Unexpected response", "Status: HTTP 200", "the body begins with: <html>"},
			projects:  1, lists: 1,
		},
		"unavailable for ever": {
			script:    []simulator.Fault{simulator.Status(http.StatusServiceUnavailable).On(list).Repeat(-1)},
			block:     []string{`max_retries = 1`},
			arguments: []string{`workflow_id = "a"`},
			want:      []string{"Error: FunctionGraph failed", "Status: HTTP 503", "Tries: 2 in"},
			projects:  1, lists: 2,
		},
		// A wait that would pass the deadline is not waited for.
		"throttled for longer than the timeout": {
			script:    []simulator.Fault{simulator.Throttled("1 minute").On(list)},
			arguments: []string{`workflow_id = "a"`, "timeouts {\n    read = \"30s\"\n  }"},
			want:      []string{"Error: Too many requests", "Status: HTTP 429", "limit:5,time:1 minute"},
			projects:  1, lists: 1,
		},
		"no response": {
			script:    []simulator.Fault{{Operation: list, Hang: true, Times: -1}},
			arguments: []string{`workflow_id = "a"`, "timeouts {\n    read = \"200ms\"\n  }"},
			want:      []string{"Error: Read timed out", "did not end within 200ms"},
			projects:  1, lists: 1,
		},
	}
	failures := map[string]failure{}
	for name, tt := range tests {
		srv := simulator.Start(t, simulator.Config{})
		srv.AddWorkflow("a")
		srv.Script(tt.script...)
		failures[name] = failure{srv, tt.block, tt.arguments, tt.want}
	}
	expectFailures(t, "huaweicloud_fgs_workflow_executions", failures)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.ExpectRequests(t, failures[name].srv, tt.projects, tt.lists)
		})
	}
}

// The error names the variable of a key that is refused.
func TestAccWorkflowExecutionsDataSource_wrongKey(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	expectErrors(t, "huaweicloud_fgs_workflow_executions", providerBlock(srv)+dataSource(), map[string][]string{
		"test": {"Error: Credentials refused", "IAM refused the access key from environment variable HW_ACCESS_KEY"},
	}, "HW_SECRET_KEY=wrong", "HW_AUTH_URL="+srv.URL)
	acctest.ExpectRequests(t, srv, 1, 0)
}

func TestAccWorkflowExecutionsDataSource_passingTrouble(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow(testWorkflow, simulator.Seed(2, whole(), time.Minute, 1)...)
	srv.Script(
		simulator.Status(http.StatusServiceUnavailable).On(simulator.ListProjects),
		simulator.Status(http.StatusTooManyRequests).On(simulator.ListWorkflowExecutions),
		simulator.Status(http.StatusServiceUnavailable).On(simulator.ListWorkflowExecutions),
		simulator.Fault{Operation: simulator.ListWorkflowExecutions, CutBody: true},
	)
	run(t, defaultEnvironment(srv), resource.TestStep{
		Config: providerBlock(srv) + dataSource(),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("executions"), knownvalue.ListSizeExact(2)),
		},
	})
	acctest.ExpectRequests(t, srv, readsOfStep+1, readsOfStep+3)
}

// Not parallel: the log's place is an environment variable of this process.
func TestAccWorkflowExecutionsDataSource_secrets(t *testing.T) {
	log := filepath.Join(t.TempDir(), "trace.log")
	t.Setenv("TF_LOG", "TRACE")
	t.Setenv("TF_ACC_LOG_PATH", log)
	const accessKey, secretKey = "PLANTEDACCESSKEY0123", "PlantedSecretKey0123456789"
	const token = "PlantedSecurityToken0123456789"
	srv := simulator.Start(t, simulator.Config{AccessKey: accessKey, SecretKey: secretKey, SecurityToken: token})
	srv.AddWorkflow(testWorkflow, simulator.Seed(2, whole(), time.Minute, 1)...)
	env := defaultEnvironment(srv).With(environment{
		"HW_ACCESS_KEY": accessKey, "HW_SECRET_KEY": secretKey, "HW_SECURITY_TOKEN": token,
	})

	var seen strings.Builder // what the CLI showed
	keep := func(v any) error {
		text, err := json.Marshal(v)
		seen.Write(text)
		return err
	}
	refused := errors.New("")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(env),
		ErrorCheck: func(err error) error {
			refused = err
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config:            providerBlock(srv) + dataSource(),
				ConfigStateChecks: []statecheck.StateCheck{stateCheck(keep)},
				ConfigPlanChecks:  resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{planCheck(keep)}},
			},
			{
				PreConfig: func() {
					srv.Script(simulator.Status(http.StatusUnauthorized).Repeat(-1))
				},
				Config: providerBlock(srv) + dataSource(),
			},
		},
	})
	logged, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}

	// The places are the right ones.
	for place, mark := range map[string]struct{ text, mark string }{
		"the log":         {string(logged), "HTTP response"},
		"state and plan":  {seen.String(), testWorkflow},
		"the diagnostics": {refused.Error(), "Credentials refused"},
	} {
		if !strings.Contains(mark.text, mark.mark) {
			t.Errorf("%s without %q", place, mark.mark)
		}
		for name, secret := range map[string]string{
			"access key": accessKey, "secret key": secretKey, "security token": token,
			"signature": "SDK-HMAC-SHA256", "header": "Authorization",
		} {
			if strings.Contains(mark.text, secret) {
				t.Errorf("%s: the %s is in it", place, name)
			}
		}
	}
}

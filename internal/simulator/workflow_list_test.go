package simulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const workflowsPath = "/v2/" + DefaultProjectID + "/fgs/workflows"

// workflowList is the part of a ListWorkflow response that the tests use.
type workflowList struct {
	Total     *int
	Size      int
	Workflows []map[string]any
}

func (l workflowList) names() []string {
	names := []string{}
	for _, w := range l.Workflows {
		name, _ := w["name"].(string)
		names = append(names, name)
	}

	return names
}

func listWorkflows(t *testing.T, c *Cloud, params ...string) workflowList {
	t.Helper()
	cl := inProcess(c)
	r := cl.do(t, cl.request(t.Context(), workflowsPath, params...))
	if r.status != http.StatusOK {
		t.Fatalf("got %d %s", r.status, r.body)
	}
	var list workflowList
	if err := json.Unmarshal([]byte(r.body), &list); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}

	return list
}

// named returns a cloud with workflows of the given names, the newest first.
func named(b Behaviour, names ...string) *Cloud {
	c := New(Config{Now: fixedClock, Behaviour: b})
	for i := range names {
		c.PutWorkflow(Workflow{ID: strconv.Itoa(i), Name: names[len(names)-1-i]})
	}

	return c
}

func TestListWorkflow_row(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	c.PutWorkflow(Workflow{
		ID: "w", Name: "订单", Description: "d", CreatedBy: "李雷", Created: at(2), Updated: at(1), StreamResponse: true,
		Raw: map[string]string{"created_by": "7", "odd": "[]"},
	})
	c.AddWorkflow("other", Execution{ID: "e"})
	total := 2
	want := workflowList{Total: &total, Size: 2, Workflows: []map[string]any{
		{
			"id": "other", "name": "flow-other", "description": "", "created_by": "", "enable_stream_response": false,
			"workflow_urn": "urn:fss:cn-north-4:" + DefaultProjectID + ":workflow:default:flow-other:latest",
		},
		{
			"id": "w", "name": "订单", "description": "d", "created_by": 7.0, "enable_stream_response": true,
			"odd":          []any{},
			"created_time": "2026-03-10T10:00:00Z", "updated_time": "2026-03-10T11:00:00Z",
			"workflow_urn": "urn:fss:cn-north-4:" + DefaultProjectID + ":workflow:default:订单:latest",
		},
	}}
	if diff := cmp.Diff(want, listWorkflows(t, c)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	c.SetBehaviour(Behaviour{NoStream: true, WorkflowTotal: TotalMissing})
	got := listWorkflows(t, c)
	if _, sent := got.Workflows[0]["enable_stream_response"]; sent || got.Total != nil {
		t.Errorf("got %+v, want neither enable_stream_response nor a total", got)
	}
	if !c.RemoveWorkflow("w") || c.RemoveWorkflow("w") || len(listWorkflows(t, c).Workflows) != 1 {
		t.Error("the workflow was not removed once")
	}
}

func TestListWorkflow_name(t *testing.T) {
	t.Parallel()
	names := []string{"orders", "orders-eu", "Orders", "eu-orders", "订单"}
	tests := map[NameMatch][]string{
		NameContains:        {"orders", "orders-eu", "eu-orders"},
		NameContainsAnyCase: {"orders", "orders-eu", "Orders", "eu-orders"},
		NameBegins:          {"orders", "orders-eu"},
		NameEquals:          {"orders"},
		NameIgnored:         names,
	}
	for match, want := range tests {
		t.Run(match.String(), func(t *testing.T) {
			t.Parallel()
			c := named(Behaviour{WorkflowName: match}, names...)
			got := listWorkflows(t, c, "workflow_name", "orders")
			if diff := cmp.Diff(want, got.names()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if *got.Total != len(want) {
				t.Errorf("total %d, want %d", *got.Total, len(want))
			}
			if n := len(listWorkflows(t, c).Workflows); n != len(names) {
				t.Errorf("%d without the filter, want %d", n, len(names))
			}
		})
	}
}

func TestListWorkflow_filters(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	c.PutWorkflow(Workflow{ID: "1", Name: "normal"})
	c.PutWorkflow(Workflow{ID: "2", Name: "express", Mode: "EXPRESS", EnterpriseProject: "ep"})
	for query, want := range map[[2]string][]string{
		{"mode", "NORMAL"}:           {"normal"},
		{"mode", "EXPRESS"}:          {"express"},
		{"enterprise_project", "0"}:  {"normal"},
		{"enterprise_project", "ep"}: {"express"},
		{"enterprise_project", "-"}:  {},
	} {
		if diff := cmp.Diff(want, listWorkflows(t, c, query[:]...).names()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", query, diff)
		}
	}
	for _, query := range [][]string{
		{"mode", "normal"}, {"mode", ""}, {"workflow_name", ""}, {"limit", "0"}, {"limit", "x"}, {"offset", "x"},
	} {
		if r := inProcess(c).get(t, workflowsPath, query...); r.status != http.StatusBadRequest {
			t.Errorf("%v: got %d, want 400", query, r.status)
		}
	}
	if r := inProcess(c).get(t, "/v2/other/fgs/workflows"); r.status != http.StatusForbidden {
		t.Errorf("got %d for another project", r.status)
	}
}

func TestListWorkflow_pages(t *testing.T) {
	t.Parallel()
	many := func(b Behaviour) *Cloud {
		c := New(Config{Now: fixedClock, Behaviour: b})
		for _, w := range SeedWorkflows(232, testNow, 1) {
			c.PutWorkflow(w)
		}
		return c
	}
	tests := []struct {
		behaviour           Behaviour
		limit, offset       string
		rows, total, others int // others are those that the first page lacks
	}{
		{Behaviour{}, "200", "0", 200, 232, 0},
		{Behaviour{}, "500", "-1", 200, 232, 0},
		{Behaviour{}, "200", "200", 32, 232, 32},
		{Behaviour{}, "200", "232", 0, 232, 0},
		{Behaviour{PageCap: 50}, "200", "0", 50, 232, 0},
		{Behaviour{WorkflowTotal: TotalPage}, "200", "200", 32, 32, 32},
		{Behaviour{WorkflowOffset: OffsetIgnored}, "200", "200", 200, 232, 0},
	}
	for _, tt := range tests {
		c := many(tt.behaviour)
		first := map[string]bool{}
		for _, name := range listWorkflows(t, c).names() {
			first[name] = true
		}
		got := listWorkflows(t, c, "limit", tt.limit, "offset", tt.offset)
		others := 0
		for _, name := range got.names() {
			if !first[name] {
				others++
			}
		}
		if len(got.Workflows) != tt.rows || got.Size != tt.rows || *got.Total != tt.total || others != tt.others {
			t.Errorf("%+v: got %d rows, total %d, %d others", tt, len(got.Workflows), *got.Total, others)
		}
	}
	c := many(Behaviour{WorkflowOrder: WorkflowsShuffled})
	if cmp.Equal(listWorkflows(t, c).names(), listWorkflows(t, c).names()) {
		t.Error("the order does not change")
	}
	c.SetBehaviour(Behaviour{WorkflowTotal: TotalEverything, WorkflowOrder: WorkflowsByName})
	got := listWorkflows(t, c, "workflow_name", "归档")
	if *got.Total != 232 || len(got.Workflows) != 33 || got.names()[1] != "订单-归档-1" {
		t.Errorf("got total %d and %v", *got.Total, got.names())
	}
	for b, want := range map[EmptyList]string{
		EmptyArray: `{"total":0,"size":0,"workflows":[]}`, NullList: `{"total":0,"size":0,"workflows":null}`,
		NoList: `{}`,
	} {
		c.SetBehaviour(Behaviour{EmptyList: b})
		if got := inProcess(c).get(t, workflowsPath, "workflow_name", "none").body; got != want {
			t.Errorf("%v: got %s, want %s", b, got, want)
		}
	}
}

func TestSeedWorkflows(t *testing.T) {
	t.Parallel()
	a, b := SeedWorkflows(50, testNow, 1), SeedWorkflows(50, testNow, 1)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("not the same again:\n%s", diff)
	}
	seen := map[string]bool{}
	for _, w := range a {
		if seen[w.ID] || seen[w.Name] || w.Created.After(testNow.Add(-time.Hour)) {
			t.Errorf("got %+v", w)
		}
		seen[w.ID], seen[w.Name] = true, true
	}
}

package simulator

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// newCloud returns a cloud with n executions, one a minute. The newest is "0".
func newCloud(n int, b Behaviour) *Cloud {
	c := New(Config{Now: fixedClock, Behaviour: b})
	c.AddWorkflow(testWorkflow, numbered(n)...)

	return c
}

func numbered(n int) []Execution {
	executions := make([]Execution, n)
	for i := range executions {
		executions[i] = Execution{
			ID:     strconv.Itoa(i),
			Status: statuses[i%len(statuses)],
			Begin:  testNow.Add(-time.Duration(i) * time.Minute),
		}
	}

	return executions
}

func TestListWorkflowExecutions_pageSize(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rows      int
		behaviour Behaviour
		limit     string
		want      int
	}{
		{0, Behaviour{}, "", 0},
		{1, Behaviour{}, "", 1},
		{199, Behaviour{}, "200", 199},
		{200, Behaviour{}, "200", 200},
		{201, Behaviour{}, "200", 200},
		{401, Behaviour{}, "", 200},
		{401, Behaviour{}, "500", 200},
		{401, Behaviour{}, "1", 1},
		{401, Behaviour{DefaultLimit: 10}, "", 10},
		{401, Behaviour{DefaultLimit: 10}, "200", 200},
		{401, Behaviour{PageCap: 50}, "200", 50},
		{401, Behaviour{PageCap: 50}, "", 50},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d rows, limit %q, %+v", tt.rows, tt.limit, tt.behaviour), func(t *testing.T) {
			t.Parallel()
			var params []string
			if tt.limit != "" {
				params = []string{"limit", tt.limit}
			}
			got := inProcess(newCloud(tt.rows, tt.behaviour)).list(t, params...)
			if len(got.rows) != tt.want {
				t.Errorf("got %d rows, want %d", len(got.rows), tt.want)
			}
		})
	}
}

// Offsets lead through all rows in each order, once each.
func TestListWorkflowExecutions_offset(t *testing.T) {
	t.Parallel()
	for _, order := range []Order{NewestFirst, OldestFirst, Unordered} {
		t.Run(order.String(), func(t *testing.T) {
			t.Parallel()
			cl := inProcess(newCloud(23, Behaviour{Order: order}))
			var got []string
			for offset := 0; ; offset += 10 {
				page := cl.list(t, "limit", "10", "offset", strconv.Itoa(offset)).ids()
				if len(page) == 0 {
					break
				}
				got = append(got, page...)
			}
			newestFirst := make([]string, 23)
			for i := range newestFirst {
				newestFirst[i] = strconv.Itoa(i)
			}
			oldestFirst := slices.Clone(newestFirst)
			slices.Reverse(oldestFirst)
			switch order {
			case NewestFirst:
				if diff := cmp.Diff(newestFirst, got); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
			case OldestFirst:
				if diff := cmp.Diff(oldestFirst, got); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
			case Unordered:
				if slices.Equal(got, newestFirst) || slices.Equal(got, oldestFirst) {
					t.Error("rows are in order of time")
				}
				slices.Sort(got)
				slices.Sort(newestFirst)
				if diff := cmp.Diff(newestFirst, got); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestListWorkflowExecutions_parameters(t *testing.T) {
	t.Parallel()
	const bad = "400"
	tests := []struct {
		name      string
		behaviour Behaviour
		params    []string
		want      string // the first row, or bad
	}{
		{"limit not a number", Behaviour{}, []string{"limit", "many"}, bad},
		{"limit empty", Behaviour{}, []string{"limit", ""}, bad},
		{"limit zero", Behaviour{}, []string{"limit", "0"}, bad},
		{"limit negative", Behaviour{}, []string{"limit", "-1"}, bad},
		{"limit beyond int32", Behaviour{}, []string{"limit", "2147483648"}, bad},
		{"status", Behaviour{}, []string{"status", "fail"}, "1"},
		{"status in capitals", Behaviour{}, []string{"status", "FAIL"}, bad},
		{"status in any case", Behaviour{StatusCase: true}, []string{"status", "FAIL"}, "1"},
		{"status unknown", Behaviour{}, []string{"status", "failed"}, bad},
		{"status empty", Behaviour{}, []string{"status", ""}, bad},
		{"status ignored", Behaviour{IgnoreStatus: true}, []string{"status", "fail"}, "0"},
		{"status with offset", Behaviour{}, []string{"status", "fail", "offset", "1"}, "6"},
		{"offset", Behaviour{}, []string{"offset", "3"}, "3"},
		{"offset negative", Behaviour{}, []string{"offset", "-3"}, "0"},
		{"offset not a number", Behaviour{}, []string{"offset", "x"}, bad},
		{"offset ignored", Behaviour{Offset: OffsetIgnored}, []string{"offset", "3"}, "0"},
		{"offset rejected", Behaviour{Offset: OffsetRejected}, []string{"offset", "0"}, bad},
		{"no offset to reject", Behaviour{Offset: OffsetRejected}, nil, "0"},
		{"unknown parameter", Behaviour{}, []string{"marker", "3"}, "0"},
		{"repeated parameter", Behaviour{}, []string{"status", "fail", "status", "cancel"}, "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(10, tt.behaviour)
			got := inProcess(c).list(t, tt.params...)
			if tt.want == bad {
				want := `{"error_code":"FGS.3002","error_msg":"Invalid parameters.",` +
					`"request_id":"00000000000000000000000000000001"}`
				if got.status != http.StatusBadRequest || got.body != want {
					t.Errorf("got %d %s", got.status, got.body)
				}
				return
			}
			if ids := got.ids(); got.status != http.StatusOK || len(ids) == 0 || ids[0] != tt.want {
				t.Errorf("got %d %v, want row %s first", got.status, ids, tt.want)
			}
			if n := len(c.Requests()[0].Query); n != len(tt.params)/2 && tt.name != "repeated parameter" {
				t.Errorf("%d parameters recorded of %v", n, tt.params)
			}
		})
	}
}

func TestListWorkflowExecutions_notFound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path string
		want reply
	}{
		"workflow": {
			"/v2/" + DefaultProjectID + "/fgs/workflows/none/executions",
			reply{status: 404, body: `{"error_code":"FGS.5002","error_msg":"Function flow not found.",` +
				`"request_id":"00000000000000000000000000000001"}`},
		},
		"project": {
			"/v2/ffffffffffffffffffffffffffffffff/fgs/workflows/" + testWorkflow + "/executions",
			reply{status: 403, body: `{"error_code":"APIGW.0310","error_msg":"The project is unavailable",` +
				`"request_id":"00000000000000000000000000000001"}`},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := inProcess(newCloud(1, Behaviour{})).get(t, tt.path)
			if got.status != tt.want.status || got.body != tt.want.body {
				t.Errorf("got %d %s, want %d %s", got.status, got.body, tt.want.status, tt.want.body)
			}
		})
	}
}

func BenchmarkListWorkflowExecutions(b *testing.B) {
	c := New(Config{Now: fixedClock})
	c.AddWorkflow(testWorkflow, Seed(100_000, testNow, 2*time.Second, 1)...)
	cl := inProcess(c)
	r := cl.request(b.Context(), "/v2/"+DefaultProjectID+"/fgs/workflows/"+testWorkflow+"/executions",
		"offset", "50000")
	for b.Loop() {
		resp, err := cl.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status, err)
		}
		c.ResetRequests()
	}
}

func TestListWorkflowExecutions_workflowID(t *testing.T) {
	t.Parallel()
	const other = "/v2/" + DefaultProjectID + "/fgs/workflows/"
	c := newCloud(1, Behaviour{WorkflowIDCase: true, NoSuchWorkflow: WorkflowEmpty})
	got := inProcess(c).get(t, other+strings.ToUpper(testWorkflow)+"/executions")
	if len(got.rows) != 1 || got.rows[0]["workflow_id"] != testWorkflow {
		t.Errorf("rows %v of the ID in capitals", got.rows)
	}
	got = inProcess(c).get(t, other+"none/executions")
	if got.status != http.StatusOK || got.body != `{"executions":[]}` {
		t.Errorf("got %d %s of an unknown workflow", got.status, got.body)
	}
}

func TestBehaviour_date(t *testing.T) {
	t.Parallel()
	c := newCloud(1, Behaviour{DateSkew: -time.Minute})
	if got := inProcess(c).list(t).header.Get("Date"); got != "Tue, 10 Mar 2026 11:59:00 GMT" {
		t.Errorf("Date: %s", got)
	}
	c.SetBehaviour(Behaviour{NoDate: true})
	if got, ok := inProcess(c).list(t).header["Date"]; ok {
		t.Errorf("Date: %s", got)
	}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	cl := inProcess(c)
	cl.RoundTripper, cl.base = server.Client().Transport, server.URL
	if got, ok := cl.list(t).header["Date"]; ok {
		t.Errorf("Date: %s over a socket", got)
	}
}

func TestBehaviour_String(t *testing.T) {
	t.Parallel()
	got := Behaviour{Order: OldestFirst, NoDate: true, PageCap: 50}.String()
	if got != "{Order:oldest-first PageCap:50 NoDate:true}" {
		t.Errorf("got %s", got)
	}
}

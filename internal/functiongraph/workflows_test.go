package functiongraph

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// withProject spares the requests of a test the lookup of the project.
func withProject(cfg *client.Config) { cfg.ProjectID = simulator.DefaultProjectID }

// queriesOf returns the queries of all requests, which must be for one path.
func queriesOf(t *testing.T, cloud *simulator.Cloud, path string) []string {
	t.Helper()
	var queries []string
	for _, r := range cloud.Requests() {
		if r.Path != path || !r.SignatureValid {
			t.Errorf("got %s, signature valid: %t, want %s", r.Path, r.SignatureValid, path)
		}
		queries = append(queries, r.Query.Encode())
	}

	return queries
}

const workflowsPath = "/v2/" + simulator.DefaultProjectID + "/fgs/workflows"

// listNamed lists the workflows of a name; "" lists all.
func listNamed(t *testing.T, cloud *simulator.Cloud, name string) ([]Workflow, error) {
	t.Helper()

	c := newTestClient(t, cloud.Transport(), withProject)

	return c.AllWorkflows(t.Context(), ListWorkflowOptions{Name: name})
}

func namesOf(workflows []Workflow) []string {
	names := make([]string, 0, len(workflows))
	for _, w := range workflows {
		names = append(names, w.Name)
	}

	return names
}

// workflowCloud has n sample workflows, of which 33 in 232 contain 归档.
func workflowCloud(n int, b simulator.Behaviour) *simulator.Cloud {
	cloud := simulator.New(simulator.Config{Behaviour: b})
	for _, w := range simulator.SeedWorkflows(n, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), 1) {
		cloud.PutWorkflow(w)
	}

	return cloud
}

func TestAllWorkflows_request(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		opts ListWorkflowOptions
		want string
	}{
		"everything": {want: "limit=200"},
		"all arguments": {
			opts: ListWorkflowOptions{Name: "订单 a+b", Mode: "EXPRESS", EnterpriseProjectID: "ep"},
			want: "enterprise_project=ep&limit=200&mode=EXPRESS&workflow_name=%E8%AE%A2%E5%8D%95+a%2Bb",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := workflowCloud(0, simulator.Behaviour{})
			rows, err := newTestClient(t, cloud.Transport(), withProject).AllWorkflows(t.Context(), test.opts)
			if err != nil || rows == nil || len(rows) != 0 {
				t.Errorf("got %v and %v, want an empty list", rows, err)
			}
			if diff := cmp.Diff([]string{test.want}, queriesOf(t, cloud, workflowsPath)); diff != "" {
				t.Errorf("queries (-want +got):\n%s", diff)
			}
		})
	}
}

// Complete lists under every plausible service, with the least requests.
func TestAllWorkflows_complete(t *testing.T) {
	t.Parallel()
	const name = "订单" // which other names contain
	tests := map[string]struct {
		n         int
		behaviour simulator.Behaviour
		name      string
		want      int
		queries   []string // nil: any
	}{
		"none":      {queries: []string{"limit=200"}},
		"one":       {n: 1, want: 1, queries: []string{"limit=200"}},
		"a page":    {n: 199, want: 199, queries: []string{"limit=200"}},
		"200":       {n: 200, want: 200, queries: []string{"limit=200", "limit=200&offset=199"}},
		"201":       {n: 201, want: 201, queries: []string{"limit=200", "limit=200&offset=199"}},
		"two pages": {n: 232, want: 232, queries: []string{"limit=200", "limit=200&offset=199"}},
		"three pages": {
			n: 500, want: 500, queries: []string{"limit=200", "limit=200&offset=199", "limit=200&offset=398"},
		},
		"null list":    {behaviour: simulator.Behaviour{EmptyList: simulator.NullList}},
		"missing list": {behaviour: simulator.Behaviour{EmptyList: simulator.NoList}},
		"by name":      {n: 232, behaviour: simulator.Behaviour{WorkflowOrder: simulator.WorkflowsByName}, want: 232},
		"total of the page": {
			n: 232, behaviour: simulator.Behaviour{WorkflowTotal: simulator.TotalPage}, want: 232,
			queries: []string{"limit=200", "limit=200&offset=199"},
		},
		"no total": {n: 232, behaviour: simulator.Behaviour{WorkflowTotal: simulator.TotalMissing}, want: 232},
		"small pages": {
			n: 232, behaviour: simulator.Behaviour{PageCap: 100}, want: 232,
			queries: []string{"limit=200", "limit=200&offset=99", "limit=200&offset=198"},
		},
		"shuffled, one page": {
			n: 199, behaviour: simulator.Behaviour{WorkflowOrder: simulator.WorkflowsShuffled}, want: 199,
		},
		"a name, filter contains": {n: 232, name: name, want: 1},
		"a name, filter contains in any case": {
			n: 232, behaviour: simulator.Behaviour{WorkflowName: simulator.NameContainsAnyCase}, name: "orders", want: 1,
		},
		"a name, filter begins": {
			n: 232, behaviour: simulator.Behaviour{WorkflowName: simulator.NameBegins}, name: name, want: 1,
		},
		"a name, filter equals": {
			n: 232, behaviour: simulator.Behaviour{WorkflowName: simulator.NameEquals}, name: name, want: 1,
		},
		"a name, filter ignored": {
			n: 232, behaviour: simulator.Behaviour{WorkflowName: simulator.NameIgnored}, name: name, want: 1,
		},
		"a name in another letter case": {
			n: 232, behaviour: simulator.Behaviour{WorkflowName: simulator.NameContainsAnyCase}, name: "ORDERS",
		},
		"a name, total of everything": {
			n: 232, behaviour: simulator.Behaviour{WorkflowTotal: simulator.TotalEverything}, name: name, want: 1,
		},
		"one match, total of everything": {
			n:         232,
			behaviour: simulator.Behaviour{WorkflowTotal: simulator.TotalEverything, WorkflowName: simulator.NameEquals},
			name:      name, want: 1, queries: []string{"limit=200&workflow_name=%E8%AE%A2%E5%8D%95", "limit=1"},
		},
		"no match, total of everything": {
			n: 232, behaviour: simulator.Behaviour{WorkflowTotal: simulator.TotalEverything}, name: "x",
			queries: []string{"limit=200&workflow_name=x", "limit=1"},
		},
		"small pages, total of everything": {
			n: 1000, behaviour: simulator.Behaviour{WorkflowTotal: simulator.TotalEverything, PageCap: 50}, name: name, want: 1,
		},
		"a page, offset ignored": {
			n: 199, behaviour: simulator.Behaviour{WorkflowOffset: simulator.OffsetIgnored}, want: 199,
		},
	}
	for test, tt := range tests {
		t.Run(test, func(t *testing.T) {
			t.Parallel()
			cloud := workflowCloud(tt.n, tt.behaviour)
			rows, err := listNamed(t, cloud, tt.name)
			if err != nil || rows == nil {
				t.Fatalf("got %v and %v", rows, err)
			}
			isOther := func(w Workflow) bool { return tt.name != "" && w.Name != tt.name }
			if len(rows) != tt.want || slices.ContainsFunc(rows, isOther) {
				t.Errorf("got %d workflows, want %d: %v", len(rows), tt.want, namesOf(rows))
			}
			if !slices.IsSortedFunc(rows, func(a, b Workflow) int { return strings.Compare(a.Name, b.Name) }) {
				t.Errorf("not sorted: %v", namesOf(rows))
			}
			if queries := queriesOf(t, cloud, workflowsPath); tt.queries != nil && !cmp.Equal(tt.queries, queries) {
				t.Errorf("queries %v, want %v", queries, tt.queries)
			}
		})
	}
}

// What cannot be read completely is refused after a bounded number of requests.
func TestAllWorkflows_refused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		behaviour simulator.Behaviour
		name      string
		requests  int
		reason    string
	}{
		"offset ignored": {
			simulator.Behaviour{WorkflowOffset: simulator.OffsetIgnored}, "", 6,
			"The list was read 3 times. The service ignores offset: it returned the first page again.",
		},
		"offset ignored, total of the page": {
			simulator.Behaviour{WorkflowOffset: simulator.OffsetIgnored, WorkflowTotal: simulator.TotalPage}, "", 6,
			"The list was read 3 times. The service ignores offset: it returned the first page again.",
		},
		"offset ignored, total of everything": {
			simulator.Behaviour{WorkflowOffset: simulator.OffsetIgnored, WorkflowTotal: simulator.TotalEverything}, "归档", 6,
			"The list was read 3 times. The service ignores offset: it returned the first page again.",
		},
		"shuffled": {
			simulator.Behaviour{WorkflowOrder: simulator.WorkflowsShuffled}, "", 6,
			"The list was read 3 times. It changed meanwhile, or the service has another order in each response.",
		},
		"shuffled, no total": {
			simulator.Behaviour{WorkflowOrder: simulator.WorkflowsShuffled, WorkflowTotal: simulator.TotalMissing}, "", 6,
			"The list was read 3 times. It changed meanwhile, or the service has another order in each response.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := workflowCloud(232, tt.behaviour)
			rows, err := listNamed(t, cloud, tt.name)
			refused, ok := errors.AsType[*ListingError](err)
			if !ok || rows != nil {
				t.Fatalf("got %d rows and %v", len(rows), err)
			}
			if refused.Reason != tt.reason || refused.Advice == "" {
				t.Errorf("reason\n got %s\nwant %s", refused.Reason, tt.reason)
			}
			if n := len(cloud.Requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}

// Workflows come and go while a list is read: it is read again, and no workflow
// that was there all the time is missing.
func TestAllWorkflows_changes(t *testing.T) {
	t.Parallel()
	for _, total := range []simulator.WorkflowTotal{simulator.TotalMatching, simulator.TotalPage, simulator.TotalMissing} {
		for change := range 3 {
			t.Run(fmt.Sprintf("%v %d", total, change), func(t *testing.T) {
				t.Parallel()
				cloud := workflowCloud(232, simulator.Behaviour{WorkflowTotal: total})
				before := simulator.SeedWorkflows(232, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), 1)
				want := map[string]bool{}
				for _, w := range before {
					want[w.ID] = true
				}
				cloud.OnRequest(func(n int, _ simulator.Request) {
					switch {
					case n != 2:
					case change == 0:
						cloud.PutWorkflow(simulator.Workflow{ID: "new", Name: "new"})
						want["new"] = true
					case change == 1:
						cloud.RemoveWorkflow(before[231].ID) // on the first page, the newest
						delete(want, before[231].ID)
					default:
						cloud.RemoveWorkflow(before[230].ID)
						cloud.PutWorkflow(simulator.Workflow{ID: "new", Name: "new"})
						// Neither is there all the time.
						delete(want, before[230].ID)
					}
				})
				rows, err := newTestClient(t, cloud.Transport(), withProject).AllWorkflows(t.Context(), ListWorkflowOptions{})
				if err != nil {
					t.Fatal(err)
				}
				for _, w := range rows {
					delete(want, w.ID)
				}
				if len(want) > 0 {
					t.Errorf("missing: %v", slices.Collect(maps.Keys(want)))
				}
			})
		}
	}
}

// A list that changes before every request is refused.
func TestAllWorkflows_neverTheSame(t *testing.T) {
	t.Parallel()
	cloud := workflowCloud(232, simulator.Behaviour{})
	cloud.OnRequest(func(n int, _ simulator.Request) {
		cloud.PutWorkflow(simulator.Workflow{ID: strconv.Itoa(n), Name: "new"})
	})
	_, err := newTestClient(t, cloud.Transport(), withProject).AllWorkflows(t.Context(), ListWorkflowOptions{})
	if _, ok := errors.AsType[*ListingError](err); !ok || len(cloud.Requests()) != 6 {
		t.Errorf("got %v after %d requests", err, len(cloud.Requests()))
	}
}

// What rows and totals say that does not add up.
func TestAllWorkflows_contradictions(t *testing.T) {
	t.Parallel()
	row := func(id, name string) string { return fmt.Sprintf(`{"id":%q,"name":%q}`, id, name) }
	tests := map[string]struct {
		body, reason string
		want         []string
		name         string
	}{
		"total above": {
			body:   `{"total":3,"workflows":[` + row("1", "a") + `]}`,
			reason: "Its total is 3, and 1 workflows came.",
		},
		"total below": {
			body:   `{"total":1,"workflows":[` + row("1", "a") + "," + row("2", "b") + `]}`,
			reason: "Its total is 1, and 2 workflows came.",
		},
		"no rows": {body: `{"total":3,"workflows":[]}`, reason: "Its total is 3, and 0 workflows came."},
		"duplicates": {
			body: `{"total":2,"workflows":[` + row("1", "a") + "," + row("1", "a") + "," + row("2", "b") + `]}`,
			want: []string{"a", "b"},
		},
		"duplicates that count": {
			body: `{"total":3,"workflows":[` + row("1", "a") + "," + row("1", "a") + "," + row("2", "b") + `]}`,
			want: []string{"a", "b"},
		},
		"two of a name": {
			body: `{"total":2,"workflows":[` + row("2", "a") + "," + row("1", "a") + `]}`,
			want: []string{"a", "a"},
			name: "a",
		},
		"total as a text": {body: `{"total":"1","workflows":[` + row("1", "a") + `]}`, want: []string{"a"}},
		"a total that is not a number": {
			body:   `{"total":"many","workflows":[` + row("1", "a") + `]}`,
			reason: "Its total is many, and 1 workflows came.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := simulator.New(simulator.Config{})
			cloud.Script(simulator.Fault{Body: tt.body, Times: -1})
			rows, err := listNamed(t, cloud, tt.name)
			if tt.reason != "" {
				refused, ok := errors.AsType[*ListingError](err)
				if !ok || refused.Reason != "The list was read 3 times. "+tt.reason {
					t.Errorf("got %v, want %s", err, tt.reason)
				}
				return
			}
			if diff := cmp.Diff(tt.want, namesOf(rows)); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestAllWorkflows_secretsInReasons(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, acctest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
			body := `{"total":"` + signature + `","workflows":[]}`
			return &http.Response{
				StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r,
			}, nil
		}), withProject)
		_, err := c.AllWorkflows(t.Context(), ListWorkflowOptions{})
		refused, ok := errors.AsType[*ListingError](err)
		if !ok || !strings.HasPrefix(refused.Reason, "The list was read 3 times. Its total is ****,") {
			t.Errorf("got %v", err)
		}
	})
}

func TestDecodeWorkflows(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	full := Workflow{
		ID: "i", Name: "订单(1).-_", WorkflowURN: "urn", Description: "d", CreatedTime: "2021-01-01T00:00:00Z",
		UpdatedTime: "2021-01-02T00:00:00Z", CreatedBy: "admin", EnableStreamResponse: &yes,
	}
	tests := map[string]struct {
		body string
		want []Workflow
		err  string
	}{
		"the page's shape": {
			body: `{"total":1,"size":1,"workflows":[{"id":"i","workflow_urn":"urn","name":"订单(1).-_","description":"d",
				"created_time":"2021-01-01T00:00:00Z","updated_time":"2021-01-02T00:00:00Z","created_by":"admin",
				"enable_stream_response":true}]}`,
			want: []Workflow{full},
		},
		"nulls and unknown fields": {
			body: `{"workflows":[{"id":"i","name":"n","description":null,"enable_stream_response":null,"mode":[]}]}`,
			want: []Workflow{{ID: "i", Name: "n"}},
		},
		"other types": {
			body: `{"workflows":[{"id":"i","name":"n","created_by":7,"enable_stream_response":"false"}]}`,
			want: []Workflow{{ID: "i", Name: "n", CreatedBy: "7", EnableStreamResponse: &no}},
		},
		"no ID":          {body: `{"workflows":[{"name":"n"}]}`, err: "one of the workflows has no ID"},
		"no name":        {body: `{"workflows":[{"id":"i"}]}`, err: "the workflow i has no name"},
		"null":           {body: `{"workflows":[null]}`, err: "one of the workflows has no ID"},
		"ID as a number": {body: `{"workflows":[{"id":7,"name":"n"}]}`, err: "workflows.id has the wrong type, number"},
		"broken name": {
			body: "{\"workflows\":[{\"id\":\"i\",\"name\":\"\xff\"}]}",
			err:  "workflows.name is not valid UTF-8",
		},
		"stream as text": {
			body: `{"workflows":[{"id":"i","name":"n","enable_stream_response":"maybe"}]}`,
			err:  "enable_stream_response is neither",
		},
		"stream as list": {
			body: `{"workflows":[{"id":"i","name":"n","enable_stream_response":[]}]}`,
			err:  "wrong type, array",
		},
		"another list":    {body: `{"total":0,"executions":[]}`, err: "the list of workflows is missing"},
		"error and rows":  {body: `{"workflows":[{"id":"i","name":"n"}],"error_code":"FSS.0500"}`, err: "the error FSS.0500"},
		"a key two times": {body: `{"workflows":[{"id":"i","id":"j","name":"n"}]}`, err: `the key "id" appears twice`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeWorkflows(client.NewResponse([]byte(tt.body)))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want an error with %q", err, tt.err)
				}
				return
			}
			if diff := cmp.Diff(tt.want, got.Rows); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func FuzzDecodeWorkflows(f *testing.F) {
	f.Add([]byte(`{"total":1,"workflows":[{"id":"i","name":"n","enable_stream_response":true}]}`))
	f.Add([]byte(`{"workflows":null}`))
	f.Add([]byte(`{"workflows":[{"id":"i","name":"订单","created_by":1e9}],"size":1,"message":"m"}`))
	f.Add([]byte("{\"workflows\":[{\"id\":\"i\",\"name\":\"\\ud800\",\"description\":\"\xff\"}]}"))
	f.Add([]byte(`{"workflows":[{"id":"the secret of the request","name":"n"}]}`))
	f.Add([]byte(`{"workflows":[{"id":"the secret of","name":"a beginning this short may be a coincidence"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := decodeWorkflows(client.NewResponse(body, "the secret of the request"))
		if err != nil && list.Rows != nil {
			t.Error("an error comes with rows")
		}
		if err == nil && !json.Valid(body) {
			t.Error("it is no JSON")
		}
		for _, row := range list.Rows {
			if row.ID == "" || row.Name == "" {
				t.Errorf("got %+v", row)
			}
			for _, text := range []string{
				row.ID, row.Name, row.WorkflowURN, row.Description, row.CreatedTime, row.UpdatedTime, row.CreatedBy,
			} {
				if !utf8.ValidString(text) || strings.Contains(text, "the secret of the re") {
					t.Errorf("%q got into a row", text)
				}
			}
		}
	})
}

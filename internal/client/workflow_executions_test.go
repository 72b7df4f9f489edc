package client

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client/listing"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// The question goes out as it stands, in the form that the API Explorer shows.
func TestAllWorkflowExecutions_request(t *testing.T) {
	t.Parallel()

	zone := time.FixedZone("UTC+8", 8*60*60)
	tests := map[string]struct {
		opts ListOptions
		want string // the query
	}{
		"everything": {want: "limit=200"},
		"a limit":    {opts: ListOptions{Limit: 5}, want: "limit=5"},
		"more than a page": {
			opts: ListOptions{Limit: 450},
			want: "limit=200",
		},
		"all arguments": {
			opts: ListOptions{Status: "fail", Limit: 7, Start: time.Date(1999, 12, 31, 8, 0, 0, 5e8, zone), End: time.Date(1999, 12, 31, 9, 0, 0, 5e8, zone)},
			want: "end_time=1999-12-31%2001%3A00%3A01&limit=7&start_time=1999-12-31%2000%3A00%3A00&status=fail",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := simulator.New(simulator.Config{})
				cloud.AddWorkflow("w")
				var seen []Attempt
				c := newTestClient(t, cloud.Transport(), func(cfg *Config) {
					cfg.ProjectID = simulator.DefaultProjectID
					cfg.Observe = observeInto(&seen)
				})
				rows, err := c.AllWorkflowExecutions(t.Context(), "w", test.opts)
				if err != nil || rows == nil || len(rows) != 0 {
					t.Errorf("got %v and %v, want an empty list", rows, err)
				}
				if len(seen) != 1 {
					t.Fatalf("%d requests, want 1", len(seen))
				}
				if seen[0].Query != test.want {
					t.Errorf("query\n got %s\nwant %s", seen[0].Query, test.want)
				}
				if want := "/v2/" + simulator.DefaultProjectID + "/fgs/workflows/w/executions"; seen[0].Path != want {
					t.Errorf("path %s, want %s", seen[0].Path, want)
				}
			})
		})
	}
}

func TestAllWorkflowExecutions_unknownWorkflow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, simulator.New(simulator.Config{}).Transport())
		_, err := c.AllWorkflowExecutions(t.Context(), "w", ListOptions{})
		failed := wantClass(t, err, ClassNotFound)
		if failed.Code != "FGS.5002" || failed.ProjectID != simulator.DefaultProjectID {
			t.Errorf("got %+v", failed)
		}
	})
}

func TestAllWorkflowExecutions_anotherWorkflow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{})
		row := simulator.Seed(1, time.Now(), 0, 1)[0]
		row.Raw = map[string]string{"workflow_id": `"another"`}
		cloud.AddWorkflow("w", row)
		_, err := newTestClient(t, cloud.Transport()).AllWorkflowExecutions(t.Context(), "w", ListOptions{})
		var refused *ListingError
		if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "of another workflow, another") {
			t.Errorf("got %v", err)
		}
	})
}

func TestDecodeExecutions(t *testing.T) {
	t.Parallel()

	row := WorkflowExecution{
		WorkflowID: "w", WorkflowURN: "urn:fss:r:p:workflow:default:n:latest", ExecutionID: "e", Status: "running",
		BeginTime: "2021-01-01T00:00:00Z", EndTime: "2021-01-01T00:00:01Z", LastUpdateTime: "2021-01-01T00:00:02Z", CreatedBy: "admin",
	}
	tests := map[string]struct {
		body string
		want []WorkflowExecution
		err  string // "": none
	}{
		"the page's shape": {
			body: `{"executions":[{"workflow_id":"w","workflow_urn":"urn:fss:r:p:workflow:default:n:latest","execution_id":"e","status":"running",
				"begin_time":"2021-01-01T00:00:00Z","end_time":"2021-01-01T00:00:01Z","last_update_time":"2021-01-01T00:00:02Z","created_by":"admin"}]}`,
			want: []WorkflowExecution{row},
		},
		"nulls and unknown fields": {
			body: `{"total":1,"executions":[{"execution_id":"e","end_time":null,"mode":7}]}`,
			want: []WorkflowExecution{{ExecutionID: "e"}},
		},
		"the last of duplicate keys": {
			body: `{"executions":[{"execution_id":"d","execution_id":"e"}]}`,
			want: []WorkflowExecution{{ExecutionID: "e"}},
		},
		"no ID":               {body: `{"executions":[{"status":"fail"}]}`, want: []WorkflowExecution{{Status: "fail"}}},
		"empty":               {body: `{"executions":[]}`},
		"null list":           {body: `{"executions":null}`},
		"no list":             {body: `{}`},
		"no error in fact":    {body: `{"executions":[],"error_code":"","error_msg":null}`},
		"error code":          {body: `{"error_code":"FSS.0500","error_msg":"busy"}`, err: "the error FSS.0500"},
		"error with a list":   {body: `{"executions":[{"execution_id":"e"}],"error_code":"FSS.0500"}`, err: "the error FSS.0500"},
		"error, other names":  {body: `{"code":"PAAS.1","message":"no"}`, err: "the error PAAS.1 no"},
		"error of IAM":        {body: `{"error":{"code":401,"message":"no"}}`, err: "the error 401 no"},
		"error without code":  {body: `{"message":"no"}`, err: "the error no"},
		"a list, a message":   {body: `{"executions":[],"message":"ok"}`},
		"nothing":             {body: ``, err: "unexpected end of JSON input"},
		"null":                {body: ` null `, err: "the answer is null"},
		"a list":              {body: `[]`, err: "the body has the wrong type, array"},
		"HTML":                {body: `<html>`, err: "invalid character '<'"},
		"rows that are none":  {body: `{"executions":[null]}`, err: "one of the executions is empty"},
		"wrong type of rows":  {body: `{"executions":{}}`, err: "executions has the wrong type, object"},
		"wrong type of field": {body: `{"executions":[{"status":7}]}`, err: "executions.status has the wrong type, number"},
		"more than one value": {body: `{}{}`, err: "after top-level value"},
		"cut short":           {body: `{"executions":[{"status":"fa`, err: "unexpected end of JSON input"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := decodeExecutions([]byte(test.body))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want an error with %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(listing.Execution{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("executions (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzDecodeExecutions(f *testing.F) {
	f.Add([]byte(`{"executions":[{"execution_id":"e","begin_time":"2021-01-01T00:00:00Z"}]}`))
	f.Add([]byte(`{"executions":null}`))
	f.Add([]byte(`{"error":{"code":401}}`))
	f.Add([]byte("{\"executions\":[{\"status\":\"\xff\\ud800\"}]}"))

	f.Fuzz(func(t *testing.T, body []byte) {
		rows, err := decodeExecutions(body)
		if err != nil && rows != nil {
			t.Error("an error comes with rows")
		}
		for _, row := range rows {
			if strings.ToValidUTF8(row.Status, "") != row.Status {
				t.Errorf("status is not valid UTF-8: %q", row.Status)
			}
		}
	})
}

package functiongraph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// The question goes out as it stands, in the form that the API Explorer shows.
func TestAllWorkflowExecutions_request(t *testing.T) {
	t.Parallel()

	zone := time.FixedZone("UTC+8", 8*60*60)
	tests := map[string]struct {
		question executions.Question
		want     string // the query
		more     int    // requests that make sure that an empty list with bounds is right
	}{
		"everything": {want: "limit=200"},
		"a limit":    {question: executions.Question{Limit: 5}, want: "limit=5"},
		"more than a page": {
			question: executions.Question{Limit: 450},
			want:     "limit=200",
		},
		"all arguments": {
			question: executions.Question{
				Status: "fail",
				Limit:  7,
				Start:  time.Date(1999, 12, 31, 8, 0, 0, 5e8, zone),
				End:    time.Date(1999, 12, 31, 9, 0, 0, 5e8, zone),
			},
			want: "end_time=1999-12-31%2001%3A00%3A01&limit=7&start_time=1999-12-31%2000%3A00%3A00&status=fail",
			more: 1,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := simulator.New(simulator.Config{})
				cloud.AddWorkflow("w")
				var seen []client.Attempt
				test.question.WorkflowID = "w"
				c := newTestClient(t, cloud.Transport(), func(cfg *client.Config) {
					cfg.Observe = func(_ context.Context, attempt client.Attempt) { seen = append(seen, attempt) }
				})
				rows, err := c.AllWorkflowExecutions(t.Context(), test.question)
				if err != nil || rows == nil || len(rows) != 0 {
					t.Errorf("got %v and %v, want an empty list", rows, err)
				}
				if len(seen) != 1+test.more {
					t.Fatalf("%d requests, want %d", len(seen), 1+test.more)
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
		c := newTestClient(t, simulator.New(simulator.Config{}).Transport(), func(cfg *client.Config) { cfg.ProjectID = "" })
		_, err := c.AllWorkflowExecutions(t.Context(), executions.Question{WorkflowID: "w"})
		failed, ok := errors.AsType[*client.APIError](err)
		if !ok || failed.Class != client.ClassNotFound {
			t.Fatalf("got %v", err)
		}
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
		_, err := newTestClient(t, cloud.Transport()).AllWorkflowExecutions(t.Context(), executions.Question{WorkflowID: "w"})
		var refused *ListingError
		if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "of another workflow, another") {
			t.Errorf("got %v", err)
		}
	})
}

func TestDecodeWorkflowExecutions(t *testing.T) {
	t.Parallel()

	row := WorkflowExecution{
		WorkflowID: "w", WorkflowURN: "urn:fss:r:p:workflow:default:n:latest", ExecutionID: "e", Status: "running",
		BeginTime: "2021-01-01T00:00:00Z", EndTime: "2021-01-01T00:00:01Z", LastUpdateTime: "2021-01-01T00:00:02Z",
		CreatedBy: "admin",
	}
	tests := map[string]struct {
		body string
		want []WorkflowExecution
		err  string // "": none
	}{
		"the page's shape": {
			body: `{"executions":[{"workflow_id":"w","workflow_urn":"urn:fss:r:p:workflow:default:n:latest",
				"execution_id":"e","status":"running",
				"begin_time":"2021-01-01T00:00:00Z","end_time":"2021-01-01T00:00:01Z",
				"last_update_time":"2021-01-01T00:00:02Z","created_by":"admin"}]}`,
			want: []WorkflowExecution{row},
		},
		"nulls and unknown fields": {
			body: `{"total":1,"executions":[{"execution_id":"e","end_time":null,"mode":7}]}`,
			want: []WorkflowExecution{{ExecutionID: "e"}},
		},
		"other spellings are other keys": {
			body: `{"executions":[{"execution_id":"e","Execution_ID":"d","STATUS":"fail","execution-id":"d"}],"Executions":[]}`,
			want: []WorkflowExecution{{ExecutionID: "e"}},
		},
		"escapes in keys": {
			body: `{"\u0065xecutions":[{"execution\u005fid":"e"}]}`,
			want: []WorkflowExecution{{ExecutionID: "e"}},
		},
		"creators that are none": {
			body: `{"executions":[{"created_by":7},{"created_by":1.50e3},{"created_by":true},{"created_by":false}]}`,
			want: []WorkflowExecution{{CreatedBy: "7"}, {CreatedBy: "1.50e3"}, {CreatedBy: "true"}, {CreatedBy: "false"}},
		},
		"invalid UTF-8 that matters little": {
			body: "{\"executions\":[{\"created_by\":\"a\xff\",\"workflow_urn\":\"\\ud800\",\"begin_time\":\"\\udfffb\"}]}",
			want: []WorkflowExecution{{CreatedBy: "a\ufffd", WorkflowURN: "\ufffd", BeginTime: "\ufffdb"}},
		},
		"surrogates in pairs": {
			body: `{"executions":[{"execution_id":"\ud83d\ude00"}]}`,
			want: []WorkflowExecution{{ExecutionID: "😀"}},
		},
		"U+FFFD itself": {
			body: `{"executions":[{"execution_id":"\ufffd�"}]}`,
			want: []WorkflowExecution{{ExecutionID: "\ufffd\ufffd"}},
		},
		"a bare list": {body: ` [] `},
		"what fits": {
			body: `{"size":1,"total":9,"page":{"a":[1]},"executions":[{"status":"fail"}],"message":"one of nine"}`,
			want: []WorkflowExecution{{Status: "fail"}},
		},
		"a success says so": {
			body: `{"code":"0","message":"OK","error":null,"error_msg":"","success":true,"executions":[],"total":0}`,
		},
		"no executions":     {body: `{"data":[{"execution_id":"e"}]}`, err: "the list of executions is missing"},
		"items":             {body: `{"items":[]}`, err: "the list of executions is missing"},
		"another spelling":  {body: `{"Executions":[{"execution_id":"e"}]}`, err: "the list of executions is missing"},
		"only a total":      {body: `{"total":0}`, err: "the list of executions is missing"},
		"no error, no list": {body: `{"error_code":"","error_msg":null}`, err: "the list of executions is missing"},
		"no success":        {body: `{"success":false}`, err: "the error success: false"},
		"no success, a list": {
			body: `{"success":false,"message":"busy","executions":[]}`,
			err:  "the error success: false busy",
		},
		"text of an error": {body: `{"executions":[],"error_msg":"backend timeout"}`, err: "the error backend timeout"},
		"text, with rows": {
			body: `{"executions":[{"status":"fail"}],"error_msg":"backend timeout"}`,
			err:  "the error backend timeout",
		},
		"text by another key": {
			body: `{"executions":[],"error_message":"backend timeout"}`,
			err:  "the error backend timeout",
		},
		"error as text": {
			body: `{"executions":[{"status":"fail"}],"error":"backend timeout"}`,
			err:  "the error backend timeout",
		},
		"error of a part": {
			body: `{"executions":[{"status":"fail"}],"details":[{"error_code":"X.1"}]}`,
			err:  "the error X.1",
		},
		"list before error": {
			body: `{"executions":[{"status":"fail"}],"error":{"code":"X.1","message":"no"}}`,
			err:  "the error X.1 no",
		},
		"message, no rows":   {body: `{"executions":[],"message":"backend timeout"}`, err: "the error backend timeout"},
		"null and a message": {body: `{"executions":null,"message":"backend timeout"}`, err: "the error backend timeout"},
		"a total, no rows": {
			body: `{"total":5,"executions":[]}`,
			err:  "the list of executions is empty, and its total is 5",
		},
		"a total as text": {
			body: `{"total":"5","executions":null}`,
			err:  "the list of executions is empty, and its total is 5",
		},
		"a total as zero": {body: `{"total":"00","executions":null}`},
		"two rows' keys": {
			body: `{"executions":[{"status":"fail","status":"fail"}]}`,
			err:  `the key "status" appears twice`,
		},
		"no ID":            {body: `{"executions":[{"status":"fail"}]}`, want: []WorkflowExecution{{Status: "fail"}}},
		"empty":            {body: `{"executions":[]}`},
		"null list":        {body: `{"executions":null}`},
		"no list":          {body: `{}`},
		"no error in fact": {body: `{"executions":[],"error_code":"","error_msg":null}`},
		"error code":       {body: `{"error_code":"FSS.0500","error_msg":"busy"}`, err: "the error FSS.0500"},
		"error with a list": {
			body: `{"executions":[{"execution_id":"e"}],"error_code":"FSS.0500"}`, err: "the error FSS.0500",
		},
		"error, other names":  {body: `{"code":"PAAS.1","message":"no"}`, err: "the error PAAS.1 no"},
		"error of IAM":        {body: `{"error":{"code":401,"message":"no"}}`, err: "the error 401 no"},
		"error without code":  {body: `{"message":"no"}`, err: "the error no"},
		"a list, a message":   {body: `{"executions":[],"message":"ok"}`},
		"nothing":             {body: ``, err: "unexpected end of JSON input"},
		"null":                {body: ` null `, err: "the body has the wrong type, null"},
		"rows without a list": {body: `[{"execution_id":"e"}]`, err: "the body has the wrong type, array"},
		"HTML":                {body: `<html>`, err: "invalid character '<'"},
		"rows that are none":  {body: `{"executions":[null]}`, err: "one of the executions is empty"},
		"wrong type of rows":  {body: `{"executions":{}}`, err: "executions has the wrong type, object"},
		"wrong type of field": {body: `{"executions":[{"status":7}]}`, err: "executions.status has the wrong type, number"},
		"more than one value": {body: `{}{}`, err: "there is another value after the first one"},
		"incomplete":          {body: `{"executions":[{"status":"fa`, err: "unexpected end of JSON input"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := decodeWorkflowExecutions(client.NewResponse([]byte(test.body)), 0)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want an error with %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			opts := cmp.Options{cmpopts.IgnoreUnexported(executions.Execution{}), cmpopts.EquateEmpty()}
			if diff := cmp.Diff(test.want, got, opts); diff != "" {
				t.Errorf("executions (-want +got):\n%s", diff)
			}
		})
	}
}

// A request that skips rows may find none, whatever the total.
func TestDecodeWorkflowExecutions_beyondTheEnd(t *testing.T) {
	t.Parallel()

	rows, err := decodeWorkflowExecutions(client.NewResponse([]byte(`{"total":200,"executions":[]}`)), 200)
	if err != nil || len(rows) != 0 {
		t.Errorf("got %v and %v, want an empty list", rows, err)
	}
}

func FuzzDecodeWorkflowExecutions(f *testing.F) {
	f.Add([]byte(`{"executions":[{"execution_id":"e","begin_time":"2021-01-01T00:00:00Z"}]}`))
	f.Add([]byte(`{"executions":null}`))
	f.Add([]byte(`{"error":{"code":401}}`))
	f.Add([]byte("{\"executions\":[{\"status\":\"\xff\\ud800\"}]}"))
	f.Add([]byte(`{"executions":[{"created_by":1e9}],"total":1,"Executions":[],"message":"m"}`))
	f.Add([]byte(`{"executions":[{"execution_id":"d","execution_id":"e"}]}`))
	f.Add([]byte(`[]`))

	f.Fuzz(func(t *testing.T, body []byte) {
		rows, err := decodeWorkflowExecutions(client.NewResponse(body, "the secret of the request"), 0)
		if err != nil && rows != nil {
			t.Error("an error comes with rows")
		}
		if err == nil && !json.Valid(body) {
			t.Error("it is no JSON")
		}
		for _, row := range rows {
			for _, text := range []string{
				row.WorkflowID, row.WorkflowURN, row.ExecutionID, row.Status,
				row.BeginTime, row.EndTime, row.LastUpdateTime, row.CreatedBy,
			} {
				if !utf8.ValidString(text) || strings.Contains(text, "the secret of the re") {
					t.Errorf("%q got into a row", text)
				}
			}
		}
	})
}

// FuzzWorkflowID sends any ID to the service, which finds it in the path and the
// signature right. Validation refuses what cannot be one segment of a path.
func FuzzWorkflowID(f *testing.F) {
	for _, seed := range []string{
		"48aff955-ea10-4ffd-b426-190bc192dc14", "a b+c", "100%", "%2F", "a/b", "?limit=1", "#", "…", "函数流",
		"a\x00\n\xff", "~._-", "..a", "urn:fss:r:p",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" || id == "." || id == ".." {
			return
		}
		cloud := simulator.New(simulator.Config{})
		cloud.AddWorkflow(id)
		c := newTestClient(t, cloud.Transport())
		if _, err := c.AllWorkflowExecutions(t.Context(), executions.Question{WorkflowID: id}); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	})
}

// A refused list quotes what the service sent.
func TestAllWorkflowExecutions_secretsInReasons(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var signature string
		c := newTestClient(t, acctest.RoundTripper(func(r *http.Request) (*http.Response, error) {
			_, signature, _ = strings.Cut(r.Header.Get("Authorization"), "Signature=")
			body := `{"executions":[{"workflow_id":"other","execution_id":"e\u200b1"}]}`
			return &http.Response{
				StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r,
			}, nil
		}), func(cfg *client.Config) { cfg.ProjectID = "p1" })
		_, err := c.AllWorkflowExecutions(t.Context(), executions.Question{WorkflowID: "w"})
		refused, ok := errors.AsType[*ListingError](err)
		if !ok || signature == "" {
			t.Fatalf("got %v", err)
		}
		const want = "The service listed execution e1 of another workflow, other."
		if refused.Reason != want || refused.Advice == "" {
			t.Errorf("got %s, want %s", refused.Reason, want)
		}
	})
}

// newTestClient returns a client that reaches transport only and retries nothing.
func newTestClient(t *testing.T, transport http.RoundTripper, changes ...func(*client.Config)) *Client {
	t.Helper()
	c, err := New(acctest.ClientConfig(transport, changes...))
	if err != nil {
		t.Fatal(err)
	}

	return c
}

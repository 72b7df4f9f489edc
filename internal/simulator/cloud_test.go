package simulator

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	const project, list = "/v2/" + DefaultProjectID, "/fgs/workflows/" + testWorkflow + "/executions"
	tests := []struct {
		method, path string
		want         Operation
		body         string
	}{
		{"GET", "/v3/projects", ListProjects, ""},
		{"GET", "/any/prefix/v3/projects", ListProjects, ""},
		{"GET", project + list, ListWorkflowExecutions, ""},
		{"GET", "/prefix" + project + list, ListWorkflowExecutions, ""},
		{"GET", project + "/fgs/workflows/a%2Fb/executions", ListWorkflowExecutions, ""},
		{"POST", project + list, "", ""},
		{"GET", project + list + "/", "", ""},
		{"GET", "/" + project + list, "", ""},
		{"GET", project + "/fgs/workflows//executions", "", ""},
		{"GET", project + "/fgs/workflows/a/b/executions", "", ""},
		{"GET", project + "/fgs/workflows", ListWorkflow, ""},
		{"GET", project + "/fgs/workflows/", "", ""},
		{"GET", project + list + "/e", ShowWorkflowExecution, ""},
		{"GET", project + list + "/e/f", "", ""},
		{"GET", "/", "", ""},
		{"POST", "/v3.0/OS-CREDENTIAL/securitytokens", CreateTemporaryAccessKeyByAgency,
			`{"auth":{"identity":{"methods":["assume_role"]}}}`},
		{"POST", "/v3.0/OS-CREDENTIAL/securitytokens", CreateTemporaryAccessKeyByToken,
			`{"auth":{"identity":{"methods":["token"]}}}`},
		{"POST", "/v3.0/OS-CREDENTIAL/securitytokens", CreateTemporaryAccessKeyByAgency, "nonsense"},
		{"GET", "/v3.0/OS-CREDENTIAL/securitytokens", "", ""},
		{"POST", "/v3.0/OS-AUTH/id-token/tokens", CreateTokenWithIDToken, ""},
		{"POST", "/sts/v5/agencies/assume", AssumeAgency, ""},
		{"PUT", "/meta-data/latest/api/token", CreateMetadataToken, ""},
		{"GET", "/openstack/latest/securitykey", ShowSecurityKey, ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path+" "+tt.body, func(t *testing.T) {
			t.Parallel()
			var got Operation
			if r, _ := findRoute(tt.method, tt.path, []byte(tt.body)); r != nil {
				got = r.operation
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRespond_headers(t *testing.T) {
	t.Parallel()
	cl := inProcess(newCloud(1, Behaviour{}))
	got := []http.Header{cl.get(t, "/nothing/here").header, cl.get(t, "/v3/projects").header}
	want := []http.Header{
		{
			"Content-Type": {"application/json"},
			"Date":         {"Tue, 10 Mar 2026 12:00:00 GMT"},
			"Server":       {"api-gateway"},
			"X-Request-Id": {"00000000000000000000000000000001"},
		},
		{
			"Content-Type":   {"application/json"},
			"Date":           {"Tue, 10 Mar 2026 12:00:00 GMT"},
			"X-Iam-Trace-Id": {"00000000000000000000000000000002"},
			"X-Request-Id":   {"00000000000000000000000000000002"},
		},
	}
	for _, h := range got {
		delete(h, "Content-Length")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestRespond_unknownPath(t *testing.T) {
	t.Parallel()
	got := inProcess(New(Config{})).get(t, "/v1/nothing")
	if got.status != http.StatusNotFound || !strings.Contains(got.body, `"error_code":"APIGW.0101"`) {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	c := newCloud(1, Behaviour{})
	cl := inProcess(c)
	var requested, answered []int
	c.OnRequest(func(n int, r Request) {
		requested = append(requested, n)
		if r.Status != 0 {
			t.Errorf("request %d has status %d before it is answered", n, r.Status)
		}
	})
	c.OnResponse(func(_ int, r Request) { answered = append(answered, r.Status) })
	cl.list(t, "limit", "1", "limit", "2")
	cl.get(t, "/base%20path/v1/none")

	want := []Request{
		{
			Operation: ListWorkflowExecutions, Method: "GET", Host: "simulator.test",
			Path:  "/v2/" + DefaultProjectID + "/fgs/workflows/" + testWorkflow + "/executions",
			Query: map[string][]string{"limit": {"1", "2"}},
			Time:  testNow, RequestID: "00000000000000000000000000000001", SignatureValid: true, Caller: CallerHome,
			Status: 200,
		},
		{
			Method: "GET", Host: "simulator.test", Path: "/base%20path/v1/none", Query: map[string][]string{},
			Time: testNow, RequestID: "00000000000000000000000000000002",
			SignatureValid: true, Caller: CallerHome, Status: 404,
		},
	}
	if diff := cmp.Diff(want, c.Requests(), cmpopts.IgnoreFields(Request{}, "Header", "Took")); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2}, requested); diff != "" {
		t.Errorf("OnRequest (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{200, 404}, answered); diff != "" {
		t.Errorf("OnResponse (-want +got):\n%s", diff)
	}

	if got := c.Requests()[0].Header.Get("Authorization"); !strings.HasPrefix(got, "SDK-HMAC-SHA256 Access=") {
		t.Errorf("Authorization recorded as %q", got)
	}

	c.ResetRequests()
	cl.list(t)
	if requested[2] != 1 || len(c.Requests()) != 1 {
		t.Errorf("after a reset: request %d of %d, want 1 of 1", requested[2], len(c.Requests()))
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	want := map[Operation]bool{
		"":                               true,
		ListProjects:                     true,
		ListWorkflow:                     true,
		ListWorkflowExecutions:           true,
		ShowWorkflowExecution:            true,
		ShowWorkflowExecutionForPage:     true,
		CreateTemporaryAccessKeyByAgency: true,
		CreateTemporaryAccessKeyByToken:  false,
		CreateTokenWithIDToken:           false,
		CreateTokenWithToken:             false,
		AssumeAgency:                     true,
		CreateMetadataToken:              false,
		ShowSecurityKey:                  false,
	}
	got := map[Operation]bool{"": Operation("").Signed()}
	for _, o := range Operations() {
		got[o] = o.Signed()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations and whether they are signed (-want +got):\n%s", diff)
	}
}

// All methods run concurrently, for the race detector.
func TestCloud_concurrent(t *testing.T) {
	t.Parallel()
	srv := Start(t, Config{Now: fixedClock, Agencies: []Agency{{Name: "a"}},
		Metadata: &Metadata{RenewBefore: 24 * time.Hour}})
	srv.AddWorkflow(testWorkflow, numbered(50)...)
	const list = "/v2/" + DefaultProjectID + "/fgs/workflows/" + testWorkflow + "/executions"
	cl := &client{http.DefaultTransport, srv.URL, DefaultAccessKey, DefaultSecretKey, "", fixedClock}
	srv.OnRequest(func(int, Request) {
		srv.AddWorkflow(testWorkflow, Execution{ID: "new", Begin: testNow})
		srv.UpdateExecution(testWorkflow, "1", func(e *Execution) { e.Status = "cancel" })
		srv.RemoveExecutions(testWorkflow, "2")
		srv.Script(Fault{Header: http.Header{"X-Test": {"1"}}})
	})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				resp, err := cl.RoundTrip(cl.request(context.Background(), list))
				if err != nil {
					t.Error(err)
					return
				}
				_ = resp.Body.Close()
				_ = srv.Requests()
			}
		})
	}
	for range 10 {
		cl.send(t, "POST", securityTokens, byAgency("a", DefaultDomainName))
		cl.send(t, "GET", securityKey, "")
	}
	group.Wait()
	if n := len(srv.Requests()); n != 100 {
		t.Errorf("%d requests recorded, want 100", n)
	}
}

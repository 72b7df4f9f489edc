package provider

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/datasources"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Tests of failures from the socket to diagnostics and logs.

// readFrom reads the workflow "w" of a service, with the simulator's settings and
// further ones.
func readFrom(ctx context.Context, t *testing.T, url string, more environment) diag.Diagnostics {
	t.Helper()
	env := acctest.Keys().With(environment{"HW_PROJECT_ID": simulator.DefaultProjectID,
		"HW_MAX_RETRIES": "0"}).With(more)
	//nolint:contextcheck // Terraform configures under a context of its own
	configured := configure(t, env, false, args{"endpoints": args{"fgs": url}})
	if configured.Diagnostics.HasError() {
		t.Fatal(configured.Diagnostics)
	}

	return readWith(ctx, t, configured.DataSourceData)
}

// readWith reads the workflow "w" with the provider's data for data sources, in
// the provider's region or in another.
func readWith(ctx context.Context, t *testing.T, providerData any, region ...string) diag.Diagnostics {
	t.Helper()
	source := datasources.NewWorkflowExecutionsDataSource()
	var schema datasource.SchemaResponse
	source.Schema(ctx, datasource.SchemaRequest{}, &schema)
	var connected datasource.ConfigureResponse
	if c, ok := source.(datasource.DataSourceWithConfigure); ok {
		c.Configure(ctx, datasource.ConfigureRequest{ProviderData: providerData}, &connected)
	}
	object, ok := schema.Schema.Type().TerraformType(ctx).(tftypes.Object)
	if !ok {
		t.Fatal("the schema is not an object")
	}
	values := map[string]tftypes.Value{}
	for name, attributeType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
	}
	values["workflow_id"] = tftypes.NewValue(tftypes.String, "w")
	for _, name := range region {
		values["region"] = tftypes.NewValue(tftypes.String, name)
	}
	resp := datasource.ReadResponse{State: tfsdk.State{Schema: schema.Schema, Raw: tftypes.NewValue(object, nil)}}
	source.Read(ctx, datasource.ReadRequest{Config: tfsdk.Config{Schema: schema.Schema,
		Raw: tftypes.NewValue(object, values)}}, &resp)

	return resp.Diagnostics
}

// shown returns the only diagnostic.
func shown(t *testing.T, diags diag.Diagnostics) string {
	t.Helper()
	texts := wordings(diags)
	if len(texts) != 1 {
		t.Fatalf("got %d diagnostics, want 1: %q", len(texts), texts)
	}

	return texts[0]
}

func TestRead_whatTheServiceSays(t *testing.T) {
	t.Parallel()
	encoded := strings.Repeat("EncodedAuthorizationMessage-0123456789_", 100)
	tests := map[string]struct {
		fault simulator.Fault
		want  []string
	}{
		"Chinese": {
			simulator.Fault{Status: 403,
				Body: `{"error_code":"FSS.0403","error_msg":"权限不足：用户“张三”没有函数流的访问权限。","request_id":"r1"}`},
			[]string{"Permission denied\n", "  Message:    权限不足：用户“张三”没有函数流的访问权限。\n", "  Request ID: r1\n"},
		},
		"Chinese, escaped": {
			simulator.Fault{Status: 404,
				Body: `{"error_code":"FGS.5002","error_msg":"\u51fd\u6570\u6d41\u4e0d\u5b58\u5728"}`},
			[]string{"Workflow not found\n", "  Message:    函数流不存在\n"},
		},
		"Chinese, no JSON": {
			simulator.Fault{Status: 502, Body: "<title>网关错误</title>"},
			[]string{"FunctionGraph failed\n", "the body begins with: <title>网关错误</title>\n"},
		},
		"encoded authorization message": {
			simulator.Fault{Status: 403,
				Body: `{"error_code":"PAP5.0004","error_msg":"denied by a policy","encoded_authorization_message":"` +
					encoded + `"}`},
			[]string{"Permission denied\n", "  Encoded reason: " + encoded + "\n",
				"decode-authorization-message of STS can decode the reason."},
		},
		"terminal escapes in a message": {
			simulator.Fault{Status: 400,
				Body: `{"error_code":"FGS.\u001b[2J3002",` +
					`"error_msg":"a\u001b]0;title\u0007\u001b[31mred\u009b1mbold\r\nError: forged\u202e",` +
					`"request_id":"r\u001b[8m2"}`},
			[]string{"Request refused\n", "  Error code: FGS.[2J3002\n",
				"  Message:    a]0;title[31mred1mbold Error: forged\n", "  Request ID: r[8m2\n"},
		},
		"terminal escapes in HTML": {
			simulator.Fault{Status: 200, Body: "<html>\x1b[31m\x00\x07\x1b]8;;http://x\x1b\\"},
			[]string{"Unexpected response\n", "the body begins with: <html>[31m]8;;http://x\\\n"},
		},
		"terminal escapes in another workflow's row": {
			simulator.Fault{Status: 200,
				Body: `{"executions":[{"workflow_id":"a\u001b[31m\nb","execution_id":"e\u001b[2J"}]}`},
			[]string{"Incomplete list of workflow executions\n", "execution e[2J of another workflow, a[31m b.\n"},
		},
		"terminal escapes in an encoded message": {
			simulator.Fault{Status: 403, Body: `{"error_msg":"no","encoded_authorization_message":"a\u001b[31mb"}`},
			[]string{"  Encoded reason: a[31mb\n"},
		},
		"a text without end": {
			simulator.Fault{Status: 400,
				Body: `{"error_code":"FGS.3002","error_msg":"` + strings.Repeat("长", 100000) + `"}`},
			[]string{"  Message:    " + strings.Repeat("长", 1000) + "…\n"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.Script(tt.fault.Repeat(-1))
			got := shown(t, readFrom(t.Context(), t, srv.URL, nil))
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("without %q:\n%s", want, got)
				}
			}
			if strings.ContainsFunc(got, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
				t.Errorf("not printable: %q", got)
			}
		})
	}
}

// The project ID from IAM is part of every later request and error.
func TestRead_projectID(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{
		"terminal escapes": `a\u001b[31mb`,
		"a line more":      `a\r\nX-Other: b`,
		"without end":      strings.Repeat("a", 100000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.Script(simulator.Fault{Body: `{"projects":[{"id":"` + id +
				`","name":"cn-north-4"}]}`}.On(simulator.ListProjects))
			got := shown(t, readFrom(t.Context(), t, srv.URL, environment{"HW_PROJECT_ID": "", "HW_AUTH_URL": srv.URL}))
			if !strings.HasPrefix(got, "Unexpected response\n") ||
				!strings.Contains(got, "the response contains an invalid project ID; the body begins with: ") {
				t.Errorf("got %s", got)
			}
			if n := len(srv.Requests()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

// A project name in place of the ID is sent, because IDs in private clouds have
// other forms. The error then suggests project_name.
func TestRead_projectName(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow("w")
	got := shown(t, readFrom(t.Context(), t, srv.URL, environment{"HW_PROJECT_ID": "cn-north-4_dev"}))
	const want = "A project's ID has 32 letters and digits, and project_id is \"cn-north-4_dev\". " +
		"Is that the project's name? It belongs in project_name then."
	if !strings.HasSuffix(got, want) || !strings.Contains(got, "project_id from environment variable HW_PROJECT_ID") {
		t.Errorf("without %q:\n%s", want, got)
	}
	if requests := srv.Requests(); len(requests) != 1 || !strings.HasPrefix(requests[0].Path, "/v2/cn-north-4_dev/") {
		t.Errorf("got %d requests, want one for the project", len(requests))
	}
}

// An invalid proxy fails the reads that would use it, even in a region that only a
// data source names. It is not retried.
func TestRead_proxyOfAnotherRegion(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	configured := configure(t, environment{
		"HW_REGION_NAME": simulator.DefaultRegion, "HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK", "HW_PROJECT_ID": "p",
		"HTTPS_PROXY": `http://CORP\planted@proxy.test`,
	}, false, args{"endpoints": args{"fgs": srv.URL}})
	if configured.Diagnostics.HasError() {
		t.Fatal(configured.Diagnostics)
	}
	if got := atRead(t, configured); len(got) > 0 {
		t.Fatalf("the region of the block needs no proxy: %q", got)
	}
	got := shown(t, readWith(t.Context(), t, configured.DataSourceData, "cn-east-3"))
	if !strings.HasPrefix(got, "No response from IAM\n") ||
		!strings.Contains(got, "environment variable HTTPS_PROXY must be the URL of a proxy") ||
		strings.Contains(got, "planted") || strings.Contains(got, "Tries:") {
		t.Errorf("got %s", got)
	}
}

// The error compares this machine's clock with the service's.
func TestRead_clock(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ahead time.Duration // of the service
		want  string
	}{
		"behind": {time.Hour, "This machine's clock is 1h behind the service's."},
		"ahead":  {-20 * time.Minute, "This machine's clock is 20m ahead of the service's."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t,
				simulator.Config{Now: func() time.Time { return time.Now().Add(tt.ahead).Round(time.Second) }})
			got := shown(t, readFrom(t.Context(), t, srv.URL, nil))
			// Dates have whole seconds.
			got = strings.NewReplacer("59m59s", "1h", "1h0m1s", "1h", "19m59s", "20m", "20m1s", "20m").Replace(got)
			if !strings.HasPrefix(got, "Signature refused because of the time\n") || !strings.Contains(got, tt.want) {
				t.Errorf("without %q:\n%s", tt.want, got)
			}
		})
	}
}

// Each certificate error has its own advice.
func TestRead_certificates(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		host     string
		from, to time.Duration
		want     string
	}{
		"expired": {"127.0.0.1", -2 * time.Hour, -time.Hour,
			"The certificate has expired or is not valid yet. Check the clock of this machine."},
		"of another host": {"127.0.0.2", -time.Hour, time.Hour,
			"The certificate is for another host. Check endpoints and auth_url."},
		"unknown authority": {"127.0.0.1", -time.Hour, time.Hour,
			"The certificate is not signed by an authority that this machine trusts."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cert, key := acctest.Certificate(t, func(c *x509.Certificate) {
				c.IPAddresses, c.IsCA = []net.IP{net.ParseIP(tt.host)}, false
				c.NotBefore, c.NotAfter = time.Now().Add(tt.from), time.Now().Add(tt.to)
			})
			pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.StartTLS()
			t.Cleanup(server.Close)

			got := shown(t, readFrom(t.Context(), t, server.URL, nil))
			if !strings.HasPrefix(got, "No response from FunctionGraph\n") || !strings.Contains(got, "x509: ") ||
				!strings.Contains(got, "\n\n"+tt.want) {
				t.Errorf("without %q:\n%s", tt.want, got)
			}
		})
	}
}

// Each attempt is one line of the log.
func TestRead_logs(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow("w", simulator.Seed(99, time.Now(), time.Minute, 1)...)
	srv.Script(simulator.Status(http.StatusServiceUnavailable), simulator.HTML(http.StatusBadGateway))
	var out bytes.Buffer
	if diags := readFrom(tflogtest.RootLogger(t.Context(), &out), t, srv.URL,
		environment{"HW_MAX_RETRIES": "2"}); diags.HasError() {
		t.Fatal(diags)
	}
	lines, err := tflogtest.MultilineJSONDecode(&out)
	if err != nil {
		t.Fatal(err)
	}

	var tries, responses []map[string]any
	for _, line := range lines {
		switch line["@message"] {
		case "HTTP request":
			tries = append(tries, line)
		case "HTTP response":
			responses = append(responses, line)
		}
	}
	requests := srv.Requests()
	if len(tries) != 3 || len(responses) != 3 || len(requests) != 3 {
		t.Fatalf("%d lines on requests and %d on responses for %d requests, want 3 of each", len(tries), len(responses),
			len(requests))
	}
	for i, status := range []float64{503, 502, 200} {
		want := map[string]any{
			"@level": "debug", "@message": "HTTP request", "@module": "provider.client",
			"method": "GET", "host": strings.TrimPrefix(srv.URL, "http://"), "path": requests[i].Path,
			"query": "limit=200",
			"try":   float64(i + 1), "status": status, "request_id": requests[i].RequestID,
		}
		// The duration, the size and the error vary, so that their presence is enough.
		rest := cmpopts.IgnoreMapEntries(func(name string, _ any) bool {
			return name == "duration_ms" || name == "bytes" || name == "retry_in" || name == "error"
		})
		if diff := cmp.Diff(want, tries[i], rest); diff != "" {
			t.Errorf("try %d (-want +got):\n%s", i+1, diff)
		}
		failed := status != 200
		for name, wanted := range map[string]bool{"duration_ms": true, "bytes": true, "error": failed,
			"retry_in": failed} {
			if _, found := tries[i][name]; found != wanted {
				t.Errorf("try %d: %s is there: %t", i+1, name, found)
			}
		}
		body, _ := responses[i]["body"].(string)
		if responses[i]["@level"] != "trace" || body == "" || len(body) > 4096+len("…") {
			t.Errorf("try %d: the body of %d bytes is logged at level %s with %d", i+1, tries[i]["bytes"],
				responses[i]["@level"], len(body))
		}
	}
	if size, _ := tries[2]["bytes"].(float64); size < 10000 {
		t.Errorf("the list has %v bytes, which is not enough to show that its log is bounded", size)
	}
}

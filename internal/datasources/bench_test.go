//go:build unix

package datasources

// Benchmarks of reading, in this process and without a network. Ratios are of
// pairs that are measured in turn, so that they hold on a busy machine. Whole
// processes are measured by internal/bench, which takes over the ratios.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/longlist"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const benchWorkflow = "48aff955-ea10-4ffd-b426-190bc192dc14"

// replay responds from memory to a request that it has seen before, so that the
// simulator costs nothing when it counts.
type replay struct {
	cloud  http.RoundTripper
	date   string // of every response, so that each read sends the same requests
	mu     sync.Mutex
	bodies map[string][]byte // by query
}

func newReplay(rows int) *replay {
	now := time.Now()
	cloud := simulator.New(simulator.Config{})
	cloud.AddWorkflow(benchWorkflow, simulator.Seed(rows, now, 71*time.Hour/time.Duration(rows), 1)...)
	return &replay{cloud: cloud.Transport(), date: now.UTC().Format(http.TimeFormat), bodies: map[string][]byte{}}
}

func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	body, known := r.bodies[req.URL.RawQuery]
	r.mu.Unlock()
	if !known {
		resp, err := r.cloud.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		if body, err = io.ReadAll(resp.Body); err != nil {
			return nil, err
		}
		r.mu.Lock()
		r.bodies[req.URL.RawQuery] = body
		r.mu.Unlock()
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Date": {r.date}}, Request: req,
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}, nil
}

func newReader(b *testing.B, transport http.RoundTripper) *functiongraph.Client {
	b.Helper()
	c, err := functiongraph.New(acctest.ClientConfig(transport))
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// benchProvider has the data source and a client for it.
type benchProvider struct {
	provider.Provider
	client *functiongraph.Client
}

func (benchProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "huaweicloud"
}

func (benchProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p benchProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.DataSourceData = &ProviderData{Client: p.client}
}

func (benchProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{NewWorkflowExecutionsDataSource}
}

func (benchProvider) Resources(context.Context) []func() resource.Resource { return nil }

// readOf returns a function that reads a list of so many rows, as Terraform
// asks for it; plain, the way the framework does it.
func readOf(b *testing.B, rows int, plain bool) (read func()) {
	b.Helper()
	server := providerserver.NewProtocol6(benchProvider{client: newReader(b, newReplay(rows))})()
	if !plain {
		server = longlist.Server(server)
	}
	empty := tftypes.Object{}
	none, err := tfprotov6.NewDynamicValue(empty, tftypes.NewValue(empty, map[string]tftypes.Value{}))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := server.ConfigureProvider(b.Context(), &tfprotov6.ConfigureProviderRequest{Config: &none}); err != nil {
		b.Fatal(err)
	}

	block := configWith(b, NewWorkflowExecutionsDataSource(), map[string]string{"workflow_id": benchWorkflow}).Raw
	config, err := tfprotov6.NewDynamicValue(block.Type(), block)
	if err != nil {
		b.Fatal(err)
	}
	return func() {
		resp, err := server.ReadDataSource(b.Context(),
			&tfprotov6.ReadDataSourceRequest{TypeName: "huaweicloud_fgs_workflow_executions", Config: &config})
		if err != nil || len(resp.Diagnostics) > 0 {
			b.Fatal(err, resp.Diagnostics)
		}
	}
}

// cpuTime is what this process has spent so far.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// reportRatio measures both in turn and reports the median of the ratios of
// their CPU times.
func reportRatio(b *testing.B, unit string, one, other func()) {
	b.Helper()
	took := func(f func()) float64 {
		start := cpuTime(b)
		f()
		return float64(cpuTime(b) - start)
	}
	one()
	other()
	var ratios []float64
	for b.Loop() {
		ratios = append(ratios, took(one)/took(other))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], unit)
}

// A page from its JSON to what Terraform reads, compared with encoding/json
// into plain structs.
func BenchmarkWorkflowExecutionsDataSource_page(b *testing.B) {
	const rows, pages = 199, 100 // one request is all it takes
	transport := newReplay(rows)
	c := newReader(b, transport)
	server := longlist.Server(putter{})
	ours := func() {
		for range pages {
			executions, err := c.AllWorkflowExecutions(b.Context(), executions.Question{WorkflowID: benchWorkflow})
			if err != nil || len(executions) != rows {
				b.Fatal(len(executions), err)
			}
			var m workflowExecutionsModel
			if err := m.fromAPI(executions); err != nil {
				b.Fatal(err)
			}
			ctx := context.WithValue(b.Context(), putterKey{}, m.Executions)
			if _, err := server.ReadDataSource(ctx, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
	ours()
	if len(transport.bodies) != 1 {
		b.Fatalf("%d requests, want 1", len(transport.bodies))
	}
	plain := func() {
		for range pages {
			for _, body := range transport.bodies {
				var page struct {
					Executions []struct {
						WorkflowID     string `json:"workflow_id"`
						WorkflowURN    string `json:"workflow_urn"`
						ExecutionID    string `json:"execution_id"`
						Status         string `json:"status"`
						BeginTime      string `json:"begin_time"`
						EndTime        string `json:"end_time"`
						LastUpdateTime string `json:"last_update_time"`
						CreatedBy      string `json:"created_by"`
					} `json:"executions"`
				}
				if err := json.Unmarshal(body, &page); err != nil || len(page.Executions) != rows {
					b.Fatal(len(page.Executions), err)
				}
			}
		}
	}
	reportRatio(b, "x-json", ours, plain)
}

// putter is a framework that has nothing to do but for a list.
type putter struct{ tfprotov6.ProviderServer }

type putterKey struct{}

func (putter) ReadDataSource(
	ctx context.Context, _ *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	rows, _ := ctx.Value(putterKey{}).([]executionModel)
	if !longlist.Put(ctx, "x", rows) {
		return nil, fmt.Errorf("the list was not taken")
	}
	return &tfprotov6.ReadDataSourceResponse{State: &tfprotov6.DynamicValue{MsgPack: []byte("\x81\xa1x\xc0")}}, nil
}

// As many rows in one long list and in short ones.
func BenchmarkWorkflowExecutionsDataSource_growth(b *testing.B) {
	const long, short = 100_000, 2_000
	readLong, readShort := readOf(b, long, false), readOf(b, short, false)
	reportRatio(b, "x-short", readLong, func() {
		for range long / short {
			readShort()
		}
	})
}

func BenchmarkWorkflowExecutionsDataSource_read(b *testing.B) {
	for _, rows := range []int{150, 2_000, 20_000} {
		for name, plain := range map[string]bool{"": false, ", by the framework": true} {
			b.Run(fmt.Sprintf("%d rows%s", rows, name), func(b *testing.B) {
				b.ReportAllocs()
				read := readOf(b, rows, plain)
				read()
				for b.Loop() {
					read()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
			})
		}
	}
}

package datasources_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// The response is, byte for byte, the one that the framework would send.
func TestWorkflowExecutionsDataSource_response(t *testing.T) {
	t.Parallel()
	creators := []string{``, `null`, `""`, `"\u0000\ud800é🙂"`, `"` + strings.Repeat("x", 300) + `"`}
	for _, n := range []int{0, 1, 150, 300} {
		t.Run(fmt.Sprint(n, " rows"), func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			rows := simulator.Seed(n, whole().Add(-time.Minute), 10*time.Second, uint64(n))
			for i := range rows {
				if i%3 == 0 {
					rows[i].Raw = map[string]string{
						"created_by":       creators[i/3%5],
						"last_update_time": []string{`"soon"`, `"0001-01-01T00:00:00Z"`, `"2026-03-10 12:00:00.5+08:00"`}[i/3%3],
					}
				}
			}
			if n > 1 {
				rows[1].Raw = map[string]string{"workflow_urn": `"` + strings.Repeat("李", 30_000) + `"`, "workflow_id": `null`}
			}
			srv.AddWorkflow(testWorkflow, rows...)
			env := defaultEnvironment(srv)
			want, _ := readResponse(t, env.With(environment{"HW_FGS_PLAIN_LISTS": "true"}), srv.URL)
			lists := len(srv.RequestsOf(simulator.ListWorkflowExecutions))
			srv.ResetRequests()
			got, log := readResponse(t, env, srv.URL)

			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("response (-framework +provider):\n%s", diff)
			}
			if strings.Contains(log, `"@level":"warn"`) {
				t.Errorf("a warning in the log: %s", log)
			}
			acctest.ExpectRequests(t, srv, 1, lists)
		})
	}
}

// readResponse returns the provider's response to a read of testWorkflow, and its
// log.
func readResponse(t *testing.T, env environment, url string) (*tfprotov6.ReadDataSourceResponse, string) {
	t.Helper()
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	server := provider.Server(provider.Options{Version: "test", Getenv: func(name string) string { return env[name] }})()
	schema, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	const name = "huaweicloud_fgs_workflow_executions"
	endpoint := tftypes.NewValue(tftypes.String, url)
	endpoints := tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"fgs": endpoint})
	if _, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{
		Config: block(t, schema.Provider, "endpoints", endpoints),
	}); err != nil {
		t.Fatal(err)
	}
	resp, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: name,
		Config:   block(t, schema.DataSourceSchemas[name], "workflow_id", tftypes.NewValue(tftypes.String, testWorkflow)),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		t.Errorf("%s\n%s", d.Summary, d.Detail)
	}
	return resp, log.String()
}

// block is a configuration with one argument.
func block(t *testing.T, schema *tfprotov6.Schema, argument string, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	object, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("the schema is not an object")
	}
	values := map[string]tftypes.Value{}
	for name, attributeType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
	}
	values[argument] = value
	config, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	if err != nil {
		t.Fatal(err)
	}
	return &config
}

package datasources

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// typeName returns the name of a data source's type.
func typeName(ctx context.Context, d datasource.DataSource) string {
	var resp datasource.MetadataResponse
	d.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "huaweicloud"}, &resp)
	return resp.TypeName
}

// schemaOf returns a data source's schema.
func schemaOf(ctx context.Context, d datasource.DataSource) schema.Schema {
	var resp datasource.SchemaResponse
	d.Schema(ctx, datasource.SchemaRequest{}, &resp)
	return resp.Schema
}

// configWith returns a configuration of a data source with the given string
// arguments set and everything else null.
func configWith(t testing.TB, d datasource.DataSource, arguments map[string]string) tfsdk.Config {
	t.Helper()
	s := schemaOf(t.Context(), d)
	object, _ := s.Type().TerraformType(t.Context()).(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attributeType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
	}
	for name, value := range arguments {
		values[name] = tftypes.NewValue(tftypes.String, value)
	}
	return tfsdk.Config{Schema: s, Raw: tftypes.NewValue(object, values)}
}

// forAll runs a test for each data source, new in each run.
func forAll(t *testing.T, test func(t *testing.T, d datasource.DataSource)) {
	t.Helper()
	for _, newDataSource := range All() {
		t.Run(typeName(t.Context(), newDataSource()), func(t *testing.T) {
			t.Parallel()
			test(t, newDataSource())
		})
	}
}

func TestAll_schema(t *testing.T) {
	t.Parallel()
	forAll(t, func(t *testing.T, d datasource.DataSource) {
		s := schemaOf(t.Context(), d)
		if diags := s.ValidateImplementation(t.Context()); diags.HasError() {
			t.Error(diags)
		}
		if s.MarkdownDescription == "" {
			t.Error("the data source has no description")
		}
		for name, attribute := range s.Attributes {
			if attribute.GetMarkdownDescription() == "" {
				t.Errorf("%s has no description", name)
			}
		}
		want := regionAttribute().MarkdownDescription
		if diff := cmp.Diff(want, s.Attributes["region"].GetMarkdownDescription()); diff != "" {
			t.Errorf("region (-want +got):\n%s", diff)
		}
		if got := slices.Collect(maps.Keys(s.Blocks)); !slices.Contains(got, "timeouts") {
			t.Errorf("got blocks %v, want timeouts", got)
		}
	})
}

func TestAll_configure(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data any
		want string
	}{
		"nothing yet": {},
		"data":        {data: &ProviderData{Client: &functiongraph.Client{}}},
		"wrong type": {data: 42, want: "Unexpected provider data\n" +
			"Expected *datasources.ProviderData, got int. This is a defect of the provider: please report it."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forAll(t, func(t *testing.T, d datasource.DataSource) {
				configurable, ok := d.(datasource.DataSourceWithConfigure)
				if !ok {
					t.Fatal("the data source has no Configure")
				}
				var resp datasource.ConfigureResponse
				configurable.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: tt.data}, &resp)
				if diff := cmp.Diff(tt.want, wordings(resp.Diagnostics)); diff != "" {
					t.Errorf("diagnostics (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// Terraform does not read before it configures. A panic would hide the cause of
// such a defect.
func TestAll_readBeforeConfigure(t *testing.T) {
	t.Parallel()
	for name, provider := range map[string]any{"no provider data": nil, "no client": &ProviderData{}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forAll(t, func(t *testing.T, d datasource.DataSource) {
				configurable, _ := d.(datasource.DataSourceWithConfigure)
				configurable.Configure(t.Context(),
					datasource.ConfigureRequest{ProviderData: provider}, &datasource.ConfigureResponse{})
				config := configWith(t, d, nil)
				null := tftypes.NewValue(config.Raw.Type(), nil)
				resp := datasource.ReadResponse{State: tfsdk.State{Schema: config.Schema, Raw: null}}
				d.Read(t.Context(), datasource.ReadRequest{Config: config}, &resp)
				if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != "Provider is not configured" {
					t.Errorf("got diagnostics %v", resp.Diagnostics)
				}
				if !resp.State.Raw.IsNull() {
					t.Errorf("got state %v", resp.State.Raw)
				}
			})
		})
	}
}

// The operation of a data source has the summary of a read that fails without a
// request, and the read uses the region of the block.
func TestAll_readFails(t *testing.T) {
	t.Parallel()
	c, err := functiongraph.New(client.Config{Region: "cn-north-4"})
	if err != nil {
		t.Fatal(err)
	}
	forAll(t, func(t *testing.T, d datasource.DataSource) {
		configurable, _ := d.(datasource.DataSourceWithConfigure)
		configurable.Configure(t.Context(),
			datasource.ConfigureRequest{ProviderData: &ProviderData{Client: c}}, &datasource.ConfigureResponse{})
		config := configWith(t, d, map[string]string{"region": "not a host"})
		resp := datasource.ReadResponse{State: tfsdk.State{Schema: config.Schema}}
		d.Read(t.Context(), datasource.ReadRequest{Config: config}, &resp)
		if len(resp.Diagnostics) != 1 || !strings.HasPrefix(resp.Diagnostics[0].Summary(), "Unable to ") {
			t.Errorf("got diagnostics %v, want one with the summary of the operation", resp.Diagnostics)
		}
	})
}

func TestAll_validateTimeout(t *testing.T) {
	t.Parallel()
	forAll(t, func(t *testing.T, d datasource.DataSource) {
		config := configWith(t, d, nil)
		values := map[string]tftypes.Value{}
		if err := config.Raw.As(&values); err != nil {
			t.Fatal(err)
		}
		values["timeouts"] = tftypes.NewValue(values["timeouts"].Type(),
			map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, "0s")})
		config.Raw = tftypes.NewValue(config.Raw.Type(), values)
		validated, ok := d.(datasource.DataSourceWithValidateConfig)
		if !ok {
			t.Fatal("the data source has no ValidateConfig")
		}
		var resp datasource.ValidateConfigResponse
		validated.ValidateConfig(t.Context(), datasource.ValidateConfigRequest{Config: config}, &resp)
		const want = "Timeout is not positive (timeouts.read)\nAttribute timeouts.read must be more than zero, got: 0s"
		if diff := cmp.Diff(want, wordings(resp.Diagnostics)); diff != "" {
			t.Errorf("diagnostics (-want +got):\n%s", diff)
		}
	})
}

// A read has the timeout and the region of its block, else the defaults.
func TestBase_read(t *testing.T) {
	t.Parallel()
	const region = "cn-north-4" // the provider's
	tests := map[string]struct {
		region, timeout string
		wantRegion      string
		wantTimeout     time.Duration
	}{
		"defaults": {wantRegion: region, wantTimeout: 5 * time.Minute},
		"set":      {region: "cn-south-1", timeout: "90s", wantRegion: "cn-south-1", wantTimeout: 90 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, err := functiongraph.New(client.Config{Region: region})
				if err != nil {
					t.Fatal(err)
				}
				b := base{&ProviderData{Client: c}}
				model := baseModel{Region: stringOrNull(tt.region), Timeouts: readTimeout(stringOrNull(tt.timeout))}
				request := func(ctx context.Context, got *functiongraph.Client) error {
					deadline, _ := ctx.Deadline()
					if left := time.Until(deadline); left != tt.wantTimeout {
						t.Errorf("got timeout %s, want %s", left, tt.wantTimeout)
					}
					if got.Region() != tt.wantRegion || got.Client != c.Client {
						t.Errorf("got client %p of %q, want %p of %q", got.Client, got.Region(), c.Client, tt.wantRegion)
					}
					return errors.New("no luck")
				}
				operation := functiongraph.OperationListWorkflowExecutions
				diags := b.read(t.Context(), &model, operation, labels{{"Workflow", "w"}}, request)
				want := wording(readDiagnostic(errors.New("no luck"),
					subject{operation, labels{{"Workflow", "w"}}, tt.wantRegion, tt.wantTimeout}))
				if diff := cmp.Diff(want, wordings(diags)); diff != "" {
					t.Errorf("diagnostics (-want +got):\n%s", diff)
				}
				if got := model.Region.ValueString(); got != tt.wantRegion {
					t.Errorf("got region %q, want %q", got, tt.wantRegion)
				}
			})
		})
	}
}

// readTimeout returns a timeouts block.
func readTimeout(read types.String) timeouts.Value {
	return timeouts.Value{Object: types.ObjectValueMust(
		map[string]attr.Type{"read": types.StringType}, map[string]attr.Value{"read": read})}
}

func TestValidateTimeout(t *testing.T) {
	t.Parallel()
	const wrong = "Timeout is not positive (timeouts.read)\nAttribute timeouts.read must be more than zero, got: "
	tests := map[string]struct {
		read types.String
		want string // "" for accepted
	}{
		"not set":    {read: types.StringNull()},
		"unknown":    {read: types.StringUnknown()},
		"good":       {read: types.StringValue("90s")},
		"zero":       {types.StringValue("0s"), wrong + "0s"},
		"negative":   {types.StringValue("-1m"), wrong + "-1m"},
		"unreadable": {read: types.StringValue("soon")}, // the attribute's own validator says so
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := baseModel{Timeouts: readTimeout(tt.read)}
			if diff := cmp.Diff(tt.want, wordings(m.validateTimeout(t.Context()))); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("no block", func(t *testing.T) {
		t.Parallel()
		if diags := new(baseModel).validateTimeout(t.Context()); len(diags) > 0 {
			t.Error(diags)
		}
	})
}

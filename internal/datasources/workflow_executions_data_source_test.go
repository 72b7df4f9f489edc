package datasources

import (
	"context"
	"reflect"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// schemaOf is the data source's schema.
func schemaOf(ctx context.Context) datasource.SchemaResponse {
	var resp datasource.SchemaResponse
	NewWorkflowExecutionsDataSource().Schema(ctx, datasource.SchemaRequest{}, &resp)
	return resp
}

func TestWorkflowExecutionsDataSource_schema(t *testing.T) {
	t.Parallel()
	resp := schemaOf(t.Context())
	resp.Diagnostics.Append(resp.Schema.ValidateImplementation(t.Context())...)
	if resp.Diagnostics.HasError() {
		t.Error(resp.Diagnostics)
	}
	for name, attribute := range resp.Schema.Attributes {
		if attribute.GetMarkdownDescription() == "" {
			t.Errorf("%s has no description", name)
		}
	}
}

// Terraform's schema has no descriptions for the attributes of an object type.
func TestWorkflowExecutionsDataSource_describesExecutions(t *testing.T) {
	t.Parallel()
	executions := schemaOf(t.Context()).Schema.Attributes["executions"]
	list, _ := executions.GetType().(types.ListType)
	object, ok := list.ElementType().(types.ObjectType)
	if !ok {
		t.Fatalf("got type %s, want a list of objects", executions.GetType())
	}
	fields := reflect.TypeFor[executionModel]()
	if got, want := len(object.AttrTypes), fields.NumField(); got != want {
		t.Errorf("got %d attributes, want %d", got, want)
	}
	for field := range fields.Fields() {
		name := field.Tag.Get("tfsdk")
		if object.AttrTypes[name] != types.StringType {
			t.Errorf("got type %v of %s, want a string", object.AttrTypes[name], name)
		}
		item := regexp.MustCompile("\n  - `" + name + "`: \\S.+\\.\n")
		if !item.MatchString(executions.GetMarkdownDescription()) {
			t.Errorf("no item for %s in the description:\n%s", name, executions.GetMarkdownDescription())
		}
	}
}

func TestWorkflowExecutionsDataSource_metadata(t *testing.T) {
	t.Parallel()
	var resp datasource.MetadataResponse
	NewWorkflowExecutionsDataSource().Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "huaweicloud"}, &resp)
	if resp.TypeName != "huaweicloud_fgs_workflow_executions" {
		t.Errorf("got type name %q", resp.TypeName)
	}
}

func TestWorkflowExecutionsDataSource_configure(t *testing.T) {
	t.Parallel()
	data := &ProviderData{Client: &functiongraph.Client{}}
	tests := map[string]struct {
		data    any
		want    *ProviderData
		wantErr string
	}{
		"nothing yet": {},
		"data":        {data: data, want: data},
		"wrong type":  {data: 42, wantErr: "Unexpected provider data\nExpected *datasources.ProviderData, got int. This is a defect of the provider: please report it."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var d workflowExecutionsDataSource
			var resp datasource.ConfigureResponse
			d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: tt.data}, &resp)

			got := ""
			for _, diagnostic := range resp.Diagnostics {
				got += wording(diagnostic)
			}
			if diff := cmp.Diff(tt.wantErr, got); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if d.provider != tt.want {
				t.Errorf("got provider data %v, want %v", d.provider, tt.want)
			}
		})
	}
}

// Terraform does not do this; a panic would hide whatever led to it.
func TestWorkflowExecutionsDataSource_readBeforeConfigure(t *testing.T) {
	t.Parallel()
	schema := schemaOf(t.Context()).Schema
	null := tftypes.NewValue(schema.Type().TerraformType(t.Context()), nil)
	for name, d := range map[string]*workflowExecutionsDataSource{
		"no provider data": {},
		"no client":        {provider: &ProviderData{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := datasource.ReadResponse{State: tfsdk.State{Schema: schema, Raw: null}}
			d.Read(t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: schema, Raw: emptyConfig(t.Context())}}, &resp)
			if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != "Provider is not configured" {
				t.Errorf("got diagnostics %v", resp.Diagnostics)
			}
			if !resp.State.Raw.IsNull() {
				t.Errorf("got state %v", resp.State.Raw)
			}
		})
	}
}

// emptyConfig is a configuration with every attribute null.
func emptyConfig(ctx context.Context) tftypes.Value {
	object, _ := schemaOf(ctx).Schema.Type().TerraformType(ctx).(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attributeType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
	}
	return tftypes.NewValue(object, values)
}

// Command floor is a minimal provider for long lists. It implements the plugin
// protocol without the framework, and its rows are already encoded, in the file
// that BENCH_ROWS names.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

func main() {
	if err := tf6server.Serve("terraform.local/fgs/huaweicloud",
		func() tfprotov6.ProviderServer { return floor{} }); err != nil {
		log.Fatal(err)
	}
}

// floor implements the methods that Terraform and OpenTofu call.
type floor struct{ tfprotov6.ProviderServer }

func (floor) GetProviderSchema(context.Context,
	*tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	const name = "huaweicloud_fgs_workflow_executions"
	row := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for _, name := range []string{"begin_time", "created_by", "end_time", "execution_id", "last_update_time", "status",
		"workflow_id", "workflow_urn"} {
		row.AttributeTypes[name] = tftypes.String
	}

	return &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{},
		Provider:           &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
		DataSourceSchemas: map[string]*tfprotov6.Schema{name: {Block: &tfprotov6.SchemaBlock{
			Attributes: []*tfprotov6.SchemaAttribute{
				{Name: "executions", Type: tftypes.List{ElementType: row}, Computed: true},
				{Name: "workflow_id", Type: tftypes.String, Required: true},
			},
		}}},
	}, nil
}

func (floor) ReadDataSource(context.Context,
	*tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	rows, err := os.ReadFile(os.Getenv("BENCH_ROWS"))
	if err != nil {
		return nil, err
	}
	state, err := msgpack.Marshal(struct {
		Executions msgpack.RawMessage `msgpack:"executions"`
		WorkflowID string             `msgpack:"workflow_id"`
	}{rows, os.Getenv("BENCH_WORKFLOW")})
	if err != nil {
		return nil, err
	}

	return &tfprotov6.ReadDataSourceResponse{State: &tfprotov6.DynamicValue{MsgPack: state}}, nil
}

func (floor) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return &tfprotov6.GetMetadataResponse{}, nil
}

func (floor) GetResourceIdentitySchemas(context.Context,
	*tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (floor) ValidateProviderConfig(context.Context,
	*tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{}, nil
}

func (floor) ConfigureProvider(context.Context,
	*tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (floor) ValidateDataResourceConfig(context.Context,
	*tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (floor) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

var (
	_ datasource.DataSourceWithConfigure      = (*workflowsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*workflowsDataSource)(nil)
)

type workflowsDataSource struct{ base }

// NewWorkflowsDataSource returns the data source huaweicloud_fgs_workflows.
func NewWorkflowsDataSource() datasource.DataSource { return &workflowsDataSource{} }

func (d *workflowsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_fgs_workflows"
}

func (d *workflowsDataSource) Schema(
	ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the FunctionGraph workflows of a project, for example to get the ID of a workflow " +
			"by its name. The list is complete, or the read fails and says why.",
		Attributes: map[string]schema.Attribute{
			// Optional.
			"name": schema.StringAttribute{
				MarkdownDescription: "List only the workflow of exactly this name, in the same letter case. Default: all.",
				Optional:            true,
				Validators:          []validator.String{nullNotEmpty{stringvalidator.LengthAtLeast(1)}},
			},
			"mode": schema.StringAttribute{
				MarkdownDescription: "List only the workflows of this mode: `NORMAL` or `EXPRESS`. Default: all.",
				Optional:            true,
				Validators:          []validator.String{nullNotEmpty{stringvalidator.OneOf("NORMAL", "EXPRESS")}},
			},
			"enterprise_project_id": schema.StringAttribute{
				MarkdownDescription: "List only the workflows of the enterprise project with this ID. Default: all, " +
					"whatever the provider's own `enterprise_project_id` is.",
				Optional:   true,
				Validators: []validator.String{nullNotEmpty{stringvalidator.LengthAtLeast(1)}},
			},
			"region": regionAttribute(),

			// Computed.
			"workflows": schema.ListAttribute{
				MarkdownDescription: "The workflows, sorted by `name` and then by `id`. Empty if there are none. " +
					"Each workflow has these attributes, null where the service leaves one out:" +
					"\n\n" + workflowAttributes.describe("  ") + "\n\n  All but the last one are strings.",
				Computed:    true,
				ElementType: workflowAttributes.objectType(),
			},
		},
		Blocks: baseBlocks(ctx),
	}
}

func (d *workflowsDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var data workflowsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}

	resp.Diagnostics.Append(d.read(
		ctx, &data.baseModel, functiongraph.OperationListWorkflow,
		labels{{"Name", data.Name.ValueString()}},
		func(ctx context.Context, c *functiongraph.Client) error {
			workflows, err := c.AllWorkflows(ctx, data.toOptions())
			if err == nil {
				data.fromAPI(workflows)
			}
			return err
		})...)
	if resp.Diagnostics.HasError() {
		return
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

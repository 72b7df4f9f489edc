package datasources

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/longlist"
)

var (
	_ datasource.DataSourceWithConfigure      = (*workflowExecutionsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*workflowExecutionsDataSource)(nil)
)

type workflowExecutionsDataSource struct{ base }

// NewWorkflowExecutionsDataSource returns the data source
// huaweicloud_fgs_workflow_executions.
func NewWorkflowExecutionsDataSource() datasource.DataSource {
	return &workflowExecutionsDataSource{}
}

func (d *workflowExecutionsDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_fgs_workflow_executions"
}

func (d *workflowExecutionsDataSource) Schema(
	ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the executions of one FunctionGraph workflow, the newest first. " +
			"The list is complete, or the read fails and says why.\n\n" +
			"~> **Without `start_time` and `end_time` only the last three days are listed.** " +
			"The service decides this: with only `start_time` it lists the three days from then (not up to now), " +
			"with only `end_time` the three days up to then, and with both everything between them.",
		Attributes: map[string]schema.Attribute{
			// Required.
			"workflow_id": schema.StringAttribute{
				MarkdownDescription: "ID of the workflow, a UUID, not its name or its URN.",
				Required:            true,
				Validators:          []validator.String{isWorkflowID},
			},

			// Optional.
			"status": schema.StringAttribute{
				MarkdownDescription: "List only the executions of this status: " +
					"`success`, `fail`, `running`, `timeout` or `cancel`. " +
					"For several, use `for_each` over a set of them. Default: all.",
				Optional: true,
				Validators: []validator.String{
					nullNotEmpty{stringvalidator.OneOf("success", "fail", "running", "timeout", "cancel")},
				},
			},
			"start_time": schema.StringAttribute{
				MarkdownDescription: "Start of the window, in RFC 3339 with any offset; " +
					"a fraction of a second is rounded down. " +
					"Default: three days before `end_time`, or before now if that is not set either.",
				Optional:   true,
				Validators: []validator.String{nullNotEmpty{isTime}},
			},
			"end_time": schema.StringAttribute{
				MarkdownDescription: "End of the window, in RFC 3339 with any offset, not before `start_time`; " +
					"a fraction of a second is rounded up. " +
					"Default: three days after `start_time`, or now if that is not set either.",
				Optional:   true,
				Validators: []validator.String{nullNotEmpty{isTime}},
			},
			// Not Int64Attribute, which reports 1.5 as a defect of the provider.
			"limit": schema.NumberAttribute{
				MarkdownDescription: "List at most this many executions, the newest; " +
					"of those that began in the same second as the last one, any may be left out. " +
					"At least 1; it may be more than the 200 that the service returns at once. Default: all.",
				Optional:   true,
				Validators: []validator.Number{countValidator{}},
			},
			"region": regionAttribute(),

			// Computed.
			//
			// objectAttributes says why these are not nested attributes.
			"executions": schema.ListAttribute{
				MarkdownDescription: "The executions, the newest `begin_time` first; where those are equal, by `execution_id`. " +
					"Empty if there are none. Each execution has these attributes, null where the service leaves one out:" +
					"\n\n" + executionAttributes.describe("  ") + "\n\n  All are strings.",
				Computed:    true,
				ElementType: executionAttributes.objectType(),
			},
		},
		Blocks: baseBlocks(ctx),
	}
}

func (d *workflowExecutionsDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var config workflowExecutionsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	resp.Diagnostics.Append(config.validateWindow()...)
	resp.Diagnostics.Append(config.validateTimeout(ctx)...)
}

func (d *workflowExecutionsDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var data workflowExecutionsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	question, diags := data.toQuestion()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	warning := windowWarning(question.Start, question.End, time.Now())
	resp.Diagnostics.Append(d.read(
		ctx, &data.baseModel, functiongraph.OperationListWorkflowExecutions,
		labels{{"Workflow", question.WorkflowID}},
		func(ctx context.Context, c *functiongraph.Client) error {
			executions, err := c.AllWorkflowExecutions(ctx, question)
			if err != nil {
				return err
			}
			return data.fromAPI(executions)
		})...)
	if resp.Diagnostics.HasError() {
		return
	}

	resp.Diagnostics.Append(warning) // nothing is appended for nil
	if longlist.Put(ctx, "executions", data.Executions) {
		data.Executions = nil // null, which the server replaces
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

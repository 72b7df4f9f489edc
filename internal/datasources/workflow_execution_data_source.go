package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

var (
	_ datasource.DataSourceWithConfigure      = (*workflowExecutionDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*workflowExecutionDataSource)(nil)
)

type workflowExecutionDataSource struct{ base }

// NewWorkflowExecutionDataSource returns the data source
// huaweicloud_fgs_workflow_execution.
func NewWorkflowExecutionDataSource() datasource.DataSource { return &workflowExecutionDataSource{} }

func (d *workflowExecutionDataSource) Metadata(
	_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_fgs_workflow_execution"
}

func (d *workflowExecutionDataSource) Schema(
	ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse,
) {
	const onlyPayloads = " Null unless `payloads` is true."
	attributes := map[string]schema.Attribute{
		// Required.
		"workflow_id": schema.StringAttribute{
			MarkdownDescription: "ID of the workflow, a UUID. Neither its name nor its URN will do.",
			Required:            true,
			Validators:          []validator.String{isWorkflowID},
		},
		"execution_id": schema.StringAttribute{
			MarkdownDescription: "ID of the execution.",
			Required:            true,
			Validators:          []validator.String{isExecutionID},
		},

		// Optional.
		"payloads": schema.BoolAttribute{
			MarkdownDescription: "Whether to read inputs and outputs as well. " +
				"Executions often handle passwords and personal data, " +
				"and the state keeps in plain text what is read. Default: false.",
			Optional: true,
		},
		"region": regionAttribute(),

		// Computed.
		"nodes": schema.ListAttribute{
			MarkdownDescription: "The nodes that ran, in the order in which they first began. " +
				"Each node has these attributes, null where the service leaves one out:\n\n" + nodeAttributes.describe("  ") +
				"\n\n  A node that has not run has no tries.",
			Computed:    true,
			ElementType: nodeAttributes.objectType(),
		},
		"input": schema.StringAttribute{
			MarkdownDescription: "Input of the execution, as JSON text." + onlyPayloads,
			Computed:            true,
			Sensitive:           true,
		},
		"output": schema.StringAttribute{
			MarkdownDescription: "Output of the execution, as JSON text." + onlyPayloads,
			Computed:            true,
			Sensitive:           true,
		},
		"node_payloads": schema.ListAttribute{
			MarkdownDescription: "Inputs and outputs of the nodes, each at the index that the node has in `nodes`." +
				onlyPayloads + " Each has these attributes:\n\n" + nodePayloadAttributes.describe("  ") +
				"\n\n  The state holds them in plain text.",
			Computed:    true,
			Sensitive:   true,
			ElementType: nodePayloadAttributes.objectType(),
		},
	}
	for _, attribute := range executionAttributes { // the same as in the list
		if _, isArgument := attributes[attribute.name]; !isArgument {
			attributes[attribute.name] = schema.StringAttribute{MarkdownDescription: attribute.description, Computed: true}
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Shows one execution of a FunctionGraph workflow with its nodes: " +
			"which of them failed, when, and why.",
		Attributes: attributes,
		Blocks:     baseBlocks(ctx),
	}
}

func (d *workflowExecutionDataSource) Read(
	ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse,
) {
	var data workflowExecutionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}

	workflowID, executionID := data.WorkflowID.ValueString(), data.ExecutionID.ValueString()
	resp.Diagnostics.Append(d.read(
		ctx, &data.baseModel, functiongraph.OperationShowWorkflowExecution,
		labels{{"Workflow", workflowID}, {"Execution", executionID}},
		func(ctx context.Context, c *functiongraph.Client) error {
			execution, err := c.WorkflowExecution(ctx, workflowID, executionID, data.Payloads.ValueBool())
			if err == nil {
				data.fromAPI(execution)
			}
			return err
		})...)
	if resp.Diagnostics.HasError() {
		return
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

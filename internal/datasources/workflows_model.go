package datasources

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// workflowsModel is the data source as a whole.
type workflowsModel struct {
	baseModel
	Name                types.String    `tfsdk:"name"`
	Mode                types.String    `tfsdk:"mode"`
	EnterpriseProjectID types.String    `tfsdk:"enterprise_project_id"`
	Workflows           []workflowModel `tfsdk:"workflows"`
}

// workflowModel is one workflow.
type workflowModel struct {
	ID                   types.String `tfsdk:"id"`
	Name                 types.String `tfsdk:"name"`
	WorkflowURN          types.String `tfsdk:"workflow_urn"`
	Description          types.String `tfsdk:"description"`
	CreatedTime          types.String `tfsdk:"created_time"`
	UpdatedTime          types.String `tfsdk:"updated_time"`
	CreatedBy            types.String `tfsdk:"created_by"`
	EnableStreamResponse types.Bool   `tfsdk:"enable_stream_response"`
}

// workflowAttributes are the attributes of a workflow.
var workflowAttributes = objectAttributes{
	{"id", types.StringType, "ID of the workflow, a UUID: the `workflow_id` of other data sources."},
	{"name", types.StringType, "Name of the workflow."},
	{"workflow_urn", types.StringType, "URN of the workflow: " +
		"`urn:fss:<region_id>:<project_id>:workflow:<package>:<workflow_name>:<version>`."},
	{"description", types.StringType, "Description of the workflow."},
	{"created_time", types.StringType, "When the workflow was created, in RFC 3339, UTC."},
	{"updated_time", types.StringType, "When the workflow last changed, in RFC 3339, UTC."},
	{"created_by", types.StringType, "Who or what created the workflow."},
	{"enable_stream_response", types.BoolType, "Whether the workflow streams its response."},
}

// toOptions turns the arguments into the client's question.
func (m *workflowsModel) toOptions() functiongraph.ListWorkflowOptions {
	return functiongraph.ListWorkflowOptions{
		Name:                m.Name.ValueString(),
		Mode:                m.Mode.ValueString(),
		EnterpriseProjectID: m.EnterpriseProjectID.ValueString(),
	}
}

// fromAPI takes over the workflows that were read. No workflows are an empty
// list, not null.
func (m *workflowsModel) fromAPI(workflows []functiongraph.Workflow) {
	m.Workflows = make([]workflowModel, 0, len(workflows))
	for _, w := range workflows {
		m.Workflows = append(m.Workflows, workflowModel{
			ID:                   stringOrNull(w.ID),
			Name:                 stringOrNull(w.Name),
			WorkflowURN:          stringOrNull(w.WorkflowURN),
			Description:          stringOrNull(w.Description),
			CreatedTime:          timeOrNull(w.CreatedTime),
			UpdatedTime:          timeOrNull(w.UpdatedTime),
			CreatedBy:            stringOrNull(w.CreatedBy),
			EnableStreamResponse: types.BoolPointerValue(w.EnableStreamResponse),
		})
	}
}

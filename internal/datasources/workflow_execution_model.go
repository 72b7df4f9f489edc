package datasources

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// workflowExecutionModel is the data source as a whole.
type workflowExecutionModel struct {
	baseModel
	executionModel
	Payloads     types.Bool         `tfsdk:"payloads"`
	Nodes        []nodeModel        `tfsdk:"nodes"`
	Input        types.String       `tfsdk:"input"`
	Output       types.String       `tfsdk:"output"`
	NodePayloads []nodePayloadModel `tfsdk:"node_payloads"`
}

// nodeModel is one node of an execution.
type nodeModel struct {
	NodeID     types.String `tfsdk:"node_id"`
	NodeName   types.String `tfsdk:"node_name"`
	Executions []tryModel   `tfsdk:"executions"`
}

// tryModel is one try of a node.
type tryModel struct {
	Status       types.String `tfsdk:"status"`
	BeginTime    types.String `tfsdk:"begin_time"`
	EndTime      types.String `tfsdk:"end_time"`
	ErrorMessage types.String `tfsdk:"error_message"`
	RequestID    types.String `tfsdk:"request_id"`
}

// nodePayloadModel has the payloads of one node. They are not in [nodeModel],
// because a part of an object in a list cannot be sensitive by itself.
type nodePayloadModel struct {
	NodeID     types.String      `tfsdk:"node_id"`
	Executions []tryPayloadModel `tfsdk:"executions"`
}

// tryPayloadModel has the payloads of one try of a node.
type tryPayloadModel struct {
	Input  types.String `tfsdk:"input"`
	Output types.String `tfsdk:"output"`
}

// tryAttributes are the attributes of a try of a node.
var tryAttributes = objectAttributes{
	{"status", types.StringType, "Status of the try, as that of an execution."},
	{"begin_time", types.StringType, "When the try began, in RFC 3339, UTC."},
	{"end_time", types.StringType, "When the try ended, in RFC 3339, UTC."},
	{"error_message", types.StringType, "Why the try failed: a text, " +
		"or JSON text if the service gives an object. It comes from the workflow's own functions."},
	{"request_id", types.StringType, "ID of the request that ran the function, by which its log is found."},
}

// nodeAttributes are the attributes of a node of an execution.
var nodeAttributes = objectAttributes{
	{"node_id", types.StringType, "ID of the node."},
	{"node_name", types.StringType, "Name of the node."},
	{"executions", types.ListType{ElemType: tryAttributes.objectType()}, "The tries of the node, " +
		"in the service's order. Each has these attributes, all strings:\n\n" + tryAttributes.describe("    ")},
}

// tryPayloadAttributes are the attributes of the payloads of a try of a node.
var tryPayloadAttributes = objectAttributes{
	{"input", types.StringType, "Input of the try, as JSON text."},
	{"output", types.StringType, "Output of the try, as JSON text."},
}

// nodePayloadAttributes are the attributes of the payloads of a node.
var nodePayloadAttributes = objectAttributes{
	{"node_id", types.StringType, "ID of the node."},
	{"executions", types.ListType{ElemType: tryPayloadAttributes.objectType()}, "The payloads of each try, " +
		"at the index that the try has in `nodes`. " +
		"Each has these attributes, both strings:\n\n" + tryPayloadAttributes.describe("    ")},
}

// fromAPI takes over the execution that was read. The arguments stay as they are.
func (m *workflowExecutionModel) fromAPI(e functiongraph.WorkflowExecutionDetail) {
	row := executionFromAPI(e.WorkflowExecution)
	row.WorkflowID, row.ExecutionID = m.WorkflowID, m.ExecutionID
	m.executionModel = row
	m.Input, m.Output = stringOrNull(e.Input), stringOrNull(e.Output)

	m.Nodes = make([]nodeModel, 0, len(e.Nodes))
	for _, n := range e.Nodes {
		node := nodeModel{
			NodeID:     stringOrNull(n.ID),
			NodeName:   stringOrNull(n.Name),
			Executions: make([]tryModel, 0, len(n.Tries)),
		}
		for _, try := range n.Tries {
			node.Executions = append(node.Executions, tryModel{
				Status:       stringOrNull(try.Status),
				BeginTime:    timeOrNull(try.BeginTime),
				EndTime:      timeOrNull(try.EndTime),
				ErrorMessage: stringOrNull(try.ErrorMessage),
				RequestID:    stringOrNull(try.RequestID),
			})
		}
		m.Nodes = append(m.Nodes, node)
	}
	if m.Payloads.ValueBool() {
		m.NodePayloads = nodePayloadsFromAPI(e.Nodes)
	}
}

func nodePayloadsFromAPI(nodes []functiongraph.WorkflowNode) []nodePayloadModel {
	payloads := make([]nodePayloadModel, 0, len(nodes))
	for _, n := range nodes {
		node := nodePayloadModel{NodeID: stringOrNull(n.ID), Executions: make([]tryPayloadModel, 0, len(n.Tries))}
		for _, try := range n.Tries {
			node.Executions = append(node.Executions, tryPayloadModel{
				Input:  stringOrNull(try.Input),
				Output: stringOrNull(try.Output),
			})
		}
		payloads = append(payloads, node)
	}

	return payloads
}

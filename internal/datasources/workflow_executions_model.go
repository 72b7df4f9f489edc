package datasources

import (
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/longlist"
)

// workflowExecutionsModel is the whole data block.
type workflowExecutionsModel struct {
	baseModel
	WorkflowID types.String     `tfsdk:"workflow_id"`
	Status     types.String     `tfsdk:"status"`
	StartTime  types.String     `tfsdk:"start_time"`
	EndTime    types.String     `tfsdk:"end_time"`
	Limit      types.Number     `tfsdk:"limit"`
	Executions []executionModel `tfsdk:"executions"`
}

// executionModel is one execution.
type executionModel struct {
	WorkflowID     types.String `tfsdk:"workflow_id"`
	WorkflowURN    types.String `tfsdk:"workflow_urn"`
	ExecutionID    types.String `tfsdk:"execution_id"`
	Status         types.String `tfsdk:"status"`
	BeginTime      types.String `tfsdk:"begin_time"`
	EndTime        types.String `tfsdk:"end_time"`
	LastUpdateTime types.String `tfsdk:"last_update_time"`
	CreatedBy      types.String `tfsdk:"created_by"`
}

// executionAttributes are the attributes of an execution.
var executionAttributes = objectAttributes{
	{"workflow_id", types.StringType, "ID of the workflow."},
	{"workflow_urn", types.StringType, "URN of the workflow: " +
		"`urn:fss:<region_id>:<project_id>:workflow:<package>:<workflow_name>:<version>`."},
	{"execution_id", types.StringType, "ID of the execution."},
	{"status", types.StringType, "`success`, `fail`, `running`, `timeout` or `cancel`; " +
		"a status that the service adds later is passed through."},
	{"begin_time", types.StringType, "When the execution was created, in RFC 3339, UTC."},
	{"end_time", types.StringType, "When the execution ended, in RFC 3339, UTC. " +
		"For a running one the service decides what it is: do not rely on null."},
	{"last_update_time", types.StringType, "When the execution last changed, in RFC 3339, UTC. " +
		"It may be earlier than `end_time`."},
	{"created_by", types.StringType, "Who or what created the execution."},
}

// earliest is the earliest time that a bound may have. Validation accepts earlier
// ones, because plantimestamp() is in the year 1 while older versions of Terraform
// and OpenTofu validate. A read refuses them.
var earliest = time.Unix(0, 0)

// validateWindow refuses a window that ends before it starts. It accepts bounds
// that are not known yet, and those that the attributes' own validators refuse.
func (m *workflowExecutionsModel) validateWindow() diag.Diagnostics {
	var diags diag.Diagnostics
	start, _ := parseTime(m.StartTime.ValueString())
	end, _ := parseTime(m.EndTime.ValueString())
	if !start.Before(earliest) && !end.Before(earliest) && end.Before(start) {
		diags.AddAttributeError(path.Root("end_time"), "Window ends before it starts",
			fmt.Sprintf("Attribute end_time must not be before start_time (%s), got: %s",
				m.StartTime.ValueString(), m.EndTime.ValueString()))
	}

	return diags
}

// parseBound parses one end of the window. It returns the zero time for null.
func parseBound(argument string, value types.String) (time.Time, diag.Diagnostics) {
	var diags diag.Diagnostics
	if value.IsNull() {
		return time.Time{}, diags
	}
	t, problem := parseTime(value.ValueString())
	if problem == "" && t.Before(earliest) {
		problem = fmt.Sprintf("must not be before 1970, got: %q", value.ValueString())
	}
	if problem != "" {
		diags.AddAttributeError(path.Root(argument), "Invalid time", fmt.Sprintf("Attribute %s %s", argument, problem))
	}

	return t, diags
}

// toQuestion turns the arguments into the client's question.
func (m *workflowExecutionsModel) toQuestion() (executions.Question, diag.Diagnostics) {
	question := executions.Question{
		WorkflowID: m.WorkflowID.ValueString(),
		Status:     m.Status.ValueString(),
		Limit:      intLimit(m.Limit),
		TooLong: func(executions, text int) bool {
			return minSize(executions, text) > longlist.MaxSize
		},
	}

	var diags, d diag.Diagnostics
	question.Start, diags = parseBound("start_time", m.StartTime)
	question.End, d = parseBound("end_time", m.EndTime)
	diags.Append(d...)

	return question, diags
}

// intLimit returns 0 for null, and at most the largest int.
func intLimit(n types.Number) int {
	if n.IsNull() {
		return 0
	}
	i, _ := n.ValueBigFloat().Int64() // the nearest, if it is larger

	return int(min(i, math.MaxInt))
}

// minSize returns the least size, in bytes, of a response to Terraform that holds
// the given number of executions with text bytes of text.
func minSize(executions, text int) int {
	nulls := longlist.Size(make([]executionModel, 1)) - longlist.Size([]executionModel{})

	return executions*nulls + text
}

// fromAPI sets the executions: an empty list, not null, if there are none. The
// error is a [*functiongraph.TooLongError] if Terraform would not accept the list.
func (m *workflowExecutionsModel) fromAPI(executions []functiongraph.WorkflowExecution) error {
	m.Executions = make([]executionModel, 0, len(executions))
	for _, execution := range executions {
		m.Executions = append(m.Executions, executionFromAPI(execution))
	}
	if longlist.Size(m.Executions) > longlist.MaxSize {
		return &functiongraph.TooLongError{Executions: len(executions)}
	}

	return nil
}

// executionFromAPI returns the model of an execution.
func executionFromAPI(e functiongraph.WorkflowExecution) executionModel {
	return executionModel{
		WorkflowID:     stringOrNull(e.WorkflowID),
		WorkflowURN:    stringOrNull(e.WorkflowURN),
		ExecutionID:    stringOrNull(e.ExecutionID),
		Status:         stringOrNull(e.Status),
		BeginTime:      timeOrNull(e.BeginTime),
		EndTime:        timeOrNull(e.EndTime),
		LastUpdateTime: timeOrNull(e.LastUpdateTime),
		CreatedBy:      stringOrNull(e.CreatedBy),
	}
}

// stringOrNull returns null for "", which stands for a field that the service left
// out or sent empty.
func stringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}

	return types.StringValue(s)
}

// timeOrNull returns a time of the service in RFC 3339, UTC, and null for the zero
// date. It returns a text that is not a time unchanged.
func timeOrNull(s string) types.String {
	t, err := executions.ParseTime(s)
	switch {
	case err != nil, t.Year() < 0, t.Year() > 9999: // RFC 3339 has four digits for the year
		return stringOrNull(s)
	case t.IsZero():
		return types.StringNull()
	default:
		var buffer [len(time.RFC3339Nano)]byte
		if text := t.AppendFormat(buffer[:0], time.RFC3339Nano); string(text) != s {
			return types.StringValue(string(text))
		}
		return types.StringValue(s) // unchanged, without a copy
	}
}

package functions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type parseWorkflowURN struct{}

// NewParseWorkflowURN returns the function parse_workflow_urn.
func NewParseWorkflowURN() function.Function { return parseWorkflowURN{} }

func (parseWorkflowURN) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_workflow_urn"
}

func (parseWorkflowURN) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Returns the parts of a workflow's URN.",
		MarkdownDescription: "Returns an object with the parts of a workflow's URN, `" + workflowURNForm + "`, as strings: " +
			"`region`, `project_id`, `package`, `workflow_name` and `version`. " +
			"Anything but the URN of a workflow is an error.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "urn",
			MarkdownDescription: "URN of a workflow, such as the `workflow_urn` of an execution. " +
				"It must not be null: where the service left out the `workflow_urn`, test for null first.",
		}},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"region":        types.StringType,
			"project_id":    types.StringType,
			"package":       types.StringType,
			"workflow_name": types.StringType,
			"version":       types.StringType,
		}},
	}
}

func (parseWorkflowURN) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	urn, problem := splitWorkflowURN(text)
	if problem != "" {
		resp.Error = function.NewArgumentFuncError(0, problem)
		return
	}
	resp.Error = resp.Result.Set(ctx, urn)
}

// workflowURN is what parse_workflow_urn returns.
type workflowURN struct {
	Region       string `tfsdk:"region"`
	ProjectID    string `tfsdk:"project_id"`
	Package      string `tfsdk:"package"`
	WorkflowName string `tfsdk:"workflow_name"`
	Version      string `tfsdk:"version"`
}

const (
	workflowURNForm  = "urn:fss:<region>:<project_id>:workflow:<package>:<workflow_name>:<version>"
	workflowURNParts = 8
)

// splitWorkflowURN returns the parts of a URN, or what is wrong with it. The
// service documents no package but "default" and no version but "latest": others
// are accepted, and so are IDs of a project of any length. Names have no colon.
func splitWorkflowURN(urn string) (result workflowURN, problem string) {
	parts := strings.Split(urn, ":")
	switch {
	case !strings.HasPrefix(urn, "urn:fss:"):
		problem = "it does not begin with \"urn:fss:\""
	case len(parts) > 4 && parts[4] == "function": // of 7 parts or 8
		problem = "it is the URN of a function, because its fifth part is \"function\" and not \"workflow\""
	case len(parts) != workflowURNParts:
		problem = fmt.Sprintf("it has %d parts and not %d", len(parts), workflowURNParts)
	case parts[4] != "workflow":
		problem = fmt.Sprintf("its fifth part is %s and not \"workflow\"", quote(parts[4]))
	case slices.Contains(parts, ""):
		problem = fmt.Sprintf("its part %d is empty", slices.Index(parts, "")+1)
	case slices.ContainsFunc(parts, malformed):
		problem = fmt.Sprintf("its part %d has control characters, or spaces around it", slices.IndexFunc(parts, malformed)+1)
	default:
		return workflowURN{
			Region: parts[2], ProjectID: parts[3], Package: parts[5], WorkflowName: parts[6], Version: parts[7],
		}, ""
	}

	return workflowURN{}, fmt.Sprintf("must be the URN of a workflow, %q, but %s: got %s",
		workflowURNForm, problem, quote(urn))
}

// malformed reports whether a part of a URN has what no name and no ID has.
func malformed(part string) bool {
	return strings.TrimSpace(part) != part || strings.ContainsFunc(part, func(r rune) bool { return !unicode.IsPrint(r) })
}

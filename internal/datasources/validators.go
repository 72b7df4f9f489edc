package datasources

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// maxID is the greatest length of an ID in characters, as the API page of
// ListWorkflowExecutions says of a workflow's.
const maxID = 512

// rule is a validator of strings.
type rule struct {
	description string
	summary     string // of the error

	// problem returns what is wrong with a value, as a clause that follows the
	// attribute's name, or "".
	problem func(string) string
}

func (r rule) Description(context.Context) string { return r.description }

func (r rule) MarkdownDescription(context.Context) string { return r.description }

func (r rule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := r.problem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, r.summary, fmt.Sprintf("Attribute %s %s", req.Path, problem))
	}
}

// isWorkflowID requires a text that can be a workflow's ID and one segment of a
// path.
var isWorkflowID = rule{
	"must be the ID of a workflow: a UUID, not its name or its URN", "Invalid workflow ID", workflowIDProblem,
}

// workflowIDProblem returns the rule that an ID breaks, or "".
func workflowIDProblem(id string) string {
	if strings.HasPrefix(strings.ToLower(id), "urn:") && utf8.RuneCountInString(id) <= maxID {
		return fmt.Sprintf("must be the workflow's ID, a UUID, and not its URN, got: %q. "+
			"The ID is shown on the workflow's page in the FunctionGraph console.", id)
	}

	return idProblem(id, "workflow")
}

// isExecutionID requires a text that can be one segment of a path.
var isExecutionID = rule{
	"must be the ID of an execution: a UUID", "Invalid execution ID",
	func(id string) string { return idProblem(id, "execution") },
}

// idProblem returns the rule of segments of a path that an ID breaks, or "".
func idProblem(id, object string) string {
	length := utf8.RuneCountInString(id)
	switch {
	case length == 0:
		return "must not be empty"
	case length > maxID:
		return fmt.Sprintf("must have at most %d characters, got: %d", maxID, length)
	case id == "." || id == "..", strings.ContainsAny(id, "/?#"), strings.TrimSpace(id) != id,
		strings.ContainsFunc(id, isUnprintable):
		return fmt.Sprintf("must be the %s's ID, a UUID, without slashes, question marks, number signs, "+
			"control characters or spaces around it, got: %q", object, id)
	default:
		return ""
	}
}

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

// countValidator requires a whole number of at least 1.
type countValidator struct{}

func (countValidator) Description(context.Context) string {
	return "must be a whole number of at least 1"
}

func (v countValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v countValidator) ValidateNumber(
	ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if n := req.ConfigValue.ValueBigFloat(); !n.IsInt() || n.Sign() < 1 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid number",
			fmt.Sprintf("Attribute %s %s, got: %s", req.Path, v.Description(ctx), n.Text('g', 20)))
	}
}

// isTime requires a time in RFC 3339.
var isTime = rule{"must be a time in RFC 3339", "Invalid time", func(text string) string {
	_, problem := parseTime(text)

	return problem
}}

// parseTime parses a time in RFC 3339. problem completes the sentence "Attribute
// start_time ...", or is "".
func parseTime(s string) (t time.Time, problem string) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, fmt.Sprintf("must be a time in RFC 3339 such as \"2026-01-31T12:00:00Z\" "+
			"or \"2026-01-31T20:00:00+08:00\", got: %q", s)
	}

	return t, ""
}

// nullNotEmpty refuses an empty string and says to use null instead. Other strings
// go to the embedded validator.
type nullNotEmpty struct{ validator.String }

func (v nullNotEmpty) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && req.ConfigValue.ValueString() == "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid empty string",
			fmt.Sprintf("Attribute %s must not be an empty string. To leave it out, use null.", req.Path))
		return
	}
	v.String.ValidateString(ctx, req, resp)
}

package functions

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
)

// run calls a function as the framework does.
func run(t *testing.T, f function.Function, arguments ...attr.Value) (attr.Value, *function.FuncError) {
	t.Helper()
	var definition function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
	result, err := definition.Definition.Return.NewResultData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resp := function.RunResponse{Result: result}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(arguments)}, &resp)

	return resp.Result.Value(), resp.Error
}

// wantPrintable checks that an error shows nothing raw of an argument, and that
// it is a phrase that Terraform can end with a full stop.
func wantPrintable(t *testing.T, problem string) {
	t.Helper()
	if !utf8.ValidString(problem) || strings.ContainsFunc(problem, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("not printable: %q", problem)
	}
	if !strings.HasPrefix(problem, "must be ") || strings.HasSuffix(problem, ".") || len(problem) > 5000 {
		t.Errorf("not a short phrase: %q", problem)
	}
}

func TestDefinitions(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]function.Function{
		"parse_workflow_urn": NewParseWorkflowURN(),
		"seconds_between":    NewSecondsBetween(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var metadata function.MetadataResponse
			f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
			if metadata.Name != name {
				t.Errorf("got name %q", metadata.Name)
			}
			var resp function.DefinitionResponse
			f.Definition(t.Context(), function.DefinitionRequest{}, &resp)
			var invalid function.DefinitionValidateResponse
			resp.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: name}, &invalid)
			if invalid.Diagnostics.HasError() {
				t.Error(invalid.Diagnostics)
			}
			if resp.Definition.Summary == "" || resp.Definition.MarkdownDescription == "" {
				t.Error("no description")
			}
			for _, p := range resp.Definition.Parameters {
				if p.GetMarkdownDescription() == "" {
					t.Errorf("%s has no description", p.GetName())
				}
			}
		})
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ argument, want string }{
		"short":          {"a\nb", `"a\nb"`},
		"200 characters": {strings.Repeat("流", 200), `"` + strings.Repeat("流", 200) + `"`},
		"202 characters": {strings.Repeat("流", 202), `"` + strings.Repeat("流", 200) + `" and 2 more characters`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := quote(tt.argument); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

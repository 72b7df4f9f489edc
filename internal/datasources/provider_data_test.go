package datasources

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// The first read reports all problems, without their paths in the provider block.
// The others refer to it.
func TestProblems(t *testing.T) {
	t.Parallel()
	p := NewProblems(diag.Diagnostics{
		diag.NewAttributeErrorDiagnostic(path.Root("region"), "Missing region", "Attribute region must be set."),
		diag.NewErrorDiagnostic("Invalid proxy", "Environment variable HTTPS_PROXY contains a space."),
	})
	for _, want := range []diag.Diagnostics{
		{
			diag.NewErrorDiagnostic("Missing region", "Attribute region must be set."),
			diag.NewErrorDiagnostic("Invalid proxy", "Environment variable HTTPS_PROXY contains a space."),
		},
		{diag.NewErrorDiagnostic("Provider is not usable",
			"This read fails for the same reasons as the first one, which explains them: Missing region, Invalid proxy.")},
		{diag.NewErrorDiagnostic("Provider is not usable",
			"This read fails for the same reasons as the first one, which explains them: Missing region, Invalid proxy.")},
	} {
		if diff := cmp.Diff(want, notConfiguredDiagnostics(&ProviderData{Problems: p})); diff != "" {
			t.Errorf("diagnostics (-want +got):\n%s", diff)
		}
	}
	if p := NewProblems(nil); p != nil {
		t.Errorf("no problems are %v", p)
	}
}

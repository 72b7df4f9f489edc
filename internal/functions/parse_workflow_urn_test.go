package functions

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestParseWorkflowURN(t *testing.T) {
	t.Parallel()
	const (
		must = "must be the URN of a workflow, " +
			`"urn:fss:<region>:<project_id>:workflow:<package>:<workflow_name>:<version>", but `
		ofFunction = must + `it is the URN of a function, because its fifth part is "function" and not "workflow": got `
	)
	tests := map[string]struct {
		urn  string
		want []string // region, project_id, package, workflow_name, version
		err  string
	}{
		"as documented": {
			urn:  "urn:fss:cn-north-7:46b6f338fc3445b8846c71dfb1fbxx:workflow:default:test_workflow:latest",
			want: []string{"cn-north-7", "46b6f338fc3445b8846c71dfb1fbxx", "default", "test_workflow", "latest"},
		},
		"names with other characters": {
			urn:  "urn:fss:cn-north-4:p:workflow:default:函数流 (v1.2)-[x]/y:latest",
			want: []string{"cn-north-4", "p", "default", "函数流 (v1.2)-[x]/y", "latest"},
		},
		"another package and version": {
			urn:  "urn:fss:cn-north-4:p:workflow:mine:flow:v2",
			want: []string{"cn-north-4", "p", "mine", "flow", "v2"},
		},
		"function": {
			urn: "urn:fss:cn-north-4:p:function:default:f:latest",
			err: ofFunction + `"urn:fss:cn-north-4:p:function:default:f:latest"`,
		},
		"function without a version": {
			urn: "urn:fss:cn-north-4:p:function:default:f",
			err: ofFunction + `"urn:fss:cn-north-4:p:function:default:f"`,
		},
		"something else": {
			urn: "urn:fss:cn-north-4:p:trigger:default:t:latest",
			err: must + `its fifth part is "trigger" and not "workflow": got "urn:fss:cn-north-4:p:trigger:default:t:latest"`,
		},
		"ID": {
			urn: "48aff955-ea10-4ffd-b426-190bc192dc14",
			err: must + `it does not begin with "urn:fss:": got "48aff955-ea10-4ffd-b426-190bc192dc14"`,
		},
		"empty": {err: must + `it does not begin with "urn:fss:": got ""`},
		"another service": {
			urn: "urn:smn:cn-north-4:p:workflow:default:flow:latest",
			err: must + `it does not begin with "urn:fss:": got "urn:smn:cn-north-4:p:workflow:default:flow:latest"`,
		},
		"no version": {
			urn: "urn:fss:cn-north-4:p:workflow:default:flow",
			err: must + `it has 7 parts and not 8: got "urn:fss:cn-north-4:p:workflow:default:flow"`,
		},
		"a part too many": {
			urn: "urn:fss:cn-north-4:p:workflow:default:a:b:latest",
			err: must + `it has 9 parts and not 8: got "urn:fss:cn-north-4:p:workflow:default:a:b:latest"`,
		},
		"no project": {
			urn: "urn:fss:cn-north-4::workflow:default:flow:latest",
			err: must + `its part 4 is empty: got "urn:fss:cn-north-4::workflow:default:flow:latest"`,
		},
		"line break": {
			urn: "urn:fss:cn-north-4:p:workflow:default:flow:latest\n",
			err: must + `its part 8 has control characters, or spaces around it: ` +
				`got "urn:fss:cn-north-4:p:workflow:default:flow:latest\n"`,
		},
		"a file": {
			urn: strings.Repeat("流", 300),
			err: must + `it does not begin with "urn:fss:": got "` + strings.Repeat("流", 200) + `" and 100 more characters`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := run(t, NewParseWorkflowURN(), types.StringValue(tt.urn))
			if tt.err != "" {
				if want := function.NewArgumentFuncError(0, tt.err); !want.Equal(err) {
					t.Errorf("error (-want +got):\n%s", cmp.Diff(want, err))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]attr.Value{}
			for i, part := range []string{"region", "project_id", "package", "workflow_name", "version"} {
				parts[part] = types.StringValue(tt.want[i])
			}
			object, _ := got.(types.Object)
			if diff := cmp.Diff(parts, object.Attributes()); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzParseWorkflowURN: the parts of what is accepted make up the URN again.
func FuzzParseWorkflowURN(f *testing.F) {
	for _, seed := range []string{
		"urn:fss:cn-north-4:46b6f338fc3445b8846c71dfb1fbxx:workflow:default:flow:latest",
		"urn:fss:r:p:workflow:default:函数流:latest", "urn:fss:r:p:function:default:f:latest",
		"urn:fss:r:p:function:default:f", "urn:fss:::workflow:::", "urn:fss:", "URN:FSS:r:p:workflow:d:f:v",
		"urn:fss:r:p:workflow:d:f :v", "urn:fss:r:p:\x1b[31m:d:f:v", strings.Repeat(":", 300), "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // Terraform has no such strings
		}
		urn, problem := splitWorkflowURN(text)
		if problem != "" {
			wantPrintable(t, problem)
			return
		}
		parts := []string{"urn", "fss", urn.Region, urn.ProjectID, "workflow", urn.Package, urn.WorkflowName, urn.Version}
		if got := strings.Join(parts, ":"); got != text {
			t.Errorf("%q has the parts of %q", text, got)
		}
		for _, part := range parts {
			if part == "" || strings.Contains(part, ":") || strings.TrimSpace(part) != part {
				t.Errorf("%q has the part %q", text, part)
			}
		}
	})
}

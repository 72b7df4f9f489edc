package datasources

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The list's description describes the attributes of an execution, because
// Terraform's schema has no descriptions for the attributes of an object type.
func TestWorkflowExecutionsDataSource_describesExecutions(t *testing.T) {
	t.Parallel()
	executions := schemaOf(t.Context(), NewWorkflowExecutionsDataSource()).Attributes["executions"]
	list, _ := executions.GetType().(types.ListType)
	object, ok := list.ElementType().(types.ObjectType)
	if !ok {
		t.Fatalf("got type %s, want a list of objects", executions.GetType())
	}
	fields := reflect.TypeFor[executionModel]()
	if got, want := len(object.AttrTypes), fields.NumField(); got != want {
		t.Errorf("got %d attributes, want %d", got, want)
	}
	for field := range fields.Fields() {
		name := field.Tag.Get("tfsdk")
		if object.AttrTypes[name] != types.StringType {
			t.Errorf("got type %v of %s, want a string", object.AttrTypes[name], name)
		}
		item := regexp.MustCompile("\n  - `" + name + "`: \\S.+\\.\n")
		if !item.MatchString(executions.GetMarkdownDescription()) {
			t.Errorf("no item for %s in the description:\n%s", name, executions.GetMarkdownDescription())
		}
	}
}

func TestWorkflowExecutionsDataSource_metadata(t *testing.T) {
	t.Parallel()
	if got := typeName(t.Context(), NewWorkflowExecutionsDataSource()); got != "huaweicloud_fgs_workflow_executions" {
		t.Errorf("got type name %q", got)
	}
}

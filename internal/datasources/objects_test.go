package datasources

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Each object of a list has the attributes of its model, with a description.
func TestObjectAttributes_models(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		attributes objectAttributes
		model      reflect.Type
	}{
		"execution":      {executionAttributes, reflect.TypeFor[executionModel]()},
		"workflow":       {workflowAttributes, reflect.TypeFor[workflowModel]()},
		"node":           {nodeAttributes, reflect.TypeFor[nodeModel]()},
		"try":            {tryAttributes, reflect.TypeFor[tryModel]()},
		"node's payload": {nodePayloadAttributes, reflect.TypeFor[nodePayloadModel]()},
		"try's payload":  {tryPayloadAttributes, reflect.TypeFor[tryPayloadModel]()},
	} {
		objectType := tt.attributes.objectType()
		if got, want := len(objectType.AttrTypes), tt.model.NumField(); got != want {
			t.Errorf("%s: got %d attributes, want %d", name, got, want)
		}
		for field := range tt.model.Fields() {
			attribute := field.Tag.Get("tfsdk")
			if got, want := objectType.AttrTypes[attribute], attributeTypeOf(field.Type); want != nil && got != want {
				t.Errorf("%s: got type %v of %s, want %v", name, got, attribute, want)
			}
			item := regexp.MustCompile("(?m)^  - `" + attribute + "`: \\S.+[.:]$")
			if !item.MatchString(tt.attributes.describe("  ")) {
				t.Errorf("%s: no item for %s in the description:\n%s", name, attribute, tt.attributes.describe("  "))
			}
		}
	}
}

// attributeTypeOf returns the type of an attribute with a field of a model; nil
// for a list.
func attributeTypeOf(field reflect.Type) attr.Type {
	switch field {
	case reflect.TypeFor[types.String]():
		return types.StringType
	case reflect.TypeFor[types.Bool]():
		return types.BoolType
	default:
		return nil
	}
}

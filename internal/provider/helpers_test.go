package provider

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// environment is what the provider sees of environment variables.
type environment map[string]string

func (e environment) getenv(name string) string { return e[name] }

// enough are the settings without which there is no client.
var enough = environment{"HW_REGION_NAME": "cn-north-4", "HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK"}

// wordings are diagnostics as they are shown: attribute, summary, detail.
func wordings(diags diag.Diagnostics) []string {
	var result []string
	for _, d := range diags {
		text := d.Summary() + "\n" + d.Detail()
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			text = at.Path().String() + ": " + text
		}
		result = append(result, text)
	}
	return result
}

// fieldOf is the field of the provider block's model for an argument.
func fieldOf(t *testing.T, block *providerModel, argument string) reflect.Value {
	t.Helper()
	model := reflect.ValueOf(block).Elem()
	for i := range model.NumField() {
		if model.Type().Field(i).Tag.Get("tfsdk") == argument {
			return model.Field(i)
		}
	}
	t.Fatalf("no field for argument %s", argument)
	return reflect.Value{}
}

// configOf is a provider block with the given arguments; the others are null.
func configOf(t *testing.T, arguments map[string]tftypes.Value) tfsdk.Config {
	t.Helper()
	schema := providerSchema()
	object, ok := schema.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("the schema is no object")
	}
	values := map[string]tftypes.Value{}
	for name, attributeType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
		if value, set := arguments[name]; set {
			values[name] = value
		}
	}
	return tfsdk.Config{Schema: schema, Raw: tftypes.NewValue(object, values)}
}

package provider

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestProviderSchema(t *testing.T) {
	t.Parallel()
	schema := providerSchema()
	if diags := schema.ValidateImplementation(t.Context()); diags.HasError() {
		t.Error(diags)
	}
	secrets := []string{"access_key", "secret_key", "security_token"}
	for name, attribute := range schema.Attributes {
		if attribute.IsSensitive() != slices.Contains(secrets, name) {
			t.Errorf("%s: sensitive is %t", name, attribute.IsSensitive())
		}
		if !attribute.IsOptional() || attribute.GetMarkdownDescription() == "" {
			t.Errorf("%s is not optional or not described", name)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	arguments := slices.Collect(maps.Keys(providerSchema().Attributes))
	for argument := range variables {
		if !slices.Contains(arguments, argument) {
			t.Errorf("variables for %s, which is no argument", argument)
		}
	}
	for _, argument := range arguments {
		if len(variables[argument]) == 0 && argument != "endpoints" {
			t.Errorf("no variable for %s", argument)
		}
	}
}

// A new field that unknown forgets would be read as unset.
func TestProviderModel_unknown(t *testing.T) {
	t.Parallel()
	unknown := map[reflect.Type]attr.Value{
		reflect.TypeFor[types.String](): types.StringUnknown(),
		reflect.TypeFor[types.Bool]():   types.BoolUnknown(),
		reflect.TypeFor[types.Int64]():  types.Int64Unknown(),
		reflect.TypeFor[types.Map]():    types.MapUnknown(types.StringType),
	}
	for field := range reflect.TypeFor[providerModel]().Fields() {
		argument := field.Tag.Get("tfsdk")
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			var block providerModel
			fieldOf(t, &block, argument).Set(reflect.ValueOf(unknown[field.Type]))
			if diff := cmp.Diff([]string{argument}, block.unknown()); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}

	t.Run("nothing", func(t *testing.T) {
		t.Parallel()
		if names := new(providerModel).unknown(); len(names) > 0 {
			t.Errorf("got %v", names)
		}
	})
	t.Run("single endpoints", func(t *testing.T) {
		t.Parallel()
		block := providerModel{Endpoints: types.MapValueMust(types.StringType, map[string]attr.Value{
			"fgs": types.StringUnknown(), "iam": types.StringUnknown(), "obs": types.StringUnknown(),
		})}
		if diff := cmp.Diff([]string{`endpoints["fgs"]`, `endpoints["iam"]`}, block.unknown()); diff != "" {
			t.Errorf("names (-want +got):\n%s", diff)
		}
	})
}

package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
)

func TestProviderSchema(t *testing.T) {
	t.Parallel()
	block := providerSchema()
	if diags := block.ValidateImplementation(t.Context()); diags.HasError() {
		t.Error(diags)
	}
	attributes := maps.Clone(block.Attributes)
	for name, nested := range block.Blocks {
		list, ok := nested.(schema.ListNestedBlock)
		if !ok || nested.GetMarkdownDescription() == "" {
			t.Errorf("%s is not a list of blocks with a description, as in the vendor's provider", name)
		}
		for argument, attribute := range list.NestedObject.Attributes {
			attributes[name+"."+argument] = attribute
		}
	}
	secrets := []string{"access_key", "secret_key", "security_token", "token", "password", "key",
		"assume_role_with_oidc.id_token"}
	for name, attribute := range attributes {
		if attribute.IsSensitive() != slices.Contains(secrets, name) {
			t.Errorf("%s: sensitive is %t", name, attribute.IsSensitive())
		}
		if !attribute.IsOptional() || attribute.GetMarkdownDescription() == "" {
			t.Errorf("%s is not optional or not described", name)
		}
		for _, variable := range variables[name] {
			if !strings.Contains(attribute.GetMarkdownDescription(), "`"+variable+"`") {
				t.Errorf("the description of %s does not name %s", name, variable)
			}
		}
	}
}

// The tables contain only arguments of the schema.
func TestTables(t *testing.T) {
	t.Parallel()
	arguments := allArguments()
	for table, names := range map[string][]string{
		"variables":     slices.Collect(maps.Keys(variables)),
		"formats":       slices.Collect(maps.Keys(formats)),
		"withoutEffect": withoutEffect,
	} {
		for _, name := range names {
			if !slices.Contains(arguments, name) {
				t.Errorf("%s has %s, which is not an argument", table, name)
			}
		}
	}
	noVariable := append([]string{"endpoints"}, withoutEffect...)
	for _, name := range arguments {
		if len(variables[name]) == 0 && !slices.Contains(noVariable, name) {
			t.Errorf("no variable for %s", name)
		}
	}
}

func TestNameOf(t *testing.T) {
	t.Parallel()
	for want, at := range map[string]path.Path{
		"region":                path.Root("region"),
		"assume_role.duration":  path.Root("assume_role").AtListIndex(1).AtName("duration"),
		"endpoints":             path.Root("endpoints").AtMapKey("fgs"),
		"assume_role_with_oidc": path.Root("assume_role_with_oidc"),
	} {
		if got := nameOf(at); got != want {
			t.Errorf("got %q for %s, want %q", got, at, want)
		}
	}
}

package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// withoutEffect are the arguments that this provider accepts and ignores, because the vendor's provider has them.
var withoutEffect = []string{
	"default_tags",
	"delegated_project",
	"enable_force_new",
	"enterprise_project_id",
	"ignore_tags",
	"regional",
	"skip_check_upgrade",
	"skip_check_website_type",
}

// sometimesNeeded are the arguments that only some credentials need: those of a password login if there are no other
// credentials, and domain_name if a token is exchanged. Authentication checks them.
var sometimesNeeded = append([]string{"domain_name"}, loginArguments...)

// unknown returns the names of unknown arguments in the block, except those that have no effect or are only sometimes
// needed. It walks the raw configuration, so that no argument can be forgotten.
func unknown(config tftypes.Value) []string {
	var names []string
	// The callback returns no error, so neither does the walk.
	_ = tftypes.Walk(config, func(at *tftypes.AttributePath, value tftypes.Value) (bool, error) {
		if argument := argumentAt(at); !value.IsKnown() && matters(argument) {
			names = append(names, argument.String())
		}
		return true, nil
	})
	slices.Sort(names)

	return names
}

// matters reports whether the provider needs an argument, or an element of it, with any credentials.
func matters(argument path.Path) bool {
	steps := argument.Steps()
	if name := nameOf(argument); slices.Contains(withoutEffect, name) || slices.Contains(sometimesNeeded, name) {
		return false
	}
	if service, ok := steps[len(steps)-1].(path.PathStepElementKeyString); ok {
		return client.UsesEndpoint(string(service))
	}

	return true
}

// argumentAt converts a path to the form that diagnostics use.
func argumentAt(at *tftypes.AttributePath) path.Path {
	var result path.Path
	for _, step := range at.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			result = result.AtName(string(step))
		case tftypes.ElementKeyString:
			result = result.AtMapKey(string(step))
		case tftypes.ElementKeyInt:
			result = result.AtListIndex(int(step))
		}
	}

	return result
}

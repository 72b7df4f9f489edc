package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// withoutEffect are the arguments that nothing here depends on. They are
// accepted because the vendor's provider has them.
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

// sometimesNeeded are the arguments that only some credentials depend on, and
// authentication waits for them only then: those of a login with a password, if
// there is nothing better, and domain_name, if a token is exchanged by it.
var sometimesNeeded = append([]string{"domain_name"}, loginArguments...)

// unknown names what is in the provider block but not known yet, as
// practitioners write it. It looks at the block as it came, so that no argument
// can be forgotten; those that do not matter are left out, and those that are
// only sometimes needed.
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

// matters tells whether anything depends on an argument or on one element of it,
// whatever else is set.
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

// argumentAt is a path in the form that diagnostics show.
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

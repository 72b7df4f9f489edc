package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// withoutEffect are the arguments that this provider accepts and ignores, because
// the vendor's provider has them.
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

// sometimesNeeded are the arguments that only some credentials need: those of a
// password login if there are no other credentials, and domain_name if a token is
// exchanged. Authentication checks them.
var sometimesNeeded = append([]string{"domain_name"}, loginArguments...)

// unknownNames returns the names of unknown arguments, except those that have no
// effect or are only sometimes needed.
func (b providerBlock) unknownNames() []string {
	var names []string
	for _, argument := range b.unknown {
		if matters(argument) {
			names = append(names, argument.String())
		}
	}
	slices.Sort(names)

	return names
}

// matters reports whether the provider needs an argument, or an element of it,
// with any credentials.
func matters(argument path.Path) bool {
	if name := nameOf(argument); slices.Contains(withoutEffect, name) || slices.Contains(sometimesNeeded, name) {
		return false
	}
	last, _ := argument.Steps().LastStep()
	if service, ok := last.(path.PathStepElementKeyString); ok {
		return client.UsesEndpoint(string(service))
	}

	return true
}

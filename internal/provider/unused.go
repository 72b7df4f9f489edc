package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Values of the block are never ignored silently. Each value that another source
// replaces causes a warning with the reason.

// secretArguments are the arguments whose values no message contains.
var secretArguments = []string{"access_key", "secret_key", "security_token", "token"}

// warnBeaten warns of a value in the block that the profile replaces.
func (r *resolver) warnBeaten(g given) {
	if g.beaten == "" || slices.Contains(secretArguments, nameOf(g.at)) { // see keys
		return
	}
	r.report(diag.NewAttributeWarningDiagnostic(g.at, "Argument without effect", fmt.Sprintf(
		"Attribute %s of the provider block is %s, and is not used: the %s has %s, and a profile beats the block. "+
			"Remove %s from the block, or use another profile.", g.at, show(g.beaten), r.profileSource,
		show(g.text), g.at)))
}

// warnUnused warns of unused values in the block. The reason is a clause.
func (r *resolver) warnUnused(reason string, values ...given) {
	var names []string
	var first given
	for _, g := range values {
		if !g.inBlock() && g.beaten == "" {
			continue
		}
		if len(names) == 0 {
			first = g
		}
		names = append(names, g.at.String())
	}
	if len(names) == 0 {
		return
	}
	verb := "is"
	if len(names) > 1 {
		verb = "are"
	}
	r.report(diag.NewAttributeWarningDiagnostic(first.at, "Argument without effect",
		fmt.Sprintf("In the provider block %s %s not used: %s.", strings.Join(names, ", "), verb, reason)))
}

package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// This provider refuses two ways to authenticate of the vendor's provider: a
// password, and an agency outside of assume_role. Their arguments exist so that
// the errors can name the replacement.

// loginArguments are the arguments of a password login.
var loginArguments = []string{"password", "user_id", "user_name"}

// checkPassword refuses a password that would be used because there are no other
// credentials. It warns of an unused password in the block. It returns the unknown
// arguments that decide between the two.
func (r *resolver) checkPassword(chosen choice) (notKnown []string) {
	password := r.root("password")
	user := r.root("user_name")
	if !user.isSet() {
		user = r.root("user_id")
	}
	var all, inBlock []given
	for _, g := range []given{password, user} {
		if g.isSet() {
			all = append(all, g)
		}
		if g.inBlock() {
			inBlock = append(inBlock, g)
		}
	}

	better := chosen.argument != onMetadata || r.profileSource != ""
	for _, argument := range loginArguments {
		if r.block.isUnknown(argument) && !better {
			notKnown = append(notKnown, argument)
		}
	}
	switch {
	case len(notKnown) > 0:
	case len(inBlock) == 0 && (better || len(all) < 2):
	case better:
		r.report(diag.NewAttributeWarningDiagnostic(inBlock[0].at, "Password without effect", fmt.Sprintf(
			"This provider does not log in with a password, so %s has no effect. It uses %s.", list(inBlock), chosen)))
	default:
		blame := all[0]
		if len(inBlock) > 0 {
			blame = inBlock[0]
		}
		r.report(diag.NewAttributeErrorDiagnostic(blame.at, "Password login is not supported", fmt.Sprintf(
			"This provider does not log in with a password, which is what %s would do. Use an access key instead, "+
				"access_key and secret_key (HW_ACCESS_KEY and HW_SECRET_KEY), or a token (HW_AUTH_TOKEN).", list(all))))
	}

	return notKnown
}

// list returns the names and sources of values.
func list(values []given) string {
	var names []string
	for _, g := range values {
		names = append(names, fmt.Sprintf("%s (%s)", g.at, g.source))
	}

	return strings.Join(names, " and ")
}

// checkOldAgency refuses the old form of an agency in the block. If it were
// ignored, data sources would read the executions of another account.
func (b providerBlock) checkOldAgency() diag.Diagnostics {
	name, domain, project := b.values["agency_name"], b.values["agency_domain_name"], b.values["delegated_project"]
	switch {
	case name.isSet():
		return diag.Diagnostics{oldAgency(name, name, domain, project)}
	case domain.isSet():
		return diag.Diagnostics{oldAgency(domain, name, domain, project)}
	default:
		return nil
	}
}

// checkOldAgencyVariables refuses the old form of an agency in the environment,
// where it consists of two variables.
func (r *resolver) checkOldAgencyVariables() {
	name, domain := r.root("agency_name"), r.root("agency_domain_name")
	if !name.isSet() || !domain.isSet() || name.inBlock() || domain.inBlock() {
		return
	}
	r.report(oldAgency(name, name, domain, r.root("delegated_project")))
}

// oldAgency is the error for an argument of the old form. The others make the
// example complete.
func oldAgency(argument, name, domain, project given) diag.Diagnostic {
	example := fmt.Sprintf("  assume_role {\n    agency_name = %s\n    domain_name = %s\n  }", quoted(name.text),
		quoted(domain.text))
	if project.isSet() {
		example = fmt.Sprintf("  project_name = %s\n\n", quoted(project.text)) + example
	}

	return diag.NewAttributeErrorDiagnostic(argument.at, "Old form of an agency", fmt.Sprintf(
		"Attribute %s, set by %s, is not supported, nor are agency_domain_name and delegated_project. Use this in "+
			"the provider block instead:\n\n%s",
		argument.at, argument.source, example))
}

// quoted returns a value for use in an example. It replaces a value that may be a
// secret.
func quoted(text string) string {
	if text == "" || mayBeSecret(text) {
		return "\"...\""
	}

	return fmt.Sprintf("%q", text)
}

package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// This provider refuses two ways to authenticate of the vendor's provider: a password, and an agency outside of
// assume_role. Their arguments exist so that the errors can name the replacement.

// loginArguments are the arguments of a password login.
var loginArguments = []string{"password", "user_id", "user_name"}

// checkPassword refuses a password that would be used because there are no other credentials. It warns of an unused
// password in the block. It returns the unknown arguments that decide between the two.
func (r *resolver) checkPassword(block providerBlock, chosen choice) (notKnown []string) {
	password := r.root("password", block.Password)
	user := r.root("user_name", block.UserName)
	if !user.isSet() {
		user = r.root("user_id", block.UserID)
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
	for i, value := range []types.String{block.Password, block.UserID, block.UserName} {
		if value.IsUnknown() && !better {
			notKnown = append(notKnown, loginArguments[i])
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
				"access_key and "+
				"secret_key (HW_ACCESS_KEY and HW_SECRET_KEY), or a token (HW_AUTH_TOKEN).", list(all))))
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

// checkOldAgency refuses the old form of an agency in the block. If it were ignored, data sources would read the
// executions of another account.
func (b providerBlock) checkOldAgency() diag.Diagnostics {
	at := path.Root("agency_name")
	name, domain := textOf(b.AgencyName), textOf(b.AgencyDomainName)
	if name == "" && domain == "" {
		return nil
	}
	if name == "" {
		at = path.Root("agency_domain_name")
	}

	return diag.Diagnostics{oldAgency(at, fromBlock, name, domain, textOf(b.DelegatedProject))}
}

// checkOldAgencyVariables refuses the old form of an agency in the environment, where it consists of two variables.
func (r *resolver) checkOldAgencyVariables(block providerBlock) {
	name, domain := r.root("agency_name", block.AgencyName), r.root("agency_domain_name", block.AgencyDomainName)
	if !name.isSet() || !domain.isSet() || name.inBlock() || domain.inBlock() {
		return
	}
	project := r.root("delegated_project", block.DelegatedProject)
	r.report(oldAgency(name.at, name.source, name.text, domain.text, project.text))
}

func oldAgency(at path.Path, source, name, domain, project string) diag.Diagnostic {
	example := fmt.Sprintf("  assume_role {\n    agency_name = %s\n    domain_name = %s\n  }", quoted(name),
		quoted(domain))
	if project != "" {
		example = fmt.Sprintf("  project_name = %s\n\n", quoted(project)) + example
	}

	return diag.NewAttributeErrorDiagnostic(at, "Old form of an agency", fmt.Sprintf(
		"Attribute %s, set by %s, is not supported, nor are agency_domain_name and delegated_project. Use this in "+
			"the provider block instead:\n\n%s",
		at, source, example))
}

// quoted returns a value for use in an example. It replaces a value that may be a secret.
func quoted(text string) string {
	if text == "" || mayBeSecret(text) {
		return "\"...\""
	}

	return fmt.Sprintf("%q", text)
}

package provider

import (
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

const agencyArgument = "assume_role.agency_name"

// These variables make a block where there is none.
const (
	agencyVariable           = "HW_ASSUME_ROLE_AGENCY_NAME"
	identityProviderVariable = "HW_ASSUME_ROLE_IDP_ID"
)

// agencies are the agencies to assume, in this order: the profile's, else those
// of the blocks assume_role, else the one that the environment names, unless
// its variables are meant for OIDC.
func (r *resolver) agencies(block providerBlock, oidc *oidcLogin) []client.Agency {
	root := path.Root("assume_role")
	switch {
	case r.profile[agencyArgument] != "":
		return []client.Agency{r.agency(root.AtListIndex(0), assumeRoleModel{}, r.profileSource)}
	case len(block.roles) == 0 && oidc == nil && r.getenv(agencyVariable) != "":
		return []client.Agency{r.agency(root.AtListIndex(0), assumeRoleModel{}, "environment variable "+agencyVariable)}
	}
	var result []client.Agency
	for i, role := range block.roles {
		at := root.AtListIndex(i)
		result = append(result, r.agency(at, role, at.String()+" of "+fromBlock))
	}

	return result
}

// agency reads one block assume_role, and fills its gaps from the environment.
func (r *resolver) agency(at path.Path, role assumeRoleModel, source string) client.Agency {
	id, name := r.look(at.AtName("domain_id"), role.DomainID), r.look(at.AtName("domain_name"), role.DomainName)
	if name.inBlock() && !id.inBlock() {
		id.text = "" // a variable must not turn the call by name into another
	}
	duration := r.lookDuration(at.AtName("duration"), role.Duration)
	agency := client.Agency{
		Name:     r.required(r.look(at.AtName("agency_name"), role.AgencyName), agencyName),
		Duration: r.duration(duration),
		Source:   source,
	}
	switch {
	case id.isSet():
		agency.DomainID = r.take(id)
		if agency.Duration > maxDurationSTS*time.Second {
			r.report(duration.invalid(fmt.Sprintf("must be at most %d seconds with domain_id, by which STS is asked, got: %q", maxDurationSTS, duration.text)))
		}
	case name.isSet():
		agency.DomainName = r.take(name)
	default:
		r.report(missing(name.at, "It is the name of the account that made the agency. "+
			"Instead of it domain_id (HW_ASSUME_ROLE_DOMAIN_ID) may be set, the account's ID."))
	}

	return agency
}

// What to say of arguments that are missing.
const (
	agencyName       = "It is the name of the agency to assume."
	agencyAccount    = "It is the ID of the account that made the agency."
	identityProvider = "It is the ID of the identity provider in IAM."
)

// required uses a value that must be set.
func (r *resolver) required(g given, why string) string {
	if !g.isSet() {
		r.report(missing(g.at, why))
	}

	return r.take(g)
}

// lookDuration looks for a number of seconds other than 0, which counts as unset,
// as at the vendor's.
func (r *resolver) lookDuration(at path.Path, inBlock types.Number) given {
	if textOf(inBlock) == "0" {
		inBlock = types.NumberNull()
	}
	g := r.look(at, inBlock)
	if g.text == "0" {
		g.text = ""
	}

	return g
}

// duration uses a number of seconds; 0 if there is none or it is not valid.
func (r *resolver) duration(g given) time.Duration {
	text := r.take(g) // reports what is wrong
	if !g.isSet() || len(g.check()) > 0 {
		return 0
	}
	seconds, _ := strconv.Atoi(text)

	return time.Duration(seconds) * time.Second
}

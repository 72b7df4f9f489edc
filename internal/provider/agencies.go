package provider

import (
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// These variables stand for a whole block if the configuration has none.
const (
	agencyVariable           = "HW_ASSUME_ROLE_AGENCY_NAME"
	identityProviderVariable = "HW_ASSUME_ROLE_IDP_ID"
)

// agencies returns the agencies to assume, in order: the profile's, then those of the assume_role blocks. If there are
// none, it returns the agency that the environment names, unless the block or the environment configures OIDC.
func (r *resolver) agencies(block providerBlock, oidc *oidcLogin) []client.Agency {
	root := path.Root("assume_role")
	if r.profileAgency == nil && len(block.roles) == 0 && oidc == nil && r.getenv(agencyVariable) != "" {
		return []client.Agency{r.agency(root.AtListIndex(0), assumeRoleModel{}, "environment variable "+agencyVariable)}
	}
	if r.profileAgency != nil && len(block.roles) == 1 {
		at := root.AtListIndex(0)
		if id := r.lookAccountID(at, block.roles[0]); id.isSet() {
			return []client.Agency{r.profileAgencyOf(id, at, block.roles[0])}
		}
	}

	var result []client.Agency
	if r.profileAgency != nil {
		result = append(result, r.profileAgency.agency(r))
	}
	for i, role := range block.roles {
		at := root.AtListIndex(i)
		result = append(result, r.agency(at, role, at.String()+" of "+fromBlock))
	}

	return result
}

// profileAgencyOf returns the profile's agency in the account that the only assume_role block names by ID. The vendor's
// provider does the same: it replaces only agency_name of the block.
func (r *resolver) profileAgencyOf(id given, at path.Path, role assumeRoleModel) client.Agency {
	name := given{at: at.AtName("agency_name"), text: r.profileAgency.name, source: r.profileSource}
	if inBlock := textOf(role.AgencyName); inBlock != name.text {
		name.beaten = inBlock
	}
	duration := r.lookDuration(at.AtName("duration"), role.Duration)

	return client.Agency{
		Name:     r.take(name),
		DomainID: r.take(id),
		Duration: r.durationOfSTS(duration, id),
		Source:   r.profileSource,
	}
}

// agency returns the profile's agency, in the account that the profile names.
func (p profileAgency) agency(r *resolver) client.Agency {
	at := path.Root("assume_role").AtListIndex(0)
	take := func(argument, text string) string {
		return r.take(given{at: at.AtName(argument), text: text, source: r.profileSource})
	}

	return client.Agency{
		Name:       take("agency_name", p.name),
		DomainName: take("domain_name", p.domainName),
		DomainID:   take("domain_id", p.domainID),
		Source:     r.profileSource,
	}
}

// lookAccountID looks up the ID of an agency's account. It ignores a variable if the block gives the account's name,
// because the variable would change the API that is called.
func (r *resolver) lookAccountID(at path.Path, role assumeRoleModel) given {
	id := r.look(at.AtName("domain_id"), role.DomainID)
	if textOf(role.DomainName) != "" && !id.inBlock() {
		id.text = ""
	}

	return id
}

// agency reads an assume_role block. Missing arguments come from the environment.
func (r *resolver) agency(at path.Path, role assumeRoleModel, source string) client.Agency {
	id, name := r.lookAccountID(at, role), r.look(at.AtName("domain_name"), role.DomainName)
	duration := r.lookDuration(at.AtName("duration"), role.Duration)
	agency := client.Agency{
		Name:   r.required(r.look(at.AtName("agency_name"), role.AgencyName), agencyName),
		Source: source,
	}
	switch {
	case id.isSet():
		agency.DomainID = r.take(id)
		agency.Duration = r.durationOfSTS(duration, id)
	case name.isSet():
		agency.DomainName = r.take(name)
		agency.Duration = r.duration(duration)
	default:
		agency.Duration = r.duration(duration)
		r.report(missing(name.at, "It is the name of the account that made the agency. "+
			"Instead of it domain_id (HW_ASSUME_ROLE_DOMAIN_ID) may be set, the account's ID."))
	}

	return agency
}

// durationOfSTS takes the duration of keys that STS issues, and reports a duration that only IAM accepts.
func (r *resolver) durationOfSTS(duration, id given) time.Duration {
	both := duration.inBlock() && id.inBlock() // checked by block.check
	if isTooLongForSTS(duration) && !both {
		r.report(duration.invalid(tooLongForSTS(duration)))
	}

	return r.duration(duration)
}

// isTooLongForSTS reports whether IAM accepts a duration and STS does not.
func isTooLongForSTS(duration given) bool {
	seconds, err := strconv.Atoi(duration.text)

	return err == nil && seconds > maxDurationSTS && len(duration.check()) == 0
}

func tooLongForSTS(duration given) string {
	return fmt.Sprintf("must be at most %d seconds with domain_id, by which STS is asked, got: %s",
		maxDurationSTS, show(duration.text))
}

// Explanations of missing arguments.
const (
	agencyName       = "It is the name of the agency to assume."
	agencyAccount    = "It is the ID of the account that made the agency."
	identityProvider = "It is the ID of the identity provider in IAM."
)

// required takes a value and reports it if it is missing.
func (r *resolver) required(g given, why string) string {
	if !g.isSet() {
		r.report(missing(g.at, why))
	}

	return r.take(g)
}

// lookDuration looks up a number of seconds. As in the vendor's provider, 0 counts as unset.
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

// duration takes a number of seconds. It returns 0 if there is none or if it is invalid.
func (r *resolver) duration(g given) time.Duration {
	text := r.take(g) // reports an invalid value
	if !g.isSet() || len(g.check()) > 0 {
		return 0
	}
	seconds, _ := strconv.Atoi(text)

	return time.Duration(seconds) * time.Second
}

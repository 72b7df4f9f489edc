package provider

import (
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// These variables stand for a whole block if the configuration has none.
const (
	agencyVariable           = "HW_ASSUME_ROLE_AGENCY_NAME"
	identityProviderVariable = "HW_ASSUME_ROLE_IDP_ID"
)

// agencies returns the agencies to assume, in order: the profile's, then those of
// the assume_role blocks. If there are none, it returns the agency that the
// environment names, unless the block or the environment configures OIDC.
func (r *resolver) agencies(oidc *oidcLogin) []client.Agency {
	roles, fromProfile := r.block.nested["assume_role"], r.profileAgency != profileAgency{}
	switch {
	case roles == 0 && !fromProfile && oidc == nil && r.getenv(agencyVariable) != "":
		return []client.Agency{r.agency(roleAt(0), "environment variable "+agencyVariable)}
	case roles == 1 && fromProfile && r.lookAccountID(roleAt(0)).isSet():
		return []client.Agency{r.agencyOfBoth(roleAt(0))}
	}

	var result []client.Agency
	if fromProfile {
		result = append(result, r.agencyOfProfile())
	}
	for i := range roles {
		result = append(result, r.agency(roleAt(i), roleAt(i).String()+" of "+fromBlock))
	}

	return result
}

func roleAt(i int) path.Path { return path.Root("assume_role").AtListIndex(i) }

// agencyOfBoth returns the profile's agency in the account that the only
// assume_role block names by ID. The vendor's provider does the same: it replaces
// only agency_name of the block.
func (r *resolver) agencyOfBoth(at path.Path) client.Agency {
	name := given{at: at.AtName("agency_name"), text: r.profileAgency.name, source: r.profileSource}
	if inBlock := r.block.at(name.at).text; inBlock != name.text {
		name.beaten = inBlock
	}
	id, duration := r.lookAccountID(at), r.lookDuration(at.AtName("duration"))

	return client.Agency{
		Name:     r.take(name),
		DomainID: r.take(id),
		Duration: r.durationOfSTS(duration, id),
		Source:   r.profileSource,
	}
}

// agencyOfProfile returns the profile's agency, in the account that the profile
// names.
func (r *resolver) agencyOfProfile() client.Agency {
	take := func(argument, text string) string {
		return r.take(given{at: roleAt(0).AtName(argument), text: text, source: r.profileSource})
	}

	return client.Agency{
		Name:       take("agency_name", r.profileAgency.name),
		DomainName: take("domain_name", r.profileAgency.domainName),
		DomainID:   take("domain_id", r.profileAgency.domainID),
		Source:     r.profileSource,
	}
}

// lookAccountID looks up the ID of an agency's account. It ignores a variable if
// the block gives the account's name, because the variable would change the API
// that is called.
func (r *resolver) lookAccountID(at path.Path) given {
	id := r.look(at.AtName("domain_id"))
	if r.block.at(at.AtName("domain_name")).isSet() && !id.inBlock() {
		id.text = ""
	}

	return id
}

// agency reads an assume_role block. Missing arguments come from the environment.
func (r *resolver) agency(at path.Path, source string) client.Agency {
	id, name := r.lookAccountID(at), r.look(at.AtName("domain_name"))
	duration := r.lookDuration(at.AtName("duration"))
	agency := client.Agency{
		Name:   r.required(r.look(at.AtName("agency_name")), agencyName),
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

// durationOfSTS takes the duration of keys that STS issues, and reports a duration
// that only IAM accepts.
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

// lookDuration looks up a number of seconds. As in the vendor's provider, 0 counts
// as unset.
func (r *resolver) lookDuration(at path.Path) given {
	g := r.block.at(at)
	if !g.isSet() || g.text == "0" {
		g = r.lookVariable(at)
	}
	if g.text == "0" {
		g.text = ""
	}

	return g
}

// duration takes a number of seconds. It returns 0 if there is none or if it is
// invalid.
func (r *resolver) duration(g given) time.Duration {
	text := r.take(g) // reports an invalid value
	if !g.isSet() || len(g.check()) > 0 {
		return 0
	}
	seconds, _ := strconv.Atoi(text)

	return time.Duration(seconds) * time.Second
}

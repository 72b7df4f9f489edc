package provider

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// onMetadata is the description of credentials from the metadata service.
const onMetadata = "the ECS metadata service"

// choice is the chosen way to authenticate.
type choice struct {
	provider client.CredentialsProvider
	argument string // the argument, or a description
	source   string // empty for the default
}

// String describes the choice within a sentence.
func (c choice) String() string {
	if c.source == "" {
		return c.argument
	}

	return fmt.Sprintf("%s (%s)", c.argument, c.source)
}

// authentication chooses the first credentials and the agencies to assume with
// them. Missing credentials are not an error here, because the first read requests
// them from the metadata service.
func (r *resolver) authentication(ctx context.Context, s *settings) {
	oidc := r.oidc(ctx)
	agencies := r.agencies(oidc)
	token := r.root("token")
	pair := keyPair{
		access:   r.root("access_key"),
		secret:   r.root("secret_key"),
		security: r.root("security_token"),
	}
	profile := r.root("profile")
	if !profile.isSet() {
		profile = r.root("shared_config_file")
	}

	var chosen choice
	switch {
	case oidc != nil:
		chosen = choice{oidc.OIDC, "assume_role_with_oidc", oidc.from}
		agencies = append([]client.Agency{oidc.agency}, agencies...)
		r.checkUnusedKeys(pair)
		r.warnUnusedBy(chosen, token, pair.access, pair.secret, pair.security, profile)
	case token.isSet() && (len(agencies) == 0 || !pair.isWhole()): // an agency needs a signature
		chosen = r.token(token, agencies)
		// With the account, the token can be exchanged without a project ID.
		s.config.DomainID, s.config.DomainName = r.text("domain_id"), r.text("domain_name")
		if r.block.isUnknown("domain_name") && s.config.DomainID == "" && s.config.ProjectID == "" {
			s.unknown = append(s.unknown, "domain_name")
		}
		r.checkUnusedKeys(pair)
		r.warnUnusedBy(chosen, pair.access, pair.secret, pair.security, profile)
	case pair.isBegun():
		chosen = r.keys(pair)
		r.warnUnusedBy(chosen, token)
		if len(agencies) > 0 { // with other credentials, the account may be a different one
			s.config.DomainID = r.text("domain_id")
		}
	default:
		chosen = choice{client.Metadata{Source: r.profileSource}, onMetadata, r.profileSource}
		// A variable may be meant for something else.
		if id := r.root("domain_id"); len(agencies) > 0 && id.inBlock() {
			s.config.DomainID = r.take(id)
		}
		r.checkUnusedKeys(pair)
		r.warnUnusedBy(chosen, pair.access, pair.secret, pair.security)
	}
	r.sources["credentials"] = chosen.argument
	s.unknown = append(s.unknown, r.checkPassword(chosen)...)
	r.checkOldAgencyVariables()
	s.config.Credentials, s.config.Agencies = chosen.provider, agencies
}

// warnUnusedBy warns of credentials in the block that other credentials from
// outside of it replace. The documentation describes the precedence within the
// block.
func (r *resolver) warnUnusedBy(chosen choice, values ...given) {
	if chosen.source != "" && chosen.source != fromBlock {
		r.warnUnused(fmt.Sprintf("%s is used, which beats it", chosen), values...)
	}
}

// token chooses an IAM token, which is sent instead of a signature.
func (r *resolver) token(token given, agencies []client.Agency) choice {
	if len(agencies) > 0 {
		r.report(token.invalid(fmt.Sprintf("cannot be used with an agency (%s), for which requests have to be signed. "+
			"Set access_key and secret_key instead of it.", agencies[0].Source)))
	}

	return choice{client.Credentials{Token: r.take(token), Source: token.source}, "token", token.source}
}

// keyPair is an access key, its secret key, and the security token of temporary
// keys.
type keyPair struct{ access, secret, security given }

func (p keyPair) isBegun() bool { return p.access.isSet() || p.secret.isSet() }

func (p keyPair) isWhole() bool { return p.access.isSet() && p.secret.isSet() }

// source describes where the access key is set, and the other parts if they are
// set elsewhere. It always names a security token from the environment, because
// one that belongs to other keys makes valid keys fail.
func (p keyPair) source() string {
	var others []string
	for _, part := range []given{p.secret, p.security} {
		isLeftOver := part.at.Equal(p.security.at) && part.source != p.access.source
		if part.isSet() && (isLeftOver || placeOf(part.source) != placeOf(p.access.source)) {
			others = append(others, fmt.Sprintf("%s from %s", part.at, part.source))
		}
	}
	if len(others) == 0 {
		return p.access.source
	}

	return fmt.Sprintf("%s (%s)", p.access.source, strings.Join(others, ", "))
}

// placeOf returns a source with only the prefix of a variable, because
// HW_ACCESS_KEY and HW_SECRET_KEY are set together and OS_SECRET_KEY is not.
func placeOf(source string) string {
	place, _, _ := strings.Cut(source, "_")

	return place
}

// keys chooses a pair of keys.
func (r *resolver) keys(pair keyPair) choice {
	r.checkHalves(pair.access, pair.secret)
	both := pair.access.inBlock() && pair.secret.inBlock() // block.check looks at those
	if swapped(pair.access, pair.secret) && !both {
		r.report(pair.access.invalid(swappedKeys(pair.secret)))
	}
	if r.profileSource != "" {
		r.warnUnused(fmt.Sprintf("the %s has keys of its own, and a profile beats the block", r.profileSource),
			pair.access, pair.secret, pair.security)
	}

	return choice{client.Credentials{
		AccessKey:     r.take(pair.access),
		SecretKey:     r.take(pair.secret),
		SecurityToken: r.take(pair.security),
		Source:        pair.source(),
	}, "access_key", pair.access.source}
}

// The forms of Huawei Cloud's access keys and secret keys.
var (
	accessKeyForm = regexp.MustCompile(`^[A-Z0-9]{20}$`)
	secretKeyForm = regexp.MustCompile(`^[A-Za-z0-9]{40}$`)
)

// swapped reports whether the access key and the secret key are in each other's
// place. The secret key would then be sent, and the end of it would be shown.
func swapped(access, secret given) bool {
	return secretKeyForm.MatchString(access.text) && accessKeyForm.MatchString(secret.text)
}

// swappedKeys returns the problem of a swapped access key, as a clause that
// follows its name.
func swappedKeys(secret given) string {
	return fmt.Sprintf("and %s are in each other's place: an access key has 20 characters and a secret key 40."+
		" (The values are not shown.)", secret.named())
}

// checkHalves reports the missing one of two arguments that need each other.
func (r *resolver) checkHalves(a, b given) {
	switch {
	case !a.isSet() && b.isSet():
		r.report(missingHalf(a.at, b))
	case a.isSet() && !b.isSet():
		r.report(missingHalf(b.at, a))
	}
}

// checkUnusedKeys reports invalid keys in the block even if other credentials are
// used. It ignores variables, which may be meant for something else.
func (r *resolver) checkUnusedKeys(pair keyPair) {
	if pair.access.inBlock() || pair.secret.inBlock() {
		r.checkHalves(pair.access, pair.secret)
	}
	if pair.security.inBlock() && !pair.isBegun() {
		r.report(missing(pair.access.at,
			"security_token, which is set by the provider block, belongs to a pair of temporary keys."))
	}
}

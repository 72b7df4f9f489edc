package provider

import (
	"fmt"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// onMetadata names the metadata service as the way to authenticate.
const onMetadata = "the ECS metadata service"

// choice is the way to authenticate that was chosen.
type choice struct {
	provider client.CredentialsProvider
	argument string // what it is, in the words of the block
	source   string // where it is set; empty: nowhere, it is what is left
}

// String is the choice in a sentence.
func (c choice) String() string {
	if c.source == "" {
		return c.argument
	}

	return fmt.Sprintf("%s (%s)", c.argument, c.source)
}

// authentication decides who reads: where the first credentials come from, and
// which agencies are assumed with them. Having no credentials is no error here:
// the first read asks the metadata service for some.
func (r *resolver) authentication(block providerBlock) (client.CredentialsProvider, []client.Agency) {
	oidc := r.oidc(block)
	agencies := r.agencies(block, oidc)
	token := r.root("token", block.Token)
	pair := keyPair{
		access:   r.root("access_key", block.AccessKey),
		secret:   r.root("secret_key", block.SecretKey),
		security: r.root("security_token", block.SecurityToken),
	}

	var chosen choice
	switch {
	case oidc != nil:
		chosen = choice{oidc.OIDC, "assume_role_with_oidc", oidc.from}
		agencies = append([]client.Agency{oidc.agency}, agencies...)
		r.checkUnusedKeys(pair)
	case token.isSet() && (len(agencies) == 0 || !pair.isWhole()): // an agency needs a signature
		chosen = r.token(token, agencies)
		r.checkUnusedKeys(pair)
	case pair.isBegun():
		chosen = r.keys(pair)
	default:
		chosen = choice{client.Metadata{Source: r.profileSource}, onMetadata, r.profileSource}
		r.checkUnusedKeys(pair)
	}
	r.sources["credentials"] = chosen.argument
	r.checkPassword(block, chosen)
	r.checkOldAgencyVariables(block)

	return chosen.provider, agencies
}

// token takes an IAM token, which is sent as it is and signs nothing.
func (r *resolver) token(token given, agencies []client.Agency) choice {
	if len(agencies) > 0 {
		r.report(token.invalid(fmt.Sprintf("cannot be used with an agency (%s), for which requests have to be signed. "+
			"Set access_key and secret_key instead of it.", agencies[0].Source)))
	}

	return choice{client.Credentials{Token: r.take(token), Source: token.source}, "token", token.source}
}

// keyPair is an access key with its other half, and the security token that
// belongs to it if it is temporary.
type keyPair struct{ access, secret, security given }

func (p keyPair) isBegun() bool { return p.access.isSet() || p.secret.isSet() }

func (p keyPair) isWhole() bool { return p.access.isSet() && p.secret.isSet() }

// keys takes a pair of keys.
func (r *resolver) keys(pair keyPair) choice {
	r.checkHalves(pair)

	return choice{client.Credentials{
		AccessKey:     r.take(pair.access),
		SecretKey:     r.take(pair.secret),
		SecurityToken: r.take(pair.security),
		Source:        pair.access.source,
	}, "access_key", pair.access.source}
}

// checkHalves reports the missing half of a pair.
func (r *resolver) checkHalves(pair keyPair) {
	switch {
	case !pair.access.isSet() && pair.secret.isSet():
		r.report(missingHalf(pair.access.at, pair.secret))
	case pair.access.isSet() && !pair.secret.isSet():
		r.report(missingHalf(pair.secret.at, pair.access))
	}
}

// checkUnusedKeys reports what cannot be right even though other credentials
// are used. Only what is in the block counts: variables may be left over.
func (r *resolver) checkUnusedKeys(pair keyPair) {
	if pair.access.inBlock() || pair.secret.inBlock() {
		r.checkHalves(pair)
	}
	if pair.security.inBlock() && !pair.isBegun() {
		r.report(missing(pair.access.at, "security_token, which is set by the provider block, belongs to a pair of temporary keys."))
	}
}

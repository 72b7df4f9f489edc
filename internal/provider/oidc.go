package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// oidcLogin is an exchange of an ID token, and the agency that it is for.
type oidcLogin struct {
	client.OIDC
	agency client.Agency
	from   string
}

func oidcAt(i int) path.Path { return path.Root("assume_role_with_oidc").AtListIndex(i) }

// oidc reads the block assume_role_with_oidc, and fills its gaps from the
// environment, which makes the block if it names an identity provider. Nil:
// there is none.
func (r *resolver) oidc(block providerBlock) *oidcLogin {
	var b oidcModel
	var from, source string
	switch {
	case len(block.oidc) > 0:
		b, from, source = block.oidc[0], fromBlock, "assume_role_with_oidc of "+fromBlock
	case r.getenv(identityProviderVariable) != "":
		from = "environment variable " + identityProviderVariable
		source = from
	default:
		return nil
	}

	at := oidcAt(0)
	return &oidcLogin{
		agency: client.Agency{
			Name:     r.required(r.look(at.AtName("agency_name"), b.AgencyName), agencyName),
			DomainID: r.required(r.look(at.AtName("domain_id"), b.DomainID), agencyAccount),
			Duration: r.duration(r.lookDuration(at.AtName("duration"), b.Duration)),
			Source:   source,
		},
		OIDC: client.OIDC{
			IdentityProvider: r.required(r.look(at.AtName("idp_id"), b.IDPID), identityProvider),
			IDToken:          r.idToken(r.look(at.AtName("id_token"), b.IDToken), r.look(at.AtName("id_token_file"), b.IDTokenFile)),
			Source:           source,
		},
		from: from,
	}
}

// idToken decides between an ID token and a file that holds one. What is in the
// block makes the other's variable irrelevant.
func (r *resolver) idToken(token, file given) func() (string, error) {
	if token.isSet() && file.isSet() && token.inBlock() == file.inBlock() {
		if !token.inBlock() { // else reported by block.check
			r.report(token.invalid(fmt.Sprintf("must not be set together with %s: leave one of them out.", file.named())))
		}
		return nil
	}

	switch {
	case token.isSet() && !file.inBlock():
		text := trimNewlines(r.take(token))
		return func() (string, error) { return text, nil }
	case file.isSet():
		r.take(file)
		if _, err := r.idTokenFrom(file); err != nil {
			r.report(file.invalid(err.Error()))
		}
		return func() (string, error) {
			text, err := r.idTokenFrom(file)
			if err != nil {
				return "", fmt.Errorf("attribute %s %w", file.named(), err)
			}
			return text, nil
		}
	default:
		r.report(missing(token.at, "It is the token that the identity provider issued. "+
			"Instead of it id_token_file (HW_ASSUME_ROLE_ID_TOKEN_FILE) may be set, a file that holds it."))
		return nil
	}
}

// idTokenFrom reads the token that is in the file now. The error is a clause
// that fits after the argument's name, and holds nothing of the file.
func (r *resolver) idTokenFrom(file given) (string, error) {
	data, err := readFile(file.text, r.getenv)
	token := trimNewlines(string(data))
	switch {
	case err != nil:
		err = fmt.Errorf("cannot be read: %w", err)
	case token == "":
		err = errors.New("is empty")
	case hasSpace(token):
		err = errors.New("holds more: there are spaces, line breaks or control characters in it")
	default:
		return token, nil
	}

	return "", fmt.Errorf("must name a file that holds an ID token, and %s %w", shownFile(file), err)
}

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// oidcLogin is an ID token exchange and the agency to assume with it.
type oidcLogin struct {
	client.OIDC
	agency client.Agency
	from   string
}

func oidcAt(i int) path.Path { return path.Root("assume_role_with_oidc").AtListIndex(i) }

// oidc reads the assume_role_with_oidc block. Missing arguments come from the
// environment, which stands for the block if it names an identity provider. It
// returns nil if there is neither.
func (r *resolver) oidc(ctx context.Context) *oidcLogin {
	var from, source string
	switch {
	case r.block.nested["assume_role_with_oidc"] > 0:
		from, source = fromBlock, "assume_role_with_oidc of "+fromBlock
	case r.getenv(identityProviderVariable) != "":
		from = "environment variable " + identityProviderVariable
		source = from
	default:
		return nil
	}

	look := func(argument string) given { return r.look(oidcAt(0).AtName(argument)) }

	return &oidcLogin{
		agency: client.Agency{
			Name:     r.required(look("agency_name"), agencyName),
			DomainID: r.required(look("domain_id"), agencyAccount),
			Duration: r.duration(r.lookDuration(oidcAt(0).AtName("duration"))),
			Source:   source,
		},
		OIDC: client.OIDC{
			IdentityProvider: r.required(look("idp_id"), identityProvider),
			IDToken:          r.idToken(ctx, look("id_token"), look("id_token_file")),
			Source:           source,
		},
		from: from,
	}
}

// idToken chooses between an ID token and a file that contains one. A value in the
// block takes precedence over the variable of the other argument.
func (r *resolver) idToken(ctx context.Context, token, file given) func(context.Context) (string, error) {
	if token.isSet() && file.isSet() && token.inBlock() == file.inBlock() {
		if !token.inBlock() { // otherwise block.check has reported it
			r.report(token.invalid(fmt.Sprintf("must not be set together with %s: leave one of them out.",
				file.named())))
		}
		return nil
	}

	switch {
	case token.isSet() && !file.inBlock():
		text := trimNewlines(r.take(token))
		return func(context.Context) (string, error) { return text, nil }
	case file.isSet():
		r.take(file)
		if len(file.check()) > 0 {
			return nil
		}
		if _, err := r.idTokenFrom(ctx, file); err != nil {
			r.report(file.unusable(err.Error()))
		}
		return func(ctx context.Context) (string, error) {
			text, err := r.idTokenFrom(ctx, file)
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

// idTokenFrom reads the current token from a file. The error is a clause that
// follows the argument's name, and contains nothing of the file.
func (r *resolver) idTokenFrom(ctx context.Context, file given) (string, error) {
	data, err := readFile(ctx, file.text, r.getenv)
	exists := existed(err)
	token := trimNewlines(string(data))
	switch {
	case err != nil:
		err = fmt.Errorf("cannot be read: %w", err)
	case token == "":
		err = errors.New("is empty")
	default:
		if problem := secretFileProblem(token); problem != "" {
			err = errors.New(problem)
		}
	}
	if err == nil {
		return token, nil
	}
	err = fmt.Errorf("must name a file that holds an ID token, and %s %w", showFile(file.text, exists), err)
	if !exists && jsonWebToken.MatchString(file.text) {
		err = fmt.Errorf("%w. It begins like an ID token, which belongs in id_token", err)
	}

	return "", err
}

// secretFileProblem returns what is wrong with a token from a file, or "".
func secretFileProblem(text string) string {
	problem := jsonProblem(text)
	switch {
	case problem != "":
		return problem
	case strings.Trim(text, quotes) != text:
		return "has quotes around the token: leave them out"
	case hasSpace(text):
		return "holds more: there are spaces, line breaks or control characters in it"
	default:
		return ""
	}
}

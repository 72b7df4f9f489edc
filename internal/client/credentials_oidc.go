package client

import (
	"context"
	"time"
)

// OIDC exchanges the ID token of an external identity provider for temporary
// keys (CLOUD.md 6.6).
type OIDC struct {
	// IdentityProvider is the ID of the identity provider in IAM.
	IdentityProvider string

	// IDToken returns a valid ID token. Each exchange calls it, because the token
	// may have been renewed. It returns when the context ends.
	IDToken func(context.Context) (string, error)

	// Source is where the exchange is configured, for errors, for example
	// "assume_role_with_oidc of the provider block".
	Source string
}

// oidcDuration is the lifetime of the keys of an exchange. They are needed only
// to assume the agency and to renew its keys.
const oidcDuration = 6 * time.Hour

// retrieve implements [CredentialsProvider]: it exchanges the ID token for an IAM
// token, and that for temporary keys.
func (o OIDC) retrieve(ctx context.Context, s sender) (Credentials, error) {
	idToken, err := o.IDToken(ctx)
	if err != nil {
		return Credentials{}, &CredentialsError{Step: o.Source + ": the ID token", Err: err}
	}
	path := []string{"v3.0", "OS-AUTH", "id-token", "tokens"}
	exchange := newCredentialsRequest(serviceNameIAM, OperationExchangeIDToken, path, map[string]any{
		"auth": map[string]any{"id_token": map[string]any{"id": idToken}},
	})
	exchange.credentialsStep = o.Source + ": the exchange of the ID token for an IAM token"
	exchange.unsigned = true
	exchange.header["X-Idp-Id"] = o.IdentityProvider
	exchange.secrets = []string{idToken}
	iamToken, _, err := do(ctx, s, exchange, (*Response).subjectToken)
	if err != nil {
		return Credentials{}, err
	}

	keys := newKeysRequest(OperationExchangeToken, map[string]any{
		"methods": []string{"token"},
		"token":   map[string]any{"id": iamToken, "duration_seconds": int(oidcDuration.Seconds())},
	})
	keys.credentialsStep = o.Source + ": the exchange of the IAM token for temporary keys"
	keys.unsigned = true
	keys.secrets = []string{iamToken}
	creds, _, err := do(ctx, s, keys, decodeKeysOfIAM)
	creds.Source = o.Source

	return creds, err
}

package client

import (
	"context"
	"time"
)

// OIDC exchanges the ID token of an external identity provider for temporary
// keys (API.md 6.6).
type OIDC struct {
	// IdentityProvider is the ID under which IAM knows the provider.
	IdentityProvider string

	// IDToken returns a valid ID token. It is called for every exchange, since
	// whoever issues the token renews it. The context ends the wait for a file.
	IDToken func(context.Context) (string, error)

	// Source tells practitioners where the exchange was configured, for example
	// "assume_role_with_oidc of the provider block".
	Source string
}

// oidcDuration is how long the keys of an exchange are to live. They are needed
// only to assume the agency, and again when its keys are renewed.
const oidcDuration = 6 * time.Hour

// Retrieve implements [CredentialsProvider]: the ID token buys an IAM token, and
// that buys keys.
func (o OIDC) Retrieve(ctx context.Context, c *Client) (Credentials, error) {
	idToken, err := o.IDToken(ctx)
	if err != nil {
		return Credentials{}, &CredentialsError{Step: o.Source + ": the ID token", Err: err}
	}
	iamToken, err := o.exchange(ctx, c, idToken)
	if err != nil {
		return Credentials{}, err
	}
	creds, err := o.temporaryKeys(ctx, c, iamToken)
	creds.Source = o.Source

	return creds, err
}

func (o OIDC) exchange(ctx context.Context, c *Client, idToken string) (iamToken string, err error) {
	r := c.iamRequest(OperationExchangeIDToken, c.home.endpoints.iam, []string{"v3.0", "OS-AUTH", "id-token", "tokens"}, map[string]any{
		"auth": map[string]any{"id_token": map[string]any{"id": idToken}},
	})
	r.step = o.Source + ": the exchange of the ID token for an IAM token"
	r.unsigned = true
	r.header["X-Idp-Id"] = o.IdentityProvider
	r.secrets = []string{idToken}
	_, err = c.do(ctx, r, func(resp *Response) (err error) {
		iamToken, err = resp.subjectToken()
		return err
	})

	return iamToken, err
}

func (o OIDC) temporaryKeys(ctx context.Context, c *Client, iamToken string) (creds Credentials, err error) {
	r := c.iamRequest(OperationExchangeToken, c.home.endpoints.iam, securityTokens, map[string]any{"auth": map[string]any{"identity": map[string]any{
		"methods": []string{"token"},
		"token":   map[string]any{"id": iamToken, "duration_seconds": int(oidcDuration.Seconds())},
	}}})
	r.step = o.Source + ": the exchange of the IAM token for temporary keys"
	r.unsigned = true
	r.secrets = []string{iamToken}
	_, err = c.do(ctx, r, func(resp *Response) (err error) {
		creds, err = decodeCredential(resp)
		return err
	})

	return creds, err
}

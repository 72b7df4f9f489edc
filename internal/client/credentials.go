package client

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Credentials authenticate a request: a pair of keys that signs it, or an IAM
// token in its header.
type Credentials struct {
	AccessKey     string
	SecretKey     string
	SecurityToken string // of temporary keys; empty for others

	// Token is sent instead of a signature.
	Token string

	Expires time.Time // zero: never, or not known

	// Source is where the credentials came from, for errors, for example
	// "environment variable HW_ACCESS_KEY". It never contains a value.
	Source string
}

// CredentialsProvider is a source of credentials: [Credentials], [OIDC] or
// [Metadata]. The client caches what a provider returns until shortly before it
// expires.
type CredentialsProvider interface {
	// retrieve returns new credentials. It sends requests by s. The error is
	// [ErrNoCredentials], a [*CredentialsError], or says that ctx ended.
	retrieve(ctx context.Context, s sender) (Credentials, error)
}

// ErrNoCredentials means that no credentials are configured.
var ErrNoCredentials = errors.New("no credentials are configured")

// CredentialsError is the failure of a step on the way to credentials.
type CredentialsError struct {
	// Step is the step in the words of practitioners, for example
	// `assume_role of the provider block: agency "ops"`.
	Step string

	// Region and ProjectID are those of the read that needs the credentials.
	// ProjectID is empty before it is known.
	Region, ProjectID string

	// Renewal is true if the step has succeeded before.
	Renewal bool

	// Err is the reason; an [*APIError] if a request failed.
	Err error
}

func (e *CredentialsError) Error() string { return fmt.Sprintf("%s: %s", e.Step, e.Err) }

// Unwrap returns the reason.
func (e *CredentialsError) Unwrap() error { return e.Err }

// retrieve implements [CredentialsProvider]: it returns c.
func (c Credentials) retrieve(context.Context, sender) (Credentials, error) {
	if c.Token == "" && (c.AccessKey == "" || c.SecretKey == "") {
		return Credentials{}, ErrNoCredentials
	}

	return c, nil
}

// kind returns the noun for the credentials in a sentence.
func (c Credentials) kind() string {
	switch {
	case c.Token != "":
		return "token"
	case !c.Expires.IsZero():
		return "temporary access key"
	default:
		return "access key"
	}
}

package client

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Credentials are what a request proves its sender with: a key pair that signs
// it, or an IAM token that is sent along.
type Credentials struct {
	AccessKey     string
	SecretKey     string
	SecurityToken string // goes with temporary keys, else empty

	// Token is sent instead of a signature.
	Token string

	Expires time.Time // zero: never, or nobody knows

	// Source tells practitioners where the credentials came from, for example
	// "environment variable HW_ACCESS_KEY". It never holds a value.
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

// ErrNoCredentials says that no way to authenticate was configured.
var ErrNoCredentials = errors.New("no credentials are configured")

// CredentialsError says which step on the way to credentials failed.
type CredentialsError struct {
	// Step is what was tried, in a practitioner's words, for example
	// `assume_role of the provider block: agency "ops"`.
	Step string

	// Region and ProjectID are those of the read that needs the credentials.
	// ProjectID is empty if it is not known yet.
	Region, ProjectID string

	// Renewal is true when the step has worked before.
	Renewal bool

	// Err is the reason; an [*APIError] if a request failed.
	Err error

	original *CredentialsError // the error that all readers get, of which this is a copy; nil: this one
}

// Error implements error.
func (e *CredentialsError) Error() string { return fmt.Sprintf("%s: %s", e.Step, e.Err) }

// Unwrap returns the reason.
func (e *CredentialsError) Unwrap() error {
	if e.original != nil {
		return e.original
	}

	return e.Err
}

// retrieve implements [CredentialsProvider]: it returns c.
func (c Credentials) retrieve(context.Context, sender) (Credentials, error) {
	if c.Token == "" && (c.AccessKey == "" || c.SecretKey == "") {
		return Credentials{}, ErrNoCredentials
	}

	return c, nil
}

// kind is what these credentials are called in a sentence.
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

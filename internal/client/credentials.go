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

// A CredentialsProvider is one way to come by credentials; each kind has a file
// of its own. The client asks once for all its readers, keeps what it gets
// until shortly before that expires, and then asks again.
type CredentialsProvider interface {
	// Retrieve returns new credentials. It sends what it has to through c. The
	// error is [ErrNoCredentials], a [*CredentialsError], or says that ctx ended.
	Retrieve(ctx context.Context, c *Client) (Credentials, error)
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

	shared *CredentialsError // the failure that all readers share; nil: this one
}

// Error implements error.
func (e *CredentialsError) Error() string { return fmt.Sprintf("%s: %s", e.Step, e.Err) }

// Unwrap returns the reason.
func (e *CredentialsError) Unwrap() error {
	if e.shared != nil {
		return e.shared
	}

	return e.Err
}

// Retrieve makes [Credentials] that are known from the start a provider of
// themselves.
func (c Credentials) Retrieve(context.Context, *Client) (Credentials, error) {
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

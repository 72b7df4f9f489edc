package client

import (
	"bytes"
	"context"
	"errors"
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

	Expires time.Time // zero: never

	// Source tells practitioners where the access key came from, for example
	// "environment variable HW_ACCESS_KEY". It never holds a value.
	Source string
}

// A CredentialsProvider is one way to come by credentials. Retrieve is called
// before every attempt, so an implementation keeps what it got until shortly
// before that expires.
type CredentialsProvider interface {
	Retrieve(ctx context.Context) (Credentials, error)
}

// ErrNoCredentials says that no way to authenticate was configured.
var ErrNoCredentials = errors.New("no credentials are configured")

// Retrieve makes [Credentials] a provider of themselves.
func (c Credentials) Retrieve(context.Context) (Credentials, error) {
	if c.AccessKey == "" || c.SecretKey == "" {
		return Credentials{}, ErrNoCredentials
	}

	return c, nil
}

// mask hides the credentials in a text of the service, some of which name the
// access key that they refuse (API.md 2.3). Its last four characters stay, to
// recognise it by.
func (c Credentials) mask(text []byte) []byte {
	if n := len(c.AccessKey); n > 4 {
		text = bytes.ReplaceAll(text, []byte(c.AccessKey), []byte("****"+c.AccessKey[n-4:]))
	}
	for _, secret := range []string{c.SecretKey, c.SecurityToken} {
		if secret != "" {
			text = bytes.ReplaceAll(text, []byte(secret), []byte("****"))
		}
	}

	return text
}

// maskWith hides the credentials in what the service said.
func (e *APIError) maskWith(c Credentials) {
	for _, text := range []*string{&e.Message, &e.RequestID, &e.EncodedMessage} {
		*text = string(c.mask([]byte(*text)))
	}
}

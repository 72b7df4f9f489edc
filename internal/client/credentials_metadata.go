package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Metadata gets the temporary keys of an ECS instance's agency from the metadata
// service of the instance (CLOUD.md 6.3).
type Metadata struct {
	// Source is where the metadata service is configured, for errors, for example a
	// profile. Empty: it is not configured, so that a failure is [ErrNoCredentials].
	Source string
}

const (
	// defaultMetadataURL is the same on every instance.
	defaultMetadataURL = "http://169.254.169.254"

	// metadataTimeout bounds all requests for keys together. It is short, because
	// the service is on the same machine or does not exist.
	metadataTimeout = 3 * time.Second

	// metadataTokenTimeout bounds the request for a token, which is a PUT. After it
	// there is time for the request without a token, the only one that the vendor's
	// provider sends.
	metadataTokenTimeout = time.Second

	// metadataTokenLifetime is the longest lifetime of a token, in seconds.
	metadataTokenLifetime = "21600"
)

var (
	securityKey   = []string{"openstack", "latest", "securitykey"}
	errNoMetadata = errors.New("no response within " + metadataTimeout.String())

	errNoMetadataToken = errors.New("no response within " + metadataTokenTimeout.String())
)

// retrieve implements [CredentialsProvider].
func (m Metadata) retrieve(ctx context.Context, s sender) (Credentials, error) {
	bounded, cancel := withTimeoutCause(ctx, metadataTimeout, errNoMetadata)
	defer cancel()

	creds, err := m.securityKey(bounded, s)
	switch {
	case err == nil:
		creds.Source = "the metadata service of this ECS instance"
		return creds, nil
	case ctx.Err() != nil:
		return Credentials{}, err
	case bounded.Err() != nil:
		if hung, ok := errors.AsType[*APIError](err); ok && hung.Class == ClassCancelled {
			hung.Class, hung.Err = ClassNetwork, errNoMetadata
		}
	}
	if m.Source == "" {
		err = fmt.Errorf("%w: %w", ErrNoCredentials, err)
	}

	step := strings.TrimPrefix(m.Source+": the ECS metadata service", ": ")

	return Credentials{}, &CredentialsError{Step: step, Err: err}
}

// securityKey returns the keys. It gets a token first, because newer instances
// may require one, and goes on without a token if the service has none.
func (m Metadata) securityKey(ctx context.Context, s sender) (Credentials, error) {
	token, err := m.token(ctx, s)
	if err != nil {
		return Credentials{}, err
	}
	r := newMetadataRequest(http.MethodGet, securityKey...)
	if token != "" {
		r.header["X-Metadata-Token"] = token
		r.secrets = []string{token}
	}
	creds, _, err := do(ctx, s, r, decodeKeysOfIAM)

	return creds, err
}

// token returns a token for the next request, or "" if the service has none.
func (m Metadata) token(ctx context.Context, s sender) (token string, err error) {
	bounded, cancel := withTimeoutCause(ctx, metadataTokenTimeout, errNoMetadataToken)
	defer cancel()
	r := newMetadataRequest(http.MethodPut, "meta-data", "latest", "api", "token")
	r.header["X-Metadata-Token-Ttl-Seconds"] = metadataTokenLifetime
	token, _, err = do(bounded, s, r, decodeMetadataToken)
	if err != nil && ctx.Err() == nil && (bounded.Err() != nil || lacksTokens(err)) {
		return "", nil
	}

	return token, err
}

// decodeMetadataToken reads a token that is the whole body.
func decodeMetadataToken(resp *Response) (string, error) {
	token := strings.TrimSpace(string(resp.body))
	if !fitsHeader(token) {
		return "", errors.New("the response is not a token")
	}

	return token, nil
}

// lacksTokens reports whether a failure means that the service has no tokens: by
// its status, or because it closes the connection.
func lacksTokens(err error) bool {
	failed, ok := errors.AsType[*APIError](err)

	return ok && (transientFailure(failed) || slices.Contains([]int{
		http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusServiceUnavailable,
	}, failed.Status))
}

// newMetadataRequest returns a request to the metadata service. It is neither
// signed nor retried, and bypasses the proxy.
func newMetadataRequest(method string, path ...string) *request {
	return &request{
		service:   serviceNameMetadata,
		operation: OperationMetadata,
		method:    method,
		path:      path,
		header:    map[string]string{},
		unsigned:  true,
		noRetry:   true,

		returnsCredentials: true,
		bypassProxy:        true,
	}
}

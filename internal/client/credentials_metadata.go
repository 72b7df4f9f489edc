package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Metadata asks the metadata service of the ECS instance that this runs on for
// the temporary keys of the instance's agency (API.md 6.3).
type Metadata struct {
	// Source tells practitioners who wanted this, for example a profile. Empty:
	// nobody did, and a failure means [ErrNoCredentials].
	Source string
}

const (
	// defaultMetadataURL is the same on every instance.
	defaultMetadataURL = "http://169.254.169.254"

	// metadataTimeout is for all of an exchange. The service is on the same
	// machine, or it is not there at all.
	metadataTimeout = 3 * time.Second

	// metadataTokenTimeout is for the token within that. Where nothing responds to
	// its PUT, something may still respond to the plain form, which is all that
	// the vendor's provider asks.
	metadataTokenTimeout = time.Second

	// metadataTokenLifetime, in seconds, is the longest that the service gives.
	// The token is used once.
	metadataTokenLifetime = "21600"
)

var (
	securityKey   = []string{"openstack", "latest", "securitykey"}
	errNoMetadata = errors.New("no response within " + metadataTimeout.String())

	errNoMetadataToken = errors.New("no response within " + metadataTokenTimeout.String())
)

// retrieve implements [CredentialsProvider].
func (m Metadata) retrieve(ctx context.Context, s sender) (Credentials, error) {
	bounded, cancel := withAttemptTimeout(ctx, metadataTimeout, errNoMetadata)
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

// securityKey asks for a token first, which newer instances may demand, and asks
// without one where the service does not give tokens.
func (m Metadata) securityKey(ctx context.Context, s sender) (creds Credentials, err error) {
	token, err := m.token(ctx, s)
	if err != nil {
		return Credentials{}, err
	}
	r := newMetadataRequest(http.MethodGet, securityKey...)
	if token != "" {
		r.header["X-Metadata-Token"] = token
		r.secrets = []string{token}
	}
	creds, _, err = do(ctx, s, r, decodeCredential)

	return creds, err
}

// token returns a token for the next request, or "" where the service does not
// give tokens.
func (m Metadata) token(ctx context.Context, s sender) (token string, err error) {
	bounded, cancel := withAttemptTimeout(ctx, metadataTokenTimeout, errNoMetadataToken)
	defer cancel()
	r := newMetadataRequest(http.MethodPut, "meta-data", "latest", "api", "token")
	r.header["X-Metadata-Token-Ttl-Seconds"] = metadataTokenLifetime
	token, _, err = do(bounded, s, r, decodeMetadataToken)
	switch {
	case err == nil:
		return token, nil
	case ctx.Err() != nil:
		return "", err
	case bounded.Err() != nil, lacksTokens(err):
		return "", nil
	default:
		return "", err
	}
}

// decodeMetadataToken reads a token that is the whole body.
func decodeMetadataToken(resp *Response) (string, error) {
	token := strings.TrimSpace(string(resp.body))
	if !fitsHeader(token) {
		return "", errors.New("the response is not a token")
	}

	return token, nil
}

// lacksTokens reports whether a failure means that the service has no tokens:
// it says so, or drops the connection.
func lacksTokens(err error) bool {
	failed, ok := errors.AsType[*APIError](err)
	if !ok {
		return false
	}
	switch failed.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusServiceUnavailable:
		return true
	default:
		return passingTrouble(failed)
	}
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
		secret:    true,
		noRetry:   true,

		bypassProxy: true,
	}
}

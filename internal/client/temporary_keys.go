package client

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// decodeKeysOfIAM reads the temporary keys in a response of IAM v3. The metadata
// service of an ECS instance sends them in the same form (CLOUD.md 6.3, 6.5).
func decodeKeysOfIAM(resp *Response) (Credentials, error) {
	return decodeKeys(resp, "credential", "access", "secret", "securitytoken", "expires_at")
}

// decodeKeysOfSTS reads the temporary keys in a response of STS (CLOUD.md 6.5).
func decodeKeysOfSTS(resp *Response) (Credentials, error) {
	return decodeKeys(resp, "credentials", "access_key_id", "secret_access_key", "security_token", "expiration")
}

// decodeKeys reads temporary keys by the names of their fields. They are complete
// and can be sent.
func decodeKeys(resp *Response, object, accessKey, secretKey, securityToken, expires string) (Credentials, error) {
	var keys Credentials
	var end string
	err := resp.Decode("the temporary keys", func(d *Decoder) error {
		d.secrets = nil // the service may return the same keys again
		return d.only(object, func(key string) error {
			switch key {
			case accessKey:
				return d.Text(&keys.AccessKey)
			case secretKey:
				return d.Text(&keys.SecretKey)
			case securityToken:
				return d.Text(&keys.SecurityToken)
			case expires:
				return d.Text(&end)
			default:
				return d.Skip()
			}
		})
	})
	if err != nil {
		return Credentials{}, err
	}
	// A service would reject incomplete keys as wrong.
	for _, part := range []string{keys.AccessKey, keys.SecretKey, keys.SecurityToken} {
		if part == "" {
			return Credentials{}, errors.New("the response does not contain a complete set of temporary keys")
		}
		if !fitsHeader(part) {
			return Credentials{}, errors.New("the response contains temporary keys that cannot be sent in a header")
		}
	}
	expiry, err := time.Parse(time.RFC3339, end)
	if err != nil {
		return Credentials{}, errors.New("the response does not say when the temporary keys expire")
	}
	keys.Expires = resp.byOurClock(expiry)
	if !time.Now().Before(keys.Expires) {
		return Credentials{}, errors.New("the temporary keys have expired already; is the clock of this machine right?")
	}

	return keys, nil
}

// maxHeaderText bounds a key or a token from a service, in bytes. Real ones have a
// few KB, and servers refuse requests with much larger headers.
const maxHeaderText = 64 << 10

// fitsHeader reports whether a key or a token can be sent in a header.
func fitsHeader(text string) bool {
	unfit := func(r rune) bool { return r <= ' ' || r > '~' }

	return text != "" && len(text) <= maxHeaderText && !strings.ContainsFunc(text, unfit)
}

// subjectToken returns the IAM token in the header of a response.
func (r *Response) subjectToken() (string, error) {
	token := r.http.Header.Get("X-Subject-Token")
	switch {
	case token == "":
		return "", errors.New("the response does not contain an X-Subject-Token")
	case !fitsHeader(token):
		return "", errors.New("the X-Subject-Token of the response cannot be sent in a header")
	default:
		return token, nil
	}
}

// byOurClock converts a time of the service's clock to the clock of this machine,
// so that the remaining time is the same. It subtracts a second, because the Date
// header has no fractions.
func (r *Response) byOurClock(end time.Time) time.Time {
	if r.date.IsZero() {
		return end
	}

	return r.sent.Add(end.Sub(r.date) - time.Second)
}

// newKeysRequest returns the request for temporary keys of IAM, for an identity.
func newKeysRequest(operation Operation, identity map[string]any) *request {
	return newCredentialsRequest(serviceNameIAM, operation, []string{"v3.0", "OS-CREDENTIAL", "securitytokens"},
		map[string]any{"auth": map[string]any{"identity": identity}})
}

// newCredentialsRequest returns a POST request on the way to credentials. Its
// response is neither logged nor quoted.
func newCredentialsRequest(service string, operation Operation, path []string, content map[string]any) *request {
	body, err := json.Marshal(content)
	if err != nil {
		panic(err) // unreachable: content consists of strings, numbers, lists and maps
	}

	return &request{
		service:   service,
		operation: operation,
		method:    http.MethodPost,
		path:      path,
		header:    map[string]string{},
		body:      body,

		returnsCredentials: true,
	}
}

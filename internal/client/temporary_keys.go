package client

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// decodeCredential reads temporary keys as IAM v3 and the metadata service of
// an ECS instance give them (API.md 6.3, 6.5).
func decodeCredential(resp *response) (Credentials, error) {
	var answer struct {
		Credential struct {
			Access        string `json:"access"`
			Secret        string `json:"secret"`
			SecurityToken string `json:"securitytoken"`
			ExpiresAt     string `json:"expires_at"`
		} `json:"credential"`
	}
	if err := json.Unmarshal(resp.body, &answer); err != nil {
		return Credentials{}, unreadable("the temporary keys", err)
	}
	keys := answer.Credential

	return temporary(resp, keys.Access, keys.Secret, keys.SecurityToken, keys.ExpiresAt)
}

// decodeCredentials reads temporary keys as STS gives them (API.md 6.5).
func decodeCredentials(resp *response) (Credentials, error) {
	var answer struct {
		Credentials struct {
			AccessKeyID     string `json:"access_key_id"`
			SecretAccessKey string `json:"secret_access_key"`
			SecurityToken   string `json:"security_token"`
			Expiration      string `json:"expiration"`
		} `json:"credentials"`
	}
	if err := json.Unmarshal(resp.body, &answer); err != nil {
		return Credentials{}, unreadable("the temporary keys", err)
	}
	keys := answer.Credentials

	return temporary(resp, keys.AccessKeyID, keys.SecretAccessKey, keys.SecurityToken, keys.Expiration)
}

// temporary makes credentials of an answer's parts, all of which must be there.
func temporary(resp *response, accessKey, secretKey, securityToken, expires string) (Credentials, error) {
	if accessKey == "" || secretKey == "" || securityToken == "" {
		return Credentials{}, errors.New("the answer holds no complete temporary keys")
	}
	end, err := time.Parse(time.RFC3339, expires)
	if err != nil {
		return Credentials{}, errors.New("the answer does not say when the temporary keys expire")
	}
	// The end is by the service's clock. Where that differs from ours, what
	// counts is how long the keys have left. Its clock may have been up to a
	// second further than the Date, which has no fractions.
	if !resp.date.IsZero() {
		end = resp.sent.Add(end.Sub(resp.date) - time.Second)
	}
	if !time.Now().Before(end) {
		return Credentials{}, errors.New("the temporary keys have expired already; is the clock of this machine right?")
	}

	return Credentials{AccessKey: accessKey, SecretKey: secretKey, SecurityToken: securityToken, Expires: end}, nil
}

// securityTokens is where IAM gives out temporary keys.
var securityTokens = []string{"v3.0", "OS-CREDENTIAL", "securitytokens"}

// iamRequest is a question to IAM on the way to credentials.
func (c *Client) iamRequest(purpose Purpose, base *url.URL, path []string, question map[string]any) *request {
	return c.credentialsRequest(serviceNameIAM, purpose, base, path, question)
}

// credentialsRequest is a question on the way to credentials. Nothing is kept
// of its answer but what the caller takes.
func (c *Client) credentialsRequest(service string, purpose Purpose, base *url.URL, path []string, question map[string]any) *request {
	body, err := json.Marshal(question)
	if err != nil {
		panic(err) // strings, numbers and lists and maps of them
	}

	return &request{
		service: service,
		purpose: purpose,
		method:  http.MethodPost,
		base:    base,
		path:    path,
		header:  map[string]string{},
		body:    body,
		region:  c.home.name,
		secret:  true,
	}
}

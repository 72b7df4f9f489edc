package client

import (
	"context"
	"fmt"
	"regexp"
	"time"
)

// Agency is a right to act for another account, or in another role of one's
// own, that is exchanged for temporary keys (API.md 6.5).
type Agency struct {
	Name string

	// DomainID is the ID of the account that has made the agency: STS is asked
	// (v5). Without it DomainName, the account's name, is needed and IAM is
	// asked (v3).
	DomainID   string
	DomainName string

	// Duration is how long the keys are to live. 0: twelve hours from IAM, as
	// the vendor's provider asks, and as long as STS gives from STS.
	Duration time.Duration

	// Source tells practitioners where the agency was configured, for example
	// "assume_role of the provider block".
	Source string
}

const defaultAgencyDuration = 12 * time.Hour

// String names the agency in a sentence.
func (a Agency) String() string {
	if a.DomainID != "" {
		return fmt.Sprintf("agency %q of account %q", a.Name, a.DomainID)
	}

	return fmt.Sprintf("agency %q of account %q", a.Name, a.DomainName)
}

// assumed are the keys of an agency.
type assumed struct {
	Agency
	by       *keyring // signs the request for them
	domainID string   // the account of by, if it is known
}

// Retrieve implements [CredentialsProvider].
func (a assumed) Retrieve(ctx context.Context, c *Client) (Credentials, error) {
	r, decode := a.request(c)
	r.step = a.Source + ": " + a.String()
	r.keys = a.by
	if a.domainID != "" {
		r.header[headerDomainID] = a.domainID
	}

	var creds Credentials
	_, err := c.do(ctx, r, func(resp *Response) (err error) {
		creds, err = decode(resp)
		return err
	})
	creds.Source = a.String()

	return creds, err
}

// request asks for the keys, and how to read the answer.
func (a assumed) request(c *Client) (*request, func(*Response) (Credentials, error)) {
	if a.DomainID == "" {
		duration := a.Duration
		if duration == 0 {
			duration = defaultAgencyDuration
		}
		return c.iamRequest(OperationAssumeAgency, c.home.endpoints.iamOfAgencies, securityTokens, map[string]any{"auth": map[string]any{"identity": map[string]any{
			"methods": []string{"assume_role"},
			"assume_role": map[string]any{
				"agency_name":      a.Name,
				"domain_name":      a.DomainName,
				"duration_seconds": int(duration.Seconds()),
			},
		}}}), decodeCredential
	}

	question := map[string]any{
		"agency_urn":          "iam::" + a.DomainID + ":agency:" + a.Name,
		"agency_session_name": sessionName(a.Name),
	}
	if a.Duration != 0 {
		question["duration_seconds"] = int(a.Duration.Seconds())
	}

	return c.credentialsRequest(serviceNameSTS, OperationAssumeAgency, c.home.endpoints.sts, []string{"v5", "agencies", "assume"}, question), decodeCredentials
}

// unfitForSessions is what STS does not take in the name of a session.
var unfitForSessions = regexp.MustCompile(`[^\w+=,.@-]`)

// sessionName is what the audit log of the agency's account shows: the name of
// the agency, as with the vendor's provider, made to fit STS (API.md 6.5).
func sessionName(agency string) string {
	name := unfitForSessions.ReplaceAllString(agency, "-")
	for len(name) < 2 {
		name += "-"
	}

	return name[:min(len(name), 128)]
}

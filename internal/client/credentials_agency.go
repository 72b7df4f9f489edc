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

// retrieve implements [CredentialsProvider].
func (a assumed) retrieve(ctx context.Context, s sender) (Credentials, error) {
	r, decode := a.request()
	r.step = a.Source + ": " + a.String()
	r.keys = a.by
	if a.domainID != "" {
		r.header[headerDomainID] = a.domainID
	}
	creds, _, err := do(ctx, s, r, decode)
	creds.Source = a.String()

	return creds, err
}

// request returns the request for the keys, and the decode function of its response.
func (a assumed) request() (*request, func(*Response) (Credentials, error)) {
	if a.DomainID == "" {
		duration := a.Duration
		if duration == 0 {
			duration = defaultAgencyDuration
		}
		return newKeysRequest(OperationAssumeAgency, map[string]any{
			"methods": []string{"assume_role"},
			"assume_role": map[string]any{
				"agency_name":      a.Name,
				"domain_name":      a.DomainName,
				"duration_seconds": int(duration.Seconds()),
			},
		}), decodeCredential
	}
	body := map[string]any{
		"agency_urn":          "iam::" + a.DomainID + ":agency:" + a.Name,
		"agency_session_name": sessionName(a.Name),
	}
	if a.Duration != 0 {
		body["duration_seconds"] = int(a.Duration.Seconds())
	}

	path := []string{"v5", "agencies", "assume"}
	return newCredentialsRequest(serviceNameSTS, OperationAssumeAgency, path, body), decodeCredentials
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

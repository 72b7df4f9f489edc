package client

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"time"
)

// Agency is a right to act for another account, or in another role of the same
// account. The client exchanges it for temporary keys (CLOUD.md 6.5).
type Agency struct {
	Name string

	// DomainID is the ID of the account that owns the agency. With it the keys come
	// from STS (v5). Without it they come from IAM (v3), which needs DomainName, the
	// name of the account.
	DomainID   string
	DomainName string

	// Duration is the lifetime of the keys. 0: twelve hours from IAM, as in the
	// vendor's provider, and the default of STS from STS.
	Duration time.Duration

	// Source is where the agency is configured, for errors, for example
	// "assume_role of the provider block".
	Source string
}

const defaultAgencyDuration = 12 * time.Hour

// String returns the agency and its account, for a sentence.
func (a Agency) String() string {
	return fmt.Sprintf("agency %q of account %q", a.Name, cmp.Or(a.DomainID, a.DomainName))
}

// assumed is a provider of the temporary keys of an agency.
type assumed struct {
	Agency
	by       *keyring // the keys that sign the request
	domainID string   // the account of by; empty: not known
}

// retrieve implements [CredentialsProvider].
func (a assumed) retrieve(ctx context.Context, s sender) (Credentials, error) {
	r, decode := a.request()
	r.credentialsStep = a.Source + ": " + a.String()
	r.keys = a.by
	if a.domainID != "" {
		r.header[headerDomainID] = a.domainID
	}
	creds, _, err := do(ctx, s, r, decode)
	creds.Source = a.String()

	return creds, err
}

// request returns the request for the keys, and the decode function of its
// response.
func (a assumed) request() (*request, func(*Response) (Credentials, error)) {
	if a.DomainID == "" {
		return newKeysRequest(OperationAssumeAgency, map[string]any{
			"methods": []string{"assume_role"},
			"assume_role": map[string]any{
				"agency_name":      a.Name,
				"domain_name":      a.DomainName,
				"duration_seconds": int(cmp.Or(a.Duration, defaultAgencyDuration).Seconds()),
			},
		}), decodeKeysOfIAM
	}
	body := map[string]any{
		"agency_urn":          "iam::" + a.DomainID + ":agency:" + a.Name,
		"agency_session_name": sessionName(a.Name),
	}
	if a.Duration != 0 {
		body["duration_seconds"] = int(a.Duration.Seconds())
	}

	path := []string{"v5", "agencies", "assume"}
	return newCredentialsRequest(serviceNameSTS, OperationAssumeAgency, path, body), decodeKeysOfSTS
}

// unfitForSessions matches the characters that STS does not allow in the name of
// a session.
var unfitForSessions = regexp.MustCompile(`[^\w+=,.@-]`)

// sessionName returns the name of the agency in a form that STS allows
// (CLOUD.md 6.5). The audit log of the agency's account shows it.
func sessionName(agency string) string {
	name := unfitForSessions.ReplaceAllString(agency, "-")
	for len(name) < 2 {
		name += "-"
	}

	return name[:min(len(name), 128)]
}

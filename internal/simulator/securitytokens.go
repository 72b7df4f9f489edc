package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
)

// Error codes of IAM. Their form is documented (CLOUD.md 2.1), their assignment to
// failures is a guess.
const (
	iamUnauthorized = "IAM.0001"
	iamForbidden    = "IAM.0003"
	iamNotFound     = "IAM.0004"
	iamBadParameter = "IAM.0011"
)

// wireKeyRequest is the body of POST /v3.0/OS-CREDENTIAL/securitytokens (CLOUD.md
// 6.5, 6.6), without fields that no client of the simulator sends.
type wireKeyRequest struct {
	Auth struct {
		Identity struct {
			Methods    []string        `json:"methods"`
			AssumeRole *wireAssumeRole `json:"assume_role,omitempty"`
			Token      *wireTokenLogin `json:"token,omitempty"`
		} `json:"identity"`
	} `json:"auth"`
}

type wireAssumeRole struct {
	AgencyName string `json:"agency_name"`
	DomainID   string `json:"domain_id,omitempty"`
	DomainName string `json:"domain_name,omitempty"`
	Duration   *int   `json:"duration_seconds,omitempty"`
}

type wireTokenLogin struct {
	ID       string `json:"id"`
	Duration *int   `json:"duration_seconds,omitempty"`
}

func (w wireAssumeRole) means(a Agency) bool {
	return a.Name == w.AgencyName &&
		(w.DomainID == "" || w.DomainID == a.DomainID) &&
		(w.DomainName == "" || w.DomainName == a.DomainName)
}

// asksByToken reports whether a request to this path authenticates with a token.
func asksByToken(body []byte) bool {
	var request wireKeyRequest

	return json.Unmarshal(body, &request) == nil && slices.Contains(request.Auth.Identity.Methods, "token")
}

// createTemporaryAccessKeyByAgency issues the keys of an agency to a caller that
// signs.
func (c *Cloud) createTemporaryAccessKeyByAgency(q *call) response {
	var body wireKeyRequest
	if !q.decode(&body) {
		return badParameter("body")
	}
	identity := body.Auth.Identity.AssumeRole
	switch {
	case !slices.Equal(body.Auth.Identity.Methods, []string{"assume_role"}):
		return badParameter("methods")
	case identity == nil || body.Auth.Identity.Token != nil:
		return badParameter("assume_role")
	case identity.AgencyName == "":
		return badParameter("agency_name")
	case identity.DomainID == "" && identity.DomainName == "":
		return badParameter("domain_id")
	}
	life, ok := lifetime(identity.Duration, 86400, 900)
	if !ok {
		return badParameter("duration_seconds")
	}
	agency, ok := first(c.cfg.Agencies, identity.means)
	if !ok {
		return refuse(http.StatusNotFound, iamNotFound, "Could not find agency: "+identity.AgencyName+".")
	}
	if !agency.trusts(q.caller.owner) {
		return refuse(http.StatusForbidden, iamForbidden, "Policy doesn't allow iam:agencies:assume to be performed.")
	}

	return response{status: http.StatusCreated, body: encode(c.issueKeys(agency.identity(), q.now, life).wire())}
}

// createTemporaryAccessKeyByToken issues the keys of a token's owner.
func (c *Cloud) createTemporaryAccessKeyByToken(q *call) response {
	var body wireKeyRequest
	if !q.decode(&body) {
		return badParameter("body")
	}
	identity := body.Auth.Identity.Token
	switch {
	case !slices.Equal(body.Auth.Identity.Methods, []string{"token"}):
		return badParameter("methods")
	case identity == nil || identity.ID == "" || body.Auth.Identity.AssumeRole != nil:
		return badParameter("token")
	}
	life, ok := lifetime(identity.Duration, 86400, 900)
	if !ok {
		return badParameter("duration_seconds")
	}
	token, err := c.token(identity.ID, q.now)
	if err != nil {
		return q.route.unauthorized(q, err.Error())
	}

	return response{status: http.StatusCreated, body: encode(c.issueKeys(token.owner, q.now, life).wire())}
}

func badParameter(name string) response {
	return refuse(http.StatusBadRequest, iamBadParameter, "Request parameter "+name+" is invalid.")
}

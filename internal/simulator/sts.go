package simulator

import (
	"encoding/base64"
	"net/http"
	"regexp"
)

// Error codes of STS. 1001 is an example in the documentation, 1106 was observed,
// and the others are guesses.
const (
	stsForbidden    = "STS5.1001"
	stsUnauthorized = "STS5.1002"
	stsBadParameter = "STS5.1003"
	stsNotFound     = "STS5.1106"
)

// stsTimeLayout is the layout of STS's times, in UTC (CLOUD.md 6.5).
const stsTimeLayout = "2006-01-02T15:04:05.000Z"

// mostWhenChained is the longest lifetime, in seconds, of keys for a caller with
// temporary keys (CLOUD.md 6.5).
const mostWhenChained = 3600

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)

// wireAssumeAgency is the body of POST /v5/agencies/assume, without fields that no
// client of the simulator sends.
type wireAssumeAgency struct {
	AgencyURN   string `json:"agency_urn"`
	SessionName string `json:"agency_session_name"`
	Duration    *int   `json:"duration_seconds,omitempty"`
}

type wireAssumedAgency struct {
	AssumedAgency struct {
		URN string `json:"urn"`
		ID  string `json:"id"`
	} `json:"assumed_agency"`
	Credentials struct {
		AccessKeyID     string `json:"access_key_id"`
		SecretAccessKey string `json:"secret_access_key"`
		SecurityToken   string `json:"security_token"`
		Expiration      string `json:"expiration"`
	} `json:"credentials"`
}

// assumeAgency issues the keys of an agency through STS to a caller that signs.
func (c *Cloud) assumeAgency(q *call) response {
	var in wireAssumeAgency
	if !q.decode(&in) {
		return stsBad("body")
	}
	most := 43200
	if q.Header.Get("X-Security-Token") != "" {
		most = mostWhenChained
	}
	life, ok := lifetime(in.Duration, most, 3600)
	switch {
	case !ok:
		return stsBad("duration_seconds")
	case !sessionName.MatchString(in.SessionName):
		return stsBad("agency_session_name")
	case in.AgencyURN == "":
		return stsBad("agency_urn")
	}
	agency, ok := first(c.cfg.Agencies, func(a Agency) bool { return a.Caller() == in.AgencyURN })
	if !ok {
		return refuse(http.StatusNotFound, stsNotFound, "the agency "+in.AgencyURN+" cannot be found")
	}
	if !agency.trusts(q.caller.owner) {
		return stsDenied(q.caller.owner, agency)
	}

	pair := c.issueKeys(agency.identity(), q.now, life)
	var w wireAssumedAgency
	w.AssumedAgency.URN = "sts::" + agency.DomainID + ":assumed-agency:" + agency.Name + "/" + in.SessionName
	w.AssumedAgency.ID = hexSHA256([]byte(agency.Caller()))[:32] + ":" + in.SessionName
	w.Credentials.AccessKeyID = pair.accessKey
	w.Credentials.SecretAccessKey = pair.secretKey
	w.Credentials.SecurityToken = pair.securityToken
	w.Credentials.Expiration = pair.expires.UTC().Format(stsTimeLayout)

	return success(encode(w))
}

// stsDenied is the response if an identity policy denies access, with a reason
// that only STS can decode (CLOUD.md 2.3).
func stsDenied(caller identity, a Agency) response {
	why := caller.name + " is not authorized to perform: sts:agencies:assume on resource: " + a.Caller()

	return response{status: http.StatusForbidden, body: encode(iamErrorBody{
		Code:    stsForbidden,
		Message: "access denied: " + why,
		Encoded: base64.StdEncoding.EncodeToString([]byte(why)),
	})}
}

func stsBad(name string) response {
	return refuse(http.StatusBadRequest, stsBadParameter, "the parameter "+name+" is invalid")
}

package simulator

import (
	"cmp"
	"net/http"
	"strconv"
	"time"
)

// maxMetadataTTL is the longest life of a metadata token, in seconds.
const maxMetadataTTL = 21600

// Metadata is the metadata service of an ECS instance, which issues the keys of
// the instance's agency (CLOUD.md 6.3). The zero value is an instance of the
// sample account that accepts requests with and without a metadata token.
type Metadata struct {
	DomainID string // the account of the instance; empty means the sample account
	NoAgency bool   // whether the instance has no agency, and so no keys

	TokenRequired bool // whether requests for keys need a metadata token
	TokenStatus   int  // response to a PUT if tokens are not supported: 404, 405, 501 or 503; otherwise 0

	Lifetime time.Duration // of the keys; 0 means 24 hours
	// RenewBefore is the time from the replacement of keys to their expiry. Until they
	// are replaced, all requests get the same keys. 0 means that keys are replaced
	// when they expire.
	RenewBefore time.Duration
}

// createMetadataToken serves PUT /meta-data/latest/api/token.
func (c *Cloud) createMetadataToken(q *call) response {
	m := c.cfg.Metadata
	if m == nil {
		return q.noSuchAPI()
	}
	if m.TokenStatus != 0 {
		return plainText(m.TokenStatus, http.StatusText(m.TokenStatus))
	}
	ttl, err := strconv.Atoi(q.Header.Get("X-Metadata-Token-Ttl-Seconds"))
	if err != nil || ttl < 1 || ttl > maxMetadataTTL {
		return plainText(http.StatusBadRequest, "Bad Request: X-Metadata-Token-Ttl-Seconds")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	token := c.creds.newText("MetadataToken")
	c.creds.metadataTokens[token] = q.now.Add(time.Duration(ttl) * time.Second)

	return plainText(http.StatusOK, token)
}

// showSecurityKey serves GET /openstack/latest/securitykey.
func (c *Cloud) showSecurityKey(q *call) response {
	m := c.cfg.Metadata
	if m == nil {
		return q.noSuchAPI()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	token := q.Header.Get("X-Metadata-Token")
	if m.TokenStatus == 0 && (token != "" || m.TokenRequired) && !q.now.Before(c.creds.metadataTokens[token]) {
		return plainText(http.StatusUnauthorized, "Unauthorized")
	}
	if m.NoAgency {
		return plainText(http.StatusUnauthorized, "Please configure Cloud Service Agency first")
	}
	pair := &c.creds.instance
	if !q.now.Before(pair.expires.Add(-m.RenewBefore)) {
		*pair = c.creds.newKeys(term{owner: identity{CallerInstance, cmp.Or(m.DomainID, DefaultDomainID)},
			expires: q.now.Add(cmp.Or(m.Lifetime, 24*time.Hour))})
	}

	return success(encode(pair.wire()))
}

func plainText(status int, text string) response {
	return response{status: status, header: http.Header{"Content-Type": {"text/plain"}}, body: []byte(text)}
}

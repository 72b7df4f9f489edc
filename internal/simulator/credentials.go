package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// iamTimeLayout is the layout of IAM's times, in UTC (CLOUD.md 6.5).
const iamTimeLayout = "2006-01-02T15:04:05.000000Z"

// credentials are the accepted credentials: the configured ones and those that the
// service has issued.
type credentials struct {
	pairs          map[string]keyPair // by access key
	tokens         map[string]term    // by IAM token
	metadataTokens map[string]time.Time
	instance       keyPair // last key pair from the metadata service

	issued int // number of secrets, which makes each unique
}

// keyPair is a key pair and its owner.
type keyPair struct {
	accessKey, secretKey, securityToken string
	term
}

// term is the owner and the lifetime of a credential.
type term struct {
	owner   identity
	expires time.Time // zero for never
	project string    // the ID of the one project that a token is for; empty for all, Unscoped for none
}

func (t term) expiredAt(now time.Time) bool { return !t.expires.IsZero() && !now.Before(t.expires) }

func newCredentials(cfg Config) credentials {
	home := identity{CallerHome, DefaultDomainID}
	creds := credentials{
		pairs: map[string]keyPair{
			cfg.AccessKey: {cfg.AccessKey, cfg.SecretKey, cfg.SecurityToken, term{owner: home}},
		},
		tokens:         map[string]term{},
		metadataTokens: map[string]time.Time{},
	}
	if cfg.Token != "" {
		creds.tokens[cfg.Token] = term{home, cfg.TokenExpires, cfg.TokenProject}
	}

	return creds
}

// newText returns a unique secret that is recognizable in any text. The caller
// holds the lock.
func (creds *credentials) newText(what string) string {
	creds.issued++
	sum := sha256.Sum256(fmt.Append(nil, what, creds.issued))

	return "Simulated" + what + hex.EncodeToString(sum[:])
}

// newKeys returns a temporary key pair. The caller holds the lock.
func (creds *credentials) newKeys(t term) keyPair {
	creds.issued++
	pair := keyPair{
		accessKey:     fmt.Sprintf("SIMULATORTEMPKEY%04d", creds.issued),
		secretKey:     creds.newText("SecretKey"),
		securityToken: creds.newText("SecurityToken"),
		term:          t,
	}
	creds.pairs[pair.accessKey] = pair

	return pair
}

// issueKeys returns a temporary key pair with the requested lifetime, unless
// Config replaces it.
func (c *Cloud) issueKeys(owner identity, now time.Time, requested time.Duration) keyPair {
	if c.cfg.TemporaryLifetime != 0 {
		requested = c.cfg.TemporaryLifetime
	}
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.creds.newKeys(term{owner: owner, expires: now.Add(requested)})
}

// issueToken returns an IAM token.
func (c *Cloud) issueToken(t term) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := c.creds.newText("Token")
	c.creds.tokens[text] = t

	return text
}

func (c *Cloud) keyPair(accessKey string) (keyPair, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	pair, ok := c.creds.pairs[accessKey]

	return pair, ok
}

// token returns what is known of a valid IAM token.
func (c *Cloud) token(text string, now time.Time) (term, error) {
	c.mu.Lock()
	t, ok := c.creds.tokens[text]
	c.mu.Unlock()
	switch {
	case !ok:
		return term{}, errBadToken
	case t.expiredAt(now):
		return term{}, expiredError{t.expires}
	}

	return t, nil
}

// wireCredential is a temporary key pair in responses of IAM and the metadata
// service (CLOUD.md 6.3, 6.5).
type wireCredential struct {
	Credential struct {
		Access        string `json:"access"`
		Secret        string `json:"secret"`
		SecurityToken string `json:"securitytoken"`
		ExpiresAt     string `json:"expires_at"`
	} `json:"credential"`
}

func (pair keyPair) wire() wireCredential {
	var w wireCredential
	w.Credential.Access = pair.accessKey
	w.Credential.Secret = pair.secretKey
	w.Credential.SecurityToken = pair.securityToken
	w.Credential.ExpiresAt = pair.expires.UTC().Format(iamTimeLayout)

	return w
}

package simulator

import (
	"crypto/hmac"
	"errors"
	"slices"
	"time"
)

const (
	// maxDateSkew is how far X-Sdk-Date may lie from the service's clock (API.md 5).
	maxDateSkew = 15 * time.Minute
	// Five failed checks in a row lock a key for five minutes (API.md 2.3).
	failuresToLock = 5
	lockPeriod     = 5 * time.Minute
)

// What the gateway says about a key that it does not accept (API.md 2.3, texts of 0301).
var (
	errNoCredentials = errors.New("x-auth-token not found")
	errBadSignature  = errors.New("verify aksk signature fail")
	errExpired       = errors.New("calc ak sk signature fail: signature expired")
	errBadToken      = errors.New("decrypt token fail")
	errLocked        = errors.New("AK access failed to reach the limit,forbidden")
)

// unknownKeyError names no more of the key than its beginning: what came may be a secret in the wrong place.
type unknownKeyError struct{ accessKey string }

func (e unknownKeyError) Error() string {
	return "Get secretKey failed,ak:" + e.accessKey[:min(4, len(e.accessKey))] + "****,err:ak not exist"
}

// keyState counts the failed checks of one access key.
type keyState struct {
	failures    int // in a row
	lockedUntil time.Time
}

// verify checks credentials, date and signature of a request. It looks at nothing but the request.
func (c *Cloud) verify(q *call) error {
	header := q.Header.Get("Authorization")
	if header == "" {
		return errNoCredentials
	}
	auth, err := parseAuthorization(header)
	if err != nil {
		return errBadSignature
	}
	if auth.accessKey != c.cfg.AccessKey {
		return unknownKeyError{auth.accessKey}
	}
	if q.Header.Get("X-Security-Token") != c.cfg.SecurityToken {
		return errBadToken
	}
	date, err := time.Parse(dateLayout, q.Header.Get(dateHeader))
	if err != nil || !slices.Contains(auth.signedHeaders, "x-sdk-date") {
		return errBadSignature
	}
	if q.now.Sub(date).Abs() > maxDateSkew {
		return errExpired
	}
	if hash := q.Header.Get(contentHashHeader); hash != "" && hash != unsignedPayload && hash != hexSHA256(q.body) {
		return errBadSignature
	}
	for _, name := range auth.signedHeaders {
		if name != "host" && q.Header.Values(name) == nil {
			return errBadSignature
		}
	}
	if !hmac.Equal([]byte(auth.signature), []byte(signatureOf(q, auth.signedHeaders, c.cfg.SecretKey))) {
		return errBadSignature
	}
	return nil
}

// admit turns the outcome of verify into a decision: it counts failures and keeps a locked key out, even with a good
// signature.
func (c *Cloud) admit(q *call) error {
	auth, err := parseAuthorization(q.Header.Get("Authorization"))
	if err != nil {
		return q.denied // no key to blame
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := c.keys[auth.accessKey]
	if key == nil {
		key = &keyState{}
		c.keys[auth.accessKey] = key
	}
	if q.now.Before(key.lockedUntil) {
		return errLocked
	}
	if q.denied == nil {
		key.failures = 0
		return nil
	}
	if key.failures++; key.failures == failuresToLock {
		*key = keyState{lockedUntil: q.now.Add(lockPeriod)}
	}
	return q.denied
}

package simulator

import (
	"crypto/hmac"
	"errors"
	"slices"
	"time"
)

const (
	// maxDateSkew is the largest difference between X-Sdk-Date and the service's clock
	// (CLOUD.md 5).
	maxDateSkew = 15 * time.Minute
	// Five failed checks in a row lock a key for five minutes (CLOUD.md 2.3).
	failuresToLock = 5
	lockPeriod     = 5 * time.Minute
)

// The gateway's errors about keys (CLOUD.md 2.3, texts of 0301).
var (
	errNoCredentials = errors.New("x-auth-token not found")
	errBadSignature  = errors.New("verify aksk signature fail")
	errExpired       = errors.New("calc ak sk signature fail: signature expired")
	errBadToken      = errors.New("decrypt token fail")
	errLocked        = errors.New("AK access failed to reach the limit,forbidden")
	// The gateway's behaviour with both is not documented. A request with both is an
	// error of the client.
	errTwoCredentials = errors.New("x-auth-token and a signature in one request")
)

// expiredError is the error of an expired IAM token or security token.
type expiredError struct{ at time.Time }

func (e expiredError) Error() string {
	return "token expires, expires_at " + e.at.UTC().Format(iamTimeLayout)
}

// unknownKeyError is the error of an unknown access key. It shows only the
// beginning, because the text may be a misplaced secret.
type unknownKeyError struct{ accessKey string }

func (e unknownKeyError) Error() string {
	return "Get secretKey failed,ak:" + e.accessKey[:min(4, len(e.accessKey))] + "****,err:ak not exist"
}

// keyState counts the failed checks of one access key.
type keyState struct {
	failures    int // in a row
	lockedUntil time.Time
}

// verify returns the owner of a request's signature or token, if it is valid.
func (c *Cloud) verify(q *call) (term, error) {
	token, signature := q.Header.Get("X-Auth-Token"), q.Header.Get("Authorization")
	switch {
	case token == "" && signature == "":
		return term{}, errNoCredentials
	case token != "" && signature != "":
		return term{}, errTwoCredentials
	case token != "":
		return c.token(token, q.now)
	}
	auth, ok := parseAuthorization(signature)
	if !ok {
		return term{}, errBadSignature
	}
	pair, ok := c.keyPair(auth.accessKey)
	if !ok {
		return term{}, unknownKeyError{auth.accessKey}
	}
	if err := pair.verify(q, auth); err != nil {
		return term{}, err
	}

	return pair.term, nil
}

// verify checks the security token, the date and the signature of a request.
func (pair keyPair) verify(q *call, auth authorization) error {
	if q.Header.Get("X-Security-Token") != pair.securityToken {
		return errBadToken
	}
	if pair.expiredAt(q.now) {
		return expiredError{pair.expires}
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
	if !hmac.Equal([]byte(auth.signature), []byte(signatureOf(q, auth.signedHeaders, pair.secretKey))) {
		return errBadSignature
	}

	return nil
}

// admit counts failed checks and rejects a locked key even with a valid signature.
func (c *Cloud) admit(q *call) error {
	auth, ok := parseAuthorization(q.Header.Get("Authorization"))
	if !ok {
		return q.denied // the request has no key
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

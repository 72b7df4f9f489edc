package client

import (
	"context"
	"errors"
	"time"
)

const (
	// renewalMargin is the time before their expiry at which credentials are renewed.
	// Credentials with a lifetime of less than four margins are renewed after three
	// quarters of it. The margin is longer than the default timeout of a read, so
	// that credentials do not expire while a request waits at the gate.
	renewalMargin = 10 * time.Minute

	// renewalTimeout is how long a request waits for a renewal while the previous
	// credentials are valid.
	renewalTimeout = 5 * time.Second

	// renewalPause is the time between a failed renewal and the next one.
	renewalPause = time.Minute
)

var errRenewalSlow = errors.New("the renewal takes long")

// keyring caches credentials. It retrieves them when they are first needed and
// renews them before they expire. It is safe for concurrent use.
type keyring struct {
	cachedCall[key]
}

// key is credentials with the time of their renewal and their gate.
type key struct {
	Credentials
	renewAt time.Time // zero: never
	gate    *gate
}

// newKeyring returns a keyring for the credentials of a provider. It sends no
// request.
func (c *Client) newKeyring(provider CredentialsProvider) *keyring {
	ring := &keyring{}
	ring.run = func(ctx context.Context) (key, error) {
		creds, err := provider.retrieve(ctx, c)
		if err == nil && (key{Credentials: creds}).expired() {
			// Callers would retrieve such keys again and again.
			err = &CredentialsError{Step: creds.Source, Err: errors.New("the keys have expired already")}
		}
		if err != nil {
			return ring.fallBack(err)
		}

		return key{Credentials: creds, renewAt: renewalTime(creds), gate: c.gateFor(creds)}, nil
	}
	ring.isValid = func(k key) bool { return k.renewAt.IsZero() || time.Now().Before(k.renewAt) && !k.expired() }
	ring.isPermanent = isPermanentCredentialsError

	return ring
}

// get returns credentials that have not expired. Errors are those of
// [CredentialsProvider].
func (k *keyring) get(ctx context.Context) (key, error) {
	held := k.held()
	if held.gate == nil || held.expired() || k.isValid(held) {
		return k.cachedCall.get(ctx)
	}
	bounded, cancel := withTimeoutCause(ctx, renewalTimeout, errRenewalSlow)
	defer cancel()
	renewed, err := k.cachedCall.get(bounded)
	if err != nil && errors.Is(context.Cause(bounded), errRenewalSlow) {
		return k.postponeRenewal(held), nil
	}

	return renewed, err
}

func (k *keyring) held() key {
	k.mu.Lock()
	defer k.mu.Unlock()

	return k.value
}

// postponeRenewal returns the credentials to use while a renewal is slow, and
// starts the next renewal after a pause.
func (k *keyring) postponeRenewal(held key) key {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.value.Credentials == held.Credentials {
		k.value.renewAt = time.Now().Add(renewalPause)
		k.cached, k.err = true, nil
	}

	return k.value
}

// fallBack returns the previous credentials while they are valid, to be renewed
// after a pause, and err otherwise. The error of a step that has succeeded before
// says so.
func (k *keyring) fallBack(err error) (key, error) {
	held := k.held()
	if held.gate == nil {
		return key{}, err
	}
	if !held.expired() {
		held.renewAt = time.Now().Add(renewalPause)
		return held, nil
	}
	if step, ok := errors.AsType[*CredentialsError](err); ok {
		renewal := *step
		renewal.Renewal = true
		err = &renewal
	}

	return key{}, err
}

// renewalTime returns the time of the renewal of credentials; zero: never.
func renewalTime(creds Credentials) time.Time {
	if creds.Expires.IsZero() {
		return time.Time{}
	}
	margin := min(renewalMargin, time.Until(creds.Expires)/4)

	return creds.Expires.Add(-margin)
}

// gateFor returns the gate of credentials. All uses of the same credentials have
// the same gate.
func (c *Client) gateFor(creds Credentials) *gate {
	creds.Expires, creds.Source = time.Time{}, ""
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.gates[creds] == nil {
		c.gates[creds] = newGate()
	}

	return c.gates[creds]
}

// expired reports whether the credentials have expired.
func (k key) expired() bool { return !k.Expires.IsZero() && !time.Now().Before(k.Expires) }

// isPermanentCredentialsError reports whether another retrieval would fail in the
// same way. It might also lock a key.
func isPermanentCredentialsError(err error) bool {
	var failed *APIError
	var step *CredentialsError
	switch {
	case errors.As(err, &failed) && (failed.isPermanent() || failed.Class == ClassNotFound):
		return true
	case errors.As(err, &step) && step.Renewal:
		return false // the step has succeeded before
	case failed != nil && failed.Operation == OperationMetadata:
		return true // this machine has no metadata service
	default:
		return errors.Is(err, ErrNoCredentials)
	}
}

package client

import (
	"context"
	"errors"
	"time"
)

const (
	// renewalMargin is how long before their end credentials are renewed; those
	// that live for less than four times that, after three quarters of their
	// life. It is longer than a read takes by default, so that what waits at the
	// gate does not go out with keys that have expired meanwhile.
	renewalMargin = 10 * time.Minute

	// renewalPatience is how long a reader waits for other keys while the ones
	// from before still hold.
	renewalPatience = 5 * time.Second

	// renewalPause is how long keys are kept on after a renewal has failed.
	renewalPause = time.Minute
)

var errRenewalSlow = errors.New("the renewal takes long")

// keyring holds one set of credentials for all who use them: retrieved when
// first needed, renewed before they expire, by one at a time.
type keyring struct {
	cachedCall[key]
}

// key is what a keyring gives out.
type key struct {
	Credentials
	renewAt time.Time // zero: never
	gate    *gate
}

// newKeyring sends nothing.
func (c *Client) newKeyring(provider CredentialsProvider) *keyring {
	ring := &keyring{}
	ring.work = func(ctx context.Context) (key, error) {
		creds, err := provider.retrieve(ctx, c)
		if err == nil && (key{Credentials: creds}).expired() { // whoever waits would ask again at once, and again
			err = &CredentialsError{Step: creds.Source, Err: errors.New("the keys have expired already")}
		}
		if err != nil {
			return ring.without(err)
		}

		return key{Credentials: creds, renewAt: renewalTime(creds), gate: c.gateFor(creds)}, nil
	}
	ring.fresh = func(k key) bool { return k.renewAt.IsZero() || time.Now().Before(k.renewAt) && !k.expired() }
	ring.final = isFinalForCredentials

	return ring
}

// get returns keys that have not expired.
func (k *keyring) get(ctx context.Context) (key, error) {
	held := k.held()
	if held.gate == nil || held.expired() || k.fresh(held) {
		return k.cachedCall.get(ctx)
	}
	patient, cancel := withAttemptTimeout(ctx, renewalPatience, errRenewalSlow)
	defer cancel()
	renewed, err := k.cachedCall.get(patient)
	if err != nil && errors.Is(context.Cause(patient), errRenewalSlow) {
		return k.keepOn(held), nil
	}

	return renewed, err
}

func (k *keyring) held() key {
	k.mu.Lock()
	defer k.mu.Unlock()

	return k.value
}

// keepOn has keys serve on for a while, unless others have come meanwhile.
func (k *keyring) keepOn(held key) key {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.value.Credentials == held.Credentials {
		k.value.renewAt = time.Now().Add(renewalPause)
		k.settled, k.err = true, nil
	}

	return k.value
}

// without is what to do when no keys could be retrieved: those from before will
// do until they expire, and after a while there is another try. Without such
// keys it is an error, and one of a step that has worked before says so.
func (k *keyring) without(err error) (key, error) {
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

// renewalTime is when to ask for other credentials; zero: never.
func renewalTime(creds Credentials) time.Time {
	if creds.Expires.IsZero() {
		return time.Time{}
	}
	margin := min(renewalMargin, time.Until(creds.Expires)/4)

	return creds.Expires.Add(-margin)
}

// gateFor returns the gate of these credentials: what is known of a key is
// known of it wherever it is used, and of no other.
func (c *Client) gateFor(creds Credentials) *gate {
	creds.Expires, creds.Source = time.Time{}, ""
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.gates[creds] == nil {
		c.gates[creds] = newGate()
	}

	return c.gates[creds]
}

// expired reports whether the credentials must not be used any more.
func (k key) expired() bool { return !k.Expires.IsZero() && !time.Now().Before(k.Expires) }

// isFinalForCredentials reports whether asking again would fail in the same
// way, and might do harm.
func isFinalForCredentials(err error) bool {
	var failed *APIError
	var step *CredentialsError
	switch {
	case errors.As(err, &failed) && (failed.isFinal() || failed.Class == ClassNotFound):
		return true
	case errors.As(err, &step) && step.Renewal:
		return false // it has worked before
	case failed != nil && failed.Operation == OperationMetadata:
		return true // there is no such service here
	default:
		return errors.Is(err, ErrNoCredentials)
	}
}

package client

import (
	"context"
	"errors"
	"time"
)

// renewalMargin is how long before their end credentials are renewed; those
// that live for less than four times that, after three quarters of their life.
// It is longer than a read takes by default, so that what waits at the gate
// does not go out with keys that have expired meanwhile.
const renewalMargin = 10 * time.Minute

// keyring holds one set of credentials for all who use them: retrieved when
// first needed, renewed before they expire, by one at a time.
type keyring struct {
	shared[key]
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
		creds, err := provider.Retrieve(ctx, c)
		if err == nil && (key{Credentials: creds}).expired() {
			err = &CredentialsError{Step: creds.Source, Err: errors.New("the keys that were given out have expired already; check the clock of this machine")}
		}
		if err != nil {
			return key{}, ring.explain(err)
		}

		return key{Credentials: creds, renewAt: renewalTime(creds), gate: c.gateFor(creds)}, nil
	}
	ring.fresh = func(k key) bool { return k.renewAt.IsZero() || time.Now().Before(k.renewAt) }
	ring.final = isFinalForCredentials

	return ring
}

// explain marks the failure of a step that has worked before.
func (k *keyring) explain(err error) error {
	var step *CredentialsError
	if !errors.As(err, &step) || !k.hadKey() {
		return err
	}
	renewal := *step
	renewal.Renewal = true

	return &renewal
}

func (k *keyring) hadKey() bool {
	k.mu.Lock()
	defer k.mu.Unlock()

	return k.value.gate != nil
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
	default:
		return errors.Is(err, ErrNoCredentials)
	}
}

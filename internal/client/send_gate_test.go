package client

import (
	"errors"
	"testing"
	"time"
)

func TestPassGate(t *testing.T) {
	t.Parallel()

	call := newCall()
	call.key = key{Credentials: testKeys, gate: newGate()}
	rejected := &APIError{Class: ClassAuth, Status: 401, Region: "r", Attempts: 1}
	inner := &fakeSteps{errs: []error{rejected}}
	if _, err := passGate(t.Context(), call, inner.handle); !errors.Is(err, rejected) {
		t.Fatalf("got %v, want the failure", err)
	}
	_, err := passGate(t.Context(), call, inner.handle)
	got := asAPIError(t, err)
	if inner.calls != 1 || !got.ForAnother || got.Attempts != 0 || got.Region != "cn-north-4" || rejected.ForAnother {
		t.Errorf("got %+v after %d calls", got, inner.calls)
	}
}

func TestPassGate_outdatedKey(t *testing.T) {
	t.Parallel()

	call := newCall()
	call.key = key{Credentials: Credentials{AccessKey: "ak", Expires: time.Now().Add(-time.Second)}, gate: newGate()}
	inner := &fakeSteps{errs: []error{nil}}
	for range 2 { // the gate is left each time
		if _, err := passGate(t.Context(), call, inner.handle); !errors.Is(err, errOutdatedKey) || inner.calls != 0 {
			t.Errorf("got %v after %d calls", err, inner.calls)
		}
	}
}

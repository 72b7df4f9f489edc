package client

import (
	"errors"
	"testing"
)

func TestNameCredentialsStep(t *testing.T) {
	t.Parallel()

	refused := failedAttempt(ClassAuth, 401)
	tests := map[string]struct {
		step string
		err  error
		want error // with its Err
	}{
		"of a read":         {"", refused, refused},
		"of a step":         {"assume_role", refused, &CredentialsError{Step: "assume_role", Err: refused}},
		"of an earlier one": {"second", &CredentialsError{Step: "first", Err: refused}, &CredentialsError{Step: "first"}},
		"no credentials":    {"assume_role", ErrNoCredentials, ErrNoCredentials},
		"success":           {"assume_role", nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			call := newCall()
			call.credentialsStep = test.step
			_, err := nameCredentialsStep(t.Context(), call, (&fakeSteps{errs: []error{test.err}}).handle)
			want, isStep := errors.AsType[*CredentialsError](test.want)
			if !isStep {
				if !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
				return
			}
			if got, ok := errors.AsType[*CredentialsError](err); !ok || got.Step != want.Step || !errors.Is(err, refused) {
				t.Errorf("got %v, want %v", err, want)
			}
		})
	}
}

// The read is added to a copy, because other reads get the same error.
func TestNameCredentialsStep_read(t *testing.T) {
	t.Parallel()

	original := &CredentialsError{Step: "assume_role", Err: ErrNoCredentials}
	_, err := nameCredentialsStep(t.Context(), newCall(), (&fakeSteps{errs: []error{original}}).handle)
	got, ok := errors.AsType[*CredentialsError](err)
	want := &CredentialsError{Step: "assume_role", Region: "cn-north-4", ProjectID: "p1", Err: ErrNoCredentials}
	if !ok || *got != *want || original.Region != "" {
		t.Errorf("got %+v, the original is %+v", got, original)
	}
}

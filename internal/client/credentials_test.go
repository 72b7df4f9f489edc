package client

import (
	"errors"
	"testing"
)

func TestCredentials(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		keys Credentials
		want error
	}{
		"both":          {keys: Credentials{AccessKey: "ak", SecretKey: "sk", SecurityToken: "t", Source: "the test"}},
		"no access key": {keys: Credentials{SecretKey: "sk"}, want: ErrNoCredentials},
		"no secret key": {keys: Credentials{AccessKey: "ak"}, want: ErrNoCredentials},
		"none":          {want: ErrNoCredentials},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := test.keys.Retrieve(t.Context())
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if err == nil && got != test.keys {
				t.Errorf("got other credentials than those given")
			}
			if err != nil && got != (Credentials{}) {
				t.Errorf("got credentials with an error")
			}
		})
	}
}

package provider

import (
	"path/filepath"
	"testing"
)

func TestExpandHome(t *testing.T) {
	t.Parallel()
	both := environment{"HOME": "/home/u", "USERPROFILE": "C:/Users/u"}
	tests := map[string]struct {
		name        string
		environment environment
		want        string
		err         error
	}{
		"no home":         {name: "/etc/ca.pem", environment: both, want: "/etc/ca.pem"},
		"relative":        {name: "ca.pem", want: "ca.pem"},
		"a tilde in it":   {name: "a~/b", environment: both, want: "a~/b"},
		"another's home":  {name: "~other/ca.pem", environment: both, want: "~other/ca.pem"},
		"home":            {name: "~/a/ca.pem", environment: both, want: filepath.Join("/home/u", "a/ca.pem")},
		"home on Windows": {name: "~/ca.pem", environment: environment{"USERPROFILE": "C:/Users/u"}, want: filepath.Join("C:/Users/u", "ca.pem")},
		"not known":       {name: "~/ca.pem", err: errNoHome},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := expandHome(tt.name, tt.environment.getenv); got != tt.want || err != tt.err { //nolint:errorlint // the very error
				t.Errorf("got %q and error %v, want %q and %v", got, err, tt.want, tt.err)
			}
		})
	}
}

package acctest

import (
	"net/http"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// ClientConfig is the configuration of a client that knows the simulator's project
// and keys, reaches transport only and retries nothing.
func ClientConfig(transport http.RoundTripper, changes ...func(*client.Config)) client.Config {
	cfg := client.Config{
		Region:      simulator.DefaultRegion,
		ProjectID:   simulator.DefaultProjectID,
		Credentials: client.Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey},
		Transport:   transport,
	}
	for _, change := range changes {
		change(&cfg)
	}

	return cfg
}

// RoundTripper is a transport that calls the function.
type RoundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f RoundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

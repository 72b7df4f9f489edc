package provider_test

import (
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// Terraform validates a provider block more than once in a command. Each error
// appears once, before any request.
func TestAccProviderBlock_saidOnce(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments string
		want      []string // summaries
	}{
		"found by itself": {
			"max_retries = -1\n agency_name = \"a\"\n endpoints = { fgs = \"\" }\n assume_role {\n duration = 1.5\n }",
			[]string{"Invalid number of retries", "Old form of an agency", "Invalid endpoint", "Invalid duration"},
		},
		"found with the environment": {
			"access_key = \"AK\"\n cert = \"c.pem\"\n assume_role {\n domain_id = \"i\"\n }",
			[]string{"Missing region", "Missing secret key", "Missing key of the client certificate",
				"Missing agency name"},
		},
		"a password": {"password = \"P\"\n region = \"cn-north-4\"", []string{"Password login is not supported"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := "provider \"huaweicloud\" {\n" + tt.arguments + "\n}\n" + workspace.DataSource("test", "w")
			said, err := planWith(t, nil, config)
			if err == nil {
				t.Fatalf("the plan succeeds:\n%s", said)
			}
			for _, summary := range tt.want {
				if n := strings.Count(said, "Error: "+summary); n != 1 {
					t.Errorf("%q is said %d times in:\n%s", summary, n, said)
				}
			}
		})
	}
}

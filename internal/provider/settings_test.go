package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What single arguments mean is in provider_block_test.go.

func TestResolve_everythingWrongAtOnce(t *testing.T) {
	t.Parallel()
	const secret = "Planted"
	env := environment{"OS_REGION_NAME": "cn north", "HW_ACCESS_KEY": secret + "\n", "HW_CLOUD": "https://cloud.test", "HW_SECURITY_TOKEN": secret + " "}
	s, diags := resolve(t.Context(), blockOf(t, args{
		"project_id": "../p", "auth_url": "https://", "endpoints": args{"fgs": ""}, "key": secret, "assume_role": []args{{"agency_name": "a"}}, "max_retries": -1,
	}), env.getenv)
	inBlock := []string{
		"endpoints[\"fgs\"]: Invalid endpoint\nAttribute endpoints[\"fgs\"] must not be empty.",
		"project_id: Invalid project ID\nAttribute project_id must be a project's ID of letters and digits, got: \"../p\". If that is the name of the project, it belongs in project_name",
		"auth_url: Invalid IAM endpoint\nAttribute auth_url must name a host, got: \"https://\"",
		"max_retries: Invalid number of retries\nAttribute max_retries must be a whole number of at least 0, got: \"-1\"",
	}
	elsewhere := []string{
		"region: Invalid region\nAttribute region (from environment variable OS_REGION_NAME) must be a region's ID such as \"cn-north-4\", got: \"cn north\"",
		"cloud: Invalid cloud\nAttribute cloud (from environment variable HW_CLOUD) must be a domain such as \"myhuaweicloud.com\", got: \"https://cloud.test\"",
		"cert: Missing client certificate\nAttribute cert must be set in the provider block, or in the environment variable OS_CERT. Its other half, key, is set by the provider block.",
		"key: Invalid key of the client certificate\nAttribute key (from the provider block) is taken for the path of a file, since it is no PEM (-----BEGIN ...), " +
			"and that file (its name of 7 characters is not shown, because it may be a secret) cannot be read: no such file or directory",
		"assume_role[0].domain_name: Missing account name\nAttribute assume_role[0].domain_name must be set in the provider block, or in the environment variable HW_ASSUME_ROLE_DOMAIN_NAME. " +
			"It is the name of the account that made the agency. Instead of it domain_id (HW_ASSUME_ROLE_DOMAIN_ID) may be set, the account's ID.",
		"secret_key: Missing secret key\nAttribute secret_key must be set in the provider block, or in the environment variable HW_SECRET_KEY or OS_SECRET_KEY. " +
			"Its other half, access_key, is set by environment variable HW_ACCESS_KEY.",
		"access_key: Invalid access key\nAttribute access_key (from environment variable HW_ACCESS_KEY) " + notShown,
		"security_token: Invalid security token\nAttribute security_token (from environment variable HW_SECURITY_TOKEN) " + notShown,
	}
	if diff := cmp.Diff(inBlock, wordings(diags)); diff != "" {
		t.Errorf("mistakes in the block (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(elsewhere, wordings(s.problems)); diff != "" {
		t.Errorf("problems elsewhere (-want +got):\n%s", diff)
	}
	if strings.Contains(strings.Join(append(wordings(diags), wordings(s.problems)...), ""), secret) {
		t.Error("a secret is shown")
	}
}

// Where the project's ID came from reaches the errors of requests.
func TestResolve_projectSource(t *testing.T) {
	t.Parallel()
	for want, row := range map[string]struct {
		block args
		env   environment
	}{
		"":                                   {},
		fromBlock:                            {block: args{"project_id": "p"}},
		"environment variable HW_PROJECT_ID": {env: environment{"HW_PROJECT_ID": "p"}},
		"environment variable OS_TENANT_ID":  {env: environment{"OS_TENANT_ID": "p"}},
	} {
		s, _ := resolve(t.Context(), blockOf(t, row.block), row.env.getenv)
		if got := s.clientConfig().ProjectSource; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

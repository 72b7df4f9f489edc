package provider

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// provider_block_test.go has the tests of single arguments.

func TestResolve_everythingWrongAtOnce(t *testing.T) {
	t.Parallel()
	const secret = "Planted"
	env := environment{"OS_REGION_NAME": "cn north", "HW_ACCESS_KEY": secret + "\n", "HW_CLOUD": "https://cloud.test",
		"HW_SECURITY_TOKEN": secret + " "}
	s, diags := resolve(t.Context(), blockOf(t, args{
		"project_id": "../p", "auth_url": "https://", "endpoints": args{"fgs": ""}, "key": secret,
		"assume_role": []args{{"agency_name": "a"}}, "max_retries": -1,
	}), env.Getenv)
	inBlock := []string{
		"endpoints[\"fgs\"]: Invalid endpoint\nAttribute endpoints[\"fgs\"] must not be empty.",
		"project_id: Invalid project ID\nAttribute project_id must be a project's ID of letters and digits, got: " +
			"\"../p\". If that is the name of the project, it belongs in project_name",
		"auth_url: Invalid IAM endpoint\nAttribute auth_url must name a host, got: \"https://\"",
		"max_retries: Invalid number of retries\nAttribute max_retries must be a whole number of at least 0, " +
			"got: \"-1\"",
	}
	elsewhere := []string{
		"region: Invalid region\nAttribute region (from environment variable OS_REGION_NAME) must be a region's ID " +
			"such as \"cn-north-4\", got: \"cn north\"",
		"cloud: Invalid cloud\nAttribute cloud (from environment variable HW_CLOUD) must be a domain such as " +
			"\"myhuaweicloud.com\", got: \"https://cloud.test\"",
		"cert: Missing client certificate\nAttribute cert must be set in the provider block, or in the environment " +
			"variable OS_CERT. Its other half, key, is set by the provider block.",
		"key: Invalid key of the client certificate\nAttribute key (from the provider block) is used as the path " +
			"of a file, because it is not PEM (-----BEGIN ...), " +
			"and that file (its name of 7 characters is not shown, because it may be a secret) cannot be read: no " +
			"such file or directory",
		"assume_role[0].domain_name: Missing account name\nAttribute assume_role[0].domain_name must be set in the " +
			"provider block, or in the environment variable HW_ASSUME_ROLE_DOMAIN_NAME. " +
			"It is the name of the account that made the agency. Instead of it domain_id (HW_ASSUME_ROLE_DOMAIN_ID) " +
			"may be set, the account's ID.",
		"secret_key: Missing secret key\nAttribute secret_key must be set in the provider block, or in the " +
			"environment variable HW_SECRET_KEY or OS_SECRET_KEY. " +
			"Its other half, access_key, is set by environment variable HW_ACCESS_KEY.",
		"access_key: Invalid access key\nAttribute access_key (from environment variable HW_ACCESS_KEY) " + notShown,
		"security_token: Invalid security token\nAttribute security_token (from environment variable " +
			"HW_SECURITY_TOKEN) " + notShown,
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

// Errors name the sources of settings outside of the block.
func TestOutsideSources(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		block args
		env   environment
		want  map[string]string
	}{
		"all of the block": {
			block: args{"region": "r", "token": "T", "project_id": "p", "auth_url": "https://iam.test"},
			want:  map[string]string{},
		},
		"left-over variables that the block beats": {
			block: args{"region": "r", "token": "T", "project_id": "p", "endpoints": args{"iam": "https://iam.test"}},
			env:   environment{"OS_AUTH_URL": "https://x.test", "OS_PROJECT_ID": "x", "OS_PROJECT_NAME": "name"},
			want:  map[string]string{},
		},
		"variables": {
			block: args{"token": "T"},
			env: environment{"OS_REGION_NAME": "r", "OS_AUTH_URL": "https://x.test", "OS_TENANT_NAME": "name",
				"HW_CLOUD": "x.test"},
			want: map[string]string{
				"region": "environment variable OS_REGION_NAME", "auth_url": "environment variable OS_AUTH_URL",
				"tenant_name": "environment variable OS_TENANT_NAME", "cloud": "environment variable HW_CLOUD",
			},
		},
		"project's ID": {
			block: args{"token": "T", "region": "r", "project_name": "name"},
			env:   environment{"OS_TENANT_ID": "p"},
			want:  map[string]string{"tenant_id": "environment variable OS_TENANT_ID"},
		},
		"project's ID, by its newer name": {
			block: args{"token": "T", "region": "r"},
			env:   environment{"HW_PROJECT_ID": "p"},
			want:  map[string]string{"project_id": "environment variable HW_PROJECT_ID"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, diags := resolve(t.Context(), blockOf(t, test.block), test.env.Getenv)
			if diags.HasError() || s.problems.HasError() {
				t.Fatal(wordings(diags), wordings(s.problems))
			}
			if diff := cmp.Diff(test.want, s.config.Sources); diff != "" {
				t.Errorf("sources (-want +got):\n%s", diff)
			}
		})
	}
}

// statusTransport responds to every request with a status.
type statusTransport struct{ status int }

func (a statusTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}

// Errors name the variables that cause them.
func TestLeftOverVariables(t *testing.T) {
	t.Parallel()
	env := environment{
		"HW_REGION_NAME": "r", "HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK", "HW_SECURITY_TOKEN": "left-over",
		"OS_AUTH_URL": "https://iam.test/v3", "OS_PROJECT_NAME": "left over",
	}
	s, diags := resolve(t.Context(), blockOf(t, nil), env.Getenv)
	if diags.HasError() || s.problems.HasError() {
		t.Fatal(wordings(diags), wordings(s.problems))
	}
	cfg := s.config
	cfg.Transport = statusTransport{http.StatusUnauthorized}
	c, err := functiongraph.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.AllWorkflowExecutions(t.Context(), executions.Question{WorkflowID: "w"})
	var failed *client.APIError
	if !errors.As(err, &failed) {
		t.Fatalf("got %v", err)
	}
	want := []string{
		"region from environment variable HW_REGION_NAME",
		"auth_url from environment variable OS_AUTH_URL",
		"project_name from environment variable OS_PROJECT_NAME",
	}
	if diff := cmp.Diff(want, failed.Settings); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if want := "environment variable HW_ACCESS_KEY (security_token from environment variable " +
		"HW_SECURITY_TOKEN)"; failed.KeySource != want {
		t.Errorf("key from %s, want %s", failed.KeySource, want)
	}
}

package datasources

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

func TestReadDiagnostic(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want string
	}{
		"incomplete list": {
			err: &functiongraph.ListingError{Reason: "Too many at once.", Advice: "Filter by status."},
			want: `
Incomplete list of workflow executions
The service's responses do not add up to a complete list, so none is returned.

  Workflow: 48aff955
  Region:   cn-north-4
  Reason:   Too many at once.

Filter by status.`,
		},
		"too long for Terraform": {
			err: &functiongraph.TooLongError{Executions: 800000},
			want: `
List too long for Terraform
The list does not fit into one response to Terraform, which accepts at most 256 MiB.

  Workflow:   48aff955
  Region:     cn-north-4
  Executions: at least 800000

Ask for less at once: narrow start_time and end_time, filter by status, or set limit.`,
		},
		"no project": {
			err: &client.ProjectError{Name: "cn-north-4_dev", Region: "cn-north-4", Host: "iam.test"},
			want: `
Project not found
IAM knows no project of this name, or none that these credentials may see.

  Workflow:     48aff955
  Region:       cn-north-4
  Project name: "cn-north-4_dev"
  IAM:          iam.test

Check region and project_name, or set project_id (HW_PROJECT_ID).`,
		},
		"two projects": {
			err: &client.ProjectError{Name: "cn-north-4", Region: "cn-north-4", Host: "iam.test", Found: 2},
			want: `
Project not unique
IAM knows 2 projects of this name.

  Workflow:     48aff955
  Region:       cn-north-4
  Project name: "cn-north-4"
  IAM:          iam.test

Check region and project_name, or set project_id (HW_PROJECT_ID).`,
		},
		"no credentials": {err: client.ErrNoCredentials, want: "No credentials\n" + noCredentials},
		"no credentials, not even of the instance": {
			err: &client.CredentialsError{Step: "the ECS metadata service", Err: fmt.Errorf("%w: %w", client.ErrNoCredentials, &client.APIError{
				Method: "GET", Host: "169.254.169.254", Path: "/openstack/latest/securitykey", Err: errors.New("connection refused"),
			})},
			want: "No credentials\n" + noCredentials + `

The last way was tried: GET 169.254.169.254/openstack/latest/securitykey: connection refused.`,
		},
		"a step without a request": {
			err: &client.CredentialsError{Step: "assume_role_with_oidc of the provider block: the ID token", Err: errors.New("the file is empty")},
			want: `
Unable to get credentials
A step on the way to the keys that requests are signed with failed.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     assume_role_with_oidc of the provider block: the ID token
  Error:    the file is empty`,
		},
		"a step that worked before": {
			err: &client.CredentialsError{Step: "a step", Renewal: true, Err: fmt.Errorf("%w: gone", client.ErrNoCredentials)},
			want: `
Unable to get credentials
A step on the way to the keys that requests are signed with failed.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     a step, whose keys have expired
  Error:    no credentials are configured: gone`,
		},
		"anything else": {
			err: errors.New("the IAM endpoint must name a host"),
			want: `
Unable to list workflow executions
The read failed before any request was sent.

  Workflow: 48aff955
  Region:   cn-north-4
  Error:    wrapped: the IAM endpoint must name a host`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wording(readDiagnostic(fmt.Errorf("wrapped: %w", tt.err), testSubject))
			if diff := cmp.Diff(strings.TrimSpace(tt.want), got); diff != "" {
				t.Errorf("wording (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNotConfiguredDiagnostic(t *testing.T) {
	t.Parallel()
	const defect = `
Provider is not configured
Terraform read a data source before it configured the provider. This is a defect of the provider: please report it.`
	tests := map[string]struct {
		provider *ProviderData
		want     string
	}{
		"no data":   {nil, defect},
		"no reason": {&ProviderData{}, defect},
		"unknown arguments": {&ProviderData{Unknown: []string{"region", `endpoints["fgs"]`}}, `
Provider configuration is not known yet
These arguments of the provider block depend on something that exists only after apply, so nothing can be read yet.

  Unknown: region, endpoints["fgs"]

Do one of these:
  - give them as variables, literals or environment variables;
  - create what they depend on first, with -target;
  - let the data source wait as well: depends_on the same resource.`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(strings.TrimSpace(tt.want), wording(notConfiguredDiagnostics(tt.provider)[0])); diff != "" {
				t.Errorf("wording (-want +got):\n%s", diff)
			}
		})
	}
}

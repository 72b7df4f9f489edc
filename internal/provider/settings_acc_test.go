package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// planWith plans with a provider that sees only the given environment variables.
func planWith(t *testing.T, variables map[string]string, config string) (string, error) {
	t.Helper()
	env := []string{"HW_REGION_NAME=", "HW_ACCESS_KEY=", "HW_SECRET_KEY="}
	for name, value := range variables {
		env = append(env, name+"="+value)
	}

	return newWorkspace(t, config, env...).Run(t, "plan", "-input=false")
}

// readWithBlock is a configuration that reads workflow "w" with the given
// arguments of the provider block, besides the endpoint, and of the data source.
func readWithBlock(srv *simulator.Server, block, arguments []string) string {
	return fmt.Sprintf(`
provider "huaweicloud" {
  endpoints = { fgs = %q }
  %s
}

data "huaweicloud_fgs_workflow_executions" "test" {
  workflow_id = "w"
  %s
}
`, srv.URL, strings.Join(block, "\n  "), strings.Join(arguments, "\n  "))
}

// expectSettingsRequests checks the number of requests since the start.
func expectSettingsRequests(t *testing.T, srv *simulator.Server, want map[simulator.Operation]int) {
	t.Helper()
	got := map[simulator.Operation]int{}
	for _, r := range srv.Requests() {
		got[r.Operation]++
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got requests %v, want %v", got, want)
	}
}

func TestAccSettings_precedence(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		variables map[string]string
		block     []string
		cfg       simulator.Config
	}{
		"OS variables, empty HW variables and empty arguments": {
			variables: map[string]string{
				"HW_REGION_NAME": "", "HW_ACCESS_KEY": "", "HW_SECRET_KEY": "", "HW_AUTH_URL": "",
				"HW_PROJECT_NAME": "", "HW_SECURITY_TOKEN": "",
				"OS_REGION_NAME": "cn-north-4", "OS_PROJECT_NAME": "cn-north-4_dev",
				"OS_ACCESS_KEY": simulator.DefaultAccessKey, "OS_SECRET_KEY": simulator.DefaultSecretKey,
			},
			block: []string{`region = ""`, `access_key = ""`, `project_id = ""`},
			cfg: simulator.Config{
				Projects: []simulator.Project{{ID: simulator.DefaultProjectID, Name: "cn-north-4_dev"}},
			},
		},
		"HW variables override OS variables": {
			variables: map[string]string{
				"HW_REGION_NAME":    "cn-north-4",
				"HW_ACCESS_KEY":     "AK",
				"HW_SECRET_KEY":     "SK",
				"HW_SECURITY_TOKEN": "token",
				"OS_REGION_NAME":    "nowhere",
				"OS_ACCESS_KEY":     "other",
				"OS_SECRET_KEY":     "other",
			},
			cfg: simulator.Config{AccessKey: "AK", SecretKey: "SK", SecurityToken: "token"},
		},
		"the block overrides variables": {
			variables: map[string]string{
				"HW_REGION_NAME": "nowhere", "HW_ACCESS_KEY": "other", "HW_SECRET_KEY": "other",
				"HW_SECURITY_TOKEN": "other",
			},
			block: []string{
				`region = "cn-north-4"`, `access_key = "AK"`, `secret_key = "SK"`, `security_token = "token"`,
			},
			cfg: simulator.Config{AccessKey: "AK", SecretKey: "SK", SecurityToken: "token"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, tt.cfg)
			srv.AddWorkflow("w")
			tt.variables["OS_AUTH_URL"] = srv.URL
			if said, err := planWith(t, tt.variables, readWithBlock(srv, tt.block, nil)); err != nil {
				t.Errorf("%v\n%s", err, said)
			}
			expectSettingsRequests(t, srv, map[simulator.Operation]int{
				simulator.ListProjects: 1, simulator.ListWorkflowExecutions: 1,
			})
		})
	}
}

// A first apply succeeds if the data source depends on the resource from which the
// provider gets an argument.
func TestAccSettings_unknown(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow("w")
	const resourceBlock = "resource \"terraform_data\" \"region\" {\n  input = \"cn-north-4\"\n}\n"
	block := []string{`region = terraform_data.region.output`}
	env := acctest.Keys().With(acctest.Environment{"HW_REGION_NAME": "", "HW_AUTH_URL": srv.URL})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(
			provider.Server(provider.Options{Version: "test", Getenv: env.Getenv})),
		Steps: []resource.TestStep{
			{
				Config: resourceBlock + readWithBlock(srv, block, nil),
				ExpectError: regexp.MustCompile(
					`(?s)Error: Provider configuration is not known yet.*Unknown: region.*depends_on`),
			},
			{
				PreConfig: func() { expectSettingsRequests(t, srv, map[simulator.Operation]int{}) },
				Config:    resourceBlock + readWithBlock(srv, block, []string{`depends_on = [terraform_data.region]`}),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(
					"data.huaweicloud_fgs_workflow_executions.test",
					tfjsonpath.New("executions"), knownvalue.ListExact([]knownvalue.Check{}))},
			},
		},
	})
}

// A provider without a required setting sends no request.
func TestAccSettings_missing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		variables map[string]string
		want      []string
	}{
		"no region and half a key pair": {
			map[string]string{"OS_ACCESS_KEY": "AK"},
			[]string{"Error: Missing region", "HW_REGION_NAME", "OS_REGION_NAME", "Error: Missing secret key",
				"OS_ACCESS_KEY"},
		},
		"no credentials": {
			map[string]string{"HW_REGION_NAME": "cn-north-4"},
			[]string{"Error: No credentials", "HW_ACCESS_KEY and HW_SECRET_KEY"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			said, err := planWith(t, tt.variables, readWithBlock(srv, nil, nil))
			if err == nil || !acctest.Words(tt.want...).MatchString(said) {
				t.Errorf("got %v, want %q in\n%s", err, tt.want, said)
			}
			expectSettingsRequests(t, srv, map[simulator.Operation]int{})
		})
	}
}

package functions_test

// Acceptance tests: the functions through a real Terraform or OpenTofu, from a
// provider without region and keys.

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
)

// test runs steps with a CLI that has functions of providers.
func test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: acctest.Factories(
			provider.Server(provider.Options{Version: "test", Getenv: acctest.Environment{}.Getenv})),
		Steps: steps,
	})
}

func TestAccParseWorkflowURN(t *testing.T) {
	t.Parallel()
	parts := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"region":        knownvalue.StringExact("cn-north-4"),
		"project_id":    knownvalue.StringExact("0123456789abcdef"),
		"package":       knownvalue.StringExact("default"),
		"workflow_name": knownvalue.StringExact("订单"),
		"version":       knownvalue.StringExact("latest"),
	})
	test(t, resource.TestStep{
		Config: `
resource "terraform_data" "urn" {
  input = "urn:fss:cn-north-4:0123456789abcdef:workflow:default:订单:latest"
}

output "known" {
  value = provider::huaweicloud::parse_workflow_urn("urn:fss:cn-north-4:0123456789abcdef:workflow:default:订单:latest")
}

output "unknown_in_the_first_plan" {
  value = provider::huaweicloud::parse_workflow_urn(terraform_data.urn.output)
}
`,
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply:             []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("unknown_in_the_first_plan")},
			PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("known", parts),
			statecheck.ExpectKnownOutputValue("unknown_in_the_first_plan", parts),
		},
	})
}

func TestAccSecondsBetween(t *testing.T) {
	t.Parallel()
	test(t, resource.TestStep{
		Config: `
resource "terraform_data" "end" {
  input = "2026-03-10T12:01:30Z"
}

output "seconds" {
  value = provider::huaweicloud::seconds_between("2026-03-10T12:00:00Z", "2026-03-10T20:01:30+08:00")
}

output "unknown_in_the_first_plan" {
  value = provider::huaweicloud::seconds_between("2026-03-10T12:00:00Z", terraform_data.end.output)
}

output "negative" {
  value = provider::huaweicloud::seconds_between("2026-03-10T12:00:00.5Z", "2026-03-10T12:00:00Z")
}

# Terraform compares numbers to the last bit.
output "exact" {
  value = alltrue([
    provider::huaweicloud::seconds_between("2026-03-10T12:00:00Z", "2026-03-10T12:00:00.1Z") == 0.1,
    provider::huaweicloud::seconds_between("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999Z") == 315537897599.9999,
  ])
}

output "null" {
  value = alltrue([
    provider::huaweicloud::seconds_between("2026-03-10T12:00:00Z", null) == null,
    provider::huaweicloud::seconds_between(null, "2026-03-10T12:00:00Z") == null,
  ])
}
`,
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply:             []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("unknown_in_the_first_plan")},
			PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("seconds", knownvalue.Int64Exact(90)),
			statecheck.ExpectKnownOutputValue("unknown_in_the_first_plan", knownvalue.Int64Exact(90)),
			statecheck.ExpectKnownOutputValue("negative", knownvalue.Float64Exact(-0.5)),
			statecheck.ExpectKnownOutputValue("exact", knownvalue.Bool(true)),
			statecheck.ExpectKnownOutputValue("null", knownvalue.Bool(true)),
		},
	})
}

// Errors name the argument.
func TestAccFunctions_errors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ call, want string }{
		"URN of a function": {
			`parse_workflow_urn("urn:fss:cn-north-4:p:function:default:f:latest")`,
			`Invalid value for "urn" parameter: must be the URN of a workflow, ` +
				`"urn:fss:<region>:<project_id>:workflow:<package>:<workflow_name>:<version>", but it is the URN of a function, ` +
				`because its fifth part is "function" and not "workflow": got "urn:fss:cn-north-4:p:function:default:f:latest".`,
		},
		"no URN": {`parse_workflow_urn(null)`, `Invalid value for "urn" parameter: argument must not be null.`},
		"start is no time": {
			`seconds_between("yesterday", "2026-03-10T12:00:00Z")`,
			`Invalid value for "start" parameter: must be a time in RFC 3339 such as "2026-01-31T12:00:00Z", got "yesterday".`,
		},
		"end is no time": {
			`seconds_between("2026-03-10T12:00:00Z", "")`,
			`Invalid value for "end" parameter: must be a time in RFC 3339 such as "2026-01-31T12:00:00Z", got "".`,
		},
	}
	config := ""
	for name, tt := range tests {
		config += fmt.Sprintf("output %q {\n  value = provider::huaweicloud::%s\n}\n", strings.ReplaceAll(name, " ", "_"),
			tt.call)
	}
	server := func(getenv func(string) string) func() tfprotov6.ProviderServer {
		return provider.Server(provider.Options{Version: "test", Getenv: getenv, Quiet: true})
	}
	w := acctest.NewWorkspace(t, server, config)
	acctest.SkipBelow(t, 8, 7)
	said, err := w.Run(t, "plan", "-input=false")
	if err == nil {
		t.Fatalf("the plan succeeds:\n%s", said)
	}
	for name, tt := range tests {
		if !acctest.Words(tt.want).MatchString(said) {
			t.Errorf("%s: want %q in\n%s", name, tt.want, said)
		}
	}
}

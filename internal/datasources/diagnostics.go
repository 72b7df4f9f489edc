package datasources

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// subject is what was read when an error came.
type subject struct {
	WorkflowID string
	Region     string
	Timeout    time.Duration
}

// readDiagnostic turns any error of a read into what a practitioner sees. It is
// the only place that does: what failed, where, what the service said, and what
// to try next. Its wording is tested as a table.
func readDiagnostic(err error, s subject) diag.Diagnostic {
	var failed *client.APIError
	var step *client.CredentialsError
	var project *client.ProjectError
	var listing *functiongraph.ListingError
	var tooLong *functiongraph.TooLongError
	isAPI, isStep := errors.As(err, &failed), errors.As(err, &step)
	isRenewal := isStep && step.Renewal
	switch {
	case errors.Is(err, client.ErrNoCredentials) && !isRenewal:
		return noCredentialsDiagnostic(failed)
	case isAPI:
		return apiDiagnostic(failed, step, s)
	case isStep:
		return diag.NewErrorDiagnostic("Unable to get credentials", lay(
			"A step on the way to the keys that requests are signed with failed.",
			labels{{"Workflow", s.WorkflowID}, {"Region", s.Region}, {"Project", step.ProjectID}, {"Step", stepOf(step)}, {"Error", step.Err.Error()}},
			""))
	case errors.As(err, &project):
		return projectDiagnostic(project, s)
	case errors.As(err, &listing):
		return diag.NewErrorDiagnostic("Incomplete list of workflow executions", lay(
			"The service's answers do not add up to a complete list, so none is returned.",
			labels{{"Workflow", s.WorkflowID}, {"Region", s.Region}, {"Reason", listing.Reason}},
			cmp.Or(listing.Advice, "Ask for less at once: narrow start_time and end_time, filter by status, or set limit.")))
	case errors.As(err, &tooLong):
		return diag.NewErrorDiagnostic("List too long for Terraform", lay(
			"The executions would not fit into one answer to Terraform, which takes at most 256 MiB.",
			labels{{"Workflow", s.WorkflowID}, {"Region", s.Region}, {"Executions", fmt.Sprintf("at least %d", tooLong.Executions)}},
			"Ask for less at once: narrow start_time and end_time, filter by status, or set limit."))
	default:
		return diag.NewErrorDiagnostic("Unable to list workflow executions", lay(
			"The read failed before anything was asked.",
			labels{{"Workflow", s.WorkflowID}, {"Region", s.Region}, {"Error", err.Error()}},
			""))
	}
}

// stepOf says what failed on the way to credentials.
func stepOf(e *client.CredentialsError) string {
	if e.Renewal {
		return e.Step + ", whose keys have expired"
	}

	return e.Step
}

const noCredentials = `The provider has no credentials to read with. Give them in one of these ways, the first that is set wins:

  1. an ID token: assume_role_with_oidc in the provider block, or HW_ASSUME_ROLE_IDP_ID and its companions
  2. an IAM token: token in the provider block, HW_AUTH_TOKEN or OS_AUTH_TOKEN
  3. an hcloud profile: profile or shared_config_file in the provider block, HW_PROFILE or HW_SHARED_CONFIG_FILE
  4. access_key and secret_key in the provider block (with security_token for temporary keys)
  5. environment variables HW_ACCESS_KEY and HW_SECRET_KEY (and HW_SECURITY_TOKEN)
  6. environment variables OS_ACCESS_KEY and OS_SECRET_KEY
  7. the agency of the ECS instance that this runs on

Keys are made in the console under My Credentials > Access Keys.`

// noCredentialsDiagnostic lists the ways to give credentials, and what came of
// the last one of them.
func noCredentialsDiagnostic(metadata *client.APIError) diag.Diagnostic {
	detail := noCredentials
	if metadata != nil {
		detail += "\n\nThe last way was tried: " + metadata.Error() + "."
	}

	return diag.NewErrorDiagnostic("No credentials", detail)
}

// notConfiguredDiagnostics explain a read without a client.
func notConfiguredDiagnostics(provider *ProviderData) diag.Diagnostics {
	switch {
	case provider != nil && provider.Problems != nil:
		return provider.Problems.report()
	case provider == nil || len(provider.Unknown) == 0:
		return diag.Diagnostics{diag.NewErrorDiagnostic("Provider is not configured",
			"Terraform read a data source before it configured the provider. This is a defect of the provider: please report it.")}
	}

	return diag.Diagnostics{diag.NewErrorDiagnostic("Provider configuration is not known yet", lay(
		"These arguments of the provider block depend on something that exists only after apply, so nothing can be read yet.",
		labels{{"Unknown", strings.Join(provider.Unknown, ", ")}},
		"Do one of these:\n"+
			"  - give them as variables, literals or environment variables;\n"+
			"  - create what they depend on first, with -target;\n"+
			"  - let the data source wait as well: depends_on the same resource."))}
}

func projectDiagnostic(e *client.ProjectError, s subject) diag.Diagnostic {
	summary, what := "Project not found", "IAM knows no project of this name, or none that these credentials may see."
	if e.Found > 1 {
		summary, what = "Project not unique", fmt.Sprintf("IAM knows %d projects of this name.", e.Found)
	}

	return diag.NewErrorDiagnostic(summary, lay(what,
		labels{
			{"Workflow", s.WorkflowID}, {"Region", e.Region}, {"Project name", strconv.Quote(e.Name)},
			{"Settings", strings.Join(e.Settings, ", ")}, {"IAM", e.Host},
		},
		"Check region and project_name, or set project_id (HW_PROJECT_ID)."))
}

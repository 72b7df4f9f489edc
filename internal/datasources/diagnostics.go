package datasources

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// subject is what was read when an error occurred.
type subject struct {
	operation client.Operation
	lines     labels // what identifies the object, for example the workflow's ID
	region    string
	timeout   time.Duration
}

// with returns the lines of the subject and the given ones.
func (s subject) with(lines ...label) labels { return slices.Concat(s.lines, lines) }

// readDiagnostic returns the diagnostic of any error of a read: what failed,
// where, the service's response and the next step. No other function turns an
// error into a diagnostic.
func readDiagnostic(err error, s subject) diag.Diagnostic {
	var failed *client.APIError
	var step *client.CredentialsError
	var project *client.ProjectError
	var listing *functiongraph.ListingError
	var tooLong *functiongraph.TooLongError
	isAPI, isStep := errors.As(err, &failed), errors.As(err, &step)
	isRenewal := isStep && step.Renewal
	texts := textsByOperation[s.operation].read
	switch {
	case errors.Is(err, client.ErrNoCredentials) && !isRenewal:
		return noCredentialsDiagnostic(failed)
	case isAPI:
		return apiDiagnostic(failed, step, s)
	case isStep:
		return diag.NewErrorDiagnostic("Unable to get credentials", formatDetail(
			"A step on the way to the keys that requests are signed with failed.",
			s.with(label{"Region", s.region}, label{"Project", step.ProjectID},
				label{"Step", formatStep(step)}, label{"Error", step.Err.Error()}),
			""))
	case errors.As(err, &project):
		return projectDiagnostic(project, s)
	case errors.As(err, &listing):
		return diag.NewErrorDiagnostic(texts.incomplete, formatDetail(
			"The service's responses do not add up to a complete list, so none is returned.",
			s.with(label{"Region", s.region}, label{"Reason", listing.Reason}),
			listing.Advice))
	case errors.As(err, &tooLong):
		return diag.NewErrorDiagnostic("List too long for Terraform", formatDetail(
			"The list does not fit into one response to Terraform, which accepts at most 256 MiB.",
			s.with(label{"Region", s.region}, label{texts.rows, fmt.Sprintf("at least %d", tooLong.Executions)}),
			texts.tooLong))
	default:
		return diag.NewErrorDiagnostic(texts.failed, formatDetail(
			"The read failed before any request was sent.",
			s.with(label{"Region", s.region}, label{"Error", err.Error()}),
			""))
	}
}

// formatStep returns the step on the way to credentials that failed.
func formatStep(e *client.CredentialsError) string {
	if e.Renewal {
		return e.Step + ", whose keys have expired"
	}

	return e.Step
}

const noCredentials = "The provider has no credentials to read with. " +
	`Give them in one of these ways, the first that is set wins:

  1. an ID token: assume_role_with_oidc in the provider block, or HW_ASSUME_ROLE_IDP_ID and its companions
  2. an IAM token: token in the provider block, HW_AUTH_TOKEN or OS_AUTH_TOKEN
  3. an hcloud profile: profile or shared_config_file in the provider block, HW_PROFILE or HW_SHARED_CONFIG_FILE
  4. access_key and secret_key in the provider block (with security_token for temporary keys)
  5. environment variables HW_ACCESS_KEY and HW_SECRET_KEY (and HW_SECURITY_TOKEN)
  6. environment variables OS_ACCESS_KEY and OS_SECRET_KEY
  7. the agency of the ECS instance that this runs on

Keys are made in the console under My Credentials > Access Keys.`

// noCredentialsDiagnostic lists the ways to give credentials. metadata is the
// failure of the last one, or nil.
func noCredentialsDiagnostic(metadata *client.APIError) diag.Diagnostic {
	detail := noCredentials
	if metadata != nil {
		detail += "\n\nThe last way was tried: " + metadata.Error() + "."
	}

	return diag.NewErrorDiagnostic("No credentials", detail)
}

// notConfiguredDiagnostics explain a read without a client. provider may be nil.
func notConfiguredDiagnostics(provider *ProviderData) diag.Diagnostics {
	switch {
	case provider != nil && provider.Problems != nil:
		return provider.Problems.report()
	case provider == nil || len(provider.Unknown) == 0:
		return diag.Diagnostics{diag.NewErrorDiagnostic("Provider is not configured",
			"Terraform read a data source before it configured the provider. "+
				"This is a defect of the provider: please report it.")}
	}

	return diag.Diagnostics{diag.NewErrorDiagnostic("Provider configuration is not known yet", formatDetail(
		"These arguments of the provider block depend on something that exists only after apply, so nothing can be read yet.",
		labels{{"Unknown", strings.Join(provider.Unknown, ", ")}},
		"Do one of these:\n"+
			"  - give them as variables, literals or environment variables;\n"+
			"  - create what they depend on first, with -target;\n"+
			"  - let the data source wait as well: depends_on the same resource."))}
}

// projectDiagnostic is for a name that does not belong to exactly one project.
func projectDiagnostic(e *client.ProjectError, s subject) diag.Diagnostic {
	summary, what := "Project not found", "IAM knows no project of this name, or none that these credentials may see."
	if e.Found > 1 {
		summary, what = "Project not unique", fmt.Sprintf("IAM knows %d projects of this name.", e.Found)
	}

	return diag.NewErrorDiagnostic(summary, formatDetail(what,
		s.with(
			label{"Region", e.Region}, label{"Project name", strconv.Quote(e.Name)},
			label{"Settings", strings.Join(e.Settings, ", ")}, label{"IAM", e.Host},
		),
		"Check region and project_name, or set project_id (HW_PROJECT_ID)."))
}

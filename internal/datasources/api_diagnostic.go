package datasources

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// apiDiagnostic explains a failed request. step is not nil if the request was for
// credentials.
func apiDiagnostic(e *client.APIError, step *client.CredentialsError, s subject) diag.Diagnostic {
	texts := textsFor(e, step, s)
	project := e.ProjectID
	if step != nil {
		project = step.ProjectID
	}
	lines := s.with(
		label{"Region", cmp.Or(s.region, e.Region)},
		label{"Project", project},
		label{"Settings", strings.Join(e.Settings, ", ")},
	)
	if step != nil {
		lines = append(lines, label{"Step", formatStep(step)})
	}
	detail := formatDetail(texts.what, append(lines, responseLines(e)...), texts.next+projectHint(e))

	if texts.argument != "" {
		return diag.NewAttributeErrorDiagnostic(path.Root(texts.argument), texts.summary, detail)
	}

	return diag.NewErrorDiagnostic(texts.summary, detail)
}

// projectForm matches a project's ID as the service documents it. Private clouds
// use other forms, so that a project_id of another form is accepted.
var projectForm = regexp.MustCompile(`^[A-Za-z0-9]{32}$`)

// projectHint asks whether a project_id of another form is the project's name. It
// returns "" if the failure has nothing to do with the project.
func projectHint(e *client.APIError) string {
	isLikely := e.ProjectConfigured && !projectForm.MatchString(e.ProjectID)
	if !isLikely || e.Status == 0 || e.Class == client.ClassThrottled {
		return ""
	}

	return fmt.Sprintf("\nA project's ID has 32 letters and digits, and project_id is %q. "+
		"Is that the project's name? It belongs in project_name then.", e.ProjectID)
}

// responseLines describe the service's response, or why there is none.
func responseLines(e *client.APIError) labels {
	name := "Request"
	if e.ForAnother {
		name = "Other request"
	}
	result := labels{{name, e.Request()}}
	if e.Status != 0 {
		result = append(result, label{"Status", fmt.Sprintf("HTTP %d", e.Status)})
	}
	result = append(result,
		label{"Error code", e.Code},
		label{"Message", e.Message},
		label{"Request ID", e.RequestID})
	if e.Class == client.ClassDeadline || e.Class == client.ClassCancelled {
		// The summary says how the read ended. An earlier failure can say why.
		return append(result, label{"Last try", lastTry(e)})
	}
	if e.Err != nil {
		result = append(result, label{"Cause", e.Err.Error()})
	}
	result = append(result, label{"Encoded reason", e.EncodedMessage})
	if e.Exchange != nil {
		result = append(result, label{"Exchange", e.Exchange.Error()})
	}
	if e.Attempts > 1 {
		result = append(result, label{"Tries", fmt.Sprintf("%d in %s", e.Attempts, e.Elapsed.Round(100*time.Millisecond))})
	}

	return result
}

// lastTry returns the last failure before the read was ended, or "".
func lastTry(e *client.APIError) string {
	var before *client.APIError
	if !errors.As(e.Err, &before) {
		return ""
	}

	return before.Error()
}

// diagnosticTexts are the texts of a diagnostic, without its labelled lines.
type diagnosticTexts struct {
	summary  string
	what     string // what failed, a sentence
	next     string // the next step
	argument string // the argument at fault, if only that one can be
}

// textsFor returns the texts of a failed request.
func textsFor(e *client.APIError, step *client.CredentialsError, s subject) diagnosticTexts {
	result := textsOfClass(e, step, s)
	if e.Exchange != nil {
		result.what += " IAM did not exchange it for a token of the project."
	}
	if e.ForAnother {
		result.what += " That was for another request. No request was sent for this read."
	}

	return result
}

// textsOfClass returns the texts of a failed request by its class.
func textsOfClass(e *client.APIError, step *client.CredentialsError, s subject) diagnosticTexts {
	operation := textsByOperation[e.Operation]
	if e.Operation == client.OperationMetadata && e.Class != client.ClassDeadline && e.Class != client.ClassCancelled {
		return metadataTexts(e.Class)
	}

	switch e.Class {
	case client.ClassAuth:
		return refusedTexts(e, step, operation)
	case client.ClassClock:
		return diagnosticTexts{
			summary: "Signature refused because of the time",
			what:    fmt.Sprintf("%s refused the signature's date.%s", e.Service, clockDifference(e.ClockOffset)),
			next:    "Set the clock of this machine, best by NTP. A signature may be at most 15 minutes off.",
		}
	case client.ClassPermission:
		return deniedTexts(e, operation)
	case client.ClassNotFound:
		return notFoundTexts(e, operation)
	case client.ClassThrottled:
		return diagnosticTexts{
			summary: "Too many requests",
			what:    fmt.Sprintf("%s keeps limiting the rate of requests.", e.Service),
			next: "Try again later, with fewer data sources at a time (-parallelism), " +
				"or allow more time: max_retries, timeouts.read.",
		}
	case client.ClassBadRequest:
		what := fmt.Sprintf("%s refused the request for %s as invalid.", sender(e), operation.purpose)
		next := operation.invalid + describedAt(e)
		if isForeign(e) {
			what += " " + foreignSentence(e)
			next = checkAddress(e, operation)
		}
		if lacksScheme(e) {
			next = expectTLS
		}
		return diagnosticTexts{summary: "Request refused", what: what, next: next}
	case client.ClassServer:
		return diagnosticTexts{
			summary: e.Service + " failed",
			what:    fmt.Sprintf("%s could not serve the request for %s.", e.Service, operation.purpose),
			next:    "Try again later. If it stays, Huawei Cloud's support can find the request by its ID.",
		}
	case client.ClassMalformed:
		return diagnosticTexts{
			summary: "Unexpected response",
			what:    "The response is not one that this API sends.",
			next:    "Check that endpoints, auth_url and cloud lead to Huawei Cloud, and that no proxy responds in its place.",
		}
	case client.ClassDeadline:
		return timeoutTexts(e, operation, s.timeout)
	case client.ClassCancelled:
		return diagnosticTexts{summary: "Read cancelled", what: "Terraform stopped the read before it ended."}
	default: // client.ClassNetwork
		return diagnosticTexts{
			summary: "No response from " + e.Service,
			what:    fmt.Sprintf("%s did not send a complete response.", e.Service),
			next:    networkAdvice(e),
		}
	}
}

// timeoutTexts are for a read that took too long. A narrower question helps only
// if the host responds at all.
func timeoutTexts(e *client.APIError, operation operationTexts, timeout time.Duration) diagnosticTexts {
	result := diagnosticTexts{
		summary: "Read timed out",
		what:    fmt.Sprintf("The read did not end within %s.", formatDuration(timeout)),
		next:    operation.slow,
	}
	switch {
	case timeout <= 0:
		result.summary, result.argument = "Timeout is not positive", "timeouts"
		result.what = fmt.Sprintf("Attribute timeouts.read must be more than zero, got: %s. "+
			"No time was left for a request.", formatDuration(timeout))
		result.next = `Set it to a duration such as "5m", or leave it out.`
	case e.Silent && e.Operation != client.OperationMetadata:
		result.what += fmt.Sprintf(" %s did not send any response.", e.Host)
		result.next = allowMoreTime
	}

	return result
}

// metadataTexts are for the ECS metadata service, which differs from all others
// because it is local to the instance and checks no credentials.
func metadataTexts(class client.Class) diagnosticTexts {
	result := diagnosticTexts{next: checkInstance}
	switch class {
	case client.ClassNotFound:
		result.summary = "No ECS metadata service"
		result.what = "The server at its address is not the metadata service of an ECS instance."
	case client.ClassThrottled:
		result.summary = "Too many requests"
		result.what = "The ECS metadata service limits the rate of requests."
		result.next = "Try again later. " + checkInstance
	case client.ClassServer:
		result.summary = "The ECS metadata service failed"
		result.what = "The ECS metadata service could not give the temporary keys of this instance."
		result.next = "Try again later. " + checkInstance
	case client.ClassMalformed:
		result.summary = "Unexpected response"
		result.what = "The response is not one that the ECS metadata service sends."
	case client.ClassNetwork:
		result.summary = "No response from the ECS metadata service"
		result.what = "The ECS metadata service did not send a complete response."
	default: // any other 4xx
		result.summary = "No keys from the ECS metadata service"
		result.what = "The ECS metadata service refused to give the temporary keys of this instance."
	}

	return result
}

// refusedTexts are for a response that refuses the credentials.
func refusedTexts(e *client.APIError, step *client.CredentialsError, operation operationTexts) diagnosticTexts {
	who := sender(e)
	result := diagnosticTexts{summary: "Credentials refused"}
	isToken, mayLock := true, false
	switch {
	case e.Operation == client.OperationExchangeIDToken:
		result.what = who + " refused the ID token."
		result.next = "Check idp_id, that the identity provider in IAM fits the token (issuer, audience, signing keys), " +
			"and that the token has not expired."
	case e.Operation == client.OperationExchangeToken:
		result.what = who + " refused the token that IAM itself gave for the ID token."
		result.next = operation.denied
	case e.Operation == client.OperationScopeToken:
		result.what = who + " refused to exchange the token for one of the project."
		result.next = "Check that token is complete, has not expired (IAM tokens live for 24 hours) " +
			"and belongs to the account of the project (domain_id or domain_name), or use an access key."
	case e.KeyKind == "token":
		result.what = fmt.Sprintf("%s refused %s.", who, formatKey(e))
		result.next = "Check that token is complete, has not expired (IAM tokens live for 24 hours) " +
			"and is for this account and region, or use an access key."
	case e.KeyKind == "temporary access key":
		isToken = false
		result.what = fmt.Sprintf("%s refused %s.", who, formatKey(e))
		result.next = "The provider got this key itself a moment ago. Check the clock of this machine, " +
			"and that the user or the agency of the key is enabled and has rights in this region."
	default:
		isToken, mayLock = false, step == nil || !step.Renewal // before a renewal, the key has worked
		result.what = fmt.Sprintf("%s refused %s.", who, formatKey(e))
		result.next = "Check that access_key and secret_key are complete, belong together and are enabled, " +
			"and that temporary keys come with their security_token and have not expired."
	}
	if mayLock {
		result.what += " It was tried once: five failures in a row lock a key for five minutes."
	}
	if isForeign(e) {
		result.what += " " + foreignSentence(e) + " A proxy or a portal may have sent it."
		result.next = checkAddress(e, operation) + " " + result.next
	}
	if isToken && e.ClockOffset.Abs() > clockTolerance {
		result.what += clockDifference(e.ClockOffset)
	}

	return result
}

// clockTolerance is the difference of clocks above which a valid token can seem
// expired, or not yet valid.
const clockTolerance = 15 * time.Minute

// deniedTexts are for a response that denies the operation.
func deniedTexts(e *client.APIError, operation operationTexts) diagnosticTexts {
	what, next := fmt.Sprintf("%s denied %s.", sender(e), operation.purpose), operation.denied
	switch {
	case isForeign(e):
		what += " " + foreignSentence(e)
		next = checkAddress(e, operation)
	case e.KeyKind != "" && e.AcceptsKey():
		what = fmt.Sprintf("%s knows %s and denied %s.", e.Service, formatKey(e), operation.purpose)
		next = operation.keyIsValid + next
	}
	if e.Exchange != nil {
		next += " A token of another project needs to be exchanged: give a token of this project, or an access key."
	}
	switch e.GatewayCode() {
	case "0310":
		next = "The project cannot be used: check project_id (HW_PROJECT_ID) and region, " +
			"and that the account is not frozen or in arrears."
	case "0802":
		next = "This user is not allowed in this region: check region, or ask for the right to use it."
	}
	if e.EncodedMessage != "" {
		next += "\nA user who may call decode-authorization-message of STS can decode the reason."
	}

	return diagnosticTexts{summary: "Permission denied", what: what, next: next}
}

// notFoundTexts are for a response that says that something does not exist.
func notFoundTexts(e *client.APIError, operation operationTexts) diagnosticTexts {
	switch {
	case e.GatewayCode() == "0101":
		return diagnosticTexts{
			summary: "API not found",
			what:    fmt.Sprintf("The gateway at this address does not know %s.", operation.purpose),
			next:    operation.unknownAPI,
		}
	case e.Code == "" || isFunctionGraph(e) && !e.OfFunctionGraph(): // from something before the service
		return diagnosticTexts{
			summary: "Not found",
			what:    "The server at this address has nothing at this path. " + foreignSentence(e),
			next:    checkAddress(e, operation),
		}
	default:
		return operation.notFound
	}
}

// describedAt refers to the documentation of a request whose query comes from the
// data source, or returns "".
func describedAt(e *client.APIError) string {
	page := e.Operation.Documentation()
	if page == "" || !isFunctionGraph(e) {
		return ""
	}

	return "\nThe request is described at " + page + "."
}

// isForeign reports whether a refusal cannot come from the service or its gateway,
// because it has neither an error code nor a reason that STS can decode. A proxy
// may have sent it.
func isForeign(e *client.APIError) bool { return e.Code == "" && e.EncodedMessage == "" }

// sender names the server that sent a response.
func sender(e *client.APIError) string {
	if isForeign(e) {
		return "A server at this address"
	}

	return e.Service
}

// foreignSentence says that a response is foreign.
func foreignSentence(e *client.APIError) string {
	return fmt.Sprintf("The response does not come from %s itself.", e.Service)
}

// checkAddress is the next step after a foreign response.
func checkAddress(e *client.APIError, operation operationTexts) string {
	return fmt.Sprintf("Check that %s lead to %s, and that no proxy responds in its place.", operation.address, e.Service)
}

func isFunctionGraph(e *client.APIError) bool { return e.Service == "FunctionGraph" }

// formatKey names the credentials of a request and their source.
func formatKey(e *client.APIError) string {
	key := "the " + cmp.Or(e.KeyKind, "credentials")
	if e.KeySource == "" {
		return key
	}

	return key + " from " + e.KeySource
}

// clockDifference says how far the clocks are apart, by the response's Date
// header, or returns "" if they agree.
func clockDifference(offset time.Duration) string {
	offset = offset.Round(time.Second)
	switch {
	case offset.Abs() < time.Minute:
		return ""
	case offset > 0:
		return fmt.Sprintf(" This machine's clock is %s behind the service's.", formatDuration(offset))
	default:
		return fmt.Sprintf(" This machine's clock is %s ahead of the service's.", formatDuration(-offset))
	}
}

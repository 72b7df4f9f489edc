package provider

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// formats check single values. Each function returns what is wrong with a value,
// as a clause that follows the argument's name, or "". Values of the block are
// checked when Terraform validates the configuration, and values of other sources
// when the provider is configured.
var formats = map[string]func(string) string{
	"region":             regionProblem,
	"access_key":         secretProblem,
	"secret_key":         secretProblem,
	"security_token":     secretProblem,
	"token":              secretProblem,
	"profile":            nameProblem,
	"shared_config_file": pathProblem,
	"domain_id":          idProblem("an account"),
	"project_id":         projectIDProblem,
	"tenant_id":          projectIDProblem,
	"domain_name":        nameProblem,
	"project_name":       nameProblem,
	"tenant_name":        nameProblem,
	"cloud":              cloudProblem,
	"auth_url":           authURLProblem,
	"insecure":           booleanProblem,
	"cacert_file":        pemOrPathProblem(certificatesProblem),
	"cert":               pemOrPathProblem(certificatesProblem),
	"key":                pemOrPathProblem(privateKeyProblem),
	"max_retries":        countProblem,
	"signing_algorithm":  signingAlgorithmProblem,

	"assume_role.agency_name": nameProblem,
	"assume_role.domain_name": nameProblem,
	"assume_role.domain_id":   idProblem("an account"),
	"assume_role.duration":    durationProblem(maxDurationIAM),

	"assume_role_with_oidc.agency_name":   nameProblem,
	"assume_role_with_oidc.domain_id":     idProblem("an account"),
	"assume_role_with_oidc.duration":      durationProblem(maxDurationSTS),
	"assume_role_with_oidc.idp_id":        oneWordProblem,
	"assume_role_with_oidc.id_token":      idTokenProblem,
	"assume_role_with_oidc.id_token_file": pathProblem,
}

func regionProblem(region string) string {
	if client.RegionPattern.MatchString(region) {
		return ""
	}
	problem := "must be a region's ID such as \"cn-north-4\", got: " + show(region)
	id, _, isProject := strings.Cut(region, "_")
	if isProject && client.RegionPattern.MatchString(id) && !mayBeSecret(region) {
		problem += fmt.Sprintf(". That looks like the name of a project: set region to %q and project_name to "+
			"%q", id, region)
	}

	return problem
}

const notShownHere = " (The value is not shown.)"

// secretProblem refuses a secret that was evidently pasted by mistake. It does not
// show the secret.
func secretProblem(secret string) string {
	json := jsonProblem(secret)
	switch {
	case json != "":
		return json + "." + notShownHere
	case isQuoted(secret):
		return "must not be in quotes." + notShownHere
	case strings.Trim(secret, quotes) != secret:
		return "must not begin or end with a quote." + notShownHere
	case hasSpace(secret):
		return "must not contain spaces, line breaks or control characters; was it copied with the end of its line?" +
			notShownHere
	default:
		return ""
	}
}

const hiddenProblem = "must not contain line breaks or control characters; was it copied with the end of its line?"

// nameProblem refuses a name with an invisible character, because the service
// would not find it.
func nameProblem(name string) string {
	switch {
	case isHidden(name):
		return hiddenProblem + " It is " + show(name)
	case isQuoted(name):
		return "must not be in quotes, got: " + show(name)
	default:
		return ""
	}
}

// pathProblem is nameProblem for the path of a file. The value may be a misplaced
// secret.
func pathProblem(path string) string {
	switch {
	case isHidden(path):
		return hiddenProblem + " It names " + showFile(path, false)
	case isQuoted(path):
		return "must not be in quotes, and names " + showFile(path, false)
	default:
		return ""
	}
}

// idTokenProblem allows line breaks at the end, which files often have.
func idTokenProblem(token string) string { return secretProblem(trimNewlines(token)) }

func trimNewlines(token string) string { return strings.TrimRight(token, "\r\n") }

// oneWordProblem refuses a value that a header cannot have.
func oneWordProblem(word string) string {
	if hasSpace(word) {
		return "must not contain spaces, line breaks or control characters, got: " + show(word)
	}

	return ""
}

func hasSpace(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) })
}

// idPattern does not bound the length, because a regular expression with a large
// bound takes long to compile.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// maxID is the greatest length of an ID in bytes.
const maxID = 64

func idProblem(of string) func(string) string {
	return func(id string) string {
		if !idPattern.MatchString(id) || len(id) > maxID {
			return fmt.Sprintf("must be %s's ID of letters and digits, got: %s", of, show(id))
		}

		return ""
	}
}

// projectIDProblem accepts any length, because IDs in private clouds may have
// other lengths than 32.
func projectIDProblem(id string) string {
	problem := idProblem("a project")(id)
	if problem != "" && !isHidden(id) && !mayBeSecret(id) {
		problem += ". If that is the name of the project, it belongs in project_name"
	}

	return problem
}

func cloudProblem(cloud string) string {
	if _, err := client.ParseEndpoint(cloud); err != nil || strings.ContainsAny(cloud, "/%") {
		return "must be a domain such as \"myhuaweicloud.com\", got: " + show(cloud)
	}

	return ""
}

func authURLProblem(endpoint string) string {
	return endpointProblem("iam", endpoint)
}

// endpointProblem returns what is wrong with the endpoint of a service, or "". It
// does not show a user name or a password in the URL.
func endpointProblem(service, endpoint string) string {
	_, err := client.ParseServiceEndpoint(service, endpoint)
	switch {
	case err == nil:
		return ""
	case endpoint == "" || strings.Contains(endpoint, "@"):
		return err.Error()
	default:
		return err.Error() + ", got: " + show(endpoint)
	}
}

func booleanProblem(text string) string {
	if _, err := strconv.ParseBool(text); err != nil {
		return "must be true or false, got: " + show(text)
	}

	return ""
}

func countProblem(text string) string {
	if n, err := strconv.Atoi(text); err != nil || n < 0 {
		return "must be a whole number of at least 0, got: " + show(text)
	}

	return ""
}

// The longest lifetimes of temporary keys in seconds (CLOUD.md 6.5).
const (
	minDuration    = 900
	maxDurationIAM = 86400 // v3
	maxDurationSTS = 43200 // v5
)

// durationProblem accepts 0, which counts as unset.
func durationProblem(most int) func(string) string {
	return func(text string) string {
		if n, err := strconv.Atoi(text); err != nil || n != 0 && (n < minDuration || n > most) {
			return fmt.Sprintf("must be a whole number of seconds from %d to %d, got: %s", minDuration,
				most, show(text))
		}

		return ""
	}
}

// hmacSHA256 is one of the signing algorithms of the vendor's provider.
const hmacSHA256 = "HmacSHA256"

var unsupportedAlgorithms = []string{"HmacSM3", "EcdsaP256SHA256", "SM2SM3"}

func signingAlgorithmProblem(algorithm string) string {
	switch {
	case algorithm == hmacSHA256:
		return ""
	case slices.Contains(unsupportedAlgorithms, algorithm):
		return fmt.Sprintf("must be %q or left out: %q is not supported yet", hmacSHA256, algorithm)
	default:
		return fmt.Sprintf("must be %q or left out, got: %s", hmacSHA256, show(algorithm))
	}
}

// pemOrPathProblem applies problem to PEM, and pathProblem to anything else.
func pemOrPathProblem(problem func([]byte) string) func(string) string {
	return func(text string) string {
		text = strings.TrimPrefix(text, byteOrderMark)
		if !isPEM(text) {
			return pathProblem(text)
		}

		return problem([]byte(text))
	}
}

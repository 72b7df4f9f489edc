package provider

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// fromBlock is the source of values in the configuration.
const fromBlock = "the provider block"

// given is the value of an argument and its source. The text is empty if the
// argument is not set.
type given struct {
	at     path.Path
	text   string
	source string // where the text comes from; it never contains the text

	// beaten is a different value in the block, which the profile's value replaces.
	beaten string
}

func (g given) isSet() bool { return g.text != "" }

func (g given) inBlock() bool { return g.isSet() && g.source == fromBlock }

// check returns what is wrong with the value on its own.
func (g given) check() diag.Diagnostics {
	format := formats[nameOf(g.at)]
	if !g.isSet() || format == nil {
		return nil
	}
	problem := format(g.text)
	if problem == "" {
		return nil
	}
	if isQuoted(g.text) {
		problem = withQuotesHint(problem)
	}

	return diag.Diagnostics{g.invalid(problem)}
}

// named returns the argument's name, with the source if the value is not in the
// block.
func (g given) named() string {
	if g.source == fromBlock {
		return g.at.String()
	}

	return fmt.Sprintf("%s (from %s)", g.at, g.source)
}

// unusable is the error for a value that names an unusable file. It always names
// the source, because a read reports it, far from the block.
func (g given) unusable(problem string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(g.at, "Invalid "+spoken(g.at),
		fmt.Sprintf("Attribute %s (from %s) %s", g.at, g.source, problem))
}

// invalid is the error for an invalid value. The problem is a clause that follows
// the argument's name.
func (g given) invalid(problem string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(g.at, "Invalid "+spoken(g.at),
		fmt.Sprintf("Attribute %s %s", g.named(), problem))
}

// missing is the error for a required argument that is not set.
func missing(at path.Path, why string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Missing "+spoken(at), fmt.Sprintf(
		"Attribute %s must be set in the provider block, or in the environment variable %s. %s",
		at, strings.Join(variables[nameOf(at)], " or "), why))
}

// missingHalf is the error for a missing argument whose counterpart is set.
func missingHalf(at path.Path, other given) diag.Diagnostic {
	return missing(at, fmt.Sprintf("Its other half, %s, is set by %s.", other.at, other.source))
}

// spoken returns an argument's name for use in a sentence.
func spoken(at path.Path) string {
	name := nameOf(at)
	name = name[strings.LastIndex(name, ".")+1:]

	return cmp.Or(spokenNames[name], strings.ReplaceAll(name, "_", " "))
}

// spokenNames are the names that differ from the argument's words.
var spokenNames = map[string]string{ //nolint:gosec // names and no credentials
	"project_id":         "project ID",
	"tenant_id":          "project ID",
	"domain_id":          "account ID",
	"domain_name":        "account name",
	"auth_url":           "IAM endpoint",
	"insecure":           "insecure setting",
	"max_retries":        "number of retries",
	"cacert_file":        "CA certificates",
	"cert":               "client certificate",
	"key":                "key of the client certificate",
	"shared_config_file": "configuration file",
	"idp_id":             "identity provider",
	"id_token":           "ID token",
	"id_token_file":      "ID token file",
}

package provider

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

const defaultMaxRetries = 5

// settings are the provider block and the environment, resolved and checked.
type settings struct {
	region, cloud, authURL, projectID, projectName string
	accessKey, secretKey, securityToken            string
	endpoints                                      map[string]string
	insecure                                       bool
	maxRetries                                     int

	// sources says where each argument that is set came from. It never holds
	// a value.
	sources map[string]string
}

// resolve decides between the block and the environment: a value in the block
// wins, then the first variable that is not empty; an empty string counts as
// unset. It reports everything that is wrong at once.
func resolve(block providerModel, getenv func(string) string) (settings, diag.Diagnostics) {
	r := resolver{getenv: getenv, sources: map[string]string{}}
	s := settings{
		region:        r.text("region", block.Region),
		accessKey:     r.text("access_key", block.AccessKey),
		secretKey:     r.text("secret_key", block.SecretKey),
		securityToken: r.text("security_token", block.SecurityToken),
		projectID:     r.text("project_id", block.ProjectID),
		projectName:   r.text("project_name", block.ProjectName),
		cloud:         r.text("cloud", block.Cloud),
		authURL:       r.text("auth_url", block.AuthURL),
		endpoints:     r.endpoints(block.Endpoints),
		insecure:      r.boolean("insecure", block.Insecure),
		maxRetries:    r.count("max_retries", block.MaxRetries, defaultMaxRetries),
		sources:       r.sources,
	}
	r.check(s)

	return s, r.diags
}

// clientConfig is what the settings mean to the client.
func (s settings) clientConfig() client.Config {
	return client.Config{
		Region:      s.region,
		Cloud:       s.cloud,
		AuthURL:     s.authURL,
		Endpoints:   s.endpoints,
		ProjectID:   s.projectID,
		ProjectName: s.projectName,
		Credentials: client.Credentials{
			AccessKey:     s.accessKey,
			SecretKey:     s.secretKey,
			SecurityToken: s.securityToken,
			Source:        s.sources["access_key"],
		},
		MaxRetries: s.maxRetries,
		Insecure:   s.insecure,
	}
}

// resolver collects what it finds wrong on the way.
type resolver struct {
	getenv  func(string) string
	sources map[string]string
	diags   diag.Diagnostics
}

const fromBlock = "the provider block"

func (r *resolver) text(argument string, inBlock types.String) string {
	if value := inBlock.ValueString(); value != "" {
		r.sources[argument] = fromBlock
		return value
	}

	return r.fromEnvironment(argument)
}

func (r *resolver) fromEnvironment(argument string) string {
	for _, variable := range variables[argument] {
		if value := r.getenv(variable); value != "" {
			r.sources[argument] = "environment variable " + variable
			return value
		}
	}

	return ""
}

func (r *resolver) boolean(argument string, inBlock types.Bool) bool {
	if !inBlock.IsNull() {
		r.sources[argument] = fromBlock
		return inBlock.ValueBool()
	}
	text := r.fromEnvironment(argument)
	if text == "" {
		return false
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		r.invalid(argument, "must be true or false, got: %q", text)
	}

	return value
}

func (r *resolver) count(argument string, inBlock types.Int64, byDefault int) int {
	if !inBlock.IsNull() {
		r.sources[argument] = fromBlock
		return int(inBlock.ValueInt64())
	}
	text := r.fromEnvironment(argument)
	if text == "" {
		return byDefault
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 {
		r.invalid(argument, "must be a whole number of at least 0, got: %q", text)
	}

	return value
}

// endpoints takes the custom endpoints over. Those that matter must be URLs.
func (r *resolver) endpoints(inBlock types.Map) map[string]string {
	result := map[string]string{}
	elements := inBlock.Elements()
	for _, service := range slices.Sorted(maps.Keys(elements)) {
		value, ok := elements[service].(types.String)
		if !ok || value.IsNull() || value.IsUnknown() {
			continue // unknown only for services that do not matter here
		}
		at := path.Root("endpoints").AtMapKey(service)
		endpoint := value.ValueString()
		u, err := client.ParseEndpoint(endpoint)
		switch {
		case err != nil && (endpoint == "" || client.UsesEndpoint(service)):
			r.diags.AddAttributeError(at, "Invalid endpoint", fmt.Sprintf("Attribute %s %s.", at, err))
			continue
		case err == nil && service == "fgs" && client.HasVersion(u):
			r.diags.AddAttributeError(at, "Invalid endpoint", fmt.Sprintf("Attribute %s must not end in a version, which is added, got: %q.", at, endpoint))
			continue
		}
		r.sources[at.String()] = fromBlock
		result[service] = endpoint
	}

	return result
}

var projectIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// check holds the settings against each other and against what they are for.
func (r *resolver) check(s settings) {
	switch {
	case s.region == "":
		r.missing("region", "It is the region to read from, for example \"cn-north-4\".")
	case !client.RegionPattern.MatchString(s.region):
		r.invalid("region", "must be a region's ID such as \"cn-north-4\", got: %q", s.region)
	}

	switch {
	case s.accessKey == "" && s.secretKey != "":
		r.missing("access_key", "Its other half, secret_key, is set by "+s.sources["secret_key"]+".")
	case s.accessKey != "" && s.secretKey == "":
		r.missing("secret_key", "Its other half, access_key, is set by "+s.sources["access_key"]+".")
	}
	r.checkSecret("access_key", s.accessKey)
	r.checkSecret("secret_key", s.secretKey)
	r.checkSecret("security_token", s.securityToken)

	if s.projectID != "" && !projectIDPattern.MatchString(s.projectID) {
		r.invalid("project_id", "must be a project's ID of letters and digits, got: %q", s.projectID)
	}
	if s.cloud != "" {
		if u, err := client.ParseEndpoint(s.cloud); err != nil || u.Host != s.cloud {
			r.invalid("cloud", "must be a domain such as \"myhuaweicloud.com\", got: %q", s.cloud)
		}
	}
	if s.authURL != "" {
		if _, err := client.ParseEndpoint(s.authURL); err != nil {
			r.invalid("auth_url", "%s", err.Error())
		}
	}
}

// checkSecret refuses what was surely pasted wrongly, without showing it.
func (r *resolver) checkSecret(argument, value string) {
	if strings.ContainsFunc(value, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }) {
		r.invalid(argument, "must not contain spaces, line breaks or control characters; was it copied with the end of its line? (The value is not shown.)")
	}
}

// missing reports an argument that has to be set somewhere.
func (r *resolver) missing(argument, why string) {
	r.diags.AddAttributeError(path.Root(argument), "Missing "+spoken(argument), fmt.Sprintf(
		"Attribute %s must be set in the provider block, or in the environment variable %s. %s",
		argument, strings.Join(variables[argument], " or "), why))
}

// invalid reports a value, naming the variable if it came from there.
func (r *resolver) invalid(argument, format string, args ...any) {
	source := ""
	if from := r.sources[argument]; from != fromBlock {
		source = " (from " + from + ")"
	}
	r.diags.AddAttributeError(path.Root(argument), "Invalid "+spoken(argument),
		fmt.Sprintf("Attribute %s%s ", argument, source)+fmt.Sprintf(format, args...))
}

// spoken is an argument's name in a sentence.
func spoken(argument string) string {
	switch argument {
	case "project_id":
		return "project ID"
	case "auth_url":
		return "IAM endpoint"
	case "insecure":
		return "insecure setting"
	case "max_retries":
		return "number of retries"
	default:
		return strings.ReplaceAll(argument, "_", " ")
	}
}

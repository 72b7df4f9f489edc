package client

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// The keys of [Config.Endpoints] that matter here, as in the vendor's provider.
const (
	serviceFunctionGraph = "fgs"
	serviceIAM           = "iam"
	serviceSTS           = "sts"
)

// Services as errors call them.
const (
	serviceNameFunctionGraph = "FunctionGraph"
	serviceNameIAM           = "IAM"
	serviceNameSTS           = "STS"
	serviceNameMetadata      = "The ECS metadata service"
)

// UsesEndpoint reports whether a key of [Config.Endpoints] matters here.
func UsesEndpoint(service string) bool {
	return service == serviceFunctionGraph || service == serviceIAM || service == serviceSTS
}

// RegionPattern is what can be a region: it becomes a label of a host name. It
// knows no regions by name, since new ones open all the time.
var RegionPattern = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$`)

// DefaultCloud returns the domain of all endpoints of a region:
// myhuaweicloud.eu for the European sites, whose names begin with eu-west-1,
// and myhuaweicloud.com for all others (API.md 7).
func DefaultCloud(region string) string {
	if strings.HasPrefix(region, "eu-west-1") {
		return "myhuaweicloud.eu"
	}

	return "myhuaweicloud.com"
}

// ParseEndpoint reads an endpoint as practitioners write it: https:// may be
// left out, http:// and a path prefix are allowed. The error is a clause that
// fits after the name of the argument.
func ParseEndpoint(endpoint string) (*url.URL, error) {
	if endpoint == "" {
		return nil, fmt.Errorf("must not be empty")
	}
	// What else is wrong with it does not matter: a password must never be shown.
	if strings.Contains(endpoint, "@") {
		return nil, fmt.Errorf("must not hold a user name or a password")
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	u, err := url.Parse(endpoint)
	switch {
	case err != nil:
		return nil, fmt.Errorf("must be a URL such as https://example.com/, got: %q", endpoint)
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("must begin with https:// or http://, got: %q", endpoint)
	case u.Hostname() == "":
		return nil, fmt.Errorf("must name a host, got: %q", endpoint)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("must not hold a query or a fragment, got: %q", endpoint)
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}

	return u, nil
}

// endpoints are the addresses of one region's services, without the version.
type endpoints struct {
	functionGraph, iam, sts *url.URL

	iamVersion string // of the project lookup: v3, unless auth_url has another
}

var versionSuffix = regexp.MustCompile(`/v\d+(\.\d+)?/$`)

// HasVersion reports whether an endpoint ends in a version such as /v2/.
func HasVersion(u *url.URL) bool { return versionSuffix.MatchString(u.Path) }

// endpointsFor applies the order of precedence of PROVIDER-BLOCK.md: a custom
// endpoint is used as it is, for every region; defaults are made of the region
// and the cloud's domain.
func endpointsFor(cfg Config, region string) (endpoints, error) {
	cloud := cfg.Cloud
	if cloud == "" {
		cloud = DefaultCloud(region)
	}

	addresses := map[string]string{
		serviceFunctionGraph: "https://functiongraph." + region + "." + cloud,
		serviceIAM:           "https://iam." + region + "." + cloud,
		serviceSTS:           "https://sts." + region + "." + cloud,
	}
	for service := range addresses {
		if custom := cfg.Endpoints[service]; custom != "" {
			addresses[service] = custom
		}
	}
	if cfg.AuthURL != "" {
		addresses[serviceIAM] = cfg.AuthURL
	}

	var result endpoints
	var err error
	if result.functionGraph, err = ParseEndpoint(addresses[serviceFunctionGraph]); err != nil {
		return endpoints{}, fmt.Errorf("the FunctionGraph endpoint %w", err)
	}
	if result.iam, err = ParseEndpoint(addresses[serviceIAM]); err != nil {
		return endpoints{}, fmt.Errorf("the IAM endpoint %w", err)
	}
	if result.sts, err = ParseEndpoint(addresses[serviceSTS]); err != nil {
		return endpoints{}, fmt.Errorf("the STS endpoint %w", err)
	}
	result.iamVersion = "v3"
	if version := versionSuffix.FindString(result.iam.Path); version != "" {
		result.iamVersion = strings.Trim(version, "/")
		result.iam.Path = strings.TrimSuffix(result.iam.Path, version) + "/"
	}

	return result, nil
}

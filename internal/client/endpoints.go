package client

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
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
	case !isPort(u.Port()):
		return nil, fmt.Errorf("must have a port from 1 to 65535, got: %q", endpoint)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("must not hold a query or a fragment, got: %q", endpoint)
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}

	return u, nil
}

// isPort reports whether a port can be one; empty: the scheme's own.
func isPort(port string) bool {
	number, err := strconv.ParseUint(port, 10, 16)

	return port == "" || err == nil && number > 0
}

// versionPattern finds a version, which is a segment of its own in a path.
var versionPattern = regexp.MustCompile(`/(v\d+(?:\.\d+)?)/`)

// ParseServiceEndpoint is [ParseEndpoint] for a key of [Config.Endpoints], of
// which auth_url is "iam". A version is added to each endpoint, so that there
// would be two if it held one. IAM's may end in a version, as practitioners
// know it from the vendor's provider.
func ParseServiceEndpoint(service, endpoint string) (*url.URL, error) {
	u, err := ParseEndpoint(endpoint)
	if err != nil || !UsesEndpoint(service) {
		return u, err
	}
	found := versionPattern.FindStringIndex(u.Path)
	switch {
	case found == nil:
	case service != serviceIAM:
		return nil, fmt.Errorf("must not hold a version (%s), which is added, got: %q", u.Path[found[0]:found[1]-1], endpoint)
	case found[1] < len(u.Path):
		return nil, fmt.Errorf("must end after its version (%s), got: %q", u.Path[found[0]:found[1]-1], endpoint)
	}

	return u, nil
}

// endpoints are the addresses of one region's services, without the version.
type endpoints struct {
	functionGraph, sts *url.URL

	// iam is for the project lookup and for tokens, iamOfAgencies for agencies.
	iam, iamOfAgencies *url.URL

	iamVersion string // of iam: v3, unless auth_url has another
}

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
	iamOfAgencies := cmp.Or(cfg.Endpoints[serviceIAM], cfg.AuthURL, addresses[serviceIAM])
	if cfg.AuthURL != "" {
		addresses[serviceIAM] = cfg.AuthURL
	}

	var result endpoints
	var err error
	if result.functionGraph, err = ParseServiceEndpoint(serviceFunctionGraph, addresses[serviceFunctionGraph]); err != nil {
		return endpoints{}, fmt.Errorf("the FunctionGraph endpoint %w", err)
	}
	if result.iam, err = ParseServiceEndpoint(serviceIAM, addresses[serviceIAM]); err != nil {
		return endpoints{}, fmt.Errorf("the IAM endpoint %w", err)
	}
	if result.iamOfAgencies, err = ParseServiceEndpoint(serviceIAM, iamOfAgencies); err != nil {
		return endpoints{}, fmt.Errorf("the IAM endpoint %w", err)
	}
	if result.sts, err = ParseServiceEndpoint(serviceSTS, addresses[serviceSTS]); err != nil {
		return endpoints{}, fmt.Errorf("the STS endpoint %w", err)
	}
	result.iamVersion = "v3"
	if found := versionPattern.FindStringSubmatch(result.iam.Path); found != nil {
		result.iamVersion = found[1]
		result.iam.Path = strings.TrimSuffix(result.iam.Path, found[1]+"/")
	}
	if found := versionPattern.FindStringSubmatch(result.iamOfAgencies.Path); found != nil {
		result.iamOfAgencies.Path = strings.TrimSuffix(result.iamOfAgencies.Path, found[1]+"/")
	}

	return result, nil
}

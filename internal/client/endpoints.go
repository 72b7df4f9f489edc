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

// endpoints are the addresses of one region's services.
type endpoints struct {
	functionGraph *url.URL // without the version
	iam           *url.URL // with the version
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

	functionGraph := "https://functiongraph." + region + "." + cloud
	if custom := cfg.Endpoints[serviceFunctionGraph]; custom != "" {
		functionGraph = custom
	}
	iam := "https://iam." + region + "." + cloud
	if custom := cfg.Endpoints[serviceIAM]; custom != "" {
		iam = custom
	}
	if cfg.AuthURL != "" {
		iam = cfg.AuthURL
	}

	var result endpoints
	var err error
	if result.functionGraph, err = ParseEndpoint(functionGraph); err != nil {
		return endpoints{}, fmt.Errorf("the FunctionGraph endpoint %w", err)
	}
	if result.iam, err = ParseEndpoint(iam); err != nil {
		return endpoints{}, fmt.Errorf("the IAM endpoint %w", err)
	}
	if !HasVersion(result.iam) {
		result.iam.Path += "v3/"
	}

	return result, nil
}

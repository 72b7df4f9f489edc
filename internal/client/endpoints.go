package client

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// The keys of [Config.Endpoints] that the client uses. They are the same as in the
// vendor's provider.
const (
	serviceFunctionGraph = "fgs"
	serviceIAM           = "iam"
	serviceSTS           = "sts"
)

// The names of services in errors.
const (
	serviceNameFunctionGraph = "FunctionGraph"
	serviceNameIAM           = "IAM"
	serviceNameSTS           = "STS"
	serviceNameMetadata      = "The ECS metadata service"
)

// UsesEndpoint reports whether the client uses a key of [Config.Endpoints].
func UsesEndpoint(service string) bool {
	return service == serviceFunctionGraph || service == serviceIAM || service == serviceSTS
}

// RegionPattern matches names of regions, which become a label of a host name. It
// does not list them, because new regions open all the time.
var RegionPattern = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$`)

// DefaultCloud returns the domain of all endpoints of a region:
// myhuaweicloud.eu for the European sites, whose names begin with eu-west-1,
// and myhuaweicloud.com for all others (CLOUD.md 7).
func DefaultCloud(region string) string {
	if strings.HasPrefix(region, "eu-west-1") {
		return "myhuaweicloud.eu"
	}

	return "myhuaweicloud.com"
}

// ParseEndpoint parses an endpoint. Without a scheme it is https://; http:// and a
// path prefix are allowed. A host name outside of ASCII is converted as net/http
// does, so that the signed host is the one that is sent. The error is a clause
// that follows the name of the argument. It does not quote the endpoint, which
// may be a secret in the wrong argument.
func ParseEndpoint(endpoint string) (*url.URL, error) {
	switch {
	case endpoint == "":
		return nil, errors.New("must not be empty")
	case strings.Contains(endpoint, "@"):
		return nil, errors.New("must not contain a user name or a password")
	case strings.Contains(endpoint, "#"): // url.Parse removes an empty fragment
		return nil, errors.New("must not contain a query or a fragment")
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, errors.New("must be a URL such as https://example.com/")
	}
	hostErr := toASCIIHost(u) // before the checks of the host, because it may leave nothing of it
	segments := strings.Split(u.Path, "/")
	switch {
	case u.Scheme != "https" && u.Scheme != "http", isMistypedScheme(u):
		return nil, errors.New("must begin with https:// or http://")
	case hostErr != nil || strings.Trim(u.Hostname(), ".") == "":
		return nil, errors.New("must name a host")
	case !isPort(u.Port()):
		return nil, errors.New("must have a port from 1 to 65535")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("must not contain a query or a fragment")
	// Requests escape each segment, so that these paths cannot be sent as written.
	case slices.Contains(segments, ".") || slices.Contains(segments, ".."):
		return nil, errors.New("must not contain . or .. as a segment of its path")
	case strings.Contains(strings.ToLower(u.EscapedPath()), "%2f"):
		return nil, errors.New("must not contain an escaped slash (%2F)")
	case strings.ContainsFunc(u.Path, unicode.IsControl):
		return nil, errors.New("must not contain control characters")
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}

	return u, nil
}

// toASCIIHost converts a host name outside of ASCII as net/http does.
func toASCIIHost(u *url.URL) error {
	if !strings.ContainsFunc(u.Host, func(c rune) bool { return c > unicode.MaxASCII }) {
		return nil
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil {
		return err
	}
	u.Host = host + strings.TrimPrefix(u.Host, u.Hostname())

	return nil
}

// isMistypedScheme reports whether the host is a mistyped scheme: "https:/host",
// "https//host" and "https://https://host" are URLs of the host "https".
func isMistypedScheme(u *url.URL) bool {
	switch strings.ToLower(u.Host) {
	case "http:", "https:":
		return true
	case "http", "https":
		return strings.HasPrefix(u.Path, "//")
	default:
		return false
	}
}

// isPort reports whether a port is valid. Empty is the default of the scheme.
func isPort(port string) bool {
	number, err := strconv.ParseUint(port, 10, 16)

	return port == "" || err == nil && number > 0
}

// versionPattern matches a version as a segment of a path.
var versionPattern = regexp.MustCompile(`/(v\d+(?:\.\d+)?)/`)

// ParseServiceEndpoint is [ParseEndpoint] for a key of [Config.Endpoints]; that of
// auth_url is "iam". An endpoint must not contain a version, because requests add
// one. The endpoint of IAM may end in a version, as in the vendor's provider.
func ParseServiceEndpoint(service, endpoint string) (*url.URL, error) {
	u, err := ParseEndpoint(endpoint)
	if err != nil || !UsesEndpoint(service) {
		return u, err
	}
	found := versionPattern.FindStringIndex(u.Path)
	switch {
	case found == nil:
	case service != serviceIAM:
		return nil, fmt.Errorf("must not contain a version (%s), which is added", u.Path[found[0]:found[1]-1])
	case found[1] < len(u.Path):
		return nil, fmt.Errorf("must end after its version (%s)", u.Path[found[0]:found[1]-1])
	}

	return u, nil
}

// endpoints are the addresses of the services in a region, without the version.
type endpoints struct {
	functionGraph, sts *url.URL

	// iam is for the project lookup and tokens, and iamOfAgencies for agencies.
	iam, iamOfAgencies *url.URL

	iamVersion string // of iam: v3, or that of auth_url
}

// setEndpoint sets the endpoint of a request on the way to credentials, which has
// none yet: that of the configured region.
func (c *Client) setEndpoint(r *request) {
	if r.base != nil {
		return
	}
	r.region = c.home.name
	switch to := c.home.endpoints; {
	case r.service == serviceNameMetadata: // the same in all regions
		r.base, r.region = c.metadata, ""
	case r.service == serviceNameSTS:
		r.base = to.sts
	case r.operation == OperationAssumeAgency:
		r.base = to.iamOfAgencies
	default:
		r.base = to.iam
	}
}

// Addresses returns the addresses to which the client may send requests in the
// configured region: FunctionGraph, IAM if it looks up the project or exchanges a
// token, and IAM or STS if it assumes an agency.
func (cfg Config) Addresses() ([]*url.URL, error) {
	all, err := endpointsFor(cfg, cfg.Region)
	if err != nil {
		return nil, err
	}
	_, isOIDC := cfg.Credentials.(OIDC)
	_, isToken := cfg.token()
	isFromIAM := func(a Agency) bool { return a.DomainID == "" }
	result := []*url.URL{all.functionGraph}
	if cfg.ProjectID == "" || isOIDC || isToken {
		result = append(result, all.iam)
	}
	if slices.ContainsFunc(cfg.Agencies, isFromIAM) {
		result = append(result, all.iamOfAgencies)
	}
	if slices.ContainsFunc(cfg.Agencies, func(a Agency) bool { return !isFromIAM(a) }) {
		result = append(result, all.sts)
	}

	return result, nil
}

// endpointsFor returns the endpoints of a region: the custom ones, which are the
// same for all regions, and defaults of the region and the domain of the cloud.
// AuthURL precedes the custom endpoint "iam", except for agencies.
func endpointsFor(cfg Config, region string) (endpoints, error) {
	custom, domain := cfg.Endpoints, "."+region+"."+cmp.Or(cfg.Cloud, DefaultCloud(region))
	functionGraph := cmp.Or(custom[serviceFunctionGraph], "https://functiongraph"+domain)
	iam := cmp.Or(cfg.AuthURL, custom[serviceIAM], "https://iam"+domain)
	iamOfAgencies := cmp.Or(custom[serviceIAM], iam)
	sts := cmp.Or(custom[serviceSTS], "https://sts"+domain)

	result := endpoints{iamVersion: "v3"}
	for _, endpoint := range []struct {
		target             **url.URL
		name, key, address string
	}{
		{&result.functionGraph, serviceNameFunctionGraph, serviceFunctionGraph, functionGraph},
		{&result.iam, serviceNameIAM, serviceIAM, iam},
		{&result.iamOfAgencies, serviceNameIAM, serviceIAM, iamOfAgencies},
		{&result.sts, serviceNameSTS, serviceSTS, sts},
	} {
		u, err := ParseServiceEndpoint(endpoint.key, endpoint.address)
		if err != nil {
			return endpoints{}, fmt.Errorf("the %s endpoint %w", endpoint.name, err)
		}
		*endpoint.target = u
		version := versionPattern.FindStringSubmatch(u.Path)
		if version == nil {
			continue
		}
		u.Path = strings.TrimSuffix(u.Path, version[1]+"/")
		if u == result.iam {
			result.iamVersion = version[1]
		}
	}

	return result, nil
}

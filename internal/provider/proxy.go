package provider

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// proxyVariables are read by net/http, for either scheme the first that is not
// empty. It says nothing of a value that it cannot read, and sends requests
// directly, past whatever the proxy is there for.
var proxyVariables = []struct {
	scheme string
	names  []string
}{
	{"https", []string{"HTTPS_PROXY", "https_proxy"}},
	{"http", []string{"HTTP_PROXY", "http_proxy"}},
}

// checkProxies reports the proxies of the environment, of those for the schemes,
// that cannot be used. Their values, which may hold a password, are not shown.
func checkProxies(getenv func(string) string, schemes []string) diag.Diagnostics {
	var diags diag.Diagnostics
	if isDirect(getenv) {
		return diags
	}
	for _, variables := range proxyVariables {
		if !slices.Contains(schemes, variables.scheme) {
			continue
		}
		name := firstSet(getenv, variables.names)
		if problem := proxyProblem(getenv(name)); name != "" && problem != "" {
			diags.AddError("Invalid proxy", fmt.Sprintf("Environment variable %s %s. (The value is not shown.)", name, problem))
		}
	}

	return diags
}

// firstSet returns the first variable that is not empty, or "".
func firstSet(getenv func(string) string, names []string) string {
	for _, name := range names {
		if getenv(name) != "" {
			return name
		}
	}

	return ""
}

// isDirect reports whether every request is sent directly.
func isDirect(getenv func(string) string) bool {
	hosts := getenv(firstSet(getenv, []string{"NO_PROXY", "no_proxy"}))
	for host := range strings.SplitSeq(hosts, ",") {
		if strings.TrimSpace(host) == "*" {
			return true
		}
	}

	return false
}

// schemes are those of the services that a read may ask. IAM is always one of
// them: a data source may name another region, whose project is looked up.
func (s settings) schemes() []string {
	addresses := []string{s.endpoints["fgs"], cmp.Or(s.authURL, s.endpoints["iam"])}
	for _, agency := range s.agencies {
		if agency.DomainID != "" {
			addresses = append(addresses, s.endpoints["sts"])
		} else {
			addresses = append(addresses, cmp.Or(s.endpoints["iam"], s.authURL))
		}
	}
	var result []string
	for _, address := range addresses {
		scheme := "https" // of the defaults
		if u, err := client.ParseEndpoint(address); err == nil {
			scheme = u.Scheme
		}
		result = append(result, scheme)
	}

	return result
}

const (
	proxyForm    = "must be the URL of a proxy such as http://proxy.example.com:3128, and "
	proxyEscapes = ". In a user name or a password, characters that mean something in URLs must be escaped, for example % as %25 and / as %2F"
)

// proxyProblem returns what keeps a text from being a proxy's address, or "".
func proxyProblem(proxy string) string {
	if !strings.Contains(proxy, "://") {
		proxy = "http://" + proxy // as net/http does
	}
	u, err := url.Parse(proxy)
	switch {
	case err != nil || u.Host == "":
		return proxyForm + "cannot be read as one" + proxyEscapes
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return "must begin with http://, https://, socks5:// or socks5h://"
	// net/http would take what comes before them for the host: a user, perhaps.
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return proxyForm + "must not hold a path, a query or a fragment" + proxyEscapes
	case u.Port() != "" && !isPort(u.Port()):
		return "must have a port from 1 to 65535"
	}

	return ""
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)

	return err == nil && port > 0
}

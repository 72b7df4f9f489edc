package provider

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// proxyVariables are read by net/http, for either scheme the first that is not
// empty. It says nothing of a value that it cannot read, and sends requests
// directly, past whatever the proxy is there for.
var proxyVariables = [][]string{{"HTTPS_PROXY", "https_proxy"}, {"HTTP_PROXY", "http_proxy"}}

// checkProxies reports the proxies of the environment that cannot be used. Their
// values, which may hold a password, are not shown.
func checkProxies(getenv func(string) string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, variables := range proxyVariables {
		for _, variable := range variables {
			value := getenv(variable)
			if value == "" {
				continue
			}
			if problem := proxyProblem(value); problem != "" {
				diags.AddError("Invalid proxy", fmt.Sprintf("Environment variable %s %s. (The value is not shown.)", variable, problem))
			}
			break
		}
	}

	return diags
}

// proxyProblem returns what keeps a text from being a proxy's address, or "".
func proxyProblem(proxy string) string {
	if !strings.Contains(proxy, "://") {
		proxy = "http://" + proxy // as net/http does
	}
	u, err := url.Parse(proxy)
	switch {
	case err != nil || u.Host == "":
		return "must be the URL of a proxy such as http://proxy.example.com:3128, and cannot be read as one. " +
			"In a user name or a password, characters that mean something in URLs must be escaped, for example % as %25"
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return "must begin with http://, https://, socks5:// or socks5h://"
	}

	return ""
}

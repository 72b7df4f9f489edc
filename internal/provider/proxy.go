package provider

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"golang.org/x/net/http/httpproxy"
)

// proxies are the proxies of the environment. They work as in net/http, except
// that an invalid proxy is an error: net/http ignores it silently and sends
// requests without a proxy.
type proxies struct {
	choose func(*url.URL) (*url.URL, error)

	// problems are the errors of invalid proxies, by the scheme of the requests.
	problems map[string]string
}

// newProxies reads the proxy variables. As in net/http, the first variable that is
// not empty counts.
func newProxies(getenv func(string) string) proxies {
	first := func(names ...string) (name, value string) {
		for _, name := range names {
			if value := getenv(name); value != "" {
				return name, value
			}
		}
		return "", ""
	}
	p := proxies{problems: map[string]string{}}
	usable := func(scheme string, names ...string) string {
		name, proxy := first(names...)
		problem := proxyProblem(proxy)
		if problem == "" {
			return proxy
		}
		p.problems[scheme] = fmt.Sprintf("environment variable %s %s. (The value is not shown.)", name, problem)
		return "http://unusable.invalid" // so that NO_PROXY still decides which requests use it
	}
	_, noProxy := first("NO_PROXY", "no_proxy")
	config := httpproxy.Config{
		HTTPSProxy: usable("https", "HTTPS_PROXY", "https_proxy"),
		HTTPProxy:  usable("http", "HTTP_PROXY", "http_proxy"),
		NoProxy:    noProxy,
		CGI:        getenv("REQUEST_METHOD") != "",
	}
	p.choose = config.ProxyFunc()

	return p
}

// of returns the proxy of a request, in the form that [http.Transport] uses. It
// reports an invalid proxy for each request, because a data source may name a
// region that check has not seen.
func (p proxies) of(req *http.Request) (*url.URL, error) {
	proxy, err := p.choose(req.URL)
	if problem := p.problems[req.URL.Scheme]; err == nil && proxy != nil && problem != "" {
		return nil, errors.New(problem)
	}

	return proxy, err
}

// check reports the invalid proxies that requests to the addresses would use. It
// does not show their values, which may contain a password.
func (p proxies) check(addresses []*url.URL) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, scheme := range []string{"https", "http"} {
		isUsed := func(address *url.URL) bool {
			proxy, err := p.choose(address)
			return err == nil && proxy != nil && address.Scheme == scheme
		}
		if problem := p.problems[scheme]; problem != "" && slices.ContainsFunc(addresses, isUsed) {
			diags.AddError("Invalid proxy", strings.ToUpper(problem[:1])+problem[1:])
		}
	}

	return diags
}

const (
	proxyForm    = "must be the URL of a proxy such as http://proxy.example.com:3128, and "
	proxyEscapes = ". In a user name or a password, characters that mean something in URLs must be escaped, for " +
		"example % as %25 and / as %2F"
)

// proxyProblem returns what is wrong with the URL of a proxy, or "".
func proxyProblem(proxy string) string {
	switch {
	case proxy == "":
		return ""
	case strings.Contains(proxy, " "):
		return proxyForm + "contains a space"
	case strings.ContainsFunc(proxy, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }):
		return proxyForm + "contains a line break or another character that does not show"
	case isQuoted(proxy):
		return proxyForm + "is in quotes, which are part of the value here"
	case strings.Contains(proxy, `\`):
		return proxyForm + `contains a backslash, which must be escaped as %5C: the user CORP\user is CORP%5Cuser`
	}
	if !strings.Contains(proxy, "://") {
		proxy = "http://" + proxy // as net/http does
	}
	u, err := url.Parse(proxy)
	switch {
	case err != nil || u.Host == "":
		return proxyForm + "cannot be read as one" + proxyEscapes
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return "must begin with http://, https://, socks5:// or socks5h://"
	// net/http would use the part before the slash as the host. It may be a user name.
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return proxyForm + "must not contain a path, a query or a fragment" + proxyEscapes
	case u.Port() != "" && !isPort(u.Port()):
		return "must have a port from 1 to 65535"
	}

	return ""
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)

	return err == nil && port > 0
}

package provider

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// net/http ignores an invalid proxy and sends requests directly.
func TestCheckProxies(t *testing.T) {
	t.Parallel()
	const (
		form    = " must be the URL of a proxy such as http://proxy.example.com:3128, and "
		hidden  = ". (The value is not shown.)"
		escapes = ". In a user name or a password, characters that mean something in URLs must be escaped, for " +
			"example % as %25 and / as %2F. (The value is not shown.)"
		unreadable = " must be the URL of a proxy such as http://proxy.example.com:3128, and cannot be read as " +
			"one" + escapes
		more = " must be the URL of a proxy such as http://proxy.example.com:3128, and must not contain a path, " +
			"a query or a fragment" + escapes
		noPort      = " must have a port from 1 to 65535. (The value is not shown.)"
		unsupported = " must begin with http://, https://, socks5:// or socks5h://. (The value is not shown.)"
	)
	tests := map[string]struct {
		env   environment
		block args
		want  []string // variables, with what is wrong with them
	}{
		"none": {},
		"complete": {env: environment{"HTTPS_PROXY": "http://user:pass%25@proxy.test:3128",
			"HTTP_PROXY": "https://proxy.test/"}},
		"no scheme":         {env: environment{"https_proxy": "proxy.test:3128", "http_proxy": "proxy.test"}},
		"no scheme, a user": {env: environment{"https_proxy": "user:pass@proxy.test:3128"}},
		"address":           {env: environment{"HTTPS_PROXY": "10.0.0.1:3128", "HTTP_PROXY": "[::1]:3128"}},
		"SOCKS": {env: environment{"HTTPS_PROXY": "socks5://proxy.test:1080",
			"HTTP_PROXY": "SOCKS5H://proxy.test"}},
		"no host":           {env: environment{"HTTPS_PROXY": ":3128"}}, // this machine
		"small ones unused": {env: environment{"HTTPS_PROXY": "proxy.test", "https_proxy": "%"}},
		"not escaped": {env: environment{"HTTPS_PROXY": "http://user:S3cr%zzPlanted@proxy.test:3128"},
			want: []string{"HTTPS_PROXY" + unreadable}},
		"not escaped, bare": {env: environment{"HTTPS_PROXY": "user:S3cr%zzPlanted@proxy.test:3128"},
			want: []string{"HTTPS_PROXY" + unreadable}},
		"slash not escaped": {env: environment{"HTTPS_PROXY": "http://user:12/34Planted@proxy.test"},
			want: []string{"HTTPS_PROXY" + more}},
		"query not escaped": {env: environment{"HTTPS_PROXY": "http://user:12?34Planted@proxy.test"},
			want: []string{"HTTPS_PROXY" + more}},
		"hash not escaped": {env: environment{"HTTPS_PROXY": "user:12#34Planted@proxy.test"},
			want: []string{"HTTPS_PROXY" + more}},
		"one slash": {env: environment{"HTTPS_PROXY": "http:/planted:3128"},
			want: []string{"HTTPS_PROXY" + more}},
		"a port of letters": {env: environment{"HTTPS_PROXY": "http://planted:port"},
			want: []string{"HTTPS_PROXY" + unreadable}},
		"a port too high": {env: environment{"HTTPS_PROXY": "planted:99999"},
			want: []string{"HTTPS_PROXY" + noPort}},
		"port 0": {env: environment{"HTTPS_PROXY": "http://planted:0/"},
			want: []string{"HTTPS_PROXY" + noPort}},
		"a space": {env: environment{"https_proxy": " http://planted:3128"},
			want: []string{"https_proxy" + form + "contains a space" + hidden}},
		"a space in a list": {env: environment{"https_proxy": "http://planted:3128, http://other.test"},
			want: []string{"https_proxy" + form + "contains a space" + hidden}},
		"a carriage return": {env: environment{"https_proxy": "http://planted:3128\r"},
			want: []string{"https_proxy" + form +
				"contains a line break or another character that does not show" + hidden}},
		"in quotes": {env: environment{"https_proxy": `"http://planted:3128"`},
			want: []string{"https_proxy" + form + "is in quotes, which are part of the value here" + hidden}},
		"a Windows domain": {env: environment{"HTTPS_PROXY": `http://CORP\planted:pw@proxy.test:3128`},
			want: []string{"HTTPS_PROXY" + form +
				`contains a backslash, which must be escaped as %5C: the user CORP\user is CORP%5Cuser` + hidden}},
		"a Windows domain, escaped": {env: environment{"HTTPS_PROXY": `http://CORP%5Cplanted:pw@proxy.test:3128`}},
		"no URL": {env: environment{"https_proxy": "//planted:3128"},
			want: []string{"https_proxy" + unreadable}},
		"a scheme alone": {env: environment{"https_proxy": "http://"},
			want: []string{"https_proxy" + unreadable}},
		"unsupported scheme": {env: environment{"HTTPS_PROXY": "ftp://planted:21"},
			want: []string{"HTTPS_PROXY" + unsupported}},

		// Only used proxies are reported.
		"no proxy at all":     {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": "*"}},
		"no proxy, in a list": {env: environment{"HTTPS_PROXY": "%planted", "no_proxy": "a.test, *"}},
		"no proxy for some": {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": "*.test"},
			want: []string{"HTTPS_PROXY" + unreadable}},
		"no proxy for the domain": {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": ".myhuaweicloud.com"}},
		"no proxy for one of two": {env: environment{"HTTPS_PROXY": "%planted",
			"NO_PROXY": "functiongraph.cn-north-4.myhuaweicloud.com"}, want: []string{"HTTPS_PROXY" + unreadable}},
		"no proxy for the only one": {env: environment{"HTTPS_PROXY": "%planted",
			"NO_PROXY": "functiongraph.cn-north-4.myhuaweicloud.com", "HW_PROJECT_ID": "p"}},
		"no proxy for a network": {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": "10.0.0.0/8"},
			block: args{"endpoints": args{"fgs": "10.1.2.3", "iam": "10.2.3.4:8443"}}},
		"no proxy for another one": {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": "10.1.0.0/16"},
			block: args{"endpoints": args{"fgs": "10.1.2.3", "iam": "10.2.3.4:8443"}},
			want:  []string{"HTTPS_PROXY" + unreadable}},
		"this machine": {env: environment{"HTTP_PROXY": "%planted"},
			block: args{"endpoints": args{"fgs": "http://localhost:8080", "iam": "http://127.0.0.1:8080"}}},
		"small no_proxy unused": {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": "a.test",
			"no_proxy": "*"}, want: []string{"HTTPS_PROXY" + unreadable}},
		"https alone": {env: environment{"HTTP_PROXY": "%planted"}},
		"https alone, by name": {env: environment{"HTTP_PROXY": "%planted"},
			block: args{"auth_url": "https://iam.test",
				"endpoints": args{"fgs": "fgs.test", "iam": "http://unused.test"}}},
		"http alone": {env: environment{"HTTPS_PROXY": "%planted"},
			block: args{"endpoints": args{"fgs": "http://fgs.test", "iam": "http://iam.test"}}},
		"http alone, broken": {env: environment{"HTTP_PROXY": "%planted"},
			block: args{"endpoints": args{"fgs": "http://fgs.test", "iam": "HTTP://iam.test"}},
			want:  []string{"HTTP_PROXY" + unreadable}},
		"both": {env: environment{"https_proxy": "%planted", "HTTP_PROXY": "socks4://planted"},
			block: args{"auth_url": "http://iam.test"},
			want:  []string{"https_proxy" + unreadable, "HTTP_PROXY" + unsupported}},
		"STS that is not used": {env: environment{"HTTP_PROXY": "%planted"},
			block: args{"endpoints": args{"sts": "http://sts.test"}}},
		"STS, for an account ID": {env: environment{"HTTP_PROXY": "%planted"},
			block: args{"endpoints": args{"sts": "http://sts.test"},
				"assume_role": []args{{"agency_name": "a", "domain_id": "d"}}},
			want: []string{"HTTP_PROXY" + unreadable}},
		"IAM, for an account name": {env: environment{"HTTP_PROXY": "%planted"},
			block: args{"endpoints": args{"sts": "http://sts.test"},
				"assume_role": []args{{"agency_name": "a", "domain_name": "d"}}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := maps.Clone(enough)
			maps.Copy(env, tt.env)
			var want []string
			for _, problem := range tt.want {
				want = append(want, "Invalid proxy\nEnvironment variable "+problem)
			}
			resp := configure(t, env, false, tt.block)
			got := atRead(t, resp)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if strings.Contains(strings.ToLower(strings.Join(got, "")), "planted") {
				t.Error("a value is shown")
			}
		})
	}
}

func TestConfigure_proxies(t *testing.T) {
	t.Parallel()
	env := maps.Clone(enough)
	env["HTTPS_PROXY"] = "%"
	if resp := configure(t, env, false, nil); len(resp.Diagnostics) > 0 || len(atRead(t, resp)) == 0 {
		t.Errorf("a proxy that cannot be read is reported without a read, or not at all: %v", resp.Diagnostics)
	}
	env["NO_PROXY"] = "*"
	if got := atRead(t, configure(t, env, false, nil)); len(got) > 0 {
		t.Errorf("a proxy that is not used is reported: %v", got)
	}
}

// A data source may name a region that no check has seen.
func TestProxies_of(t *testing.T) {
	t.Parallel()
	env := environment{"HTTPS_PROXY": "%planted", "HTTP_PROXY": "http://proxy.test",
		"NO_PROXY": ".cn-north-4.myhuaweicloud.com"}
	tests := map[string]struct{ address, proxy, problem string }{
		"no proxy": {address: "https://iam.cn-north-4.myhuaweicloud.com/v3/"},
		"another region": {address: "https://iam.cn-east-3.myhuaweicloud.com/v3/",
			problem: "environment variable HTTPS_PROXY must be the URL of a proxy"},
		"another scheme": {address: "http://fgs.test", proxy: "http://proxy.test"},
		"this machine":   {address: "http://127.0.0.1:8080"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy, err := newProxies(env.Getenv).of(httptest.NewRequestWithContext(t.Context(), http.MethodGet,
				tt.address, nil))
			got, problem := "", ""
			if proxy != nil {
				got = proxy.String()
			}
			if err != nil {
				problem = err.Error()
			}
			if got != tt.proxy || !strings.HasPrefix(problem, tt.problem) || (tt.problem == "") != (problem == "") ||
				strings.Contains(problem, "planted") {
				t.Errorf("got %q and %q, want %q and %q", got, problem, tt.proxy, tt.problem)
			}
		})
	}
}

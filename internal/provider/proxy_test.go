package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// net/http passes over a proxy that it cannot read, and sends requests directly.
func TestCheckProxies(t *testing.T) {
	t.Parallel()
	const (
		escapes     = ". In a user name or a password, characters that mean something in URLs must be escaped, for example % as %25 and / as %2F. (The value is not shown.)"
		unreadable  = " must be the URL of a proxy such as http://proxy.example.com:3128, and cannot be read as one" + escapes
		more        = " must be the URL of a proxy such as http://proxy.example.com:3128, and must not hold a path, a query or a fragment" + escapes
		noPort      = " must have a port from 1 to 65535. (The value is not shown.)"
		unsupported = " must begin with http://, https://, socks5:// or socks5h://. (The value is not shown.)"
	)
	tests := map[string]struct {
		env   environment
		block args
		want  []string // variables, with what is wrong with them
	}{
		"none":               {},
		"complete":           {env: environment{"HTTPS_PROXY": "http://user:pass%25@proxy.test:3128", "HTTP_PROXY": "https://proxy.test/"}},
		"no scheme":          {env: environment{"https_proxy": "proxy.test:3128", "http_proxy": "proxy.test"}},
		"no scheme, a user":  {env: environment{"https_proxy": "user:pass@proxy.test:3128"}},
		"address":            {env: environment{"HTTPS_PROXY": "10.0.0.1:3128", "HTTP_PROXY": "[::1]:3128"}},
		"SOCKS":              {env: environment{"HTTPS_PROXY": "socks5://proxy.test:1080", "HTTP_PROXY": "SOCKS5H://proxy.test"}},
		"no host":            {env: environment{"HTTPS_PROXY": ":3128"}}, // this machine
		"small ones unused":  {env: environment{"HTTPS_PROXY": "proxy.test", "https_proxy": "%"}},
		"not escaped":        {env: environment{"HTTPS_PROXY": "http://user:S3cr%zzPlanted@proxy.test:3128"}, want: []string{"HTTPS_PROXY" + unreadable}},
		"not escaped, bare":  {env: environment{"HTTPS_PROXY": "user:S3cr%zzPlanted@proxy.test:3128"}, want: []string{"HTTPS_PROXY" + unreadable}},
		"slash not escaped":  {env: environment{"HTTPS_PROXY": "http://user:12/34Planted@proxy.test"}, want: []string{"HTTPS_PROXY" + more}},
		"query not escaped":  {env: environment{"HTTPS_PROXY": "http://user:12?34Planted@proxy.test"}, want: []string{"HTTPS_PROXY" + more}},
		"hash not escaped":   {env: environment{"HTTPS_PROXY": "user:12#34Planted@proxy.test"}, want: []string{"HTTPS_PROXY" + more}},
		"one slash":          {env: environment{"HTTPS_PROXY": "http:/planted:3128"}, want: []string{"HTTPS_PROXY" + more}},
		"a port of letters":  {env: environment{"HTTPS_PROXY": "http://planted:port"}, want: []string{"HTTPS_PROXY" + unreadable}},
		"a port too high":    {env: environment{"HTTPS_PROXY": "planted:99999"}, want: []string{"HTTPS_PROXY" + noPort}},
		"port 0":             {env: environment{"HTTPS_PROXY": "http://planted:0/"}, want: []string{"HTTPS_PROXY" + noPort}},
		"a space":            {env: environment{"https_proxy": " http://planted:3128"}, want: []string{"https_proxy" + unreadable}},
		"no URL":             {env: environment{"https_proxy": "//planted:3128"}, want: []string{"https_proxy" + unreadable}},
		"a scheme alone":     {env: environment{"https_proxy": "http://"}, want: []string{"https_proxy" + unreadable}},
		"unsupported scheme": {env: environment{"HTTPS_PROXY": "ftp://planted:21"}, want: []string{"HTTPS_PROXY" + unsupported}},

		// Only those that are used.
		"no proxy at all":          {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": "*"}},
		"no proxy, in a list":      {env: environment{"HTTPS_PROXY": "%planted", "no_proxy": "a.test, *"}},
		"no proxy for some":        {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": "*.test"}, want: []string{"HTTPS_PROXY" + unreadable}},
		"small no_proxy unused":    {env: environment{"HTTPS_PROXY": "%planted", "NO_PROXY": "a.test", "no_proxy": "*"}, want: []string{"HTTPS_PROXY" + unreadable}},
		"https alone":              {env: environment{"HTTP_PROXY": "%planted"}},
		"https alone, by name":     {env: environment{"HTTP_PROXY": "%planted"}, block: args{"auth_url": "https://iam.test", "endpoints": args{"fgs": "fgs.test", "iam": "http://unused.test"}}},
		"http alone":               {env: environment{"HTTPS_PROXY": "%planted"}, block: args{"endpoints": args{"fgs": "http://fgs.test", "iam": "http://iam.test"}}},
		"http alone, broken":       {env: environment{"HTTP_PROXY": "%planted"}, block: args{"endpoints": args{"fgs": "http://fgs.test", "iam": "HTTP://iam.test"}}, want: []string{"HTTP_PROXY" + unreadable}},
		"both":                     {env: environment{"https_proxy": "%planted", "HTTP_PROXY": "socks4://planted"}, block: args{"auth_url": "http://iam.test"}, want: []string{"https_proxy" + unreadable, "HTTP_PROXY" + unsupported}},
		"STS that is not used":     {env: environment{"HTTP_PROXY": "%planted"}, block: args{"endpoints": args{"sts": "http://sts.test"}}},
		"STS, for an account ID":   {env: environment{"HTTP_PROXY": "%planted"}, block: args{"endpoints": args{"sts": "http://sts.test"}, "assume_role": []args{{"agency_name": "a", "domain_id": "d"}}}, want: []string{"HTTP_PROXY" + unreadable}},
		"IAM, for an account name": {env: environment{"HTTP_PROXY": "%planted"}, block: args{"endpoints": args{"sts": "http://sts.test"}, "assume_role": []args{{"agency_name": "a", "domain_name": "d"}}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := maps.Clone(enough)
			maps.Copy(env, tt.env)
			s, diags := resolve(blockOf(t, tt.block), env.getenv)
			if diags.HasError() {
				t.Fatal(diags)
			}
			var want []string
			for _, problem := range tt.want {
				want = append(want, "Invalid proxy\nEnvironment variable "+problem)
			}
			got := wordings(checkProxies(env.getenv, s.schemes()))
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
	if resp := configure(t, env, false, nil); !resp.Diagnostics.HasError() {
		t.Error("a proxy that cannot be read is passed over")
	}
	env["NO_PROXY"] = "*"
	if resp := configure(t, env, false, nil); resp.Diagnostics.HasError() {
		t.Errorf("a proxy that is not used is reported: %v", resp.Diagnostics)
	}
}

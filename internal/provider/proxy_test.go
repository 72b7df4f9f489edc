package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// net/http passes over a proxy that it cannot read, and sends requests directly.
func TestConfigure_proxies(t *testing.T) {
	t.Parallel()
	const (
		unreadable = " must be the URL of a proxy such as http://proxy.example.com:3128, and cannot be read as one. " +
			"In a user name or a password, characters that mean something in URLs must be escaped, for example % as %25. (The value is not shown.)"
		unsupported = " must begin with http://, https://, socks5:// or socks5h://. (The value is not shown.)"
	)
	tests := map[string]struct {
		env  environment
		want []string // variables, with what is wrong with them
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
		"a bad port":         {env: environment{"HTTP_PROXY": "http://planted:port"}, want: []string{"HTTP_PROXY" + unreadable}},
		"a space":            {env: environment{"http_proxy": " http://planted:3128"}, want: []string{"http_proxy" + unreadable}},
		"no URL":             {env: environment{"https_proxy": "//planted:3128"}, want: []string{"https_proxy" + unreadable}},
		"a scheme alone":     {env: environment{"https_proxy": "http://"}, want: []string{"https_proxy" + unreadable}},
		"unsupported scheme": {env: environment{"HTTPS_PROXY": "ftp://planted:21"}, want: []string{"HTTPS_PROXY" + unsupported}},
		"both":               {env: environment{"https_proxy": "%planted", "HTTP_PROXY": "socks4://planted"}, want: []string{"https_proxy" + unreadable, "HTTP_PROXY" + unsupported}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for variable, value := range enough {
				if tt.env == nil {
					tt.env = environment{}
				}
				tt.env[variable] = value
			}
			resp := configure(t, tt.env, false, nil)
			var want []string
			for _, problem := range tt.want {
				want = append(want, "Invalid proxy\nEnvironment variable "+problem)
			}
			got := wordings(resp.Diagnostics)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if strings.Contains(strings.ToLower(strings.Join(got, "")), "planted") {
				t.Error("a value is shown")
			}
		})
	}
}

package client

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

func TestEndpoints(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		cfg                Config
		region             string // "": the configured one
		functionGraph, iam string
		agencies           string // IAM for agencies, without the version; "": as iam
	}{
		"defaults": {
			functionGraph: "https://functiongraph.cn-north-4.myhuaweicloud.com/",
			iam:           "https://iam.cn-north-4.myhuaweicloud.com/v3/",
		},
		"Europe": {
			cfg:           Config{Region: "eu-west-101"},
			functionGraph: "https://functiongraph.eu-west-101.myhuaweicloud.eu/",
			iam:           "https://iam.eu-west-101.myhuaweicloud.eu/v3/",
		},
		"another European cloud's region": {
			cfg:           Config{Region: "eu-west-0"},
			functionGraph: "https://functiongraph.eu-west-0.myhuaweicloud.com/",
			iam:           "https://iam.eu-west-0.myhuaweicloud.com/v3/",
		},
		"custom cloud": {
			cfg:           Config{Region: "ru-moscow-1", Cloud: "hc.sbercloud.ru"},
			functionGraph: "https://functiongraph.ru-moscow-1.hc.sbercloud.ru/",
			iam:           "https://iam.ru-moscow-1.hc.sbercloud.ru/v3/",
		},
		"custom cloud beats Europe": {
			cfg:           Config{Region: "eu-west-101", Cloud: "example.com"},
			functionGraph: "https://functiongraph.eu-west-101.example.com/",
			iam:           "https://iam.eu-west-101.example.com/v3/",
		},
		"custom endpoints": {
			cfg: Config{
				Endpoints: map[string]string{"fgs": "https://fgs.example.com/", "iam": "https://iam.example.com/"},
			},
			functionGraph: "https://fgs.example.com/",
			iam:           "https://iam.example.com/v3/",
		},
		"auth_url beats endpoints.iam, but for agencies": {
			cfg: Config{
				AuthURL: "https://auth.example.com/", Endpoints: map[string]string{"iam": "https://iam.example.com/v3"},
			},
			agencies:      "https://iam.example.com/",
			functionGraph: "https://functiongraph.cn-north-4.myhuaweicloud.com/",
			iam:           "https://auth.example.com/v3/",
		},
		"auth_url with the version": {
			cfg:           Config{AuthURL: "https://auth.example.com/v3"},
			functionGraph: "https://functiongraph.cn-north-4.myhuaweicloud.com/",
			iam:           "https://auth.example.com/v3/",
		},
		"auth_url with another version": {
			cfg:           Config{AuthURL: "https://auth.example.com/prefix/v3.0/"},
			functionGraph: "https://functiongraph.cn-north-4.myhuaweicloud.com/",
			iam:           "https://auth.example.com/prefix/v3.0/",
		},
		"auth_url with what only looks like a version": {
			cfg:           Config{AuthURL: "https://auth.example.com/v3-gateway/iamv3"},
			functionGraph: "https://functiongraph.cn-north-4.myhuaweicloud.com/",
			iam:           "https://auth.example.com/v3-gateway/iamv3/v3/",
		},
		"another region": {
			region:        "ap-southeast-1",
			functionGraph: "https://functiongraph.ap-southeast-1.myhuaweicloud.com/",
			iam:           "https://iam.ap-southeast-1.myhuaweicloud.com/v3/",
		},
		"another region, in Europe": {
			region:        "eu-west-101",
			functionGraph: "https://functiongraph.eu-west-101.myhuaweicloud.eu/",
			iam:           "https://iam.eu-west-101.myhuaweicloud.eu/v3/",
		},
		"another region with custom endpoints": {
			cfg: Config{
				AuthURL: "https://auth.example.com", Endpoints: map[string]string{"fgs": "https://fgs.example.com"},
			},
			region:        "ap-southeast-1",
			functionGraph: "https://fgs.example.com/",
			iam:           "https://auth.example.com/v3/",
		},
		"another region with one custom endpoint": {
			cfg:           Config{Endpoints: map[string]string{"fgs": "https://fgs.example.com"}},
			region:        "ap-southeast-1",
			functionGraph: "https://fgs.example.com/",
			iam:           "https://iam.ap-southeast-1.myhuaweicloud.com/v3/",
		},
		"other services' endpoints": {
			cfg:           Config{Endpoints: map[string]string{"obs": "::", "functiongraph": "https://example.com"}},
			functionGraph: "https://functiongraph.cn-north-4.myhuaweicloud.com/",
			iam:           "https://iam.cn-north-4.myhuaweicloud.com/v3/",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newTestClient(t, nil, func(cfg *Config) {
				region := cfg.Region
				if *cfg = test.cfg; cfg.Region == "" {
					cfg.Region = region
				}
			})
			r, err := c.region(test.region)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.endpoints.functionGraph.String(); got != test.functionGraph {
				t.Errorf("FunctionGraph at %s, want %s", got, test.functionGraph)
			}
			agencies := cmp.Or(test.agencies, regexp.MustCompile(`v[\d.]+/$`).ReplaceAllString(test.iam, ""))
			if got := r.endpoints.iamOfAgencies.String(); got != agencies {
				t.Errorf("IAM for agencies at %s, want %s", got, agencies)
			}
			if got := c.projectRequest(r).base.JoinPath(r.endpoints.iamVersion).String() + "/"; got != test.iam {
				t.Errorf("IAM at %s, want %s", got, test.iam)
			}
		})
	}
}

func TestParseEndpoint(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ text, want string }{
		"complete":           {"https://example.com/", "https://example.com/"},
		"no final slash":     {"https://example.com", "https://example.com/"},
		"no scheme":          {"example.com", "https://example.com/"},
		"port, no scheme":    {"localhost:8080", "https://localhost:8080/"},
		"http":               {"http://127.0.0.1:8080", "http://127.0.0.1:8080/"},
		"IPv6":               {"http://[::1]:8080", "http://[::1]:8080/"},
		"scheme in capitals": {"HTTPS://example.com", "https://example.com/"},
		"prefix":             {"https://example.com/a/b", "https://example.com/a/b/"},
		"prefix, no scheme":  {"example.com/a/b/", "https://example.com/a/b/"},
		"dots in a segment":  {"https://example.com/a..b/...", "https://example.com/a..b/.../"},
		"a host named http":  {"http:8080", "https://http:8080/"},
		"IDN":                {"https://Bücher.example:8443/a", "https://xn--bcher-kva.example:8443/a/"},
		"IDN, no scheme":     {"函数.example", "https://xn--bbrz78b.example/"},
		"IDN, in punycode":   {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example/"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := ParseEndpoint(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestParseEndpoint_refused(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ text, want string }{
		"empty":          {"", "must not be empty"},
		"no URL":         {"https://exa mple.com", "must be a URL such as https://example.com/"},
		"another scheme": {"ftp://example.com", "must begin with https:// or http://"},
		"no host":        {"https:///v3", "must name a host"},
		"only a port":    {"https://:443", "must name a host"},
		"a path":         {"/v3", "must name a host"},
		"a space":        {" https://example.com", "must be a URL such as https://example.com/"},
		"query":          {"https://example.com/?a=b", "must not contain a query or a fragment"},
		"port":           {"https://example.com:99999", "must have a port from 1 to 65535"},
		"port 0":         {"example.com:0/v3", "must have a port from 1 to 65535"},
		"fragment":       {"https://example.com/#a", "must not contain a query or a fragment"},
		"empty query":    {"https://example.com/?", "must not contain a query or a fragment"},
		"empty fragment": {"https://example.com/#", "must not contain a query or a fragment"},

		// net/http would send the request to the host "https".
		"one slash":           {"https:/example.com", "must begin with https:// or http://"},
		"one slash, capitals": {"HTTP:/example.com/v3", "must begin with https:// or http://"},
		"no slash":            {"https:example.com", "must be a URL such as https://example.com/"},
		"no colon":            {"https//example.com", "must begin with https:// or http://"},
		"the scheme alone":    {"https:", "must begin with https:// or http://"},
		"two schemes":         {"https://https://example.com", "must begin with https:// or http://"},

		// Each segment is escaped by itself, so that these would change.
		"dots":              {"https://example.com/a/../b", "must not contain . or .. as a segment of its path"},
		"dots at the end":   {"https://example.com/..", "must not contain . or .. as a segment of its path"},
		"dots, no scheme":   {"example.com/../v3", "must not contain . or .. as a segment of its path"},
		"dots, escaped":     {"https://example.com/a/%2e%2E/b", "must not contain . or .. as a segment of its path"},
		"dot":               {"https://example.com/./a", "must not contain . or .. as a segment of its path"},
		"an escaped slash":  {"https://example.com/a%2Fb", "must not contain an escaped slash (%2F)"},
		"an escaped slash ": {"https://example.com/a%2fb/", "must not contain an escaped slash (%2F)"},
		"a control":         {"https://example.com/a%0d", "must not contain control characters"},
		"no IDN":            {"https://bü_cher.example", "must name a host"},
		"a hyphen to drop":  {"https://\u00ad/v3", "must name a host"},
		"a wide dot alone":  {"https://．/v3", "must name a host"},
		"a dot alone":       {"https://./v3", "must name a host"},
		"a wide scheme":     {"https://ｈｔｔｐ://example.com", "must begin with https:// or http://"},

		"user":     {"https://user@example.com", "must not contain a user name or a password"},
		"password": {"https://user:secret@example.com", "must not contain a user name or a password"},

		// No error shows a password.
		"password, no scheme":      {"user:secret@example.com", "must not contain a user name or a password"},
		"password, no URL":         {"https://user:secret%zz@example.com", "must not contain a user name or a password"},
		"password, another scheme": {"ftp://user:secret@example.com", "must not contain a user name or a password"},
		"password, no host":        {"https://user:secret@", "must not contain a user name or a password"},
		"password, query":          {"https://user:secret@example.com/?a=b", "must not contain a user name or a password"},
		"password, bad port":       {"https://user:secret@example.com:port", "must not contain a user name or a password"},
		"password with a slash":    {"https://user:secret/@example.com", "must not contain a user name or a password"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := ParseEndpoint(test.text)
			if err == nil {
				t.Fatalf("got %s, want an error", got)
			}
			if err.Error() != test.want {
				t.Errorf("got %s\nwant %s", err, test.want)
			}
		})
	}
}

// The service sees the host as net/http sends it, and checks the signature of
// that.
func TestEndpoints_signedAsSent(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct{ endpoint, host string }{
		"IDN":            {"http://Bücher.example", "xn--bcher-kva.example"},
		"IDN and a port": {"http://bücher.example:8080", "xn--bcher-kva.example:8080"},
		"IPv6 zone":      {"http://[fe80::1%25eth0]:8080", "[fe80::1]:8080"},
		"an empty port":  {"http://service.example:", "service.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			srv := simulator.Start(t, simulator.Config{})
			srv.AddWorkflow("w")
			toServer := func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, strings.TrimPrefix(srv.URL, "http://"))
			}
			transport := &http.Transport{DialContext: toServer}
			t.Cleanup(transport.CloseIdleConnections)
			c := newTestClient(t, transport, func(cfg *Config) {
				cfg.Endpoints = map[string]string{"fgs": test.endpoint, "iam": test.endpoint}
			})
			if _, err := listThings(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			for _, r := range srv.Requests() {
				if r.Host != test.host || !r.SignatureValid {
					t.Errorf("%s of %s, signature valid: %t; want %s", r.Operation, r.Host, r.SignatureValid, test.host)
				}
			}
		})
	}
}

// The requests of calls that name no region.
func TestConfig_Addresses(t *testing.T) {
	t.Parallel()

	const fgs, iam, sts = "functiongraph", "iam", "sts"
	for name, test := range map[string]struct {
		cfg  Config
		want []string
	}{
		"project to look up": {Config{}, []string{fgs, iam}},
		"known project":      {Config{ProjectID: "p"}, []string{fgs}},
		"agency by IAM":      {Config{ProjectID: "p", Agencies: []Agency{{Name: "a", DomainName: "d"}}}, []string{fgs, iam}},
		"agency by STS":      {Config{ProjectID: "p", Agencies: []Agency{{Name: "a", DomainID: "d"}}}, []string{fgs, sts}},
		"both":               {Config{ProjectID: "p", Agencies: []Agency{{DomainID: "d"}, {}}}, []string{fgs, iam, sts}},
		"OIDC": {
			Config{ProjectID: "p", Credentials: OIDC{}, Agencies: []Agency{{DomainID: "d"}}}, []string{fgs, iam, sts},
		},
		"keys":                {Config{ProjectID: "p", Credentials: testKeys}, []string{fgs}},
		"exchange of a token": {Config{ProjectID: "p", Credentials: Credentials{Token: "t"}}, []string{fgs, iam}},
		"agency elsewhere": {
			Config{
				AuthURL: "https://auth.test", Endpoints: map[string]string{"iam": "https://agencies.test"}, Agencies: []Agency{{}},
			},
			[]string{fgs, "auth", "agencies"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			test.cfg.Region = "cn-north-4"
			addresses, err := test.cfg.Addresses()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, address := range addresses {
				service, _, _ := strings.Cut(address.Host, ".")
				got = append(got, service)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	if _, err := (Config{Region: "r", AuthURL: "ftp://x"}).Addresses(); err == nil {
		t.Error("an endpoint that is no URL has an address")
	}
}

// A version is added to each endpoint. It may stand at the end of IAM's, as in
// the vendor's auth_url; anywhere else there would be two.
func TestParseServiceEndpoint(t *testing.T) {
	t.Parallel()

	const added, after = "must not contain a version (%s), which is added", "must end after its version (%s)"
	tests := map[string]struct{ service, endpoint, problem, version string }{
		"fgs":                         {service: "fgs", endpoint: "https://fgs.test/v2-gateway/dev2"},
		"fgs, at the end":             {"fgs", "https://fgs.test/v2", added, "/v2"},
		"fgs, at the end, with slash": {"fgs", "https://fgs.test/v2/", added, "/v2"},
		"fgs, in the middle":          {"fgs", "https://fgs.test/v2/p", added, "/v2"},
		"sts":                         {service: "sts", endpoint: "sts.test/prefix"},
		"sts, at the end":             {"sts", "https://sts.test/v5", added, "/v5"},
		"iam":                         {service: "iam", endpoint: "iam.test"},
		"iam, at the end":             {service: "iam", endpoint: "https://iam.test/prefix/v3"},
		"iam, another, with slash":    {service: "iam", endpoint: "https://iam.test/v3.0/"},
		"iam, two slashes":            {"iam", "https://iam.test/v3//", after, "/v3"},
		"iam, Keystone's tokens":      {"iam", "https://iam.test/v3/auth/tokens", after, "/v3"},
		"iam, projects":               {"iam", "https://iam.test/prefix/v3/projects/", after, "/v3"},
		"iam, twice":                  {"iam", "https://iam.test/v3.0/v3", after, "/v3.0"},
		"another service":             {service: "obs", endpoint: "https://obs.test/v1/x"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			want := ""
			if test.problem != "" {
				want = fmt.Sprintf(test.problem, test.version)
			}
			got := ""
			if _, err := ParseServiceEndpoint(test.service, test.endpoint); err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestNew_refused(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		cfg  Config
		want string
	}{
		"no region": {Config{}, "the region must not be empty"},
		"FunctionGraph": {
			Config{Region: "r", Endpoints: map[string]string{"fgs": "ftp://x"}}, "the FunctionGraph endpoint must begin with",
		},
		"IAM": {
			Config{Region: "r", Endpoints: map[string]string{"iam": "ftp://x"}}, "the IAM endpoint must begin with",
		},
		"auth_url": {Config{Region: "r", AuthURL: "ftp://x"}, "the IAM endpoint must begin with"},
		"a version": {
			Config{Region: "r", Endpoints: map[string]string{"fgs": "x/v2/p"}},
			"the FunctionGraph endpoint must not contain a version",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if c, err := New(test.cfg); c != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestAnotherRegion_refused(t *testing.T) {
	t.Parallel()

	c := newTestClient(t, nil)
	if r, err := c.region("no region"); err == nil {
		t.Errorf("got %s, want an error", r.endpoints.iam)
	}
}

func TestUsesEndpoint(t *testing.T) {
	t.Parallel()

	for service, want := range map[string]bool{"fgs": true, "iam": true, "sts": true, "obs": false, "": false} {
		if got := UsesEndpoint(service); got != want {
			t.Errorf("%q: got %t, want %t", service, got, want)
		}
	}
}

func TestRegionPattern(t *testing.T) {
	t.Parallel()

	tests := map[string]bool{
		"cn-north-4": true, "r": true, "RegionOne": true,
		"": false, "-a": false, "a-": false, "a.b": false, "a/b": false, "a b": false, "a\n": false, "a@b": false,
	}
	for region, want := range tests {
		if got := RegionPattern.MatchString(region); got != want {
			t.Errorf("%q: got %t, want %t", region, got, want)
		}
	}
}

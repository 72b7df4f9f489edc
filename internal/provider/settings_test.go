package provider

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// Every argument that is a text follows the same order: block, then its
// variables one after the other; what is empty is not there.
func TestResolve_precedence(t *testing.T) {
	t.Parallel()
	get := map[string]func(settings) string{
		"region":         func(s settings) string { return s.region },
		"access_key":     func(s settings) string { return s.accessKey },
		"secret_key":     func(s settings) string { return s.secretKey },
		"security_token": func(s settings) string { return s.securityToken },
		"project_id":     func(s settings) string { return s.projectID },
		"project_name":   func(s settings) string { return s.projectName },
		"cloud":          func(s settings) string { return s.cloud },
		"auth_url":       func(s settings) string { return s.authURL },
	}
	for field := range reflect.TypeFor[providerModel]().Fields() {
		argument := field.Tag.Get("tfsdk")
		if field.Type != reflect.TypeFor[types.String]() {
			continue
		}
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			all := environment{}
			for _, variable := range variables[argument] {
				all[variable] = "from-" + variable
			}
			expect := func(inBlock types.String, env environment, want, wantSource string) {
				t.Helper()
				var block providerModel
				fieldOf(t, &block, argument).Set(reflect.ValueOf(inBlock))
				s, _ := resolve(block, env.getenv)
				if got := get[argument](s); got != want || s.sources[argument] != wantSource {
					t.Errorf("got %q from %q, want %q from %q", got, s.sources[argument], want, wantSource)
				}
			}
			expect(types.StringValue("in-block"), all, "in-block", "the provider block")
			for _, variable := range variables[argument] {
				expect(types.StringNull(), all, "from-"+variable, "environment variable "+variable)
				expect(types.StringValue(""), all, "from-"+variable, "environment variable "+variable)
				all[variable] = ""
			}
			expect(types.StringValue(""), all, "", "")
		})
	}
}

// The table of PROVIDER-BLOCK.md: the vendor's names, in the vendor's order.
func TestVariables_names(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"region":         {"HW_REGION_NAME", "OS_REGION_NAME"},
		"access_key":     {"HW_ACCESS_KEY", "OS_ACCESS_KEY"},
		"secret_key":     {"HW_SECRET_KEY", "OS_SECRET_KEY"},
		"security_token": {"HW_SECURITY_TOKEN"},
		"project_id":     {"HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"},
		"project_name":   {"HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"},
		"cloud":          {"HW_CLOUD"},
		"auth_url":       {"HW_AUTH_URL", "OS_AUTH_URL"},
		"insecure":       {"HW_INSECURE", "OS_INSECURE"},
		"max_retries":    {"HW_MAX_RETRIES"},
	}
	if diff := cmp.Diff(want, variables); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
}

func TestResolve_booleanAndCount(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		block       providerModel
		environment environment
		insecure    bool
		maxRetries  int
		problems    []string
	}{
		"defaults":      {maxRetries: 5},
		"environment":   {environment: environment{"HW_INSECURE": "TRUE", "HW_MAX_RETRIES": "0"}, insecure: true, maxRetries: 0},
		"second choice": {environment: environment{"HW_INSECURE": "", "OS_INSECURE": "1", "HW_MAX_RETRIES": ""}, insecure: true, maxRetries: 5},
		"block":         {block: providerModel{Insecure: types.BoolValue(true), MaxRetries: types.Int64Value(7)}, insecure: true, maxRetries: 7},
		"block of zeros": {
			block:       providerModel{Insecure: types.BoolValue(false), MaxRetries: types.Int64Value(0)},
			environment: environment{"HW_INSECURE": "true", "HW_MAX_RETRIES": "9"},
		},
		"block hides bad variables": {
			block:       providerModel{Insecure: types.BoolValue(false), MaxRetries: types.Int64Value(1)},
			environment: environment{"HW_INSECURE": "maybe", "HW_MAX_RETRIES": "some"},
			maxRetries:  1,
		},
		"bad": {
			environment: environment{"OS_INSECURE": "maybe", "HW_MAX_RETRIES": "-1"},
			maxRetries:  -1,
			problems: []string{
				"insecure: Invalid insecure setting\nAttribute insecure (from environment variable OS_INSECURE) must be true or false, got: \"maybe\"",
				"max_retries: Invalid number of retries\nAttribute max_retries (from environment variable HW_MAX_RETRIES) must be a whole number of at least 0, got: \"-1\"",
			},
		},
		"no whole number": {
			environment: environment{"HW_MAX_RETRIES": "1.5"},
			problems: []string{
				"max_retries: Invalid number of retries\nAttribute max_retries (from environment variable HW_MAX_RETRIES) must be a whole number of at least 0, got: \"1.5\"",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := maps.Clone(enough)
			maps.Copy(env, tt.environment)
			s, diags := resolve(tt.block, env.getenv)
			if s.insecure != tt.insecure || s.maxRetries != tt.maxRetries {
				t.Errorf("got insecure %t, max_retries %d", s.insecure, s.maxRetries)
			}
			if diff := cmp.Diff(tt.problems, wordings(diags)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolve_endpoints(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	tests := map[string]struct {
		endpoints map[string]attr.Value
		want      map[string]string
		problems  []string
	}{
		"none":                   {want: map[string]string{}},
		"taken as written":       {endpoints: map[string]attr.Value{"fgs": text("fgs.test"), "iam": text("http://iam.test/prefix")}, want: map[string]string{"fgs": "fgs.test", "iam": "http://iam.test/prefix"}},
		"others may be anything": {endpoints: map[string]attr.Value{"obs": text("ftp://obs.test")}, want: map[string]string{"obs": "ftp://obs.test"}},
		"null is not set":        {endpoints: map[string]attr.Value{"fgs": types.StringNull()}, want: map[string]string{}},
		"others may be unknown":  {endpoints: map[string]attr.Value{"obs": types.StringUnknown()}, want: map[string]string{}},
		"a version": {
			endpoints: map[string]attr.Value{"fgs": text("https://fgs.test/v2/"), "iam": text("https://iam.test/v3")},
			want:      map[string]string{"iam": "https://iam.test/v3"},
			problems: []string{
				`endpoints["fgs"]: Invalid endpoint` + "\n" + `Attribute endpoints["fgs"] must not end in a version, which is added, got: "https://fgs.test/v2/".`,
			},
		},
		"bad": {
			endpoints: map[string]attr.Value{"fgs": text(""), "iam": text("ftp://iam.test"), "obs": text("")},
			want:      map[string]string{},
			problems: []string{
				`endpoints["fgs"]: Invalid endpoint` + "\n" + `Attribute endpoints["fgs"] must not be empty.`,
				`endpoints["iam"]: Invalid endpoint` + "\n" + `Attribute endpoints["iam"] must begin with https:// or http://, got: "ftp://iam.test".`,
				`endpoints["obs"]: Invalid endpoint` + "\n" + `Attribute endpoints["obs"] must not be empty.`,
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var block providerModel
			if tt.endpoints != nil {
				block.Endpoints = types.MapValueMust(types.StringType, tt.endpoints)
			}
			s, diags := resolve(block, enough.getenv)
			if diff := cmp.Diff(tt.want, s.endpoints); diff != "" {
				t.Errorf("endpoints (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.problems, wordings(diags)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolve_everythingWrongAtOnce(t *testing.T) {
	t.Parallel()
	const secret = "Planted"
	env := environment{"OS_REGION_NAME": "cn north", "HW_ACCESS_KEY": secret + "\n", "HW_CLOUD": "https://cloud.test", "HW_SECURITY_TOKEN": secret + " "}
	_, diags := resolve(providerModel{ProjectID: types.StringValue("../p"), AuthURL: types.StringValue("https://")}, env.getenv)
	got := wordings(diags)
	const secretProblem = "must not contain spaces, line breaks or control characters; was it copied with the end of its line? (The value is not shown.)"
	want := []string{
		"region: Invalid region\nAttribute region (from environment variable OS_REGION_NAME) must be a region's ID such as \"cn-north-4\", got: \"cn north\"",
		"secret_key: Missing secret key\nAttribute secret_key must be set in the provider block, or in the environment variable HW_SECRET_KEY or OS_SECRET_KEY. " +
			"Its other half, access_key, is set by environment variable HW_ACCESS_KEY.",
		"access_key: Invalid access key\nAttribute access_key (from environment variable HW_ACCESS_KEY) " + secretProblem,
		"security_token: Invalid security token\nAttribute security_token (from environment variable HW_SECURITY_TOKEN) " + secretProblem,
		"project_id: Invalid project ID\nAttribute project_id must be a project's ID of letters and digits, got: \"../p\"",
		"cloud: Invalid cloud\nAttribute cloud (from environment variable HW_CLOUD) must be a domain such as \"myhuaweicloud.com\", got: \"https://cloud.test\"",
		"auth_url: Invalid IAM endpoint\nAttribute auth_url must name a host, got: \"https://\"",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if strings.Contains(strings.Join(got, ""), secret) {
		t.Error("a secret is shown")
	}
}

func TestResolve_missing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		block       providerModel
		environment environment
		want        []string
	}{
		"nothing but a region: the first read asks for keys": {environment: environment{"HW_REGION_NAME": "cn-north-4"}},
		"no region": {
			environment: environment{"HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK"},
			want: []string{"region: Missing region\nAttribute region must be set in the provider block, or in the environment variable HW_REGION_NAME or OS_REGION_NAME. " +
				"It is the region to read from, for example \"cn-north-4\"."},
		},
		"half a pair, no access key": {
			block:       providerModel{SecretKey: types.StringValue("SK")},
			environment: environment{"HW_REGION_NAME": "cn-north-4"},
			want: []string{"access_key: Missing access key\nAttribute access_key must be set in the provider block, or in the environment variable HW_ACCESS_KEY or OS_ACCESS_KEY. " +
				"Its other half, secret_key, is set by the provider block."},
		},
		"a pair of two origins": {
			block:       providerModel{AccessKey: types.StringValue("AK")},
			environment: environment{"HW_REGION_NAME": "cn-north-4", "OS_SECRET_KEY": "SK"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := resolve(tt.block, tt.environment.getenv)
			if diff := cmp.Diff(tt.want, wordings(diags)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSettings_clientConfig(t *testing.T) {
	t.Parallel()
	s, diags := resolve(providerModel{
		Region: types.StringValue("cn-north-4"), Cloud: types.StringValue("cloud.test"), AuthURL: types.StringValue("https://iam.test"),
		ProjectID: types.StringValue("p"), ProjectName: types.StringValue("name"), Insecure: types.BoolValue(true), MaxRetries: types.Int64Value(2),
		Endpoints: types.MapValueMust(types.StringType, map[string]attr.Value{"fgs": types.StringValue("fgs.test")}),
	}, environment{"HW_ACCESS_KEY": "AK", "OS_SECRET_KEY": "SK", "HW_SECURITY_TOKEN": "T"}.getenv)
	if diags.HasError() {
		t.Fatal(diags)
	}
	want := client.Config{
		Region: "cn-north-4", Cloud: "cloud.test", AuthURL: "https://iam.test", ProjectID: "p", ProjectName: "name", Insecure: true, MaxRetries: 2,
		Endpoints:   map[string]string{"fgs": "fgs.test"},
		Credentials: client.Credentials{AccessKey: "AK", SecretKey: "SK", SecurityToken: "T", Source: "environment variable HW_ACCESS_KEY"},
	}
	if diff := cmp.Diff(want, s.clientConfig()); diff != "" {
		t.Errorf("client's configuration (-want +got):\n%s", diff)
	}
}

package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/datasources"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// configure calls Configure as Terraform does.
func configure(t *testing.T, env environment, deferralAllowed bool, arguments args) provider.ConfigureResponse {
	t.Helper()
	var resp provider.ConfigureResponse
	New(Options{Version: "test", Getenv: env.Getenv})().Configure(t.Context(), provider.ConfigureRequest{
		TerraformVersion:   "1.11.4",
		Config:             configOf(t, arguments),
		ClientCapabilities: provider.ConfigureProviderClientCapabilities{DeferralAllowed: deferralAllowed},
	}, &resp)

	return resp
}

// atRead returns the errors of the next read about settings, if any.
func atRead(t *testing.T, configured provider.ConfigureResponse) []string {
	t.Helper()
	if data, ok := configured.DataSourceData.(*datasources.ProviderData); ok && data.Client != nil {
		return nil // it would send requests
	}

	return wordings(readWith(t.Context(), t, configured.DataSourceData))
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	var resp provider.MetadataResponse
	New(Options{Version: "1.2.3", Getenv: environment{}.Getenv})().Metadata(t.Context(),
		provider.MetadataRequest{}, &resp)
	if resp.TypeName != "huaweicloud" || resp.Version != "1.2.3" {
		t.Errorf("got type name %q, version %q", resp.TypeName, resp.Version)
	}
}

func TestConfigure_sendsNothing(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	resp := configure(t, enough, false, args{
		"endpoints":   args{"fgs": srv.URL, "iam": srv.URL, "sts": srv.URL},
		"assume_role": []args{{"agency_name": "a", "domain_name": "d"}, {"agency_name": "b", "domain_id": "i"}},
	})
	data, ok := resp.DataSourceData.(*datasources.ProviderData)
	if !ok || data.Client == nil || data.Client.Region() != "cn-north-4" || len(data.Unknown) > 0 {
		t.Errorf("got provider data %+v, diagnostics %v", resp.DataSourceData, resp.Diagnostics)
	}
	if requests := srv.Requests(); len(requests) > 0 {
		t.Errorf("got %d requests", len(requests))
	}
}

func TestClientConfig(t *testing.T) {
	t.Parallel()
	p := &fgsProvider{Options{Version: "1.2.3", Getenv: enough.Getenv, MetadataURL: "http://metadata.test"}}
	got := p.clientConfig(&settings{config: client.Config{Region: "cn-north-4"}}, "1.11.4")
	if got.Region != "cn-north-4" || got.MetadataURL != "http://metadata.test" || got.Observe == nil ||
		got.UserAgent != "terraform-provider-huaweicloud-fgs/1.2.3 Terraform/1.11.4" {
		t.Errorf("got %+v", got)
	}
}

func TestConfigure_unknown(t *testing.T) {
	t.Parallel()
	unknown := args{"region": notKnown{}, "secret_key": notKnown{}, "assume_role": notKnown{},
		"default_tags": notKnown{}}
	for name, deferralAllowed := range map[string]bool{"deferral allowed": true, "else": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := configure(t, environment{}, deferralAllowed, unknown)
			if len(resp.Diagnostics) > 0 {
				t.Errorf("got diagnostics %v, want none: a data source that waits may still be read", resp.Diagnostics)
			}
			if deferred := resp.Deferred != nil; deferred != deferralAllowed {
				t.Errorf("deferred is %t", deferred)
			}
			if deferralAllowed && resp.Deferred.Reason != provider.DeferredReasonProviderConfigUnknown {
				t.Errorf("got reason %s", resp.Deferred.Reason)
			}
			want := &datasources.ProviderData{Unknown: []string{"assume_role", "region", "secret_key"}}
			if diff := cmp.Diff(want, resp.DataSourceData); diff != "" {
				t.Errorf("provider data (-want +got):\n%s", diff)
			}
		})
	}
}

// Arguments that only some credentials need can be unknown with other credentials.
// An unknown password defers the read, because the ECS instance must not read in
// its place. So does an unknown account name for a token exchange.
func TestConfigure_unknownForSome(t *testing.T) {
	t.Parallel()
	login := args{"password": notKnown{}, "user_name": notKnown{}, "user_id": notKnown{}}
	onECS := environment{"HW_REGION_NAME": "cn-north-4"}
	account := args{"domain_name": notKnown{}}
	withToken := environment{"HW_REGION_NAME": "cn-north-4", "HW_AUTH_TOKEN": "T"}
	with := func(env environment, name, value string) environment {
		env = maps.Clone(env)
		env[name] = value
		return env
	}
	tests := map[string]struct {
		env   environment
		block args
		want  []string
	}{
		"with keys":           {env: enough, block: login},
		"with nothing better": {env: onECS, block: login, want: []string{"password", "user_id", "user_name"}},
		"some of it": {env: onECS, block: args{"password": notKnown{}, "user_name": "u"},
			want: []string{"password"}},
		"with others not known too": {env: enough, block: args{"password": notKnown{}, "token": notKnown{}},
			want: []string{"token"}},

		"account, with keys":    {env: enough, block: account},
		"account, on ECS":       {env: onECS, block: account},
		"account, with a token": {env: withToken, block: account, want: []string{"domain_name"}},
		"account, with a token and a variable": {env: with(withToken, "HW_DOMAIN_NAME", "left-over"),
			block: account, want: []string{"domain_name"}},
		"account, with a token and its ID":         {env: with(withToken, "HW_DOMAIN_ID", "d"), block: account},
		"account, with a token and a project's ID": {env: with(withToken, "HW_PROJECT_ID", "p"), block: account},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := configure(t, tt.env, true, tt.block)
			data, ok := resp.DataSourceData.(*datasources.ProviderData)
			if !ok || len(resp.Diagnostics) > 0 {
				t.Fatalf("got provider data %v and diagnostics %v", resp.DataSourceData, resp.Diagnostics)
			}
			if diff := cmp.Diff(tt.want, data.Unknown); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
			if waits := len(tt.want) > 0; (data.Client == nil) != waits || (resp.Deferred != nil) != waits {
				t.Errorf("got client %v, deferred %v", data.Client, resp.Deferred)
			}
		})
	}
}

// The first read reports all problems of the environment at once, each once.
func TestConfigure_problems(t *testing.T) {
	t.Parallel()
	resp := configure(t, environment{"HW_MAX_RETRIES": "x"}, false, args{"access_key": "AK"})
	data, ok := resp.DataSourceData.(*datasources.ProviderData)
	if len(resp.Diagnostics) > 0 || !ok || data.Client != nil {
		t.Fatalf("got provider data %v and diagnostics %q, want no client and no diagnostics", resp.DataSourceData,
			wordings(resp.Diagnostics))
	}
	want := []string{
		"Invalid number of retries\nAttribute max_retries (from environment variable HW_MAX_RETRIES) must be a whole " +
			"number of at least 0, got: \"x\"",
		"Missing region\nAttribute region must be set in the provider block, or in the environment variable " +
			"HW_REGION_NAME or OS_REGION_NAME. " +
			"It is the region to read from, for example \"cn-north-4\".",
		"Missing secret key\nAttribute secret_key must be set in the provider block, or in the environment variable " +
			"HW_SECRET_KEY or OS_SECRET_KEY. " +
			"Its other half, access_key, is set by the provider block.",
	}
	if diff := cmp.Diff(want, atRead(t, resp)); diff != "" {
		t.Errorf("first read (-want +got):\n%s", diff)
	}
	again := []string{"Provider is not usable\nThis read fails for the same reasons as the first one, which " +
		"explains them: " +
		"Invalid number of retries, Missing region, Missing secret key."}
	if diff := cmp.Diff(again, atRead(t, resp)); diff != "" {
		t.Errorf("second read (-want +got):\n%s", diff)
	}
}

// Errors in the block do not depend on a read.
func TestConfigure_mistakes(t *testing.T) {
	t.Parallel()
	resp := configure(t, environment{"HW_MAX_RETRIES": "x"}, false, args{"region": "cn north"})
	want := []string{"region: Invalid region\nAttribute region must be a region's ID such as \"cn-north-4\", got: " +
		"\"cn north\""}
	if diff := cmp.Diff(want, wordings(resp.Diagnostics)); diff != "" || resp.DataSourceData != nil {
		t.Errorf("got provider data %v; diagnostics (-want +got):\n%s", resp.DataSourceData, diff)
	}
}

// validate calls the server as Terraform does during validation.
func validate(t *testing.T, arguments args) []string {
	t.Helper()
	server := providerserver.NewProtocol6(New(Options{Version: "test", Getenv: enough.Getenv})())()
	config := configOf(t, arguments)
	raw, err := tfprotov6.NewDynamicValue(config.Raw.Type(), config.Raw)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: &raw})
	if err != nil {
		t.Fatal(err)
	}
	var result []string
	for _, d := range resp.Diagnostics {
		at := strings.ReplaceAll(strings.ReplaceAll(d.Attribute.String(), `AttributeName("`, ""), `")`, "")
		result = append(result, at+": "+d.Summary+"\n"+d.Detail)
	}
	slices.Sort(result)

	return result
}

// Errors that need no environment are reported at validation.
func TestValidateConfig(t *testing.T) {
	t.Parallel()
	everything := args{}
	for name, attribute := range providerSchema().Attributes {
		if _, isText := attribute.(schema.StringAttribute); isText {
			everything[name] = notKnown{}
		}
	}
	maps.Copy(everything, args{"endpoints": notKnown{}, "max_retries": notKnown{}, "assume_role": notKnown{},
		"assume_role_with_oidc": notKnown{}})
	tests := map[string]struct {
		block args
		want  []string
	}{
		"nothing":       {},
		"nothing known": {block: everything},
		"duration 0, which is none": {block: args{"assume_role": []args{{"duration": 0}},
			"assume_role_with_oidc": []args{{"duration": 0}}}},
		"known only partly": {block: args{"endpoints": args{"fgs": notKnown{}},
			"assume_role":           []args{{"domain_id": notKnown{}, "duration": notKnown{}}},
			"assume_role_with_oidc": []args{{"id_token": notKnown{}, "id_token_file": "f"}}}},
		"half of it may be in the environment": {block: args{"access_key": "AK", "cert": "c.pem", "user_name": "u",
			"cacert_file": "nothing.pem", "assume_role": []args{{}}}},
		"everything wrong": {
			block: args{
				"region": "cn north", "access_key": "A K", "endpoints": args{"fgs": "https://fgs.test/v2", "obs": ""},
				"auth_url": "ftp://iam.test", "max_retries": -1,
				"signing_algorithm": "HmacSM3", "cacert_file": "-----BEGIN nothing", "agency_name": "a",
				"assume_role":           []args{{"duration": 1.5}, {"domain_id": "i j"}},
				"assume_role_with_oidc": []args{{"id_token": "T", "id_token_file": "f", "duration": 86400}},
			},
			want: []string{
				"access_key: Invalid access key\nAttribute access_key " + notShown,
				"agency_name: Old form of an agency\nAttribute agency_name, set by the provider block, is not " +
					"supported, nor are agency_domain_name and delegated_project. " +
					"Use this in the provider block instead:\n\n  assume_role {\n    agency_name = \"a\"\n    " +
					"domain_name = \"...\"\n  }",
				"assume_role.ElementKeyInt(0).duration: Invalid duration\nAttribute assume_role[0].duration must be " +
					"a whole number of seconds from 900 to 86400, got: \"1.5\"",
				"assume_role.ElementKeyInt(1).domain_id: Invalid account ID\nAttribute assume_role[1].domain_id must " +
					"be an account's ID of letters and digits, got: \"i j\"",
				"assume_role_with_oidc.ElementKeyInt(0).duration: Invalid duration\nAttribute " +
					"assume_role_with_oidc[0].duration must be a whole number of seconds from 900 to 43200, " +
					"got: \"86400\"",
				"assume_role_with_oidc.ElementKeyInt(0).id_token: Two ID tokens\nAttributes " +
					"assume_role_with_oidc[0].id_token and assume_role_with_oidc[0].id_token_file must not both be " +
					"set: leave one of them out.",
				"auth_url: Invalid IAM endpoint\nAttribute auth_url must begin with https:// or http://, got: " +
					"\"ftp://iam.test\"",
				"cacert_file: Invalid CA certificates\nAttribute cacert_file must contain at least one certificate in " +
					"PEM (-----BEGIN CERTIFICATE-----), and none can be read",
				"endpoints.ElementKeyString(\"fgs: Invalid endpoint\nAttribute endpoints[\"fgs\"] must not contain a " +
					"version (/v2), which is added, got: \"https://fgs.test/v2\".",
				"endpoints.ElementKeyString(\"obs: Invalid endpoint\nAttribute endpoints[\"obs\"] must not be empty.",
				"max_retries: Invalid number of retries\nAttribute max_retries must be a whole number of at least 0, " +
					"got: \"-1\"",
				"region: Invalid region\nAttribute region must be a region's ID such as \"cn-north-4\", got: " +
					"\"cn north\"",
				"signing_algorithm: Invalid signing algorithm\nAttribute signing_algorithm must be \"HmacSHA256\" or " +
					"left out: \"HmacSM3\" is not supported yet",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, validate(t, tt.block)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Validation reports every problem of a format.
func TestValidateConfig_formats(t *testing.T) {
	t.Parallel()
	const wrong = "-----BEGIN \n"
	for name := range formats {
		if name == "insecure" { // Terraform itself wants a boolean
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var value any = wrong
			if strings.HasSuffix(name, "duration") || name == "max_retries" {
				value = -1
			}
			arguments := args{name: value}
			if block, nested, isNested := strings.Cut(name, "."); isNested {
				arguments = args{block: []args{{nested: value}}}
			}
			if got := validate(t, arguments); len(got) != 1 {
				t.Errorf("got %q, want one problem", got)
			}
		})
	}
}

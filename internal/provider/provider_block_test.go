package provider

import (
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// blockRow is a case of the compatibility with the vendor's provider: a
// configuration, and the resulting client or errors.
type blockRow struct {
	argument string
	name     string
	block    args
	env      environment // beside a region and a pair of keys
	without  []string    // variables of these that are not set
	files    map[string]string

	want     func(*client.Config) // how the client differs from one with region and keys alone
	problems []string             // of Configure: mistakes in the block, and warnings
	atRead   []string             // what is wrong in files and in the environment
}

// Every argument of the block and every variable has its rows.
func TestProviderBlock(t *testing.T) {
	t.Parallel()
	for _, row := range blockRows(t) {
		t.Run(row.argument+"/"+row.name, func(t *testing.T) {
			t.Parallel()
			env := maps.Clone(enough)
			maps.Copy(env, row.env)
			for _, variable := range row.without {
				delete(env, variable)
			}
			env["HOME"] = acctest.Home(t, row.files)

			s, diags := resolve(t.Context(), blockOf(t, row.block), env.Getenv)
			if diff := cmp.Diff(row.problems, wordings(diags)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(row.atRead, wordings(s.problems)); diff != "" {
				t.Errorf("problems at the first read (-want +got):\n%s", diff)
			}
			if all := strings.Join(append(wordings(diags), wordings(s.problems)...),
				""); strings.Contains(strings.ToLower(all), "planted") && !strings.Contains(all, "~/planted") {
				t.Errorf("a secret is shown: %s", all)
			}
			if diags.HasError() || s.problems.HasError() {
				return
			}
			want := client.Config{
				Region: "cn-north-4", MaxRetries: 5, Endpoints: map[string]string{},
				Credentials: client.Credentials{AccessKey: "AK", SecretKey: "SK",
					Source: "environment variable HW_ACCESS_KEY"},
			}
			if row.want != nil {
				row.want(&want)
			}
			if diff := cmp.Diff(want, s.config, sameConfig); diff != "" {
				t.Errorf("client's configuration (-want +got):\n%s", diff)
			}
		})
	}
}

// Every argument and every variable has a row.
func TestProviderBlock_complete(t *testing.T) {
	t.Parallel()
	arguments := map[string]bool{}
	used := map[string]bool{}
	for _, row := range blockRows(t) {
		arguments[row.argument] = true
		for variable := range row.env {
			used[row.argument+" "+variable] = true
		}
	}
	for _, argument := range allArguments() {
		if !arguments[argument] {
			t.Errorf("no row for argument %s", argument)
		}
		delete(arguments, argument)
	}
	if len(arguments) > 0 {
		t.Errorf("rows for unknown arguments: %v", slices.Collect(maps.Keys(arguments)))
	}
	for argument, names := range variables {
		for _, variable := range names {
			if !used[argument+" "+variable] {
				t.Errorf("no row for variable %s of %s", variable, argument)
			}
		}
	}
}

// allArguments returns all arguments of the block, including those of nested
// blocks.
func allArguments() []string {
	var result []string
	block := providerSchema()
	for name := range block.Attributes {
		result = append(result, name)
	}
	for name, nested := range block.Blocks {
		if list, ok := nested.(schema.ListNestedBlock); ok {
			for argument := range list.NestedObject.Attributes {
				result = append(result, name+"."+argument)
			}
		}
	}

	return result
}

// precedence returns the rows of an argument with one value: the block, then its
// variables in order. Empty values count as unset.
func precedence(argument string, value any, set func(*client.Config)) []blockRow {
	const other = "not-this-one"
	env := environment{}
	for _, variable := range variables[argument] {
		env[variable] = other
	}
	rows := []blockRow{{argument: argument, name: "block", block: args{argument: value},
		env: maps.Clone(env), want: set}}
	for _, variable := range variables[argument] {
		env[variable] = fmt.Sprint(value)
		rows = append(rows, blockRow{argument: argument, name: variable, env: maps.Clone(env), want: set})
		if _, isText := value.(string); isText {
			rows = append(rows, blockRow{argument: argument, name: variable + ", empty in the block",
				block: args{argument: ""}, env: maps.Clone(env), want: set})
		}
		env[variable] = ""
	}
	if argument != "region" { // region is required
		rows = append(rows, blockRow{argument: argument, name: "nowhere", env: env})
	}

	return rows
}

// refusals returns rows of invalid values in the block and in the argument's first
// variable. VALUE in the problem stands for the value.
func refusals(argument, summary, problem string, values ...any) []blockRow {
	variable := variables[argument][0]
	var rows []blockRow
	for _, value := range values {
		text := fmt.Sprint(value)
		says := func(named string) []string {
			return []string{argument + ": Invalid " + summary + "\nAttribute " + named + " " +
				strings.ReplaceAll(problem, "VALUE", text)}
		}
		rows = append(rows,
			blockRow{
				argument: argument, name: fmt.Sprintf("%s refused: %q", variable, text),
				env:    environment{variable: text},
				atRead: says(argument + " (from environment variable " + variable + ")"),
			},
			blockRow{argument: argument, name: fmt.Sprintf("block refused: %q", text), block: args{argument: value},
				problems: says(argument)})
	}

	return rows
}

// notShown is the error about a secret with other characters than those of one
// word.
const notShown = "must not contain spaces, line breaks or control characters; was it copied with the end of its " +
	"line? (The value is not shown.)"

// unused is the warning about arguments of the block that others replace.
func unused(at, what, why string) []string {
	return []string{"warning: " + at + ": Argument without effect\nIn the provider block " + what +
		" not used: " + why + "."}
}

// beaten is the warning about an argument of the block that the profile "dev"
// replaces.
func beaten(argument, inBlock, inProfile string) string {
	return fmt.Sprintf("warning: %[1]s: Argument without effect\nAttribute %[1]s of the provider block is %[2]q, and "+
		"is not used: "+
		"the profile \"dev\" of \"~/.hcloud/config.json\" has %[3]q, and a profile beats the block. "+
		"Remove %[1]s from the block, or use another profile.", argument, inBlock, inProfile)
}

const (
	hiddenCharacter = "must not contain line breaks or control characters; was it copied with the end of its line?"
	quotesRemain    = "The quotes are part of the value: leave them out where no shell removes them, as in a file " +
		"for docker --env-file."
)

func blockRows(t *testing.T) []blockRow {
	t.Helper()

	return slices.Concat(placeRows(), keyRows(), tokenRows(), profileRows(), agencyRows(), oidcRows(), refusedRows(),
		transportRows(t), ignoredRows())
}

// placeRows are about region, project, account and endpoints.
func placeRows() []blockRow {
	rows := slices.Concat(
		precedence("region", "cn-east-3", func(c *client.Config) { c.Region = "cn-east-3" }),
		refusals("region", "region", `must be a region's ID such as "cn-north-4", got: "VALUE"`, "cn north", "-",
			"cn/north"),
		beforeAgency(precedence("domain_id", "d", func(c *client.Config) { c.DomainID = "d" })),
		beforeAgency(refusals("domain_id", "account ID",
			`must be an account's ID of letters and digits, got: "VALUE"`, "a b")),
		withToken(precedence("domain_name", "home account", func(c *client.Config) { c.DomainName = "home account" })),
		withToken(precedence("domain_id", "d", func(c *client.Config) { c.DomainID = "d" })),
		precedence("project_id", "p", func(c *client.Config) { c.ProjectID = "p" }),
		refusals("project_id", "project ID",
			`must be a project's ID of letters and digits, got: "VALUE". If that is the name of the project, it `+
				`belongs in project_name`, "../p"),
		precedence("project_name", "cn-north-4_sub project",
			func(c *client.Config) { c.ProjectName = "cn-north-4_sub project" }),
		precedence("tenant_id", "p", func(c *client.Config) { c.ProjectID = "p" }),
		refusals("tenant_id", "project ID",
			`must be a project's ID of letters and digits, got: "VALUE". If that is the name of the project, it `+
				`belongs in project_name`, "../p"),
		precedence("tenant_name", "name", func(c *client.Config) { c.ProjectName = "name" }),
		precedence("cloud", "prod-cloud-ocb.orange-business.com",
			func(c *client.Config) { c.Cloud = "prod-cloud-ocb.orange-business.com" }),
		refusals("cloud", "cloud", `must be a domain such as "myhuaweicloud.com", got: "VALUE"`, "https://cloud.test",
			"cloud.test/"),
		precedence("auth_url", "https://iam.test/v3", func(c *client.Config) { c.AuthURL = "https://iam.test/v3" }),
		refusals("auth_url", "IAM endpoint", `must begin with https:// or http://, got: "VALUE"`, "ftp://iam.test"),
		refusals("auth_url", "IAM endpoint", `must end after its version (/v3), got: "VALUE"`,
			"https://iam.test/v3/auth/tokens"),
		refusals("auth_url", "IAM endpoint", `must have a port from 1 to 65535, got: "VALUE"`,
			"https://iam.test:99999/v3"),
		precedence("signing_algorithm", "HmacSHA256", nil),
		refusals("signing_algorithm", "signing algorithm",
			`must be "HmacSHA256" or left out: "VALUE" is not supported yet`, "HmacSM3", "EcdsaP256SHA256", "SM2SM3"),
		refusals("signing_algorithm", "signing algorithm", `must be "HmacSHA256" or left out, got: "VALUE"`, "MD5"),
	)

	return append(rows,
		blockRow{
			argument: "region", name: "missing", without: []string{"HW_REGION_NAME"},
			atRead: []string{"region: Missing region\nAttribute region must be set in the provider block, or in the " +
				"environment variable HW_REGION_NAME or OS_REGION_NAME. " +
				"It is the region to read from, for example \"cn-north-4\"."},
		},
		blockRow{
			argument: "region", name: "missing, also in the profile", without: []string{"HW_REGION_NAME"},
			block: args{"profile": "bare"},
			files: map[string]string{".hcloud/config.json": `{"profiles":[{"name":"bare","accessKeyId":"AKP",` +
				`"secretAccessKey":"SKP"}]}`},
			atRead: []string{"region: Missing region\nAttribute region must be set in the provider block, or in the " +
				"environment variable HW_REGION_NAME or OS_REGION_NAME. " +
				"It is the region to read from, for example \"cn-north-4\". The profile \"bare\" of " +
				"\"~/.hcloud/config.json\" has none either."},
		},
		blockRow{argument: "domain_id", name: "malformed, and not used without an agency",
			env: environment{"HW_DOMAIN_ID": "a b"}},
		blockRow{argument: "domain_name", name: "not used without a token", block: args{"domain_name": "home account"}},
		beforeAgency([]blockRow{{
			argument: "domain_id", name: "of the ECS instance, in the block", block: args{"domain_id": "d"},
			without: []string{"HW_ACCESS_KEY", "HW_SECRET_KEY"},
			want:    func(c *client.Config) { c.Credentials, c.DomainID = client.Metadata{}, "d" },
		}})[0],
		beforeAgency([]blockRow{{
			argument: "domain_id", name: "not of the ECS instance", env: environment{"HW_DOMAIN_ID": "a b"},
			without: []string{"HW_ACCESS_KEY", "HW_SECRET_KEY"},
			want:    func(c *client.Config) { c.Credentials = client.Metadata{} },
		}})[0],
		blockRow{
			argument: "domain_id", name: "not of the identity provider's account",
			env: environment{"HW_DOMAIN_ID": "a b"},
			block: args{"assume_role_with_oidc": []args{{"agency_name": "a", "domain_id": "i", "idp_id": "idp",
				"id_token": "T"}}},
			want: func(c *client.Config) {
				const source = "assume_role_with_oidc of the provider block"
				c.Credentials = client.OIDC{IdentityProvider: "idp",
					IDToken: func(context.Context) (string, error) { return "T", nil }, Source: source}
				c.Agencies = []client.Agency{{Name: "a", DomainID: "i", Source: source}}
			},
		},
		blockRow{
			argument: "region", name: "a project's name", env: environment{"HW_REGION_NAME": "cn-north-4_dev"},
			atRead: []string{"region: Invalid region\nAttribute region (from environment variable HW_REGION_NAME) " +
				"must be a region's ID such as \"cn-north-4\", got: \"cn-north-4_dev\". " +
				"That looks like the name of a project: set region to \"cn-north-4\" and project_name to " +
				"\"cn-north-4_dev\""},
		},
		blockRow{
			argument: "region", name: "in quotes", env: environment{"HW_REGION_NAME": `"cn-north-4"`},
			atRead: []string{"region: Invalid region\nAttribute region (from environment variable HW_REGION_NAME) " +
				"must be a region's ID such as \"cn-north-4\", got: \"\\\"cn-north-4\\\"\". " + quotesRemain},
		},
		blockRow{
			argument: "region", name: "a key in the wrong place",
			env: environment{"HW_REGION_NAME": "PlantedSecretKey/0123456789"},
			atRead: []string{"region: Invalid region\nAttribute region (from environment variable HW_REGION_NAME) " +
				"must be a region's ID such as \"cn-north-4\", " +
				"got: a text of 27 characters (not shown, because it may be a secret)"},
		},
		blockRow{
			argument: "project_name", name: "a carriage return",
			env: environment{"HW_PROJECT_NAME": "cn-north-4_dev\r"},
			atRead: []string{"project_name: Invalid project name\nAttribute project_name (from environment variable " +
				"HW_PROJECT_NAME) " + hiddenCharacter + ` It is "cn-north-4_dev\r"`},
		},
		blockRow{
			argument: "project_name", name: "in quotes", block: args{"project_name": "'cn-north-4_dev'"},
			problems: []string{"project_name: Invalid project name\nAttribute project_name must not be in quotes, " +
				"got: \"'cn-north-4_dev'\". " + quotesRemain},
		},
		blockRow{
			argument: "tenant_name", name: "a line break", block: args{"tenant_name": "a\nb"},
			problems: []string{"tenant_name: Invalid tenant name\nAttribute tenant_name " + hiddenCharacter +
				` It is "a\nb"`},
		},
		blockRow{
			argument: "project_name", name: "made useless by the environment", block: args{"project_name": "n"},
			env: environment{"HW_PROJECT_ID": "p"},
			problems: unused("project_name", "project_name is",
				"the project's ID is known: project_id (environment variable HW_PROJECT_ID)"),
			want: func(c *client.Config) { c.ProjectID, c.ProjectName = "p", "n" },
		},
		blockRow{
			argument: "project_name", name: "beside an ID in the block",
			block: args{"project_name": "n", "project_id": "p"},
			want:  func(c *client.Config) { c.ProjectID, c.ProjectName = "p", "n" },
		},
		blockRow{
			argument: "project_id", name: "the project's name",
			env: environment{"HW_PROJECT_ID": "cn-north-4_my project"},
			atRead: []string{"project_id: Invalid project ID\nAttribute project_id (from environment variable " +
				"HW_PROJECT_ID) must be a project's ID of letters and digits, " +
				"got: \"cn-north-4_my project\". If that is the name of the project, it belongs in project_name"},
		},
		blockRow{
			argument: "cloud", name: "IDN", block: args{"cloud": "bücher.example"},
			want: func(c *client.Config) { c.Cloud = "bücher.example" },
		},
		blockRow{
			argument: "auth_url", name: "a token in the wrong place",
			env: environment{"HW_AUTH_URL": "eyJPlantedHeader0123.eyJPlantedPayload0123?"},
			atRead: []string{"auth_url: Invalid IAM endpoint\nAttribute auth_url (from environment variable " +
				"HW_AUTH_URL) must not contain a query or a fragment, " +
				"got: a text of 43 characters (not shown, because it may be a secret)"},
		},
		blockRow{
			argument: "auth_url", name: "a variable, beside an endpoint of the block",
			block: args{"endpoints": args{"iam": "https://iam.test"}},
			env:   environment{"HW_AUTH_URL": "https://other.test"},
			want:  func(c *client.Config) { c.Endpoints = map[string]string{"iam": "https://iam.test"} },
		},
		blockRow{
			argument: "auth_url", name: "both in the block",
			block: args{"auth_url": "https://auth.test", "endpoints": args{"iam": "https://iam.test"}},
			want: func(c *client.Config) {
				c.AuthURL, c.Endpoints = "https://auth.test", map[string]string{"iam": "https://iam.test"}
			},
		},
		blockRow{
			argument: "endpoints", name: "not sent as they are written",
			block: args{"endpoints": args{"fgs": "https://fgs.test/a/../b", "iam": "https:/iam.test",
				"sts": "https://sts.test/a%2fb"}},
			problems: []string{
				`endpoints["fgs"]: Invalid endpoint` + "\n" +
					`Attribute endpoints["fgs"] must not contain . or .. as a segment of its path, got: ` +
					`"https://fgs.test/a/../b".`,
				`endpoints["iam"]: Invalid endpoint` + "\n" +
					`Attribute endpoints["iam"] must begin with https:// or http://, got: "https:/iam.test".`,
				`endpoints["sts"]: Invalid endpoint` + "\n" +
					`Attribute endpoints["sts"] must not contain an escaped slash (%2F), got: "https://sts.test/a%2fb".`,
			},
		},
		blockRow{
			argument: "project_id", name: "beats tenant_id of the block", block: args{"tenant_id": "t"},
			env: environment{"OS_PROJECT_ID": "p"},
			problems: unused("tenant_id", "tenant_id is",
				"project_id (environment variable OS_PROJECT_ID) is set, which beats it"),
			want: func(c *client.Config) { c.ProjectID = "p" },
		},
		blockRow{
			argument: "project_name", name: "beats tenant_name of the block", block: args{"tenant_name": "t"},
			env: environment{"OS_PROJECT_NAME": "p"},
			problems: unused("tenant_name", "tenant_name is",
				"project_name (environment variable OS_PROJECT_NAME) is set, which beats it"),
			want: func(c *client.Config) { c.ProjectName = "p" },
		},
		blockRow{
			argument: "endpoints", name: "taken as they are",
			block: args{"endpoints": args{"fgs": "fgs.test", "iam": "http://iam.test/prefix/v3",
				"sts": "https://sts.test/", "obs": "ftp://obs.test", "ecs": nil}},
			want: func(c *client.Config) {
				c.Endpoints = map[string]string{"fgs": "fgs.test", "iam": "http://iam.test/prefix/v3",
					"sts": "https://sts.test/", "obs": "ftp://obs.test"}
			},
		},
		blockRow{
			argument: "endpoints", name: "a version before the end, spaces around it",
			block: args{"endpoints": args{"iam": " https://iam.test/v3/projects\n"}},
			problems: []string{`endpoints["iam"]: Invalid endpoint` + "\n" +
				`Attribute endpoints["iam"] must end after its version (/v3), got: "https://iam.test/v3/projects".`},
		},
		blockRow{
			argument: "endpoints", name: "spaces around it, as at the vendor's",
			block: args{"endpoints": args{"fgs": " https://fgs.test/\n"}},
			want:  func(c *client.Config) { c.Endpoints = map[string]string{"fgs": "https://fgs.test/"} },
		},
		blockRow{
			argument: "endpoints", name: "refused",
			block: args{"endpoints": args{"fgs": "https://fgs.test/v2/p", "iam": "ftp://iam.test",
				"sts": "https://sts.test/v5", "obs": " "}},
			problems: []string{
				`endpoints["fgs"]: Invalid endpoint` + "\n" +
					`Attribute endpoints["fgs"] must not contain a version (/v2), which is added, got: ` +
					`"https://fgs.test/v2/p".`,
				`endpoints["iam"]: Invalid endpoint` + "\n" +
					`Attribute endpoints["iam"] must begin with https:// or http://, got: "ftp://iam.test".`,
				`endpoints["obs"]: Invalid endpoint` + "\n" + `Attribute endpoints["obs"] must not be empty.`,
				`endpoints["sts"]: Invalid endpoint` + "\n" +
					`Attribute endpoints["sts"] must not contain a version (/v5), which is added, got: ` +
					`"https://sts.test/v5".`,
			},
		},
	)
}

// beforeAgency adds an agency to rows, because the account of the keys matters
// only with an agency.
func beforeAgency(rows []blockRow) []blockRow {
	for i := range rows {
		row := &rows[i]
		block := args{"assume_role": []args{{"agency_name": "a", "domain_name": "n"}}}
		maps.Copy(block, row.block)
		want := row.want
		row.block, row.want = block, func(c *client.Config) {
			c.Agencies = []client.Agency{{Name: "a", DomainName: "n", Source: "assume_role[0] of the provider block"}}
			if want != nil {
				want(c)
			}
		}
	}

	return rows
}

// withToken adds a token to the block of each row.
func withToken(rows []blockRow) []blockRow {
	for i := range rows {
		row := &rows[i]
		block := args{"token": "T"}
		maps.Copy(block, row.block)
		want := row.want
		row.block, row.name, row.want = block, row.name+", with a token", func(c *client.Config) {
			c.Credentials = client.Credentials{Token: "T", Source: fromBlock}
			if want != nil {
				want(c)
			}
		}
	}

	return rows
}

// keyRows are about access keys, and about missing credentials.
func keyRows() []blockRow {
	keys := func(c client.Credentials) func(*client.Config) {
		return func(config *client.Config) { config.Credentials = c }
	}
	const fromHW, fromOS = "environment variable HW_ACCESS_KEY", "environment variable OS_ACCESS_KEY"
	noKeys := []string{"HW_ACCESS_KEY", "HW_SECRET_KEY"}
	rows := []blockRow{
		{argument: "access_key", name: "HW_ACCESS_KEY",
			env:  environment{"HW_ACCESS_KEY": "AK2", "OS_ACCESS_KEY": "not-this-one"},
			want: keys(client.Credentials{AccessKey: "AK2", SecretKey: "SK", Source: fromHW})},
		{argument: "access_key", name: "OS_ACCESS_KEY", env: environment{"HW_ACCESS_KEY": "", "OS_ACCESS_KEY": "AK2"},
			want: keys(client.Credentials{AccessKey: "AK2", SecretKey: "SK",
				Source: fromOS + " (secret_key from environment variable HW_SECRET_KEY)"})},
		{argument: "access_key", name: "block", block: args{"access_key": "AK2", "secret_key": "SK2"},
			want: keys(client.Credentials{AccessKey: "AK2", SecretKey: "SK2", Source: fromBlock})},
		{argument: "access_key", name: "empty in the block", block: args{"access_key": ""}},
		{argument: "access_key", name: "none at all: ECS metadata", without: noKeys,
			want: func(c *client.Config) { c.Credentials = client.Metadata{} }},
		{
			argument: "access_key", name: "without its other half", without: noKeys, block: args{"access_key": "AK2"},
			atRead: []string{"secret_key: Missing secret key\nAttribute secret_key must be set in the provider " +
				"block, or in the environment variable HW_SECRET_KEY or OS_SECRET_KEY. " +
				"Its other half, access_key, is set by the provider block."},
		},
		{argument: "secret_key", name: "HW_SECRET_KEY",
			env:  environment{"HW_SECRET_KEY": "SK2", "OS_SECRET_KEY": "not-this-one"},
			want: keys(client.Credentials{AccessKey: "AK", SecretKey: "SK2", Source: fromHW})},
		{argument: "secret_key", name: "OS_SECRET_KEY", env: environment{"HW_SECRET_KEY": "", "OS_SECRET_KEY": "SK2"},
			want: keys(client.Credentials{AccessKey: "AK", SecretKey: "SK2",
				Source: fromHW + " (secret_key from environment variable OS_SECRET_KEY)"})},
		{
			argument: "secret_key", name: "without its other half", without: noKeys,
			env: environment{"OS_SECRET_KEY": "SK"},
			atRead: []string{"access_key: Missing access key\nAttribute access_key must be set in the provider " +
				"block, or in the environment variable HW_ACCESS_KEY or OS_ACCESS_KEY. " +
				"Its other half, secret_key, is set by environment variable OS_SECRET_KEY."},
		},
		{argument: "security_token", name: "HW_SECURITY_TOKEN", env: environment{"HW_SECURITY_TOKEN": "T"},
			want: keys(client.Credentials{AccessKey: "AK", SecretKey: "SK", SecurityToken: "T",
				Source: fromHW + " (security_token from environment variable HW_SECURITY_TOKEN)"})},
		{
			argument: "security_token", name: "HW_SECURITY_TOKEN with keys of the block, as at the vendor's",
			block: args{"access_key": "AK2", "secret_key": "SK2"}, env: environment{"HW_SECURITY_TOKEN": "T"},
			want: keys(client.Credentials{AccessKey: "AK2", SecretKey: "SK2", SecurityToken: "T",
				Source: fromBlock + " (security_token from environment variable HW_SECURITY_TOKEN)"}),
		},
		{argument: "security_token", name: "block", block: args{"security_token": "T"},
			env: environment{"HW_SECURITY_TOKEN": "not-this-one"},
			want: keys(client.Credentials{AccessKey: "AK", SecretKey: "SK", SecurityToken: "T",
				Source: fromHW + " (security_token from the provider block)"})},
		{
			argument: "security_token", name: "HW_SECURITY_TOKEN with keys of OS variables", without: noKeys,
			env: environment{"OS_ACCESS_KEY": "AK2", "OS_SECRET_KEY": "SK2", "HW_SECURITY_TOKEN": "T"},
			want: keys(client.Credentials{AccessKey: "AK2", SecretKey: "SK2", SecurityToken: "T",
				Source: fromOS + " (security_token from environment variable HW_SECURITY_TOKEN)"}),
		},
		{
			argument: "security_token", name: "each part from another place", block: args{"access_key": "AK2"},
			env: environment{"HW_SECRET_KEY": "", "OS_SECRET_KEY": "SK2", "HW_SECURITY_TOKEN": "T"},
			want: keys(client.Credentials{
				AccessKey: "AK2", SecretKey: "SK2", SecurityToken: "T",
				Source: fromBlock + " (secret_key from environment variable OS_SECRET_KEY, security_token from " +
					"environment variable HW_SECURITY_TOKEN)",
			}),
		},
		{argument: "security_token", name: "left over without keys", without: noKeys,
			env:  environment{"HW_SECURITY_TOKEN": "T"},
			want: func(c *client.Config) { c.Credentials = client.Metadata{} }},
		{
			argument: "security_token", name: "in the block without keys", without: noKeys,
			block: args{"security_token": "T"},
			atRead: []string{"access_key: Missing access key\nAttribute access_key must be set in the provider " +
				"block, or in the environment variable HW_ACCESS_KEY or OS_ACCESS_KEY. " +
				"security_token, which is set by the provider block, belongs to a pair of temporary keys."},
		},
	}
	const ak, sk = "PLANTEDACCESSKEY0123", "PlantedSecretKeyPlantedSecretKey01234567"
	const swap = "secret_key%s are in each other's place: an access key has 20 characters and a secret key 40. (The " +
		"values are not shown.)"
	rows = append(rows,
		blockRow{
			argument: "access_key", name: "swapped in the environment",
			env: environment{"HW_ACCESS_KEY": sk, "HW_SECRET_KEY": ak},
			atRead: []string{"access_key: Invalid access key\nAttribute access_key (from environment variable " +
				"HW_ACCESS_KEY) and " + fmt.Sprintf(swap, " (from environment variable HW_SECRET_KEY)")},
		},
		blockRow{
			argument: "access_key", name: "swapped in the block", block: args{"access_key": sk, "secret_key": ak},
			problems: []string{"access_key: Invalid access key\nAttribute access_key and " + fmt.Sprintf(swap, "")},
		},
		blockRow{
			argument: "access_key", name: "of the usual form",
			env:  environment{"HW_ACCESS_KEY": ak, "HW_SECRET_KEY": sk},
			want: keys(client.Credentials{AccessKey: ak, SecretKey: sk, Source: fromHW}),
		},
		blockRow{
			argument: "access_key", name: "of the block, beside a token of the environment",
			block: args{"access_key": "AK2", "secret_key": "SK2"}, env: environment{"HW_AUTH_TOKEN": "T"},
			problems: unused("access_key", "access_key, secret_key are",
				"token (environment variable HW_AUTH_TOKEN) is used, which beats it"),
			want: keys(client.Credentials{Token: "T", Source: "environment variable HW_AUTH_TOKEN"}),
		},
		blockRow{
			argument: "access_key", name: "beside a token, both of the block",
			block: args{"access_key": "AK2", "secret_key": "SK2", "token": "T"},
			want:  keys(client.Credentials{Token: "T", Source: fromBlock}),
		},
	)
	for argument, summary := range map[string]string{"access_key": "access key", "secret_key": "secret key",
		"security_token": "security token"} {
		rows = append(rows, refusals(argument, summary, notShown, "Planted\n", "Plan ted")...)
		rows = append(rows, refusals(argument, summary,
			"must not be in quotes. (The value is not shown.) "+quotesRemain, `"Planted"`, "'Planted'", "“Planted”")...)
		rows = append(rows, refusals(argument, summary, "must not begin or end with a quote. (The value is not shown.)",
			`"Planted`, "Planted'")...)
	}

	return rows
}

// tokenRows are about IAM tokens.
func tokenRows() []blockRow {
	token := func(source string) func(*client.Config) {
		return func(c *client.Config) { c.Credentials = client.Credentials{Token: "T", Source: source} }
	}
	role := []args{{"agency_name": "a", "domain_name": "d"}}

	return append([]blockRow{
		{argument: "token", name: "HW_AUTH_TOKEN",
			env:  environment{"HW_AUTH_TOKEN": "T", "OS_AUTH_TOKEN": "not-this-one"},
			want: token("environment variable HW_AUTH_TOKEN")},
		{argument: "token", name: "OS_AUTH_TOKEN", env: environment{"OS_AUTH_TOKEN": "T"},
			want: token("environment variable OS_AUTH_TOKEN")},
		{argument: "token", name: "block", block: args{"token": "T"}, env: environment{"HW_AUTH_TOKEN": "not-this-one"},
			want: token(fromBlock)},
		{argument: "token", name: "HW_SECURITY_TOKEN is left over", block: args{"token": "T"},
			env: environment{"HW_SECURITY_TOKEN": "S\n"}, want: token(fromBlock)},
		{argument: "token", name: "half a pair is left over", block: args{"token": "T"},
			without: []string{"HW_SECRET_KEY"}, want: token(fromBlock)},
		{
			argument: "token", name: "half a pair in the block", block: args{"token": "T", "access_key": "AK"},
			without: []string{"HW_SECRET_KEY"},
			atRead: []string{"secret_key: Missing secret key\nAttribute secret_key must be set in the provider " +
				"block, or in the environment variable HW_SECRET_KEY or OS_SECRET_KEY. " +
				"Its other half, access_key, is set by the provider block."},
		},
		{
			argument: "token", name: "with an agency", block: args{"assume_role": role},
			env: environment{"HW_AUTH_TOKEN": "T"}, without: []string{"HW_ACCESS_KEY", "HW_SECRET_KEY"},
			atRead: []string{"token: Invalid token\nAttribute token (from environment variable HW_AUTH_TOKEN) cannot " +
				"be used with an agency (assume_role[0] of the provider block), " +
				"for which requests have to be signed. Set access_key and secret_key instead of it."},
		},
		{
			argument: "token", name: "with an agency and keys, which sign for it", block: args{"assume_role": role},
			env: environment{"HW_AUTH_TOKEN": "T"},
			want: func(c *client.Config) {
				c.Agencies = []client.Agency{{Name: "a", DomainName: "d",
					Source: "assume_role[0] of the provider block"}}
			},
		},
	}, slices.Concat(
		refusals("token", "token", notShown, "Planted\n"),
		refusals("token", "token", "must not be in quotes. (The value is not shown.) "+quotesRemain, `"Planted"`),
		refusals("token", "token",
			"must not be JSON: take the value of its field \"token\" alone, for example with jq -r .token. (The "+
				"value is not shown.)", `{"token":"Planted"}`),
		refusals("token", "token", "must not be JSON, of which one field alone is needed. (The value is not shown.)",
			`["Planted"]`),
	)...)
}

// profileRows are about the profiles of hcloud; profile_test.go has more.
func profileRows() []blockRow {
	const config = `{"current": "dev", "authEncrypt": "false", "profiles": [
		{"name": "dev", "mode": "AKSK", "accessKeyId": "AKP", "secretAccessKey": "SKP", "region": "cn-east-3",
			"projectId": "pp", "domainId": "dp"},
		{"name": "bare", "mode": "AKSK", "accessKeyId": "AKP", "secretAccessKey": "SKP"},
		{"name": "sso", "mode": "SSO", "ssoAuth": {"stsToken": {"accessKeyId": "AKS", "secretAccessKey": "SKS",
			"securityToken": "TS"}}},
		{"name": "ecs", "mode": "ecsAgency", "region": "cn-east-3"},
		{"name": "ecs3", "mode": "ecsAgency", "agencyName": "a", "agencyDomainName": "n"},
		{"name": "v3", "mode": "AKSK", "accessKeyId": "AKP", "secretAccessKey": "SKP", "agencyName": "a",
			"agencyDomainName": "n", "agencyDomainId": "i"},
		{"name": "v5", "mode": "AKSK", "accessKeyId": "AKP", "secretAccessKey": "SKP", "agencyName": "a",
			"agencyDomainId": "i"},
		{"name": "odd", "mode": "AKSK", "accessKeyId": "AKP\n", "secretAccessKey": "SKP", "region": "cn east"},
		{"name": "none", "mode": "token"}]}`
	files := map[string]string{".hcloud/config.json": config,
		"other.json": strings.ReplaceAll(config, `"AKP"`, `"AKO"`)}
	const current = `profile "dev" of "~/.hcloud/config.json"`
	pair := func(source string) client.Credentials {
		return client.Credentials{AccessKey: "AKP", SecretKey: "SKP", Source: source}
	}
	dev := func(ak, source string) func(*client.Config) {
		return func(c *client.Config) {
			c.Region, c.ProjectID, c.Credentials = "cn-east-3", "pp",
				client.Credentials{AccessKey: ak, SecretKey: "SKP", Source: source}
		}
	}
	bare := func(c *client.Config) { c.Credentials = pair(`profile "bare" of "~/.hcloud/config.json"`) }
	rows := []blockRow{
		{argument: "profile", name: "not asked for"},
		{argument: "profile", name: "HW_PROFILE", env: environment{"HW_PROFILE": "bare"}, want: bare},
		{argument: "profile", name: "block", block: args{"profile": "bare"},
			env: environment{"HW_PROFILE": "not-this-one"}, want: bare},
		{
			argument: "profile", name: "beats block and environment",
			block: args{"profile": "dev", "access_key": "AK2", "secret_key": "SK2", "security_token": "T2",
				"region": "cn-north-1", "project_id": "p2", "domain_id": "d2"},
			env: environment{"HW_SECURITY_TOKEN": "T3"}, want: dev("AKP", current),
			problems: append([]string{beaten("region", "cn-north-1", "cn-east-3"), beaten("project_id", "p2", "pp")},
				unused("access_key", "access_key, secret_key, security_token are",
					"the "+current+" has keys of its own, and a profile beats the block")...),
		},
		{
			argument: "profile", name: "the same as in the block",
			block: args{"profile": "dev", "region": "cn-east-3", "project_id": "pp", "access_key": "AKP",
				"secret_key": "SKP"},
			want: dev("AKP", current),
		},
		{
			argument: "profile", name: "beats the environment without a word", block: args{"profile": "dev"},
			env:  environment{"HW_REGION_NAME": "cn-north-1", "HW_PROJECT_ID": "p2"},
			want: dev("AKP", current),
		},
		{
			argument: "profile", name: "its project makes a name useless",
			block:    args{"profile": "dev", "project_name": "n"},
			problems: unused("project_name", "project_name is", "the project's ID is known: project_id ("+current+")"),
			want:     func(c *client.Config) { dev("AKP", current)(c); c.ProjectName = "n" },
		},
		{
			argument: "profile", name: "on ECS, beside keys",
			block: args{"profile": "ecs", "access_key": "AK2", "secret_key": "SK2"},
			problems: unused("access_key", "access_key, secret_key are",
				`the ECS metadata service (profile "ecs" of "~/.hcloud/config.json") is used, which beats it`),
			want: func(c *client.Config) {
				c.Region, c.Credentials = "cn-east-3",
					client.Metadata{Source: `profile "ecs" of "~/.hcloud/config.json"`}
			},
		},
		{
			argument: "profile", name: "a token of the environment beats its keys", block: args{"profile": "bare"},
			env: environment{"HW_AUTH_TOKEN": "T"},
			problems: unused("profile", "profile is",
				"token (environment variable HW_AUTH_TOKEN) is used, which beats it"),
			want: func(c *client.Config) {
				c.Credentials = client.Credentials{Token: "T", Source: "environment variable HW_AUTH_TOKEN"}
			},
		},
		{
			argument: "profile", name: "what it leaves out stays, but for the security token",
			block: args{"profile": "bare", "project_id": "p2", "domain_id": "d2"},
			env:   environment{"HW_SECURITY_TOKEN": "T"},
			want:  func(c *client.Config) { bare(c); c.ProjectID = "p2" },
		},
		beforeAgency([]blockRow{{argument: "profile", name: "its account",
			block: args{"profile": "dev", "domain_id": "d2"}, problems: []string{beaten("domain_id", "d2", "dp")},
			want: func(c *client.Config) {
				dev("AKP", current)(c)
				c.DomainID = "dp"
			}}})[0],
		beforeAgency([]blockRow{{argument: "profile", name: "another account, which it leaves out",
			block: args{"profile": "bare", "domain_id": "d2"}, want: func(c *client.Config) {
				bare(c)
				c.DomainID = "d2"
			}}})[0],
		{argument: "profile", name: "SSO", block: args{"profile": "sso"}, want: func(c *client.Config) {
			c.Credentials = client.Credentials{AccessKey: "AKS", SecretKey: "SKS", SecurityToken: "TS",
				Source: `profile "sso" of "~/.hcloud/config.json"`}
		}},
		{argument: "profile", name: "ecsAgency", block: args{"profile": "ecs"}, want: func(c *client.Config) {
			c.Region, c.Credentials = "cn-east-3", client.Metadata{Source: `profile "ecs" of "~/.hcloud/config.json"`}
		}},
		{argument: "profile", name: "ecsAgency, then another account's agency, as at the vendor's",
			block: args{"profile": "ecs3"}, want: func(c *client.Config) {
				const source = `profile "ecs3" of "~/.hcloud/config.json"`
				c.Credentials, c.Agencies = client.Metadata{Source: source},
					[]client.Agency{{Name: "a", DomainName: "n", Source: source}}
			}},
		{
			argument: "profile", name: "agency by IAM instead of variables", block: args{"profile": "v3"},
			env: environment{"HW_ASSUME_ROLE_AGENCY_NAME": "c", "HW_ASSUME_ROLE_DOMAIN_ID": "d",
				"HW_ASSUME_ROLE_DURATION": "900"},
			want: func(c *client.Config) {
				const source = `profile "v3" of "~/.hcloud/config.json"`
				c.Credentials, c.Agencies = pair(source), []client.Agency{{Name: "a", DomainName: "n", Source: source}}
			},
		},
		{
			argument: "profile", name: "agency, then a block by the account's name",
			block: args{"profile": "v3", "assume_role": []args{{"agency_name": "b", "domain_name": "d"}}},
			env:   environment{"HW_ASSUME_ROLE_DOMAIN_ID": "not-this-one"},
			want: func(c *client.Config) {
				const source = `profile "v3" of "~/.hcloud/config.json"`
				c.Credentials, c.Agencies = pair(source), []client.Agency{
					{Name: "a", DomainName: "n", Source: source},
					{Name: "b", DomainName: "d", Source: "assume_role[0] of the provider block"},
				}
			},
		},
		{
			argument: "profile", name: "agency, then a chain, as at the vendor's",
			block: args{"profile": "v5",
				"assume_role": []args{{"agency_name": "b", "domain_id": "j"},
					{"agency_name": "c", "domain_name": "d"}}},
			want: func(c *client.Config) {
				const source = `profile "v5" of "~/.hcloud/config.json"`
				c.Credentials, c.Agencies = pair(source), []client.Agency{
					{Name: "a", DomainID: "i", Source: source},
					{Name: "b", DomainID: "j", Source: "assume_role[0] of the provider block"},
					{Name: "c", DomainName: "d", Source: "assume_role[1] of the provider block"},
				}
			},
		},
		{
			argument: "profile", name: "agency in the account of the only block, as at the vendor's",
			block: args{"profile": "v3",
				"assume_role": []args{{"agency_name": "b", "domain_id": "j", "duration": 900}}},
			problems: []string{"warning: assume_role[0].agency_name: Argument without effect\nAttribute " +
				"assume_role[0].agency_name of the provider block is \"b\", and is not used: " +
				"the profile \"v3\" of \"~/.hcloud/config.json\" has \"a\", and a profile beats the block. Remove " +
				"assume_role[0].agency_name from the block, or use another profile."},
			want: func(c *client.Config) {
				const source = `profile "v3" of "~/.hcloud/config.json"`
				c.Credentials, c.Agencies = pair(source),
					[]client.Agency{{Name: "a", DomainID: "j", Duration: 15 * time.Minute, Source: source}}
			},
		},
		{argument: "profile", name: "agency by STS", block: args{"profile": "v5"}, want: func(c *client.Config) {
			const source = `profile "v5" of "~/.hcloud/config.json"`
			c.Credentials, c.Agencies = pair(source), []client.Agency{{Name: "a", DomainID: "i", Source: source}}
		}},
		{argument: "profile", name: "a token beats its keys", block: args{"profile": "bare", "token": "T"},
			want: func(c *client.Config) {
				c.Credentials = client.Credentials{Token: "T", Source: fromBlock}
			}},
		{argument: "profile", name: "its values are checked", block: args{"profile": "odd"}, atRead: []string{
			"region: Invalid region\nAttribute region (from profile \"odd\" of \"~/.hcloud/config.json\") must be a " +
				"region's ID such as \"cn-north-4\", got: \"cn east\"",
			"access_key: Invalid access key\nAttribute access_key (from profile \"odd\" of " +
				"\"~/.hcloud/config.json\") " + notShown,
		}},
		{
			argument: "profile", name: "without keys",
			block:   args{"profile": "none", "shared_config_file": "~/other.json"},
			without: []string{"HW_REGION_NAME"},
			atRead: []string{"profile: Unusable profile\nThe profile \"none\" of \"~/other.json\", asked for by " +
				"profile (the provider block) and shared_config_file (the provider block), cannot be used: " +
				"it has no keys, and its mode is \"token\". Choose one of mode AKSK, SSO or ecsAgency, or leave " +
				"profile and shared_config_file out."},
		},
		{
			argument: "profile", name: "a key in the wrong place", block: args{"profile": "PLANTEDACCESSKEY0123"},
			atRead: []string{"profile: Unusable profile\nThe profile of \"~/.hcloud/config.json\" (its name is not " +
				"shown, because it may be a secret), asked for by profile (the provider block), " +
				"cannot be used: the file has no profile of this name. It has \"dev\", \"bare\", \"sso\", \"ecs\", " +
				"\"ecs3\", \"v3\", \"v5\", \"odd\", \"none\"."},
		},
		{
			argument: "profile", name: "a carriage return", env: environment{"HW_PROFILE": "dev\r"},
			atRead: []string{"profile: Invalid profile\nAttribute profile (from environment variable HW_PROFILE) " +
				hiddenCharacter + ` It is "dev\r"`},
		},
		{
			argument: "shared_config_file", name: "a key in the wrong place",
			block: args{"shared_config_file": "PlantedSecretKey0123456789"},
			atRead: []string{"shared_config_file: Unreadable configuration file\nThe configuration file of hcloud, " +
				"asked for by shared_config_file (the provider block), cannot be read: " +
				"that file (its name of 26 characters is not shown, because it may be a secret): no such file or " +
				"directory. \"hcloud configure set\" writes it; to do without it, leave profile and " +
				"shared_config_file out."},
		},
		{
			argument: "shared_config_file", name: "a line break", block: args{"shared_config_file": "~/other.json\n"},
			problems: []string{"shared_config_file: Invalid configuration file\nAttribute shared_config_file " +
				hiddenCharacter + ` It names the file "~/other.json\n"`},
		},
		{argument: "shared_config_file", name: "HW_SHARED_CONFIG_FILE",
			env:  environment{"HW_SHARED_CONFIG_FILE": "~/other.json"},
			want: dev("AKO", `profile "dev" of "~/other.json"`)},
		{argument: "shared_config_file", name: "block", block: args{"shared_config_file": "~/.hcloud/config.json"},
			env: environment{"HW_SHARED_CONFIG_FILE": "not-this-one"}, want: dev("AKP", current)},
		{
			argument: "shared_config_file", name: "missing",
			env: environment{"HW_SHARED_CONFIG_FILE": "~/nothing.json", "HW_PROFILE": "dev"},
			atRead: []string{"shared_config_file: Unreadable configuration file\nThe configuration file of hcloud, " +
				"asked for by profile (environment variable HW_PROFILE) and " +
				"shared_config_file (environment variable HW_SHARED_CONFIG_FILE), cannot be read: the file " +
				"\"~/nothing.json\": no such file or directory. \"hcloud configure set\" writes it; to do " +
				"without it, leave profile and shared_config_file out."},
		},
	}
	for i := range rows {
		rows[i].files = files
	}

	return append(rows, blockRow{
		argument: "profile", name: "default file missing", env: environment{"HW_PROFILE": "dev"},
		atRead: []string{"profile: Unreadable configuration file\nThe configuration file of hcloud, asked for by " +
			"profile (environment variable HW_PROFILE), " +
			"cannot be read: the file \"~/.hcloud/config.json\": no such file or directory. \"hcloud configure " +
			"set\" writes it; to do without it, leave profile and shared_config_file out."},
	})
}

// agencyRows are about assume_role and its variables.
func agencyRows() []blockRow {
	agencies := func(agencies ...client.Agency) func(*client.Config) {
		return func(c *client.Config) { c.Agencies = agencies }
	}
	const source, second, variable = "assume_role[0] of the provider block", "assume_role[1] of the provider block",
		"environment variable HW_ASSUME_ROLE_AGENCY_NAME"
	duration := func(problem string) []string {
		return []string{"assume_role[0].duration: Invalid duration\nAttribute assume_role[0].duration " + problem}
	}
	const range3 = "must be a whole number of seconds from 900 to 86400, got: "
	rows := []blockRow{
		{argument: "assume_role.agency_name", name: "v3",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_name": "d"}}},
			want:  agencies(client.Agency{Name: "a", DomainName: "d", Source: source})},
		{argument: "assume_role.agency_name", name: "v5",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_id": "i"}}},
			want:  agencies(client.Agency{Name: "a", DomainID: "i", Source: source})},
		{
			argument: "assume_role.agency_name", name: "chain",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_name": "d", "duration": 86400},
				{"agency_name": "b", "domain_id": "i", "duration": 900}}},
			want: agencies(
				client.Agency{Name: "a", DomainName: "d", Duration: 24 * time.Hour, Source: source},
				client.Agency{Name: "b", DomainID: "i", Duration: 15 * time.Minute, Source: second}),
		},
		{
			argument: "assume_role.agency_name", name: "HW_ASSUME_ROLE_AGENCY_NAME makes a block",
			env: environment{"HW_ASSUME_ROLE_AGENCY_NAME": "a", "HW_ASSUME_ROLE_DOMAIN_NAME": "d",
				"HW_ASSUME_ROLE_DURATION": "3600"},
			want: agencies(client.Agency{Name: "a", DomainName: "d", Duration: time.Hour, Source: variable}),
		},
		{
			argument: "assume_role.agency_name", name: "HW_ASSUME_ROLE_AGENCY_NAME fills the gaps of blocks",
			env:   environment{"HW_ASSUME_ROLE_AGENCY_NAME": "a"},
			block: args{"assume_role": []args{{"domain_name": "d"}, {"agency_name": "b", "domain_name": "e"}}},
			want: agencies(client.Agency{Name: "a", DomainName: "d", Source: source},
				client.Agency{Name: "b", DomainName: "e", Source: second}),
		},
		{argument: "assume_role.agency_name", name: "other variables alone make no block",
			env: environment{"HW_ASSUME_ROLE_DOMAIN_NAME": "d", "HW_ASSUME_ROLE_DURATION": "soon"}},
		{argument: "assume_role.agency_name", name: "on the metadata service's keys",
			without: []string{"HW_ACCESS_KEY", "HW_SECRET_KEY"},
			env:     environment{"HW_ASSUME_ROLE_AGENCY_NAME": "a", "HW_ASSUME_ROLE_DOMAIN_NAME": "d"},
			want: func(c *client.Config) {
				c.Credentials, c.Agencies = client.Metadata{},
					[]client.Agency{{Name: "a", DomainName: "d", Source: variable}}
			}},
		{
			argument: "assume_role.agency_name", name: "missing", block: args{"assume_role": []args{{}}},
			atRead: []string{
				"assume_role[0].agency_name: Missing agency name\nAttribute assume_role[0].agency_name must be set " +
					"in the provider block, or in the environment variable HW_ASSUME_ROLE_AGENCY_NAME. It is the " +
					"name of the agency to assume.",
				"assume_role[0].domain_name: Missing account name\nAttribute assume_role[0].domain_name must be set " +
					"in the provider block, or in the environment variable HW_ASSUME_ROLE_DOMAIN_NAME. " +
					"It is the name of the account that made the agency. Instead of it domain_id " +
					"(HW_ASSUME_ROLE_DOMAIN_ID) may be set, the account's ID.",
			},
		},
		{
			argument: "assume_role.domain_name", name: "HW_ASSUME_ROLE_DOMAIN_NAME",
			block: args{"assume_role": []args{{"agency_name": "a"}}},
			env:   environment{"HW_ASSUME_ROLE_DOMAIN_NAME": "d"},
			want:  agencies(client.Agency{Name: "a", DomainName: "d", Source: source}),
		},
		{
			argument: "assume_role.domain_name", name: "stays v3 with HW_ASSUME_ROLE_DOMAIN_ID",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_name": "d"}}},
			env:   environment{"HW_ASSUME_ROLE_DOMAIN_ID": "i"},
			want:  agencies(client.Agency{Name: "a", DomainName: "d", Source: source}),
		},
		{
			argument: "assume_role.domain_id", name: "HW_ASSUME_ROLE_DOMAIN_ID",
			block: args{"assume_role": []args{{"agency_name": "a"}}},
			env:   environment{"HW_ASSUME_ROLE_DOMAIN_ID": "i", "HW_ASSUME_ROLE_DOMAIN_NAME": "d"},
			want:  agencies(client.Agency{Name: "a", DomainID: "i", Source: source}),
		},
		{
			argument: "assume_role.domain_id", name: "beats domain_name",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_name": "d", "domain_id": "i"}}},
			want:  agencies(client.Agency{Name: "a", DomainID: "i", Source: source}),
		},
		{
			argument: "assume_role.domain_id", name: "refused",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_id": "i:agency:b"}}},
			problems: []string{"assume_role[0].domain_id: Invalid account ID\nAttribute assume_role[0].domain_id " +
				"must be an account's ID of letters and digits, got: \"i:agency:b\""},
		},
		{
			argument: "assume_role.duration", name: "HW_ASSUME_ROLE_DURATION",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_id": "i"}}},
			env:   environment{"HW_ASSUME_ROLE_DURATION": "43200"},
			want:  agencies(client.Agency{Name: "a", DomainID: "i", Duration: 12 * time.Hour, Source: source}),
		},
		{
			argument: "assume_role.duration", name: "0 in the block counts as unset",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_id": "i", "duration": 0}}},
			env:   environment{"HW_ASSUME_ROLE_DURATION": "900"},
			want:  agencies(client.Agency{Name: "a", DomainID: "i", Duration: 15 * time.Minute, Source: source}),
		},
		{
			argument: "assume_role.duration", name: "0 in HW_ASSUME_ROLE_DURATION counts as unset",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_name": "d"}}},
			env:   environment{"HW_ASSUME_ROLE_DURATION": "0"},
			want:  agencies(client.Agency{Name: "a", DomainName: "d", Source: source}),
		},
		{
			argument: "assume_role.duration", name: "no number in HW_ASSUME_ROLE_DURATION",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_id": "i"}}},
			env:   environment{"HW_ASSUME_ROLE_DURATION": "1h"},
			atRead: []string{"assume_role[0].duration: Invalid duration\nAttribute assume_role[0].duration (from " +
				"environment variable HW_ASSUME_ROLE_DURATION) " + range3 + `"1h"`},
		},
	}
	rows = append(rows,
		blockRow{
			argument: "assume_role.agency_name", name: "a carriage return",
			block: args{"assume_role": []args{{"domain_name": "d"}}},
			env:   environment{"HW_ASSUME_ROLE_AGENCY_NAME": "a\r"},
			atRead: []string{"assume_role[0].agency_name: Invalid agency name\nAttribute assume_role[0].agency_name " +
				"(from environment variable HW_ASSUME_ROLE_AGENCY_NAME) " + hiddenCharacter + ` It is "a\r"`},
		},
		blockRow{
			argument: "assume_role.domain_name", name: "in quotes",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_name": `"d"`}}},
			problems: []string{"assume_role[0].domain_name: Invalid account name\nAttribute " +
				"assume_role[0].domain_name must not be in quotes, got: \"\\\"d\\\"\". " + quotesRemain},
		},
		blockRow{
			argument: "assume_role.duration", name: "too long for STS, of the environment",
			block: args{"assume_role": []args{{"agency_name": "a", "domain_id": "i"}}},
			env:   environment{"HW_ASSUME_ROLE_DURATION": "86400"},
			atRead: []string{"assume_role[0].duration: Invalid duration\nAttribute assume_role[0].duration (from " +
				"environment variable HW_ASSUME_ROLE_DURATION) must be at most 43200 seconds with domain_id, by " +
				"which STS is asked, got: \"86400\""},
		},
	)
	for value, problem := range map[any]string{
		899: range3 + `"899"`, 86401: range3 + `"86401"`, 1000.5: range3 + `"1000.5"`, -1: range3 + `"-1"`,
		43201: `must be at most 43200 seconds with domain_id, by which STS is asked, got: "43201"`,
	} {
		rows = append(rows, blockRow{
			argument: "assume_role.duration", name: fmt.Sprintf("refused: %v", value),
			block:    args{"assume_role": []args{{"agency_name": "a", "domain_id": "i", "duration": value}}},
			problems: duration(problem),
		})
	}

	return rows
}

// oidcRows are about assume_role_with_oidc and its variables.
func oidcRows() []blockRow {
	const source, variable = "assume_role_with_oidc of the provider block", "environment variable HW_ASSUME_ROLE_IDP_ID"
	login := func(source string, duration time.Duration, more ...client.Agency) func(*client.Config) {
		return func(c *client.Config) {
			c.Credentials = client.OIDC{IdentityProvider: "idp",
				IDToken: func(context.Context) (string, error) { return "T", nil }, Source: source}
			c.Agencies = append([]client.Agency{{Name: "a", DomainID: "i", Duration: duration,
				Source: source}}, more...)
		}
	}
	with := func(more args) args {
		block := args{"agency_name": "a", "domain_id": "i", "idp_id": "idp"}
		maps.Copy(block, more)
		return args{"assume_role_with_oidc": []args{block}}
	}
	whole := with(args{"id_token": "T"})
	environmentWith := func(more environment) environment {
		env := environment{"HW_ASSUME_ROLE_AGENCY_NAME": "a", "HW_ASSUME_ROLE_DOMAIN_ID": "i",
			"HW_ASSUME_ROLE_IDP_ID": "idp"}
		maps.Copy(env, more)
		return env
	}
	chained := maps.Clone(whole)
	chained["assume_role"] = []args{{"agency_name": "b", "domain_name": "d"}}
	missing := func(argument, summary, variable, why string) string {
		return "assume_role_with_oidc[0]." + argument + ": Missing " + summary +
			"\nAttribute assume_role_with_oidc[0]." + argument +
			" must be set in the provider block, or in the environment variable " + variable + ". " + why
	}
	const at = "assume_role_with_oidc[0]."
	rows := []blockRow{
		{argument: "assume_role_with_oidc.agency_name", name: "block beats a token and keys", block: whole,
			env: environment{"HW_AUTH_TOKEN": "T2", "HW_SECURITY_TOKEN": "T3"}, want: login(source, 0)},
		{argument: "assume_role_with_oidc.agency_name", name: "variables make the block, and no assume_role",
			env: environmentWith(environment{"HW_ASSUME_ROLE_ID_TOKEN": "T"}), want: login(variable, 0)},
		{argument: "assume_role_with_oidc.agency_name", name: "assume_role follows", block: chained,
			want: login(source, 0, client.Agency{Name: "b", DomainName: "d",
				Source: "assume_role[0] of the provider block"})},
		{argument: "assume_role_with_oidc.agency_name", name: "variables fill the gaps",
			block: args{"assume_role_with_oidc": []args{{}}},
			env:   environmentWith(environment{"HW_ASSUME_ROLE_ID_TOKEN": "T"}), want: login(source, 0)},
		{argument: "assume_role_with_oidc.agency_name", name: "nothing set",
			block: args{"assume_role_with_oidc": []args{{}}}, atRead: []string{
				missing("agency_name", "agency name", "HW_ASSUME_ROLE_AGENCY_NAME",
					"It is the name of the agency to assume."),
				missing("domain_id", "account ID", "HW_ASSUME_ROLE_DOMAIN_ID",
					"It is the ID of the account that made the agency."),
				missing("idp_id", "identity provider", "HW_ASSUME_ROLE_IDP_ID",
					"It is the ID of the identity provider in IAM."),
				missing("id_token", "ID token", "HW_ASSUME_ROLE_ID_TOKEN",
					"It is the token that the identity provider issued. Instead of it id_token_file "+
						"(HW_ASSUME_ROLE_ID_TOKEN_FILE) may be set, a file that holds it."),
			}},
		{
			argument: "assume_role_with_oidc.agency_name", name: "twice",
			block: args{"assume_role_with_oidc": []args{{"agency_name": "a", "domain_id": "i", "idp_id": "idp",
				"id_token": "T"}, {"agency_name": "b", "domain_id": "i", "idp_id": "idp", "id_token": "T"}}},
			problems: []string{"assume_role_with_oidc[1]: Too many blocks assume_role_with_oidc\nThere must be at " +
				"most one block assume_role_with_oidc, got: 2. Further agencies are blocks assume_role."},
		},
		{argument: "assume_role_with_oidc.domain_id", name: "HW_ASSUME_ROLE_DOMAIN_ID",
			block: args{"assume_role_with_oidc": []args{{"agency_name": "a", "idp_id": "idp", "id_token": "T"}}},
			env:   environment{"HW_ASSUME_ROLE_DOMAIN_ID": "i"}, want: login(source, 0)},
		{argument: "assume_role_with_oidc.domain_id", name: "refused",
			block: with(args{"id_token": "T", "domain_id": "i j"}),
			problems: []string{at + "domain_id: Invalid account ID\nAttribute " + at +
				"domain_id must be an account's ID of letters and digits, got: \"i j\""}},
		{argument: "assume_role_with_oidc.duration", name: "block",
			block: with(args{"id_token": "T", "duration": 1800}), env: environment{"HW_ASSUME_ROLE_DURATION": "900"},
			want: login(source, 30*time.Minute)},
		{argument: "assume_role_with_oidc.duration", name: "HW_ASSUME_ROLE_DURATION", block: whole,
			env: environment{"HW_ASSUME_ROLE_DURATION": "900"}, want: login(source, 15*time.Minute)},
		{argument: "assume_role_with_oidc.duration", name: "0 counts as unset",
			block: with(args{"id_token": "T", "duration": 0}), env: environment{"HW_ASSUME_ROLE_DURATION": "0"},
			want: login(source, 0)},
		{argument: "assume_role_with_oidc.duration", name: "refused",
			block: with(args{"id_token": "T", "duration": 43201}),
			problems: []string{at + "duration: Invalid duration\nAttribute " + at +
				"duration must be a whole number of seconds from 900 to 43200, got: \"43201\""}},
		{argument: "assume_role_with_oidc.idp_id", name: "HW_ASSUME_ROLE_IDP_ID",
			block: args{"assume_role_with_oidc": []args{{"agency_name": "a", "domain_id": "i", "id_token": "T"}}},
			env:   environment{"HW_ASSUME_ROLE_IDP_ID": "idp"}, want: login(source, 0)},
		{argument: "assume_role_with_oidc.idp_id", name: "refused",
			block: with(args{"id_token": "T", "idp_id": "a\nb"}),
			problems: []string{at + "idp_id: Invalid identity provider\nAttribute " + at +
				"idp_id must not contain spaces, line breaks or control characters, got: \"a\\nb\""}},
		{argument: "assume_role_with_oidc.id_token", name: "HW_ASSUME_ROLE_ID_TOKEN", block: with(nil),
			env: environment{"HW_ASSUME_ROLE_ID_TOKEN": "T\n"}, want: login(source, 0)},
		{argument: "assume_role_with_oidc.id_token", name: "block makes HW_ASSUME_ROLE_ID_TOKEN_FILE irrelevant",
			block: whole, env: environment{"HW_ASSUME_ROLE_ID_TOKEN_FILE": "~/nothing"}, want: login(source, 0)},
		{argument: "assume_role_with_oidc.id_token", name: "block and file in the block",
			block: with(args{"id_token": "T", "id_token_file": "~/token"}),
			problems: []string{at + "id_token: Two ID tokens\nAttributes " + at + "id_token and " + at +
				"id_token_file must not both be set: leave one of them out."}},
		{argument: "assume_role_with_oidc.id_token", name: "refused", block: with(args{"id_token": "Plan ted"}),
			problems: []string{at + "id_token: Invalid ID token\nAttribute " + at + "id_token " + notShown}},
		{argument: "assume_role_with_oidc.id_token_file", name: "block makes HW_ASSUME_ROLE_ID_TOKEN irrelevant",
			block: with(args{"id_token_file": "~/token"}), env: environment{"HW_ASSUME_ROLE_ID_TOKEN": "not-this-one"},
			want: login(source, 0)},
		{argument: "assume_role_with_oidc.id_token_file", name: "HW_ASSUME_ROLE_ID_TOKEN_FILE",
			env: environmentWith(environment{"HW_ASSUME_ROLE_ID_TOKEN_FILE": "~/token"}), want: login(variable, 0)},
		{argument: "assume_role_with_oidc.id_token_file", name: "both in the environment",
			env: environmentWith(environment{"HW_ASSUME_ROLE_ID_TOKEN": "T",
				"HW_ASSUME_ROLE_ID_TOKEN_FILE": "~/token"}), atRead: []string{
				at + "id_token: Invalid ID token\nAttribute " + at +
					"id_token (from environment variable HW_ASSUME_ROLE_ID_TOKEN) must not be set together with " +
					at + "id_token_file (from environment variable HW_ASSUME_ROLE_ID_TOKEN_FILE): leave one of " +
					"them out."}},
		{argument: "assume_role_with_oidc.id_token_file", name: "missing",
			block: with(args{"id_token_file": "~/nothing"}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from the provider block) must name a file that holds an ID token, and the file " +
					"\"~/nothing\" cannot be read: no such file or directory"}},
		{argument: "assume_role_with_oidc.id_token_file", name: "empty",
			env: environmentWith(environment{"HW_ASSUME_ROLE_ID_TOKEN_FILE": "~/empty"}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from environment variable HW_ASSUME_ROLE_ID_TOKEN_FILE) must name a file " +
					"that holds " +
					"an ID token, and the file \"~/empty\" is empty"}},
		{argument: "assume_role_with_oidc.id_token_file", name: "no token",
			block: with(args{"id_token_file": "~/planted"}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from the provider block) must name a file that holds an ID token, and the file " +
					"\"~/planted\" holds more: there are spaces, line breaks or control characters in it"}},
	}
	rows = append(rows,
		blockRow{argument: "assume_role_with_oidc.id_token_file", name: "UTF-8 with a byte order mark",
			block: with(args{"id_token_file": "~/utf8"}), want: login(source, 0)},
		blockRow{argument: "assume_role_with_oidc.id_token_file", name: "UTF-16, little end first",
			block: with(args{"id_token_file": "~/utf16le"}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from the provider block) must name a file that holds an ID token, and the file " +
					"\"~/utf16le\" cannot be read: it is in UTF-16, and must be in UTF-8"}},
		blockRow{argument: "assume_role_with_oidc.id_token_file", name: "UTF-16, big end first",
			block: with(args{"id_token_file": "~/utf16be"}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from the provider block) must name a file that holds an ID token, and the file " +
					"\"~/utf16be\" cannot be read: it is in UTF-16, and must be in UTF-8"}},
	)
	const plantedToken = "eyJhbGciPlanted.eyJzdWIiPlanted.Planted"
	rows = append(rows,
		blockRow{argument: "assume_role_with_oidc.id_token_file", name: "JSON",
			block: with(args{"id_token_file": "~/json"}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from the provider block) must name a file that holds an ID token, and the file " +
					"\"~/json\" " +
					"must not be JSON: take the value of its field \"value\" alone, for example with jq -r .value"}},
		blockRow{argument: "assume_role_with_oidc.id_token_file", name: "in quotes",
			block: with(args{"id_token_file": "~/quoted"}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from the provider block) must name a file that holds an ID token, and the file " +
					"\"~/quoted\" " +
					"has quotes around the token: leave them out"}},
		blockRow{argument: "assume_role_with_oidc.id_token_file", name: "the token itself, of a short one",
			env: environmentWith(environment{"HW_ASSUME_ROLE_ID_TOKEN_FILE": plantedToken}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from environment variable HW_ASSUME_ROLE_ID_TOKEN_FILE) must name a file " +
					"that holds " +
					"an ID token, and " +
					"that file (its name of 39 characters is not shown, because it may be a secret) cannot be " +
					"read: no " +
					"such file or directory. It begins like an ID token, which belongs in id_token"}},
		blockRow{argument: "assume_role_with_oidc.id_token_file", name: "a carriage return",
			env: environmentWith(environment{"HW_ASSUME_ROLE_ID_TOKEN_FILE": "~/token\r"}), atRead: []string{
				at + "id_token_file: Invalid ID token file\nAttribute " + at +
					"id_token_file (from environment variable HW_ASSUME_ROLE_ID_TOKEN_FILE) " + hiddenCharacter +
					` It names the file "~/token\r"`}},
		blockRow{argument: "assume_role_with_oidc.id_token", name: "JSON",
			block: with(args{"id_token": `{"count":1,"value":"` + plantedToken + `"}`}), problems: []string{
				at + "id_token: Invalid ID token\nAttribute " + at +
					"id_token must not be JSON: take the value of its field \"value\" alone, for example with jq -r " +
					".value. (The value is not shown.)"}},
		blockRow{argument: "assume_role_with_oidc.id_token",
			name:  "in the block, beside another login of the environment",
			block: args{"token": "T", "access_key": "AK2", "secret_key": "SK2"},
			env:   environmentWith(environment{"HW_ASSUME_ROLE_ID_TOKEN": "T"}),
			problems: unused("token", "token, access_key, secret_key are",
				"assume_role_with_oidc (environment variable HW_ASSUME_ROLE_IDP_ID) is used, which beats it"),
			want: login(variable, 0)},
	)
	jwt := "eyJ" + strings.Repeat("planted.", 40)
	rows = append(rows, blockRow{argument: "assume_role_with_oidc.id_token_file", name: "the token itself",
		block: with(args{"id_token_file": jwt}), atRead: []string{
			at + "id_token_file: Invalid ID token file\nAttribute " + at +
				"id_token_file (from the provider block) must name a file that holds an ID token, and that file (its " +
				"name of 323 characters is not shown, because it may be a secret) cannot be read: file name too " +
				"long. It " +
				"begins like an ID token, which belongs in id_token"}})
	for i := range rows {
		rows[i].files = map[string]string{"token": "T\r\n\n", "empty": "\n", "planted": "Plan\nted",
			"utf8": "\ufeffT\r\n", "utf16le": "\xff\xfeT\x00", "utf16be": "\xfe\xff\x00T",
			"json": `{"count":1,"value":"` + plantedToken + `"}`, "quoted": "\"" + plantedToken + "\"\n"}
	}

	return rows
}

// refusedRows are about the ways to authenticate that are not supported.
func refusedRows() []blockRow {
	noKeys := []string{"HW_ACCESS_KEY", "HW_SECRET_KEY"}
	noLogin := func(at, who string) []string {
		return []string{at + ": Password login is not supported\nThis provider does not log in with a password, " +
			"which is what " + who + " would do. " +
			"Use an access key instead, access_key and secret_key (HW_ACCESS_KEY and HW_SECRET_KEY), or a token " +
			"(HW_AUTH_TOKEN)."}
	}
	unused := func(at, who, better string) []string {
		return []string{"warning: " + at +
			": Password without effect\nThis provider does not log in with a password, so " + who +
			" has no effect. It uses " + better + "."}
	}
	const key = "access_key (environment variable HW_ACCESS_KEY)"
	oldForm := func(at, source, block string) []string {
		return []string{at + ": Old form of an agency\nAttribute " + at + ", set by " + source +
			", is not supported, nor are agency_domain_name and delegated_project. " +
			"Use this in the provider block instead:\n\n" + block}
	}
	metadata := func(c *client.Config) { c.Credentials = client.Metadata{} }

	return []blockRow{
		{argument: "password", name: "block", block: args{"password": "P", "user_name": "u"}, without: noKeys,
			atRead: noLogin("password", "password (the provider block) and user_name (the provider block)")},
		{argument: "password", name: "OS_PASSWORD", env: environment{"OS_PASSWORD": "P", "OS_USER_ID": "i"},
			without: noKeys, atRead: noLogin("password",
				"password (environment variable OS_PASSWORD) and user_id (environment variable OS_USER_ID)")},
		{argument: "password", name: "HW_USER_PASSWORD without a user", env: environment{"HW_USER_PASSWORD": "P"},
			without: noKeys, want: metadata},
		{argument: "password", name: "left over in the environment",
			env: environment{"HW_USER_PASSWORD": "P", "HW_USER_NAME": "u"}},
		{argument: "password", name: "unused in the block", block: args{"password": "P", "user_name": "u"},
			problems: unused("password", "password (the provider block) and user_name (the provider block)", key)},
		{argument: "user_name", name: "block", block: args{"user_name": "u"}, without: noKeys,
			atRead: noLogin("user_name", "user_name (the provider block)")},
		{argument: "user_name", name: "block, password in HW_USER_PASSWORD", block: args{"user_name": "u"},
			env: environment{"HW_USER_PASSWORD": "P"}, without: noKeys,
			atRead: noLogin("user_name",
				"password (environment variable HW_USER_PASSWORD) and user_name (the provider block)")},
		{argument: "user_name", name: "HW_USER_NAME", env: environment{"HW_USER_NAME": "u", "OS_PASSWORD": "P"},
			without: noKeys, atRead: noLogin("password",
				"password (environment variable OS_PASSWORD) and user_name (environment variable HW_USER_NAME)")},
		{argument: "user_name", name: "OS_USERNAME", env: environment{"OS_USERNAME": "u", "OS_PASSWORD": "P"},
			without: noKeys, atRead: noLogin("password",
				"password (environment variable OS_PASSWORD) and user_name (environment variable OS_USERNAME)")},
		{argument: "user_id", name: "HW_USER_ID",
			env: environment{"HW_USER_ID": "i", "OS_USER_ID": "j", "OS_PASSWORD": "P"}, without: noKeys,
			atRead: noLogin("password",
				"password (environment variable OS_PASSWORD) and user_id (environment variable HW_USER_ID)")},
		{argument: "user_id", name: "OS_USER_ID without a password", env: environment{"OS_USER_ID": "i"},
			without: noKeys, want: metadata},
		{argument: "user_id", name: "unused in the block, beside a profile on ECS",
			block: args{"user_id": "i", "profile": "ecs"}, without: noKeys,
			files: map[string]string{".hcloud/config.json": `{"profiles":[{"name":"ecs","mode":"ECSAGENCY"}]}`},
			problems: unused("user_id", "user_id (the provider block)",
				`the ECS metadata service (profile "ecs" of "~/.hcloud/config.json")`),
			want: func(c *client.Config) {
				c.Credentials = client.Metadata{Source: `profile "ecs" of "~/.hcloud/config.json"`}
			}},
		{argument: "agency_name", name: "block",
			block: args{"agency_name": "a", "agency_domain_name": "d", "delegated_project": "p"},
			problems: oldForm("agency_name", "the provider block",
				"  project_name = \"p\"\n\n  assume_role {\n    agency_name = \"a\"\n    domain_name = \"d\"\n  }")},
		{argument: "agency_name", name: "OS_AGENCY_NAME and OS_AGENCY_DOMAIN_NAME",
			env: environment{"OS_AGENCY_NAME": "a", "OS_AGENCY_DOMAIN_NAME": "d"},
			atRead: oldForm("agency_name", "environment variable OS_AGENCY_NAME",
				"  assume_role {\n    agency_name = \"a\"\n    domain_name = \"d\"\n  }")},
		{argument: "agency_name", name: "OS_AGENCY_NAME alone", env: environment{"OS_AGENCY_NAME": "a"}},
		{argument: "agency_domain_name", name: "block", block: args{"agency_domain_name": "d"},
			env: environment{"OS_AGENCY_NAME": "a"}, problems: oldForm("agency_domain_name", "the provider block",
				"  assume_role {\n    agency_name = \"...\"\n    domain_name = \"d\"\n  }")},
		{argument: "agency_domain_name", name: "OS_AGENCY_DOMAIN_NAME alone",
			env: environment{"OS_AGENCY_DOMAIN_NAME": "d"}},
		{argument: "delegated_project", name: "alone", block: args{"delegated_project": "p"},
			env: environment{"OS_DELEGATED_PROJECT": "p"}},
	}
}

// transportRows are about connections.
func transportRows(t *testing.T) []blockRow {
	t.Helper()
	certText, keyText := acctest.Certificate(t)
	otherCert, otherKey := acctest.Certificate(t)
	files := map[string]string{"cert.pem": certText, "key.pem": keyText, "text": "no PEM", "other-key.pem": otherKey,
		"marked.pem": "\ufeff" + certText + otherCert, "utf16.pem": "\xff\xfe-\x00"}
	trustsBoth := func(c *client.Config) { c.RootCAs = authorities([]byte(certText + otherCert)) }
	trusts := func(c *client.Config) { c.RootCAs = authorities([]byte(certText)) }
	shows := func(c *client.Config) {
		pair, _ := tls.X509KeyPair([]byte(certText), []byte(keyText))
		c.ClientCertificate = &pair
	}
	invalid := func(argument, summary, problem string) []string {
		return []string{argument + ": Invalid " + summary + "\nAttribute " + argument + " " + problem}
	}
	const inBlock = "(from the provider block) "
	const asPath = "is used as the path of a file, because it is not PEM (-----BEGIN ...), and "
	const noCertificate = "must contain at least one certificate in PEM (-----BEGIN CERTIFICATE-----), and none " +
		"can be read"
	broken := strings.Replace(certText, "MII", "!!!", 1)
	rows := slices.Concat(
		precedence("insecure", true, func(c *client.Config) { c.Insecure = true }),
		precedence("max_retries", 0, func(c *client.Config) { c.MaxRetries = 0 }),
		refusals("max_retries", "number of retries", `must be a whole number of at least 0, got: "VALUE"`, -1, 1.5),
		[]blockRow{
			{argument: "insecure", name: "refused", env: environment{"OS_INSECURE": "maybe"},
				atRead: invalid("insecure", "insecure setting",
					`(from environment variable OS_INSECURE) must be true or false, got: "maybe"`)},
			{argument: "insecure", name: "false in the block", block: args{"insecure": false},
				env: environment{"HW_INSECURE": "true"}},
			{argument: "cacert_file", name: "OS_CACERT, a path", env: environment{"OS_CACERT": "~/cert.pem"},
				want: trusts},
			{argument: "cacert_file", name: "text in the block", block: args{"cacert_file": certText},
				env: environment{"OS_CACERT": "not-this-one"}, want: trusts},
			{argument: "cacert_file", name: "byte order mark in the file", block: args{"cacert_file": "~/marked.pem"},
				want: trustsBoth},
			{argument: "cacert_file", name: "byte order mark in the text",
				env: environment{"OS_CACERT": "\ufeff" + certText + otherCert}, want: trustsBoth},
			{argument: "cacert_file", name: "UTF-16", block: args{"cacert_file": "~/utf16.pem"},
				atRead: invalid("cacert_file", "CA certificates",
					inBlock+asPath+`the file "~/utf16.pem" cannot be read: it is in UTF-16, and must be in UTF-8`)},
			{argument: "cacert_file", name: "file without a certificate", block: args{"cacert_file": "~/text"},
				atRead: invalid("cacert_file", "CA certificates", inBlock+asPath+`the file "~/text" `+noCertificate)},
			{argument: "cacert_file", name: "text without a certificate", block: args{"cacert_file": broken},
				problems: invalid("cacert_file", "CA certificates", noCertificate)},
			{argument: "cacert_file", name: "no such file", env: environment{"OS_CACERT": "~/nothing"},
				atRead: invalid("cacert_file", "CA certificates",
					`(from environment variable OS_CACERT) `+asPath+`the file "~/nothing" cannot be read: no `+
						`such file `+
						`or directory`)},
			{argument: "cacert_file", name: "a carriage return", env: environment{"OS_CACERT": "/etc/ca.pem\r"},
				atRead: invalid("cacert_file", "CA certificates",
					`(from environment variable OS_CACERT) `+hiddenCharacter+` It names the file "/etc/ca.pem\r"`)},
			{argument: "cacert_file", name: "in quotes", block: args{"cacert_file": `"ca.pem"`},
				problems: invalid("cacert_file", "CA certificates",
					`must not be in quotes, and names that file (its name of 8 characters is not shown, `+
						`because it may `+
						`be a secret) `+quotesRemain)},
			{argument: "cert", name: "a key in the wrong place",
				block: args{"cert": "MIIPlanted/secret+0123456789==", "key": keyText},
				atRead: invalid("cert", "client certificate",
					inBlock+asPath+"that file (its name of 30 characters is not shown, because it may be a secret) "+
						"cannot be read: no such file or directory")},
			{argument: "cert", name: "OS_CERT and OS_KEY", env: environment{"OS_CERT": "~/cert.pem", "OS_KEY": keyText},
				want: shows},
			{argument: "cert", name: "texts in the block", block: args{"cert": certText, "key": keyText},
				env: environment{"OS_CERT": "not-this-one", "OS_KEY": "nor-this"}, want: shows},
			{argument: "cert", name: "without its key", block: args{"cert": "~/cert.pem"},
				atRead: []string{"key: Missing key of the client certificate\nAttribute key must be set in the " +
					"provider block, or in the environment variable OS_KEY. Its other half, cert, is set by the " +
					"provider block."}},
			{argument: "cert", name: "no certificate", block: args{"cert": "~/key.pem", "key": "~/key.pem"},
				atRead: invalid("cert", "client certificate", inBlock+asPath+`the file "~/key.pem" `+noCertificate)},
			{argument: "key", name: "OS_KEY, a path", env: environment{"OS_CERT": certText, "OS_KEY": "~/key.pem"},
				want: shows},
			{argument: "key", name: "without its certificate", env: environment{"OS_KEY": "~/key.pem"},
				atRead: []string{"cert: Missing client certificate\nAttribute cert must be set in the provider " +
					"block, or in the environment variable OS_CERT. Its other half, key, is set by environment " +
					"variable OS_KEY."}},
			{argument: "key", name: "of another certificate, as files",
				block: args{"cert": "~/cert.pem", "key": "~/other-key.pem"},
				atRead: invalid("key", "key of the client certificate",
					inBlock+"must be the private key of cert (the provider block): tls: private key does not match "+
						"public key")},
			{argument: "key", name: "of another certificate", block: args{"cert": certText, "key": otherKey},
				problems: invalid("key", "key of the client certificate",
					"must be the private key of cert (the provider block): tls: private key does not match "+
						"public key")},
			{argument: "key", name: "encrypted",
				block: args{"cert": certText, "key": strings.ReplaceAll(keyText, "PRIVATE", "ENCRYPTED PRIVATE")},
				problems: invalid("key", "key of the client certificate",
					"must contain an unencrypted private key, because the provider cannot ask for a password")},
			{argument: "key", name: "encrypted in the old form",
				block: args{"cert": certText,
					"key": strings.Replace(keyText, "KEY-----",
						"KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n", 1)},
				problems: invalid("key", "key of the client certificate",
					"must contain an unencrypted private key, because the provider cannot ask for a password")},
			{argument: "key", name: "text without a key", block: args{"cert": certText, "key": certText},
				problems: invalid("key", "key of the client certificate",
					"must contain a private key in PEM (-----BEGIN PRIVATE KEY-----), and none can be read")},
			{argument: "key", name: "file without a key", block: args{"cert": certText, "key": "~/text"},
				atRead: invalid("key", "key of the client certificate",
					inBlock+asPath+"the file \"~/text\" must contain a private key in PEM (-----BEGIN PRIVATE KEY-----), "+
						"and none can be read")},
			{argument: "key", name: "without the lines that make it PEM",
				block: args{"cert": certText, "key": strings.Split(keyText, "\n")[1]},
				atRead: invalid("key", "key of the client certificate",
					inBlock+asPath+"that file (its name of 64 characters is not shown, because it may be a secret) "+
						"cannot be read: no such file or directory")},
		},
	)
	for i := range rows {
		rows[i].files = files
	}

	return rows
}

// ignoredRows are about arguments of the vendor's provider without an effect.
func ignoredRows() []blockRow {
	var rows []blockRow
	for argument, value := range map[string]any{
		"enterprise_project_id":   "0",
		"regional":                true,
		"default_tags":            args{"team": "a"},
		"ignore_tags":             []any{"team"},
		"enable_force_new":        true,
		"skip_check_website_type": true,
		"skip_check_upgrade":      false,
	} {
		rows = append(rows, blockRow{argument: argument, name: "without effect", block: args{argument: value}})
	}

	return rows
}

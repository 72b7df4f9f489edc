//go:build unix

package provider_test

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// What the provider's page and the guides about authentication say, tried with a
// real CLI.

// The accounts and agencies of the guides.
const (
	guideAccount      = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	guideOtherAccount = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
	guideCentral      = "11111111111111111111111111111111"
	guideReader       = "iam::" + guideAccount + ":agency:terraform-reader"
	guideOtherReader  = "iam::" + guideOtherAccount + ":agency:terraform-reader"
	guideLastReader   = "iam::" + guideOtherAccount + ":agency:workflow-reader"
	guideIDToken      = "GuideHeader.GuidePayload.GuideSignature"
	guideToken        = "GuideIAMToken0123456789"
)

// guideProjects are the projects of the guides by ID.
var guideProjects = map[string]simulator.Project{
	"00000000000000000000000000000001": {Name: "cn-north-4"},
	"00000000000000000000000000000002": {Name: "cn-east-3"},
	"00000000000000000000000000000003": {Name: "cn-east-3_orders"},
	"00000000000000000000000000000004": {Name: "region-1"},
	"00000000000000000000000000000005": {Name: "cn-north-4", DomainID: guideAccount},
	"00000000000000000000000000000006": {Name: "cn-north-4", DomainID: guideOtherAccount},
	"00000000000000000000000000000007": {Name: "cn-east-3", DomainID: guideAccount},
}

// guideCloud is a cloud that accepts the credentials of all guides.
func guideCloud() simulator.Config {
	cfg := simulator.Config{
		Token: guideToken,
		Agencies: []simulator.Agency{
			{Name: "gateway", DomainID: guideCentral, DomainName: "central-account"},
			{Name: "terraform-reader", DomainID: guideAccount, DomainName: "other-account", TrustedBy: []string{
				simulator.CallerHome, "idp:ci", "iam::" + guideCentral + ":agency:gateway"}},
			{Name: "terraform-reader", DomainID: guideOtherAccount},
			{Name: "workflow-reader", DomainID: guideOtherAccount, TrustedBy: []string{guideReader}},
		},
		IdentityProviders: []simulator.IdentityProvider{{ID: "ci", IDTokens: []string{guideIDToken}}},
	}
	for id, project := range guideProjects {
		project.ID = id
		cfg.Projects = append(cfg.Projects, project)
	}

	return cfg
}

// guideConfig is a configuration of a guide, and what it should do.
type guideConfig struct {
	cloud func(*simulator.Config)
	env   []string
	reads []string // the caller and the project of each list
	says  string   // part of the output
	fails bool

	// Versions 1.x of the CLIs that are needed.
	terraform, openTofu int
}

var keysOfGuides = []string{
	"HW_ACCESS_KEY=" + simulator.DefaultAccessKey, "HW_SECRET_KEY=" + simulator.DefaultSecretKey,
}

var variablesOfGuides = []string{
	"TF_VAR_access_key=" + simulator.DefaultAccessKey, "TF_VAR_secret_key=" + simulator.DefaultSecretKey,
	"TF_VAR_security_token=" + plantedSecurityToken, "TF_VAR_token=" + guideToken,
}

// guideWorkspace returns a workspace with a configuration that reads from srv. The
// environment has no keys.
func guideWorkspace(t *testing.T, srv *simulator.Server, config string, env ...string) *acctest.Workspace {
	t.Helper()
	w := newWorkspaceOn(t, srv.URL, config, slices.Concat(
		[]string{"HW_REGION_NAME=", "HW_ACCESS_KEY=", "HW_SECRET_KEY="}, env)...)
	w.Env = append(w.Env, "HOME="+w.Dir)
	profile := `{"name": %q, "mode": "AKSK", "accessKeyId": %q, "secretAccessKey": %q, "region": %q}`
	cert, key := acctest.Certificate(t)
	files := map[string]string{
		".hcloud/config.json": `{"profiles": [` +
			fmt.Sprintf(profile, "dev", simulator.DefaultAccessKey, simulator.DefaultSecretKey, "cn-north-4") + ", " +
			fmt.Sprintf(profile, "production", simulator.DefaultAccessKey, simulator.DefaultSecretKey, "cn-east-3") +
			`]}`,
		"id-token":                    guideIDToken + "\n",
		"certificates/ca.pem":         cert,
		"certificates/client.pem":     cert,
		"certificates/client-key.pem": key,
	}
	if !strings.Contains(config, "\ndata ") {
		files["data.tf"] = workspace.DataSource("test", acctest.WorkflowID)
	}
	blocks := providerPattern.FindAllString(config, -1)
	if len(blocks) == 0 {
		blocks = []string{""}
		files["provider.tf"] = "provider \"huaweicloud\" {}\n"
	}
	for _, block := range blocks {
		files["simulator_override.tf"] += fmt.Sprintf(
			"provider \"huaweicloud\" {\n  %s\n  auth_url  = %[2]q\n  endpoints = { fgs = %[2]q, sts = %[2]q }\n}\n",
			aliasPattern.FindString(block), srv.URL)
	}
	for name, text := range files {
		w.Write(t, name, text)
	}

	return w
}

var (
	providerPattern = regexp.MustCompile(`(?ms)^provider "huaweicloud" \{$.*?^\}$`)
	aliasPattern    = regexp.MustCompile(`(?m)^ *alias += .*$`)
	pathPattern     = regexp.MustCompile(`^/v2/([^/]+)/fgs/`)
)

// run plans a configuration and checks what it reads.
func (g guideConfig) run(t *testing.T, config string) {
	t.Helper()
	cfg := guideCloud()
	if g.cloud != nil {
		g.cloud(&cfg)
	}
	srv := simulator.Start(t, cfg)
	for _, id := range []string{acctest.WorkflowID, "5c0e8a3b-7d21-4f6a-9b1e-2a3c4d5e6f70"} {
		srv.AddWorkflow(id, simulator.Seed(3, time.Now(), time.Minute, 1)...)
	}
	w := guideWorkspace(t, srv, config, slices.Concat(variablesOfGuides, g.env)...)
	if g.terraform > 0 {
		acctest.SkipBelow(t, g.terraform, g.openTofu)
	}
	out, err := w.Run(t, "plan", "-input=false")
	if (err != nil) != g.fails || !acctest.Words(g.says).MatchString(out) {
		t.Fatalf("got %v, want failure %t and %q in\n%s", err, g.fails, g.says, out)
	}
	var reads []string
	for _, r := range srv.RequestsOf(simulator.ListWorkflowExecutions) {
		id := pathPattern.FindStringSubmatch(r.Path)[1]
		reads = append(reads, strings.TrimSpace(r.Caller+" "+guideProjects[id].Name))
	}
	slices.Sort(reads)
	if diff := cmp.Diff(slices.Sorted(slices.Values(g.reads)), reads); diff != "" {
		t.Errorf("reads (-want +got):\n%s\n%s", diff, out)
	}
}

// guideConfigs are the configurations of the pages: the page, the heading above,
// and a number after the first one of a heading.
var guideConfigs = map[string]guideConfig{
	"index.md#Example Usage":            {env: keysOfGuides, reads: []string{"home cn-north-4"}},
	"index.md#Certificates and Proxies": {env: keysOfGuides, reads: []string{"home cn-north-4"}},

	"index.md#Other and Private Clouds":   {env: keysOfGuides, reads: []string{"home region-1"}},
	"index.md#Other and Private Clouds 2": {env: keysOfGuides, reads: []string{"home region-1"}},

	"guides/authentication.md#Provider Block": {reads: []string{"home cn-north-4"}},
	"guides/authentication.md#Temporary Keys": {
		cloud: func(cfg *simulator.Config) { cfg.SecurityToken = plantedSecurityToken },
		reads: []string{"home cn-north-4"},
	},
	"guides/authentication.md#Profile of hcloud":  {reads: []string{"home cn-north-4"}},
	"guides/authentication.md#Assume an Agency":   {env: keysOfGuides, reads: []string{guideReader + " cn-north-4"}},
	"guides/authentication.md#Assume an Agency 2": {env: keysOfGuides, reads: []string{guideReader + " cn-north-4"}},
	"guides/authentication.md#Assume an Agency 3": {env: keysOfGuides, reads: []string{guideReader + " cn-north-4"}},
	"guides/authentication.md#OpenID Connect":     {reads: []string{guideReader + " cn-north-4"}},
	"guides/authentication.md#ECS": {
		cloud: func(cfg *simulator.Config) { cfg.Metadata = &simulator.Metadata{} },
		reads: []string{simulator.CallerInstance + " cn-north-4"},
	},
	"guides/authentication.md#IAM Token": {reads: []string{"home cn-north-4"}},

	"guides/authenticate-in-ci.md#Settings in the Configuration": {
		env:   []string{"HW_ASSUME_ROLE_ID_TOKEN=" + guideIDToken},
		reads: []string{guideReader + " cn-north-4"},
	},
	"guides/authenticate-in-ci.md#Settings in the Configuration 2": {reads: []string{guideLastReader + " cn-north-4"}},
	"guides/authenticate-in-ci.md#Saved Plans": {
		reads: []string{"home cn-north-4"}, terraform: 10, openTofu: 11,
	},

	"guides/several-regions-and-accounts.md#Another Region in a Data Source": {
		env: keysOfGuides, reads: []string{"home cn-north-4", "home cn-east-3"},
	},
	"guides/several-regions-and-accounts.md#An Alias for Each Region": {
		env: keysOfGuides, reads: []string{"home cn-north-4", "home cn-east-3_orders"},
	},
	"guides/several-regions-and-accounts.md#An Agency for Each Account": {
		env:   keysOfGuides,
		reads: []string{"home cn-north-4", guideReader + " cn-north-4", guideOtherReader + " cn-north-4"},
	},
	"guides/several-regions-and-accounts.md#A Profile for Each Account": {
		reads: []string{"home cn-north-4", "home cn-east-3"},
	},
}

// pageBlocks returns the code blocks of a page in a language, by page and heading
// as in guideConfigs.
func pageBlocks(t *testing.T, page, language string) map[string]string {
	t.Helper()
	blocks := map[string]string{}
	var heading, text string
	inside, wanted := false, false
	for line := range strings.Lines(string(read(t, filepath.Join("../../docs", page)))) {
		switch {
		case strings.HasPrefix(line, "```"):
			if inside && wanted {
				key := page + "#" + heading
				for n := 2; blocks[key] != ""; n++ {
					key = fmt.Sprintf("%s#%s %d", page, heading, n)
				}
				blocks[key] = text
			}
			inside, text, wanted = !inside, "", strings.TrimSpace(line) == "```"+language
		case inside:
			text += line
		case strings.HasPrefix(line, "#"):
			heading = strings.TrimSpace(strings.TrimLeft(line, "#"))
		}
	}

	return blocks
}

// pagesRead are the pages whose configurations are read.
var pagesRead = []string{
	"index.md", "guides/authentication.md", "guides/authenticate-in-ci.md", "guides/several-regions-and-accounts.md",
}

// Every configuration of the pages reads with the credentials that the page
// describes.
func TestAccGuides_authentication(t *testing.T) {
	t.Parallel()
	missing := maps.Clone(guideConfigs)
	for _, page := range pagesRead {
		for key, config := range pageBlocks(t, page, "terraform") {
			g, ok := guideConfigs[key]
			if !ok {
				t.Errorf("nothing says what %s should read", key)
				continue
			}
			delete(missing, key)
			t.Run(key, func(t *testing.T) {
				t.Parallel()
				g.run(t, config)
			})
		}
	}
	for key := range missing {
		t.Errorf("there is no configuration %s", key)
	}
}

// twoRegions are two provider blocks, each with a data source. The arguments are
// those of the alias.
func twoRegions(arguments string) string {
	return `provider "huaweicloud" {
  region = "cn-north-4"
}

provider "huaweicloud" {
  alias  = "east"
  region = "cn-east-3"
` + arguments + `}

data "huaweicloud_fgs_workflow_executions" "north" {
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
}

data "huaweicloud_fgs_workflow_executions" "east" {
  provider    = huaweicloud.east
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
}
`
}

// What the guide says of variables and aliases.
func TestAccGuides_environment(t *testing.T) {
	t.Parallel()
	const ownKeys = "\n  access_key = \"" + simulator.DefaultAccessKey + "\"\n  secret_key = \"" +
		simulator.DefaultSecretKey + "\"\n"
	const ownAgency = "\n  assume_role {\n    agency_name = \"terraform-reader\"\n    domain_id   = \"" +
		guideAccount + "\"\n  }\n"
	const north = "00000000000000000000000000000001"
	tests := map[string]struct {
		config string
		guideConfig
	}{
		"a region applies to blocks without one": {
			config: strings.Replace(twoRegions(""), "  region = \"cn-north-4\"\n", "", 1),
			guideConfig: guideConfig{
				env:   append(slices.Clone(keysOfGuides), "HW_REGION_NAME=cn-north-4"),
				reads: []string{"home cn-north-4", "home cn-east-3"},
			},
		},
		"a profile's region beats every block's": {
			config: twoRegions(""),
			guideConfig: guideConfig{
				env:   []string{"HW_PROFILE=dev"},
				reads: []string{"home cn-north-4", "home cn-north-4"},
				says:  `Attribute region of the provider block is "cn-east-3", and is not used`,
			},
		},
		"a profile of the block beats that of the environment": {
			config: twoRegions("\n  profile = \"production\"\n"),
			guideConfig: guideConfig{
				env:   []string{"HW_PROFILE=dev"},
				reads: []string{"home cn-north-4", "home cn-east-3"},
			},
		},
		"a security token goes with keys of a block": {
			config: twoRegions(ownKeys),
			guideConfig: guideConfig{
				env:   append(slices.Clone(keysOfGuides), "HW_SECURITY_TOKEN=other"),
				says:  "the provider block (security_token from environment variable HW_SECURITY_TOKEN)",
				fails: true,
			},
		},
		"an IAM token beats keys of a block": {
			config: twoRegions("\n  access_key = \"other\"\n  secret_key = \"other\"\n"),
			guideConfig: guideConfig{
				env:   []string{"HW_AUTH_TOKEN=" + guideToken},
				reads: []string{"home cn-north-4", "home cn-east-3"},
				says:  "In the provider block access_key, secret_key are not used",
			},
		},
		"an IAM token does not beat keys for an agency": {
			config: twoRegions(ownKeys + ownAgency),
			guideConfig: guideConfig{
				env:   []string{"HW_AUTH_TOKEN=" + guideToken},
				reads: []string{"home cn-north-4", guideReader + " cn-east-3"},
			},
		},
		"an agency is assumed by every block": {
			config: twoRegions(ownAgency),
			guideConfig: guideConfig{
				env: append(slices.Clone(keysOfGuides), "HW_ASSUME_ROLE_AGENCY_NAME=terraform-reader",
					"HW_ASSUME_ROLE_DOMAIN_ID="+guideOtherAccount),
				reads: []string{guideOtherReader + " cn-north-4", guideReader + " cn-east-3"},
			},
		},
		"an ID token beats keys of every block": {
			config: twoRegions(ownKeys),
			guideConfig: guideConfig{
				env: []string{"HW_ASSUME_ROLE_IDP_ID=ci", "HW_ASSUME_ROLE_AGENCY_NAME=terraform-reader",
					"HW_ASSUME_ROLE_DOMAIN_ID=" + guideAccount, "HW_ASSUME_ROLE_ID_TOKEN=" + guideIDToken},
				reads: []string{guideReader + " cn-north-4", guideReader + " cn-east-3"},
				says:  "In the provider block access_key, secret_key are not used",
			},
		},
		"a project's ID is used by every block": {
			config: twoRegions(""),
			guideConfig: guideConfig{
				env:   append(slices.Clone(keysOfGuides), "HW_PROJECT_ID="+north),
				reads: []string{"home cn-north-4", "home cn-north-4"},
			},
		},
		"a project's ID is not used for the region of a data source": {
			config: `provider "huaweicloud" {
  region = "cn-north-4"
}

data "huaweicloud_fgs_workflow_executions" "east" {
  region      = "cn-east-3"
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
}
`,
			guideConfig: guideConfig{
				env:   append(slices.Clone(keysOfGuides), "HW_PROJECT_ID="+north),
				reads: []string{"home cn-east-3"},
			},
		},
		"an empty string is no shield": {
			config: twoRegions("\n  project_id = \"\"\n"),
			guideConfig: guideConfig{
				env:   append(slices.Clone(keysOfGuides), "HW_PROJECT_ID="+north),
				reads: []string{"home cn-north-4", "home cn-north-4"},
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.run(t, tt.config)
		})
	}
}

var yamlVariable = regexp.MustCompile(`(?m)^ +(HW_[A-Z_]+): ([^$\s]+)$`)

// variablesOf returns the variables of a job that have a value in the page.
func variablesOf(job string) []string {
	var env []string
	for _, found := range yamlVariable.FindAllStringSubmatch(job, -1) {
		env = append(env, found[1]+"="+found[2])
	}

	return env
}

// The variables of the jobs are all that the provider needs.
func TestAccGuides_jobs(t *testing.T) {
	t.Parallel()
	jobs := pageBlocks(t, "guides/authenticate-in-ci.md", "yaml")
	const empty = "" // no provider block
	t.Run("GitLab", func(t *testing.T) {
		t.Parallel()
		job := jobs["guides/authenticate-in-ci.md#GitLab"]
		if !strings.Contains(job, "id_tokens:\n    HW_ASSUME_ROLE_ID_TOKEN:\n") {
			t.Errorf("no ID token in %s", job)
		}
		env := append(variablesOf(job), "HW_ASSUME_ROLE_ID_TOKEN="+guideIDToken)
		guideConfig{env: env, reads: []string{guideReader + " cn-north-4"}}.run(t, empty)
	})
	t.Run("GitHub Actions", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{"bash", "curl", "jq"} {
			if _, err := exec.LookPath(name); err != nil {
				t.Skip(err)
			}
		}
		job := jobs["guides/authenticate-in-ci.md#GitHub Actions"]
		_, script, _ := strings.Cut(job, "run: |\n")
		script, _, _ = strings.Cut(script, "\n      - run:")
		const token = `{"count": 1234, "value": "` + guideIDToken + `"}`
		file, env, err := requestIDToken(t, script, http.StatusOK, token)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file is not readable by its owner alone: %v, %v", info, err)
		}
		env = append(env, variablesOf(job)...)
		guideConfig{env: env, reads: []string{guideReader + " cn-north-4"}}.run(t, empty)

		if _, _, err := requestIDToken(t, script, http.StatusForbidden, token); err == nil {
			t.Error("the step goes on after an error")
		}
		if _, _, err := requestIDToken(t, script, http.StatusOK, `{"count": 0}`); err == nil {
			t.Error("the step goes on without a token")
		}
	})
}

// requestIDToken runs the step that requests an ID token, as GitHub does. It
// returns the file of the token and the variables for later steps.
func requestIDToken(t *testing.T, script string, status int, body string) (file string, env []string, err error) {
	t.Helper()
	const audience = "the client & its ID"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer request-token" ||
			query.Get("api-version") != "2.0" || query.Get("audience") != audience {
			t.Errorf("got %s %s with %s", r.Method, r.URL, r.Header.Get("Authorization"))
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "bash", "-e", "-c", script)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "RUNNER_TEMP=" + dir, "GITHUB_ENV=" + filepath.Join(dir, "env"),
		"AUDIENCE=" + audience, "ACTIONS_ID_TOKEN_REQUEST_TOKEN=request-token",
		"ACTIONS_ID_TOKEN_REQUEST_URL=" + srv.URL + "/token?api-version=2.0",
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("%w: %s", err, out)
	}

	return filepath.Join(dir, "id-token"), strings.Fields(string(read(t, filepath.Join(dir, "env")))), nil
}

// A saved plan holds the values of variables, except for ephemeral ones. Keys of
// the environment are not in it.
func TestAccGuides_savedPlans(t *testing.T) {
	t.Parallel()
	config := pageBlocks(t, "guides/authenticate-in-ci.md", "terraform")["guides/authenticate-in-ci.md#Saved Plans"]
	tests := map[string]struct {
		config string
		env    []string
		holds  bool
		again  bool // whether apply needs the keys again
	}{
		"sensitive variables": {
			config: strings.ReplaceAll(config, "  ephemeral = true\n", ""),
			env:    variablesOfGuides,
			holds:  true,
		},
		"ephemeral variables": {config: config, env: variablesOfGuides, again: true},
		"environment":         {config: "provider \"huaweicloud\" {\n  region = \"cn-north-4\"\n}\n", env: keysOfGuides},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, guideCloud())
			srv.AddWorkflow(acctest.WorkflowID)
			w := guideWorkspace(t, srv, tt.config)
			if strings.Contains(tt.config, "ephemeral") {
				acctest.SkipBelow(t, 10, 11)
			}
			without := w.Env
			w.Env = slices.Concat(w.Env, tt.env)
			if out, err := w.Run(t, "plan", "-input=false", "-out=plan"); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			plan := unzip(t, filepath.Join(w.Dir, "plan"))
			if !strings.Contains(plan, "huaweicloud_fgs_workflow_executions") {
				t.Error("this is not all of the plan")
			}
			if holds := strings.Contains(plan, simulator.DefaultSecretKey); holds != tt.holds {
				t.Errorf("the plan holds the key: %t", holds)
			}
			w.Env = without
			if out, err := w.Run(t, "apply", "-input=false", "plan"); (err != nil) != tt.again {
				t.Errorf("without keys: %v\n%s", err, out)
			}
			w.Env = slices.Concat(w.Env, tt.env)
			if !tt.again {
				return
			}
			if out, err := w.Run(t, "apply", "-input=false", "plan"); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// unzip returns all files of an archive, one after the other.
func unzip(t *testing.T, name string) string {
	t.Helper()
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var all strings.Builder
	for _, file := range archive.File {
		text, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, text); err != nil {
			t.Fatal(err)
		}
		_ = text.Close()
	}

	return all.String()
}

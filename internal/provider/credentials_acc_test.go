//go:build unix

package provider_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// Tests of every way to authenticate, with a real CLI and the provider's own
// binary.

// Secrets of the flows. No other text contains them.
const (
	plantedAccessKey     = "PLANTEDACCESSKEY0123"
	plantedSecretKey     = "PlantedSecretKey0123456789"
	plantedSecurityToken = "PlantedSecurityToken0123456789"
	plantedToken         = "PlantedIAMToken0123456789"
	plantedIDToken       = "PlantedHeader.PlantedPayload.PlantedSignature"
)

const (
	agencyDomain  = "11111111111111111111111111111111"
	lastDomain    = "22222222222222222222222222222222"
	lastProject   = "22222222222222222222222222222200"
	agencyCaller  = "iam::" + agencyDomain + ":agency:ops"
	lastCaller    = "iam::" + lastDomain + ":agency:read only"
	idpCaller     = "idp:ci"
	agencyProject = "11111111111111111111111111111100"
)

// account is a cloud with a key, a token, an identity provider, an instance and
// two agencies. The second agency trusts only the first.
func account() simulator.Config {
	return simulator.Config{
		AccessKey: plantedAccessKey,
		SecretKey: plantedSecretKey,
		Token:     plantedToken,
		Agencies: []simulator.Agency{
			{Name: "ops", DomainID: agencyDomain, DomainName: "ops-account",
				TrustedBy: []string{simulator.CallerHome, idpCaller, simulator.CallerInstance}},
			{Name: "read only", DomainID: lastDomain, DomainName: "last-account", TrustedBy: []string{agencyCaller}},
		},
		IdentityProviders: []simulator.IdentityProvider{{ID: "ci", IDTokens: []string{plantedIDToken}}},
		Projects: []simulator.Project{
			{ID: simulator.DefaultProjectID, Name: simulator.DefaultRegion},
			{ID: agencyProject, Name: simulator.DefaultRegion, DomainID: agencyDomain},
			{ID: lastProject, Name: simulator.DefaultRegion, DomainID: lastDomain},
		},
	}
}

// flow is a way to authenticate.
type flow struct {
	cloud  func(*simulator.Config)
	env    []string
	block  string
	files  map[string]string // below the workspace, which is also HOME
	steps  []simulator.Operation
	caller string // caller of the reads

	refuseAll bool // see refusals
}

var homeKeys = []string{"HW_ACCESS_KEY=" + plantedAccessKey, "HW_SECRET_KEY=" + plantedSecretKey}

var flows = map[string]flow{
	"keys from HW variables": {env: homeKeys, caller: simulator.CallerHome},
	"keys from OS variables": {
		env:    []string{"OS_ACCESS_KEY=" + plantedAccessKey, "OS_SECRET_KEY=" + plantedSecretKey},
		caller: simulator.CallerHome,
	},
	"temporary keys": {
		cloud:  func(cfg *simulator.Config) { cfg.SecurityToken = plantedSecurityToken },
		env:    append(slices.Clone(homeKeys), "HW_SECURITY_TOKEN="+plantedSecurityToken),
		caller: simulator.CallerHome, refuseAll: true,
	},
	"token": {
		env:    []string{"HW_AUTH_TOKEN=" + plantedToken},
		caller: simulator.CallerHome, refuseAll: true,
	},
	"token of no project, exchanged for one of the project": {
		cloud:  func(cfg *simulator.Config) { cfg.TokenProject = simulator.Unscoped },
		env:    []string{"HW_AUTH_TOKEN=" + plantedToken, "HW_PROJECT_ID=" + simulator.DefaultProjectID},
		steps:  []simulator.Operation{simulator.CreateTokenWithToken},
		caller: simulator.CallerHome,
	},
	"token beats keys": {
		env:    []string{"OS_AUTH_TOKEN=" + plantedToken, "HW_ACCESS_KEY=other", "HW_SECRET_KEY=other"},
		caller: simulator.CallerHome,
	},
	"profile": {
		env: []string{"HW_PROFILE=dev", "HW_ACCESS_KEY=other", "HW_SECRET_KEY=other", "HW_REGION_NAME=nowhere"},
		files: map[string]string{".hcloud/config.json": `{"current": "other", "authEncrypt": "false", "profiles": [
			{"name": "other"},
			{"name": "dev", "mode": "AKSK", "accessKeyId": "` + plantedAccessKey + `",
				"secretAccessKey": "` + plantedSecretKey + `", "region": "cn-north-4"}
		]}`},
		caller: simulator.CallerHome,
	},
	"current profile, logged in by SSO": {
		cloud: func(cfg *simulator.Config) { cfg.SecurityToken = plantedSecurityToken },
		block: `shared_config_file = "~/hcloud.json"`,
		files: map[string]string{"hcloud.json": `{"current": "sso", "profiles": [{"name": "sso", "mode": "SSO",
			"ssoAuth": {"stsToken": {
			"accessKeyId": "` + plantedAccessKey + `", "secretAccessKey": "` + plantedSecretKey + `",
				"securityToken": "` + plantedSecurityToken + `"}}}]}`},
		caller: simulator.CallerHome,
	},
	"profile with an agency": {
		env: []string{"HW_PROFILE=agency"},
		files: map[string]string{".hcloud/config.json": `{"profiles": [{"name": "agency", "mode": "AKSK",
			"accessKeyId": "` + plantedAccessKey + `",
			"secretAccessKey": "` + plantedSecretKey + `", "agencyName": "ops", "agencyDomainName": "ops-account"}]}`},
		steps:  []simulator.Operation{simulator.CreateTemporaryAccessKeyByAgency},
		caller: agencyCaller,
	},
	"profile with an agency, and a block on top": {
		env:   []string{"HW_PROFILE=agency"},
		block: "assume_role {\n    agency_name = \"read only\"\n    domain_name = \"last-account\"\n  }",
		files: map[string]string{".hcloud/config.json": `{"profiles": [{"name": "agency", "mode": "AKSK",
			"accessKeyId": "` + plantedAccessKey + `",
			"secretAccessKey": "` + plantedSecretKey + `", "agencyName": "ops", "agencyDomainName": "ops-account"}]}`},
		steps: []simulator.Operation{simulator.CreateTemporaryAccessKeyByAgency,
			simulator.CreateTemporaryAccessKeyByAgency},
		caller: lastCaller,
	},
	"agency by its account's name": {
		env:    homeKeys,
		block:  "assume_role {\n    agency_name = \"ops\"\n    domain_name = \"ops-account\"\n  }",
		steps:  []simulator.Operation{simulator.CreateTemporaryAccessKeyByAgency},
		caller: agencyCaller,
	},
	"agency from the environment, by its account's ID": {
		env: append(slices.Clone(homeKeys), "HW_ASSUME_ROLE_AGENCY_NAME=ops",
			"HW_ASSUME_ROLE_DOMAIN_ID="+agencyDomain, "HW_ASSUME_ROLE_DURATION=900"),
		steps:  []simulator.Operation{simulator.AssumeAgency},
		caller: agencyCaller,
	},
	"chain of agencies": {
		env: homeKeys,
		block: "assume_role {\n    agency_name = \"ops\"\n    domain_name = \"ops-account\"\n    duration = " +
			"3600\n  }\n" +
			"  assume_role {\n    agency_name = \"read only\"\n    domain_id = \"" + lastDomain + "\"\n  }",
		steps:  []simulator.Operation{simulator.CreateTemporaryAccessKeyByAgency, simulator.AssumeAgency},
		caller: lastCaller,
	},
	"ID token from a file": {
		block: "assume_role_with_oidc {\n    agency_name = \"ops\"\n    domain_id = \"" + agencyDomain +
			"\"\n    idp_id = \"ci\"\n    id_token_file = \"~/id-token\"\n  }",
		files: map[string]string{"id-token": plantedIDToken + "\n"},
		steps: []simulator.Operation{simulator.CreateTokenWithIDToken, simulator.CreateTemporaryAccessKeyByToken,
			simulator.AssumeAgency},
		caller: agencyCaller, refuseAll: true,
	},
	"ID token from the environment": {
		env: []string{
			"HW_ASSUME_ROLE_AGENCY_NAME=ops", "HW_ASSUME_ROLE_DOMAIN_ID=" + agencyDomain,
			"HW_ASSUME_ROLE_IDP_ID=ci", "HW_ASSUME_ROLE_ID_TOKEN=" + plantedIDToken,
		},
		steps: []simulator.Operation{simulator.CreateTokenWithIDToken, simulator.CreateTemporaryAccessKeyByToken,
			simulator.AssumeAgency},
		caller: agencyCaller,
	},
}

// newFlow starts a cloud and returns a workspace with ten data sources.
func newFlow(t *testing.T, f flow, env ...string) (*echo, *acctest.Workspace) {
	t.Helper()
	cfg := account()
	if f.cloud != nil {
		f.cloud(&cfg)
	}
	srv := &echo{Server: simulator.Start(t, cfg)}
	front := httptest.NewServer(srv)
	t.Cleanup(front.Close)
	srv.AddWorkflow("w", simulator.Seed(3, time.Now(), time.Minute, 1)...)
	config := fmt.Sprintf("provider \"huaweicloud\" {\n  endpoints = { fgs = %[1]q, sts = %[1]q }\n  auth_url = "+
		"%[1]q\n  %s\n}\n",
		front.URL, f.block) + workspace.DataSource("test", "w", "count = 10") +
		"output \"number\" {\n" +
		"  value = sum([for d in data.huaweicloud_fgs_workflow_executions.test : length(d.executions)])\n}\n"
	w := acctest.NewBinaryWorkspace(t, config,
		append([]string{"HW_ACCESS_KEY=", "HW_SECRET_KEY="}, append(f.env, env...)...)...)
	w.Env = append(w.Env, "HOME="+w.Dir)
	for name, text := range f.files {
		w.Write(t, name, text)
	}

	return srv, w
}

// Ten data sources of one provider block read as the same caller, and each step
// happens once. Secrets appear neither in TRACE logs nor in output of the CLI, a
// saved plan or the state, whether the reads succeed or a service rejects them and
// repeats the request.
func TestAccCredentials(t *testing.T) {
	t.Parallel()
	for name, f := range flows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := filepath.Join(t.TempDir(), "trace.log")
			srv, w := newFlow(t, f, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
			planned, err := w.Run(t, "plan", "-input=false", "-out=plan")
			if err != nil {
				t.Fatalf("%v\n%s", err, planned)
			}
			applied, err := w.Run(t, "apply", "-input=false", "plan")
			if err != nil || !strings.Contains(applied, "number = 30") {
				t.Fatalf("%v\n%s", err, applied)
			}
			f.expectRequests(t, srv.Requests())

			written := []string{
				planned, applied, unzip(t, filepath.Join(w.Dir, "plan")),
				string(read(t, filepath.Join(w.Dir, "terraform.tfstate"))),
			}
			for _, operation := range f.refusals() {
				srv.refuse(pathsOfOperations[operation])
				said, err := w.Run(t, "plan", "-input=false")
				if err == nil {
					t.Errorf("%s was refused, and the plan went on", operation)
				}
				written = append(written, said)
			}
			logged := string(read(t, log))
			for _, mark := range []string{"HTTP request", "HTTP response", "Credentials refused"} {
				if !strings.Contains(logged, mark) {
					t.Errorf("nothing says %q: this is not all that is written", mark)
				}
			}
			expectNoSecrets(t, strings.Join(append(written, logged), ""), srv.allRequests())
		})
	}
}

// expectRequests checks who read, and that each step happened once.
func (f flow) expectRequests(t *testing.T, requests []simulator.Request) {
	t.Helper()
	var steps []simulator.Operation
	reads := 0
	for _, r := range requests {
		switch r.Operation {
		case simulator.ListWorkflowExecutions, simulator.ListProjects:
			reads++
			if r.Caller != f.caller {
				t.Errorf("%s as %q, want %q", r.Operation, r.Caller, f.caller)
			}
		default:
			steps = append(steps, r.Operation)
		}
	}
	if !slices.Equal(steps, f.steps) || reads != 11 {
		t.Errorf("steps %v and %d reads, want %v and 11", steps, reads, f.steps)
	}
}

// refusals are the operations that are refused in turn: the last step on the way
// to credentials or, without steps, the list. Where refuseAll is set they are all.
func (f flow) refusals() []simulator.Operation {
	all := append(slices.Clone(f.steps), simulator.ListProjects, simulator.ListWorkflowExecutions)
	switch {
	case f.refuseAll:
		return all
	case len(f.steps) > 0:
		return f.steps[len(f.steps)-1:]
	default:
		return all[len(all)-1:]
	}
}

// expectNoSecrets checks that nothing that was written holds a secret of the flows
// or of a request.
func expectNoSecrets(t *testing.T, written string, requests []simulator.Request) {
	t.Helper()
	secrets := map[string]bool{
		plantedAccessKey: true, plantedSecretKey: true, plantedSecurityToken: true, plantedToken: true, plantedIDToken: true,
	}
	for _, r := range requests { // and the credentials that services issued
		for _, name := range []string{"X-Security-Token", "X-Auth-Token", "Authorization"} {
			secrets[r.Header.Get(name)] = true
		}
		_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
		secrets[signature] = true
		var body struct {
			Auth struct {
				Identity struct {
					Token struct {
						ID string `json:"id"`
					} `json:"token"`
				} `json:"identity"`
			} `json:"auth"`
		}
		if json.Unmarshal(r.Body, &body) == nil {
			secrets[body.Auth.Identity.Token.ID] = true
		}
	}
	delete(secrets, "")
	for secret := range secrets {
		if at := strings.Index(written, secret); at >= 0 {
			t.Errorf("%q was written: …%s…", secret, written[max(0, at-200):min(len(written), at+200)])
		}
	}
}

// pathsOfOperations are the suffixes of the operations' paths.
var pathsOfOperations = map[simulator.Operation]string{
	simulator.ListWorkflowExecutions:           "/executions",
	simulator.ListProjects:                     "/projects",
	simulator.AssumeAgency:                     "/agencies/assume",
	simulator.CreateTemporaryAccessKeyByAgency: "/securitytokens",
	simulator.CreateTemporaryAccessKeyByToken:  "/securitytokens",
	simulator.CreateTokenWithIDToken:           "/id-token/tokens",
	simulator.CreateTokenWithToken:             "/auth/tokens",
}

// echo is a service that can refuse every request to a path, and repeats the
// request in the error.
type echo struct {
	*simulator.Server

	mu      sync.Mutex
	path    string // suffix of the path that is refused
	refused []simulator.Request
}

func (s *echo) refuse(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.path = path
}

// allRequests are those that were served and those that were refused.
func (s *echo) allRequests() []simulator.Request {
	s.mu.Lock()
	defer s.mu.Unlock()

	return append(s.Requests(), s.refused...)
}

func (s *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	path := s.path
	s.mu.Unlock()
	if path == "" || !strings.HasSuffix(r.URL.Path, path) {
		s.Server.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.refused = append(s.refused, simulator.Request{Header: r.Header, Body: body})
	s.mu.Unlock()
	text, err := json.Marshal(map[string]any{"error_code": "APIGW.0301",
		"error_msg": fmt.Sprint(r.Header, string(body))})
	if err != nil {
		panic(err)
	}
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = w.Write(text)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}

	return data
}

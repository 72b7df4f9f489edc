//go:build unix

package provider_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// Tests of the network between the provider and the services, and of several
// provider blocks.

// callers counts the requests for an operation by caller.
func callers(srv *simulator.Server, operation simulator.Operation) map[string]int {
	result := map[string]int{}
	for _, r := range srv.RequestsOf(operation) {
		result[r.Caller]++
	}

	return result
}

// Each provider block has its own keys and looks up its own project. All data
// sources of one block share them.
func TestAccAliases(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, account())
	srv.AddWorkflow("w", simulator.Seed(3, time.Now(), time.Minute, 1)...)
	config := fmt.Sprintf(`
provider "huaweicloud" {
  endpoints = { fgs = %[1]q, sts = %[1]q, iam = %[1]q }
}

provider "huaweicloud" {
  alias     = "ops"
  endpoints = { fgs = %[1]q, sts = %[1]q, iam = %[1]q }

  assume_role {
    agency_name = "ops"
    domain_id   = %[2]q
  }
}

data "huaweicloud_fgs_workflow_executions" "home" {
  count       = 5
  workflow_id = "w"
}

data "huaweicloud_fgs_workflow_executions" "ops" {
  count       = 5
  provider    = huaweicloud.ops
  workflow_id = "w"
}
`, srv.URL, agencyDomain)
	said, err := newWorkspace(t, config, homeKeys...).Run(t, "plan", "-input=false")
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for operation, want := range map[simulator.Operation]map[string]int{
		simulator.AssumeAgency:           {simulator.CallerHome: 1},
		simulator.ListProjects:           {simulator.CallerHome: 1, agencyCaller: 1},
		simulator.ListWorkflowExecutions: {simulator.CallerHome: 5, agencyCaller: 5},
	} {
		if got := callers(srv, operation); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s by %v, want %v", operation, got, want)
		}
	}
}

// The proxy variables apply to every service, except those in NO_PROXY.
func TestAccProxy(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		env     []string
		proxied bool
	}{
		"HTTP_PROXY":              {nil, true},
		"NO_PROXY for the domain": {[]string{"NO_PROXY=.example.invalid"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.AddWorkflow("w")
			w := newWorkspace(t, readConfig("http://services.example.invalid"),
				append([]string{"HTTP_PROXY=" + srv.URL}, tt.env...)...)
			said, err := w.Run(t, "plan", "-input=false")
			if tt.proxied != (err == nil) || !tt.proxied &&
				!strings.Contains(said, "The host's name cannot be resolved") {
				t.Fatalf("%v\n%s", err, said)
			}
			for _, r := range srv.Requests() {
				if !r.Proxied || !r.SignatureValid || r.Host != "services.example.invalid" {
					t.Errorf("%s of %s, proxied: %t, signature: %t", r.Operation, r.Host, r.Proxied, r.SignatureValid)
				}
			}
		})
	}
}

// An invalid proxy is an error before any request. Hosts that would not use it are
// not affected.
func TestAccProxy_malformed(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow("w")
	const malformed = "HTTP_PROXY=http://CORP\\Planted:pw@proxy.example.invalid:3128"
	said, err := newWorkspace(t, readConfig("http://services.example.invalid"), malformed).Run(t, "plan",
		"-input=false")
	if err == nil || !strings.Contains(said, "Error: Invalid proxy") ||
		!strings.Contains(said, "contains a\nbackslash") && !strings.Contains(said, "contains a backslash") ||
		strings.Contains(said, "Planted") {
		t.Errorf("%v\n%s", err, said)
	}
	// Requests to this machine use no proxy.
	if said, err := newWorkspace(t, readConfig(srv.URL), malformed).Run(t, "plan", "-input=false"); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// The provider supports private authorities and client certificates.
func TestAccCertificates(t *testing.T) {
	t.Parallel()
	cert, key := acctest.Certificate(t)
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	clients := x509.NewCertPool()
	clients.AppendCertsFromPEM([]byte(cert))
	cloud := simulator.New(simulator.Config{})
	cloud.AddWorkflow("w")
	server := httptest.NewUnstartedServer(cloud)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients,
		Certificates: []tls.Certificate{pair}}
	server.StartTLS()
	t.Cleanup(server.Close)

	tests := map[string]struct {
		block []string
		env   []string
		want  string // part of the CLI's output; empty if the plan succeeds
	}{
		"all of them, as files": {block: []string{`cacert_file = "~/ca.pem"`, `cert = "~/ca.pem"`,
			`key = "~/key.pem"`}},
		"all of them, from the environment": {env: []string{"OS_CACERT=" + cert, "OS_CERT=" + cert, "OS_KEY=" + key}},
		"insecure": {block: []string{"insecure = true"},
			env: []string{"OS_CERT=" + cert, "OS_KEY=" + key}},
		"no authority": {env: []string{"OS_CERT=" + cert, "OS_KEY=" + key},
			want: "give it in cacert_file"},
		"no client certificate": {env: []string{"OS_CACERT=" + cert}, want: "Check cert and key"},
		"no such file": {block: []string{`cacert_file = "~/none.pem"`},
			want: "Invalid CA certificates"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := strings.Replace(readConfig(server.URL), "endpoints =",
				strings.Join(tt.block, "\n  ")+"\n  endpoints =", 1)
			w := newWorkspace(t, config, tt.env...)
			w.Env = append(w.Env, "HOME="+w.Dir)
			w.Write(t, "ca.pem", cert)
			w.Write(t, "key.pem", key)
			said, err := w.Run(t, "plan", "-input=false")
			if (err == nil) != (tt.want == "") || !strings.Contains(strings.Join(strings.Fields(said), " "), tt.want) {
				t.Errorf("got %v, want %q\n%s", err, tt.want, said)
			}
		})
	}
}

// Only a provider in this process can be told another address of the metadata
// service.
func TestAccMetadata(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		metadata *simulator.Metadata
		env      []string
		file     string
		want     []string // texts of the error, in this order; none if the read works
	}{
		"an instance":                      {metadata: &simulator.Metadata{TokenRequired: true}},
		"an instance that knows no tokens": {metadata: &simulator.Metadata{TokenStatus: 404}},
		"a profile on an instance": {
			metadata: &simulator.Metadata{},
			env:      []string{"HW_PROFILE=ecs", "HW_ACCESS_KEY=other", "HW_SECRET_KEY=other"},
			file:     `{"profiles":[{"name":"ecs","mode":"ecsAgency"}]}`,
		},
		"no instance": {want: []string{`Error: No credentials`, `HW_ACCESS_KEY`,
			`The last way was tried: GET http://127.0.0.1`, `HTTP 404`}},
		"an instance without an agency": {metadata: &simulator.Metadata{NoAgency: true},
			want: []string{`Error: No credentials`, `Please configure Cloud Service Agency first`}},
		"a profile on no instance": {
			env: []string{"HW_PROFILE=ecs"}, file: `{"profiles":[{"name":"ecs","mode":"ecsAgency"}]}`,
			want: []string{`Error: No ECS metadata service`,
				`Step: profile "ecs" of "~/.hcloud/config.json": the ECS metadata service`},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := account()
			cfg.Metadata = tt.metadata
			srv := simulator.Start(t, cfg)
			srv.AddWorkflow("w")
			config := workspace.ProviderBlock(srv.URL) + workspace.DataSource("test", "w", "count = 5")
			w := newWorkspaceOn(t, srv.URL, config, append([]string{"HW_ACCESS_KEY=", "HW_SECRET_KEY="}, tt.env...)...)
			w.Env = append(w.Env, "HOME="+w.Dir)
			w.Write(t, filepath.Join(".hcloud", "config.json"), tt.file)
			said, err := w.Run(t, "plan", "-input=false")
			if (err != nil) != (len(tt.want) > 0) || !acctest.Words(tt.want...).MatchString(said) {
				t.Fatalf("got %v, want %q in\n%s", err, tt.want, said)
			}
			if err != nil {
				return
			}
			keys, reads := callers(srv, simulator.ShowSecurityKey)[""], callers(srv, simulator.ListWorkflowExecutions)
			if keys != 1 || reads[simulator.CallerInstance] != 5 || len(reads) != 1 {
				t.Errorf("%d times keys for the reads of %v, want once for 5", keys, reads)
			}
		})
	}
}

// Bytes that a server sends after a response may repeat secrets, so that they must
// not reach the log.
func TestAccUnsolicited(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, account())
	srv.AddWorkflow("w")
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close() //nolint:errcheck // nothing is lost
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}%s",
			r.Header.Get("X-Auth-Token"))
		_, _ = conn.Read(make([]byte, 1)) // until the transport has closed the connection
	}))
	t.Cleanup(front.Close)
	log := filepath.Join(t.TempDir(), "trace.log")
	w := acctest.NewBinaryWorkspace(t, readConfig(front.URL), "HW_AUTH_TOKEN="+plantedToken, "TF_LOG=TRACE",
		"TF_LOG_PATH="+log)
	said, err := w.Run(t, "plan", "-input=false")
	if err == nil || !strings.Contains(said, "HTTP 404") {
		t.Fatalf("%v\n%s", err, said)
	}
	written := string(read(t, log)) + said
	if at := strings.Index(written, plantedToken); at >= 0 || !strings.Contains(written, "HTTP request") {
		t.Errorf("it was written: …%s…", written[max(0, at-300):min(len(written), max(0, at)+100)])
	}
}

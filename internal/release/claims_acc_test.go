//go:build unix

package release_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	shared "terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// What the guides say of the CLI, tried with a real one.

// inProcess is the provider in this process.
func inProcess(getenv func(string) string) func() tfprotov6.ProviderServer {
	return provider.Server(provider.Options{Version: "test", Getenv: getenv, Quiet: true})
}

// checked returns a folder with a configuration that reads from the service at
// the URL, and makes the user's CLI run the provider of this source.
func checked(t *testing.T, u *user, url, config string) string {
	t.Helper()
	u.server = inProcess
	u.env = append(
		u.env,
		"TF_CLI_CONFIG_FILE="+os.DevNull,
		"HW_REGION_NAME="+simulator.DefaultRegion,
		"HW_ACCESS_KEY="+simulator.DefaultAccessKey,
		"HW_SECRET_KEY="+simulator.DefaultSecretKey,
	)
	dir := t.TempDir()
	write(t, dir, "main.tf", requiredProviders+
		fmt.Sprintf("\nprovider \"huaweicloud\" {\n  endpoints = { fgs = %[1]q, iam = %[1]q }\n}\n", url)+config)

	return dir
}

// useBinary makes the user's CLI start the provider's own binary, which writes
// logs.
func (u *user) useBinary(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "cli.tfrc", shared.DevOverride(acctest.Binary(t)))
	u.server = nil
	u.env = append(u.env, "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"))
}

// exitCode is the exit code of a command that ended with err.
func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit == nil {
		return 0
	}

	return exit.ExitCode()
}

// failing is a simulated service with two workflows that have failed: w, and the
// one of the guides.
func failing(t *testing.T) *simulator.Server {
	t.Helper()
	srv := simulator.Start(t, simulator.Config{})
	for _, workflow := range []string{"w", guideWorkflow} {
		srv.AddWorkflow(workflow, simulator.Seed(50, time.Now(), time.Hour, 1)...)
	}

	return srv
}

// stored is whether the state of a folder holds a list.
func stored(t *testing.T, dir string) bool {
	t.Helper()
	state, err := os.ReadFile(filepath.Join(dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}

	return strings.Contains(string(state), `"execution_id"`)
}

// wants runs the CLI and checks its exit code and parts of its output.
func (u *user) wants(t *testing.T, dir string, code int, args []string, parts ...string) {
	t.Helper()
	out, err := u.run(t, dir, u.cli, args...)
	if got := exitCode(t, err); got != code {
		t.Errorf("%v: exit code %d, not %d: %s", args, got, code, out)
	}
	for _, part := range parts {
		if !strings.Contains(out, part) {
			t.Errorf("%v: no %q in %s", args, part, out)
		}
	}
}

// The message of the guides' conditions.
const haveFailed = "The workflow has failed in the last three days."

var (
	plan         = []string{"plan", "-input=false"}
	planExitCode = []string{"plan", "-input=false", "-detailed-exitcode"}
	apply        = []string{"apply", "-input=false", "-auto-approve"}
)

func TestAccGuide_insideCheck(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := failing(t)
	config := guideBlock(t, "checking-a-workflow.md", "Why Not Inside a `check` Block")
	dir := checked(t, u, srv.URL, config)
	for range 2 {
		u.wants(t, dir, 2, planExitCode, "will be read during apply", "execution_id", haveFailed)
		u.wants(t, dir, 0, apply)
	}
	if !stored(t, dir) {
		t.Error("the state does not hold the list")
	}

	write(t, dir, "main.tf", strings.ReplaceAll(contents(t, filepath.Join(dir, "main.tf")), guideWorkflow, "unknown"))
	u.wants(t, dir, 0, plan, "Warning: Workflow not found")
	u.env = append(u.env, "HW_SECRET_KEY=wrong")
	u.wants(t, dir, 0, plan, "Warning: Credentials refused")
}

func TestAccGuide_besideCheck(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := failing(t)
	dir := checked(t, u, srv.URL, guideBlock(t, "checking-a-workflow.md", "A Warning"))
	u.wants(t, dir, 0, apply, haveFailed)
	u.wants(t, dir, 0, planExitCode, haveFailed)
	if !stored(t, dir) {
		t.Error("the state does not hold the list")
	}

	write(t, dir, "main.tf", strings.ReplaceAll(contents(t, filepath.Join(dir, "main.tf")), guideWorkflow, "unknown"))
	u.wants(t, dir, 1, plan, "Error: Workflow not found")
	u.env = append(u.env, "HW_SECRET_KEY=wrong")
	u.wants(t, dir, 1, plan, "Error: Credentials refused")
}

func TestAccGuide_shareOfFailures(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	dir := checked(t, u, failing(t).URL, guideBlock(t, "checking-a-workflow.md", "A Share of Failures"))
	u.wants(t, dir, 0, plan, "Warning: Check block assertion failed", " executions have failed.")
}

func TestAccGuide_postcondition(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := failing(t)
	dir := checked(t, u, srv.URL, guideBlock(t, "failing-a-pipeline.md", "Fail if Something Failed"))
	u.wants(t, dir, 1, planExitCode, haveFailed)
	u.wants(t, dir, 1, apply, haveFailed)
	if stored(t, dir) {
		t.Error("a plan that failed stored the list")
	}
	u.wants(t, dir, 0, []string{"plan", "-refresh-only"}, "Warning: ", haveFailed)
	u.wants(t, dir, 0, append(apply, "-refresh-only"), "Warning: ", haveFailed)
	if !stored(t, dir) {
		t.Error("the state does not hold the list")
	}
	u.env = append(u.env, "HW_SECRET_KEY=wrong")
	u.wants(t, dir, 1, plan, "Error: Credentials refused")
}

// Without failures the data source is not a change.
func TestAccGuide_postcondition_holds(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow(guideWorkflow, successes(time.Now())...)
	dir := checked(t, u, srv.URL, guideBlock(t, "failing-a-pipeline.md", "Fail if Something Failed"))
	u.wants(t, dir, 0, planExitCode, "No changes.")
}

// The log and the error have what the guide says.
func TestAccGuide_troubleshooting(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	log := filepath.Join(t.TempDir(), "terraform.log")
	u.env = append(u.env, "TF_LOG_PROVIDER=DEBUG", "TF_LOG_PATH="+log)
	config := guideBlock(t, "failing-a-pipeline.md", "Fail if Something Failed")
	dir := checked(t, u, simulator.Start(t, simulator.Config{}).URL, config)
	u.useBinary(t)
	text := contents(t, filepath.Join(root, "docs/guides/troubleshooting.md"))
	labels := regexp.MustCompile(`(?m)^  [A-Z][A-Za-z ]*:`).FindAllString(text, -1)
	if len(labels) < 8 {
		t.Fatalf("the lines of the guide's error are %q", labels)
	}
	u.wants(t, dir, 1, plan, append(labels, "Error: Workflow not found")...)
	written := contents(t, log)
	for _, part := range []string{"HTTP request", "status=404", "duration_ms=", "request_id=", "HW_ACCESS_KEY"} {
		if !strings.Contains(written, part) {
			t.Errorf("no %q in the log: %s", part, written)
		}
	}
	if strings.Contains(written, simulator.DefaultSecretKey) {
		t.Error("the log holds the key")
	}
}

// timestamp() defers the read, and plantimestamp() does not.
func TestAccGuide_timestamp(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := failing(t)
	config := guideBlock(t, "failing-a-pipeline.md", "No Apply While a Workflow Is Running")
	u.env = append(u.env, "TF_VAR_workflow_id="+guideWorkflow)
	dir := checked(t, u, srv.URL, config)
	u.wants(t, dir, 2, planExitCode, "will be read during apply")
	if n := len(srv.Requests()); n > 0 {
		t.Errorf("%d requests while planning", n)
	}
	u.wants(t, dir, 1, apply, " runs are going on")
	if !stored(t, dir) {
		t.Error("the state does not hold the list")
	}

	// The read alone is something to do in every plan.
	quiet := strings.ReplaceAll(config, "(self.executions) == 0", "(self.executions) >= 0")
	other := checked(t, u, srv.URL, quiet)
	u.wants(t, other, 0, apply)
	u.wants(t, other, 2, planExitCode, "Plan: 0 to add, 0 to change, 0 to destroy.")

	planned := checked(t, u, srv.URL, strings.ReplaceAll(config, "timestamp()", "plantimestamp()"))
	u.wants(t, planned, 1, plan, " runs are going on")
}

// An execution takes about 550 bytes in the state.
func TestAccGuide_state(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := simulator.Start(t, simulator.Config{})
	const rows = 2000
	begin := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	srv.AddWorkflow(guideWorkflow, simulator.Seed(rows, begin, 15*time.Minute, 1)...)
	dir := checked(t, u, srv.URL, guideBlock(t, "large-histories.md", "Choose the Window"))
	u.wants(t, dir, 0, apply, `"success" = `)
	state := contents(t, filepath.Join(dir, "terraform.tfstate"))
	if size := len(state) / rows; size < 500 || size > 600 {
		t.Errorf("%d bytes an execution", size)
	}
	if !strings.Contains(state, `"created_by": "ops-oncall"`) {
		t.Error("the state does not hold names of people")
	}
}

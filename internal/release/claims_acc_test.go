//go:build unix

package release_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// What the guide about checks says of the CLI, tried with a real one.

// checked returns a folder with a configuration that reads from the service at
// the URL, and makes the user's CLI run the provider of this source.
func checked(t *testing.T, u *user, url, config string) string {
	t.Helper()
	bin := t.TempDir()
	u.mustRun(
		t,
		root,
		"go",
		"build",
		"-buildvcs=false",
		"-o",
		filepath.Join(bin, "terraform-provider-huaweicloud"),
		".",
	)
	dir := t.TempDir()
	u.env = append(
		u.env,
		"TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"),
		"HW_REGION_NAME="+simulator.DefaultRegion,
		"HW_ACCESS_KEY="+simulator.DefaultAccessKey,
		"HW_SECRET_KEY="+simulator.DefaultSecretKey,
	)
	files := map[string]string{
		"cli.tfrc": fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", address, bin),
		"main.tf": fmt.Sprintf("terraform {\n  required_providers {\n    huaweicloud = { source = %[1]q }\n  }\n}\n\n"+
			"provider \"huaweicloud\" {\n  endpoints = { fgs = %[2]q, iam = %[2]q }\n}\n%[3]s", address, url, config),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	return dir
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

// Three ways to look for failures of the workflow w.
const (
	insideCheck = `
check "failures" {
  data "huaweicloud_fgs_workflow_executions" "test" {
    workflow_id = "w"
    status      = "fail"
  }

  assert {
    condition     = length(data.huaweicloud_fgs_workflow_executions.test.executions) == 0
    error_message = "there are failures"
  }
}
`
	besideCheck = `
data "huaweicloud_fgs_workflow_executions" "test" {
  workflow_id = "w"
  status      = "fail"
}

check "failures" {
  assert {
    condition     = length(data.huaweicloud_fgs_workflow_executions.test.executions) == 0
    error_message = "there are failures"
  }
}
`
	postcondition = `
data "huaweicloud_fgs_workflow_executions" "test" {
  workflow_id = "w"
  status      = "fail"

  lifecycle {
    postcondition {
      condition     = length(self.executions) == 0
      error_message = "there are failures"
    }
  }
}
`
)

// failing is a simulated service with a workflow that has failed.
func failing(t *testing.T) *simulator.Server {
	t.Helper()
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow("w", simulator.Seed(50, time.Now(), time.Hour, 1)...)

	return srv
}

func TestAccGuide_insideCheck(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := failing(t)
	dir := checked(t, u, srv.URL, insideCheck)
	for range 2 {
		out, err := u.run(t, dir, u.cli, "plan", "-detailed-exitcode")
		if code := exitCode(t, err); code != 2 {
			t.Errorf("exit code %d, not 2: %s", code, out)
		}
		if !strings.Contains(out, "will be read during apply") {
			t.Errorf("the plan does not read again: %s", out)
		}
		if !strings.Contains(out, "execution_id") {
			t.Errorf("the plan does not print the list: %s", out)
		}
		u.mustRun(t, dir, u.cli, "apply", "-auto-approve")
	}

	u.env = append(u.env, "HW_SECRET_KEY=wrong")
	out, err := u.run(t, dir, u.cli, "plan")
	if code := exitCode(t, err); code != 0 || !strings.Contains(out, "Warning: Credentials refused") {
		t.Errorf("exit code %d with a wrong key: %s", code, out)
	}
}

func TestAccGuide_besideCheck(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := failing(t)
	dir := checked(t, u, srv.URL, besideCheck)
	u.mustRun(t, dir, u.cli, "apply", "-auto-approve")
	out, err := u.run(t, dir, u.cli, "plan", "-detailed-exitcode")
	if code := exitCode(t, err); code != 0 || !strings.Contains(out, "there are failures") {
		t.Errorf("exit code %d: %s", code, out)
	}
	state, err := os.ReadFile(filepath.Join(dir, "terraform.tfstate"))
	if err != nil || !strings.Contains(string(state), "execution_id") {
		t.Errorf("the state does not hold the list: %v", err)
	}

	u.env = append(u.env, "HW_SECRET_KEY=wrong")
	out, err = u.run(t, dir, u.cli, "plan")
	if code := exitCode(t, err); code != 1 {
		t.Errorf("exit code %d with a wrong key: %s", code, out)
	}
}

func TestAccGuide_postcondition(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := failing(t)
	dir := checked(t, u, srv.URL, postcondition)
	out, err := u.run(t, dir, u.cli, "plan")
	if code := exitCode(t, err); code != 1 || !strings.Contains(out, "there are failures") {
		t.Errorf("exit code %d: %s", code, out)
	}
	out, err = u.run(t, dir, u.cli, "plan", "-refresh-only")
	if code := exitCode(t, err); code != 0 || !strings.Contains(out, "Warning: ") {
		t.Errorf("exit code %d of -refresh-only: %s", code, out)
	}
}

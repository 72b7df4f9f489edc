//go:build unix

package provider_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Tests through a real CLI that runs the provider's own binary in a process of
// its own: what only shows between processes.

// TestMain removes the binary that the tests of this file share.
func TestMain(m *testing.M) {
	code := m.Run()
	if buildDir != "" {
		_ = os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

var buildDir string // set by providerBinary

// providerBinary builds the provider, once, and returns the folder that it is in.
var providerBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "provider-test-")
	if err != nil {
		return "", err
	}
	buildDir = dir
	build := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "terraform-provider-huaweicloud"), "../..")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}

	return dir, nil
})

// workspace is a folder with a configuration in which a CLI runs, with the
// provider's own binary and nothing of the user's settings.
type workspace struct {
	cli string
	dir string
	env []string
}

// newWorkspace skips the test where acceptance tests are not asked for. What is
// given of the environment comes on top of the simulator's region and key.
func newWorkspace(t *testing.T, config string, env ...string) *workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	binary, err := providerBinary()
	if err != nil {
		t.Fatal(err)
	}
	w := &workspace{cli: os.Getenv("TF_ACC_TERRAFORM_PATH"), dir: t.TempDir()}
	if w.cli == "" {
		w.cli = "terraform"
	}
	w.write(t, "main.tf", "terraform {\n  required_providers {\n    huaweicloud = { source = \"terraform.local/fgs/huaweicloud\" }\n  }\n}\n"+config)
	// Without init: an override needs none.
	w.write(t, "cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"terraform.local/fgs/huaweicloud\" = %q\n  }\n}\n", binary))
	w.env = append(withoutSettings(os.Environ()),
		"TF_CLI_CONFIG_FILE="+filepath.Join(w.dir, "cli.tfrc"),
		"TF_CLI_ARGS=-no-color",
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
		"XDG_CONFIG_HOME="+w.dir,
		"HW_REGION_NAME="+simulator.DefaultRegion,
		"HW_ACCESS_KEY="+simulator.DefaultAccessKey,
		"HW_SECRET_KEY="+simulator.DefaultSecretKey)
	w.env = append(w.env, env...)

	return w
}

// withoutSettings drops what would lead the CLI or the provider elsewhere.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "HW_") || strings.HasPrefix(name, "OS_") || strings.HasPrefix(name, "TF_") ||
			strings.HasSuffix(strings.ToUpper(name), "_PROXY")
	})
}

func (w *workspace) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// command is a run of the CLI in a process group of its own, as a shell has it.
// When the test ends nobody of the group is left.
func (w *workspace) command(t *testing.T, out *bytes.Buffer, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), w.cli, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.env, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	t.Cleanup(func() {
		if cmd.Process != nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		}
	})

	return cmd
}

// run returns what the CLI said.
func (w *workspace) run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := w.command(t, &out, args...).Run()

	return out.String(), err
}

// reading is a configuration that reads one workflow from a service.
func reading(url string) string {
	return fmt.Sprintf(`
provider "huaweicloud" {
  endpoints = { fgs = %[1]q, iam = %[1]q }
}

data "huaweicloud_fgs_workflow_executions" "test" {
  workflow_id = "w"
}

output "ids" {
  value = data.huaweicloud_fgs_workflow_executions.test.executions[*].execution_id
}
`, url)
}

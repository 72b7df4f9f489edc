package acctest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// Main runs the tests of a package that uses workspaces or [Binary] and removes
// the binary that they share.
func Main(m *testing.M) {
	code := m.Run()
	if buildDir != "" {
		_ = os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

var buildDir string // set by build

// Binary builds the provider once and returns the folder with the binary. [Main]
// removes it.
func Binary(t *testing.T) string {
	t.Helper()
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}

	return dir
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "provider-test-")
	if err != nil {
		return "", err
	}
	buildDir = dir
	cmd := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-o",
		filepath.Join(dir, workspace.Binary), "terraform.local/fgs/terraform-provider-huaweicloud")
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}

	return dir, nil
})

// Workspace runs the CLI with the provider.
type Workspace struct {
	*workspace.Workspace
	Provider string // path of the provider's binary; empty: it is in this process

	server Server
}

// NewWorkspace returns a workspace with a configuration and with a provider in
// this process, and skips the test unless acceptance tests are enabled. The
// environment of the CLI and of the provider has the simulator's region and keys,
// and env. The provider takes no log level from it.
//
// It costs a third of the time that a provider in processes of its own takes, of
// which the CLI starts up to three for each command.
func NewWorkspace(t *testing.T, server Server, config string, env ...string) *Workspace {
	t.Helper()
	w := newWorkspace(t, config, env)
	w.server = server
	w.configure(t, "")

	return w
}

// NewBinaryWorkspace is [NewWorkspace] with the provider's own binary, for what a
// process of its own matters to: logs and signals.
func NewBinaryWorkspace(t *testing.T, config string, env ...string) *Workspace {
	t.Helper()
	w := newWorkspace(t, config, env)
	binary := Binary(t)
	w.Provider = filepath.Join(binary, workspace.Binary)
	w.configure(t, workspace.DevOverride(binary))

	return w
}

func newWorkspace(t *testing.T, config string, env []string) *Workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	shared, err := workspace.New(cli(), t.TempDir(), append([]string{"TF_CLI_ARGS=-no-color"}, env...)...)
	if err != nil {
		t.Fatal(err)
	}
	w := &Workspace{Workspace: shared}
	if !strings.Contains(config, "required_providers") {
		config = workspace.RequiredProviders + config
	}
	w.Write(t, "main.tf", config)

	return w
}

// configure sets the CLI's own configuration.
func (w *Workspace) configure(t *testing.T, text string) {
	t.Helper()
	if err := w.Configure(text); err != nil {
		t.Fatal(err)
	}
}

// cli is the path or the name of Terraform or OpenTofu.
func cli() string { return cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform") }

// Write writes a file of the workspace and makes its folder.
func (w *Workspace) Write(t *testing.T, name, text string) {
	t.Helper()
	if err := w.Workspace.Write(name, text); err != nil {
		t.Fatal(err)
	}
}

// Command returns a command of the CLI that writes all its output to out. Its
// process group is killed at the end of the test.
func (w *Workspace) Command(t *testing.T, out *bytes.Buffer, args ...string) *exec.Cmd {
	t.Helper()
	cmd := w.Workspace.Command(context.WithoutCancel(t.Context()), args...)
	if w.server != nil {
		cmd.Env = append(slices.Clone(cmd.Env), w.server.Attach(t, cmd.Env))
	}
	cmd.Stdout, cmd.Stderr = out, out
	t.Cleanup(func() { workspace.KillGroup(cmd) })

	return cmd
}

// Run runs the CLI and returns its output.
func (w *Workspace) Run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := w.Command(t, &out, args...).Run()

	return out.String(), err
}

// readVersion runs the CLI once. It returns what it says of its version.
var readVersion = sync.OnceValues(func() (string, error) {
	cmd := exec.CommandContext(context.Background(), cli(), "version")
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull, "CHECKPOINT_DISABLE=1")
	out, err := cmd.CombinedOutput()

	return string(out), err
})

// versionPattern matches the first line of a CLI's version.
var versionPattern = regexp.MustCompile(`^(Terraform|OpenTofu) v1\.(\d+)`)

// IsAtLeast is whether the CLI is Terraform 1.<terraform>, OpenTofu 1.<openTofu>
// or newer.
func IsAtLeast(t *testing.T, terraform, openTofu int) bool {
	t.Helper()
	product, minor := Version(t)
	if product == "OpenTofu" {
		return minor >= openTofu
	}

	return minor >= terraform
}

// Version returns the name of the CLI, and the x of its version 1.x.
func Version(t *testing.T) (product string, minor int) {
	t.Helper()
	out, err := readVersion()
	found := versionPattern.FindStringSubmatch(out)
	if err != nil || found == nil {
		t.Fatalf("version of %s: %v: %s", cli(), err, out)
	}
	minor, err = strconv.Atoi(found[2])
	if err != nil {
		t.Fatal(err)
	}

	return found[1], minor
}

// SkipBelow skips the test unless the CLI is Terraform 1.<terraform>, OpenTofu
// 1.<openTofu> or newer.
func SkipBelow(t *testing.T, terraform, openTofu int) {
	t.Helper()
	if !IsAtLeast(t, terraform, openTofu) {
		product, minor := Version(t)
		t.Skipf("needs Terraform 1.%d or OpenTofu 1.%d, got %s 1.%d", terraform, openTofu, product, minor)
	}
}

// Package workspace runs Terraform or OpenTofu against the simulator: in a folder
// of its own, with the simulator's keys, and without the settings of the user.
package workspace

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Workspace is a folder with a configuration, and the environment of the commands
// that run there.
type Workspace struct {
	CLI string   // absolute path of Terraform or OpenTofu
	Dir string   // folder of the configuration
	Env []string // the later of two entries for a variable counts
}

// New returns the workspace of a folder, which Write makes. Its environment is
// that of this process without the user's settings, with the simulator's region
// and keys, and with env.
func New(cli, dir string, env ...string) (*Workspace, error) {
	path, err := exec.LookPath(cli)
	if err != nil {
		return nil, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	own := []string{
		"XDG_CONFIG_HOME=" + dir, // where OpenTofu makes a folder, otherwise in the user's home
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
		"HW_REGION_NAME=" + simulator.DefaultRegion,
		"HW_ACCESS_KEY=" + simulator.DefaultAccessKey,
		"HW_SECRET_KEY=" + simulator.DefaultSecretKey,
	}

	return &Workspace{CLI: path, Dir: dir, Env: slices.Concat(withoutSettings(os.Environ()), own, env)}, nil
}

// withoutSettings returns env without the user's cloud accounts, Terraform
// settings and proxies.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "HW_") || strings.HasPrefix(name, "OS_") || strings.HasPrefix(name, "TF_") ||
			strings.HasSuffix(strings.ToUpper(name), "_PROXY")
	})
}

// Write writes a file of the workspace and makes its folder.
func (w *Workspace) Write(name, text string) error {
	name = filepath.Join(w.Dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}

	return os.WriteFile(name, []byte(text), 0o600)
}

// Configure sets the CLI's own configuration, such as DevOverride returns.
func (w *Workspace) Configure(text string) error {
	w.Env = append(w.Env, "TF_CLI_CONFIG_FILE="+filepath.Join(w.Dir, "cli.tfrc"))

	return w.Write("cli.tfrc", text)
}

// DevOverride is the configuration of a CLI that starts the provider's binary in
// dir. It needs no init.
func DevOverride(dir string) string {
	return fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", Address, dir)
}

// Command returns a command of the CLI. If ctx ends first, the CLI is interrupted
// once and has 10 s to end.
//
// On Unix the command has a process group of its own, so that Ctrl-C in a terminal
// reaches it through ctx alone. At a second interrupt the CLI would end at once and
// leave the provider running.
func (w *Workspace) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, w.CLI, args...)
	cmd.Dir, cmd.Env = w.Dir, w.Env
	separate(cmd)
	cmd.WaitDelay = 10 * time.Second

	return cmd
}

//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// version is what the mirror offers the provider as. Any does: the example asks for none.
const version = "0.1.0"

// workspace is a folder with everything that the CLI reads and writes.
type workspace struct {
	cli string // absolute path
	dir string // holds the configuration
	env []string
}

// newWorkspace lays the provider out as a filesystem mirror, so that init needs no registry, and copies the example.
func newWorkspace(dir string, d demo, endpoint string) (*workspace, error) {
	w := &workspace{dir: filepath.Join(dir, "example")}
	cli, err := exec.LookPath(d.cli)
	if err != nil {
		return nil, err
	}
	if w.cli, err = filepath.Abs(cli); err != nil {
		return nil, err
	}

	mirror := filepath.Join(dir, "mirror")
	plugin := filepath.Join(mirror, "terraform.local/fgs/huaweicloud", version, runtime.GOOS+"_"+runtime.GOARCH,
		"terraform-provider-huaweicloud_v"+version)
	if err := copyFile(plugin, d.provider); err != nil {
		return nil, err
	}
	sources, err := filepath.Glob(filepath.Join(d.example, "*.tf"))
	if err != nil {
		return nil, err
	}
	for _, source := range sources {
		if err := copyFile(filepath.Join(w.dir, filepath.Base(source)), source); err != nil {
			return nil, err
		}
	}

	config := filepath.Join(dir, "cli.tfrc")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	w.env = append(withoutSettings(os.Environ()),
		"TMPDIR="+dir,          // a CLI that must be killed leaves sockets and logs there
		"XDG_CONFIG_HOME="+dir, // where OpenTofu makes itself a folder, else in the home
		"TF_CLI_CONFIG_FILE="+config,
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
		"TF_VAR_workflow_id="+workflowID,
		"TF_VAR_endpoint="+endpoint,
		"HW_REGION_NAME="+simulator.DefaultRegion,
		"HW_ACCESS_KEY="+simulator.DefaultAccessKey,
		"HW_SECRET_KEY="+simulator.DefaultSecretKey,
	)
	if !isTerminal(os.Stdout) || os.Getenv("NO_COLOR") != "" {
		w.env = append(w.env, "TF_CLI_ARGS=-no-color")
	}
	return w, nil
}

// withoutSettings drops what would lead the CLI or the provider elsewhere: the user's cloud accounts, Terraform
// settings and proxies.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "HW_") || strings.HasPrefix(name, "OS_") || strings.HasPrefix(name, "TF_") ||
			strings.HasSuffix(strings.ToUpper(name), "_PROXY")
	})
}

// copyFile makes the folder as well, and keeps the permission to execute.
func copyFile(to, from string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	info, err := source.Stat()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		return errors.Join(err, target.Close())
	}
	return target.Close()
}

// isTerminal tells a terminal from files and pipes.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show runs the CLI and lets it write for itself.
func (w *workspace) show(ctx context.Context, args ...string) error {
	return w.run(ctx, os.Stdout, os.Stderr, args)
}

// quietly runs the CLI and prints one line if all is well, else everything that it said.
func (w *workspace) quietly(ctx context.Context, out io.Writer, args ...string) error {
	begin := time.Now()
	var said bytes.Buffer
	if err := w.run(ctx, &said, &said, args); err != nil {
		_, _ = said.WriteTo(out)
		return err
	}
	step(out, args[0], fmt.Sprintf("done in %.1f s", time.Since(begin).Seconds()))
	return nil
}

// output runs the CLI and returns what it wrote to its standard output.
func (w *workspace) output(ctx context.Context, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := w.run(ctx, &out, os.Stderr, args)
	return out.Bytes(), err
}

func (w *workspace) run(ctx context.Context, stdout, stderr io.Writer, args []string) error {
	cmd := exec.CommandContext(ctx, w.cli, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.env, stdout, stderr
	// A group of its own: Ctrl-C in a terminal then reaches the CLI once, through Cancel, and it ends in good order.
	// A second interrupt would make it drop everything and leave the provider running.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // whoever is left of the group
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(w.cli), args[0], err)
	}
	return nil
}

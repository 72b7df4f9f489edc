//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const (
	module  = "terraform.local/fgs/terraform-provider-huaweicloud"
	address = "terraform.local/fgs/huaweicloud"
	binary  = "terraform-provider-huaweicloud"
)

// workspace is a folder with everything that is built, read and written.
type workspace struct {
	cli string // absolute path
	dir string
}

// newWorkspace builds the provider and those that it is compared with, all in
// the way that releases are built.
func newWorkspace(ctx context.Context, dir, cli string) (*workspace, error) {
	path, err := exec.LookPath(cli)
	if err != nil {
		return nil, err
	}
	w := &workspace{dir: dir}
	if w.cli, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	for name, folder := range map[string]string{"ours": "", "empty": "/internal/bench/empty", "floor": "/internal/bench/floor", "meter": "/internal/bench/meter"} {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", w.binary(name), module+folder)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if said, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%w: %s", err, said)
		}
	}
	for _, name := range []string{"ours", "empty", "floor", "meter"} {
		config := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n}\n", address, filepath.Dir(w.binary(name)))
		if err := os.WriteFile(w.config(name), []byte(config), 0o600); err != nil {
			return nil, err
		}
	}

	return w, nil
}

func (w *workspace) binary(name string) string { return filepath.Join(w.dir, name, binary) }

func (w *workspace) config(name string) string { return filepath.Join(w.dir, name+".tfrc") }

// command is a call of the CLI with one of the providers.
type command struct {
	provider string // ours, empty or floor
	args     []string
	folder   string   // of the configuration
	env      []string // besides the provider's own settings
	metered  bool     // whether to ask what the provider itself takes
}

// configuration makes a folder with a configuration and returns its path.
func (w *workspace) configuration(name, text string) (string, error) {
	folder := filepath.Join(w.dir, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	text = fmt.Sprintf("terraform {\n  required_providers {\n    huaweicloud = {\n      source = %q\n    }\n  }\n}\n", address) + text

	return folder, os.WriteFile(filepath.Join(folder, "main.tf"), []byte(text), 0o600)
}

// usage is what one command took.
type usage struct {
	wall time.Duration

	// Of the provider's processes, if it was metered.
	cpu  time.Duration // of all together
	peak int64         // in bytes, of the largest
}

// run calls the CLI once.
func (w *workspace) run(ctx context.Context, c command) (usage, error) {
	log := filepath.Join(w.dir, "usage")
	config := w.config(c.provider)
	env := append(withoutSettings(os.Environ()),
		"TMPDIR="+w.dir,          // a CLI that must be killed leaves sockets and logs there
		"XDG_CONFIG_HOME="+w.dir, // where OpenTofu makes itself a folder, else in the home
		"TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
		"HW_REGION_NAME="+simulator.DefaultRegion,
		"HW_ACCESS_KEY="+simulator.DefaultAccessKey,
		"HW_SECRET_KEY="+simulator.DefaultSecretKey,
	)
	if c.metered {
		config = w.config("meter")
		env = append(env, "BENCH_PROVIDER="+w.binary(c.provider), "BENCH_USAGE="+log)
	}
	env = append(env, "TF_CLI_CONFIG_FILE="+config)

	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, w.cli, c.args...)
	cmd.Dir, cmd.Env, cmd.Stderr = c.folder, append(env, c.env...), &said
	// A group of its own: whoever is left of it is ended.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	start := time.Now()
	err := cmd.Run()
	u := usage{wall: time.Since(start)}
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	if err != nil {
		return u, fmt.Errorf("%s with %s: %w: %s", strings.Join(c.args, " "), c.provider, err, &said)
	}
	if c.metered {
		err = u.readMeter(log)
	}

	return u, err
}

// readMeter takes over what the meter wrote, a line for each process: the CLI
// starts the provider more than once for a plan.
func (u *usage) readMeter(log string) error {
	text, err := os.ReadFile(log)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		var peak, cpu int64
		if _, err := fmt.Sscan(line, &peak, &cpu); err != nil {
			return fmt.Errorf("the meter wrote %q: %w", line, err)
		}
		u.peak = max(u.peak, peak<<10)
		u.cpu += time.Duration(cpu) * time.Microsecond
	}

	return os.Remove(log)
}

// withoutSettings drops what would lead the CLI or the provider elsewhere.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "HW_") || strings.HasPrefix(name, "OS_") || strings.HasPrefix(name, "TF_") ||
			strings.HasSuffix(strings.ToUpper(name), "_PROXY")
	})
}

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
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

const module = "terraform.local/fgs/terraform-provider-huaweicloud"

// folder is the folder of all files. Its workspace has no configuration of its
// own.
type folder struct{ *workspace.Workspace }

// newFolder builds the provider and those that it is compared with, with the flags
// of a release.
func newFolder(ctx context.Context, dir, cli string) (folder, error) {
	// A CLI that must be killed leaves sockets and logs in TMPDIR.
	w, err := workspace.New(cli, dir, "TMPDIR="+dir)
	if err != nil {
		return folder{}, err
	}
	f := folder{w}
	for name, source := range map[string]string{
		"ours": "", "empty": "/internal/bench/empty", "floor": "/internal/bench/floor",
		"meter": "/internal/bench/meter",
	} {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w",
			"-o", f.binary(name), module+source)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := build.CombinedOutput(); err != nil {
			return folder{}, fmt.Errorf("%w: %s", err, output)
		}
		if err := f.Write(name+".tfrc", workspace.DevOverride(filepath.Dir(f.binary(name)))); err != nil {
			return folder{}, err
		}
	}

	return f, nil
}

// binary returns the path of a provider's binary.
func (f folder) binary(name string) string { return filepath.Join(f.Dir, name, workspace.Binary) }

// command is a command of the CLI with one of the providers.
type command struct {
	provider string // ours, empty or floor
	args     []string
	config   string   // folder of the configuration
	env      []string // for the provider
	metered  bool     // whether to measure the provider itself
}

// configurations makes two folders with a data source each and returns their
// paths: one that reads from the simulator at url, and one for a provider without
// a block.
func (f folder) configurations(name, url string) (ours, other string, err error) {
	if ours, err = f.configuration(name+"-ours", configOf(url, 1)); err != nil {
		return "", "", err
	}
	other, err = f.configuration(name+"-other", configOf("", 1))

	return ours, other, err
}

// configuration makes a folder with a configuration and returns its path.
func (f folder) configuration(name, text string) (string, error) {
	return filepath.Join(f.Dir, name), f.Write(filepath.Join(name, "main.tf"), workspace.RequiredProviders+text)
}

// usage is what one command took.
type usage struct {
	wall time.Duration

	// The provider's processes, if the command was metered.
	cpu  time.Duration // sum
	peak int64         // largest, in bytes
}

// run runs a command once.
func (f folder) run(ctx context.Context, c command) (usage, error) {
	log := filepath.Join(f.Dir, "usage")
	env, started := c.env, c.provider
	if c.metered {
		env, started = append(slices.Clone(env), "BENCH_PROVIDER="+f.binary(c.provider), "BENCH_USAGE="+log), "meter"
	}
	var stderr bytes.Buffer
	cmd := f.Command(ctx, c.args...)
	cmd.Dir, cmd.Stderr = c.config, &stderr
	cmd.Env = slices.Concat(f.Env, env, []string{"TF_CLI_CONFIG_FILE=" + filepath.Join(f.Dir, started+".tfrc")})
	defer workspace.KillGroup(cmd)
	start := time.Now()
	err := cmd.Run()
	u := usage{wall: time.Since(start)}
	if err != nil {
		return u, fmt.Errorf("%s with %s: %w: %s", strings.Join(c.args, " "), c.provider, err, &stderr)
	}
	if c.metered {
		err = u.readMeter(log)
	}

	return u, err
}

// readMeter reads the meter's file, which has a line for each process: a plan
// starts the provider more than once.
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

//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// version is the provider's version in the mirror. Any version does, because the
// example asks for none.
const version = "0.1.0"

// demoWorkspace is a workspace with a copy of the example.
type demoWorkspace struct{ *workspace.Workspace }

// newWorkspace copies the example and puts the provider in a filesystem mirror, so
// that init needs no registry.
func newWorkspace(dir string, d demo, endpoint string) (demoWorkspace, error) {
	env := []string{
		"TMPDIR=" + dir, // a CLI that must be killed leaves sockets and logs there
		"TF_VAR_workflow_id=" + workflowID,
		"TF_VAR_endpoint=" + endpoint,
	}
	if !isTerminal(os.Stdout) || os.Getenv("NO_COLOR") != "" {
		env = append(env, "TF_CLI_ARGS=-no-color")
	}
	w, err := workspace.New(d.cli, filepath.Join(dir, "example"), env...)
	if err != nil {
		return demoWorkspace{}, err
	}
	mirror := filepath.Join(dir, "mirror")
	provider, err := filepath.Abs(d.provider)
	if err != nil {
		return demoWorkspace{}, err
	}
	folder := filepath.Join(mirror, workspace.Address, version, runtime.GOOS+"_"+runtime.GOARCH)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return demoWorkspace{}, err
	}
	if err := os.Symlink(provider, filepath.Join(folder, workspace.Binary+"_v"+version)); err != nil {
		return demoWorkspace{}, err
	}
	sources, err := filepath.Glob(filepath.Join(d.example, "*.tf"))
	if err != nil {
		return demoWorkspace{}, err
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			return demoWorkspace{}, err
		}
		if err := w.Write(filepath.Base(source), string(text)); err != nil {
			return demoWorkspace{}, err
		}
	}

	return demoWorkspace{w}, w.Configure(fmt.Sprintf(
		"provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror))
}

// isTerminal tells a terminal from files and pipes.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()

	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show runs the CLI and passes on what it prints.
func (w demoWorkspace) show(ctx context.Context, args ...string) error {
	return w.run(ctx, os.Stdout, os.Stderr, args)
}

// quietly runs the CLI and prints one line on success, and all output of the CLI
// on failure.
func (w demoWorkspace) quietly(ctx context.Context, out io.Writer, args ...string) error {
	begin := time.Now()
	var output bytes.Buffer
	if err := w.run(ctx, &output, &output, args); err != nil {
		_, _ = output.WriteTo(out)
		return err
	}
	step(out, args[0], fmt.Sprintf("done in %.1f s", time.Since(begin).Seconds()))

	return nil
}

// output runs the CLI and returns its standard output.
func (w demoWorkspace) output(ctx context.Context, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := w.run(ctx, &out, os.Stderr, args)

	return out.Bytes(), err
}

func (w demoWorkspace) run(ctx context.Context, stdout, stderr io.Writer, args []string) error {
	cmd := w.Command(ctx, args...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	defer workspace.KillGroup(cmd)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(w.CLI), args[0], err)
	}

	return nil
}

//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

// The test binary is the CLI in the tests of whole runs.
func TestMain(m *testing.M) {
	if mode := os.Getenv("DEMO_TEST_CLI"); mode != "" {
		os.Exit(fakeCLI(mode, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// fakeCLI fails or interrupts the demo at the step that mode names.
func fakeCLI(mode string, args []string) int {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	switch mode {
	case "fail at " + args[0]:
		fmt.Println("reason on stdout")
		fmt.Fprintln(os.Stderr, "reason on stderr")
		return 1
	case "interrupt at " + args[0]:
		_ = syscall.Kill(os.Getppid(), syscall.SIGINT)
		<-interrupted
		return 1
	case "terminate at " + args[0]:
		_ = syscall.Kill(os.Getppid(), syscall.SIGTERM)
		<-interrupted
		return 1
	}
	if args[0] == "output" {
		fmt.Println(`{}`)
	}

	return 0
}

func TestRun(t *testing.T) {
	for mode, want := range map[string]int{
		"well":                 0,
		"fail at init":         1,
		"fail at plan":         1,
		"interrupt at version": 130,
		"interrupt at init":    130,
		"interrupt at plan":    130,
		"terminate at apply":   130,
		"interrupt at output":  130,
	} {
		t.Run(mode, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			t.Setenv("DEMO_TEST_CLI", mode)
			t.Setenv("GORACE", "atexit_sleep_ms=0") // otherwise each fake takes a second to end

			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			got := run([]string{"-cli", self, "-provider", self, "-example", "../../../../examples/demo"})

			if got != want {
				t.Errorf("exit code %d, want %d", got, want)
			}
			left, err := os.ReadDir(temp)
			if err != nil {
				t.Fatal(err)
			}
			if len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestQuietlyTellsEverythingOnFailure(t *testing.T) {
	t.Setenv("DEMO_TEST_CLI", "fail at init")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := demoWorkspace{&workspace.Workspace{CLI: self, Dir: t.TempDir(), Env: os.Environ()}}
	var out bytes.Buffer
	if err := w.quietly(t.Context(), &out, "init"); err == nil {
		t.Error("no error")
	}
	if got := out.String(); !strings.Contains(got, "reason on stdout") || !strings.Contains(got, "reason on stderr") {
		t.Errorf("the CLI's output is missing: %q", got)
	}
}

func TestNewWorkspace(t *testing.T) {
	t.Parallel()
	example, dir := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"main.tf": "# example", "terraform.tfstate": "{}", "plugin": "binary"} {
		if err := os.WriteFile(filepath.Join(example, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}

	w, err := newWorkspace(dir, demo{cli: "sh", provider: filepath.Join(example, "plugin"), example: example},
		"http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}

	copied, err := os.ReadDir(w.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(copied) != 2 || copied[0].Name() != "cli.tfrc" || copied[1].Name() != "main.tf" {
		t.Errorf("only the configuration must be copied, beside the CLI's, got %v", copied)
	}
	plugins, err := filepath.Glob(filepath.Join(dir,
		"mirror/terraform.local/fgs/huaweicloud/*/*/terraform-provider-huaweicloud_v*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(plugins) != 1 {
		t.Fatalf("one provider must be in the mirror, got %v", plugins)
	}
	if info, err := os.Stat(plugins[0]); err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("the provider must be executable: %v, %v", info, err)
	}
}

func TestPrintResult(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := printResult(&out, []byte(`{
		"by_status": {"value": {"fail": 1, "running": 1, "success": 2}},
		"newest": {"value": [
			{"execution_id": "b", "status": "running", "begin_time": "2026-08-21T10:00:00Z", "end_time": null},
			{"execution_id": "a", "status": "success", "begin_time": "2026-08-21T11:00:00+02:00",
				"end_time": "2026-08-21T09:01:05Z"}
		]}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	want := `
BEGIN (UTC)           STATUS    TOOK   EXECUTION
2026-08-21 10:00:00   running   -      b
2026-08-21 09:00:00   success   1m5s   a

These are the newest. In the last three days: 4 executions, 2 success, 1 fail, 1 running.
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := printResult(&out, []byte("Warning: no JSON")); err == nil {
		t.Error("no error for text")
	}
}

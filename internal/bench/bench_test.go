//go:build unix

package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Every goal is measured once, on little, so that `make bench` works when it is
// needed. The figures mean nothing.
//
// Not parallel: folders for temporary files are the process's.
func TestRun(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("needs Terraform or OpenTofu: set TF_ACC")
	}
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if cli == "" {
		cli = "terraform"
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	var out bytes.Buffer
	if _, err := run(t.Context(), &out, cli, 0, smoke); err != nil {
		t.Fatal(err)
	}
	for _, goal := range []string{"1", "2", "3", "4", "5"} {
		if !strings.Contains(out.String(), "\n| "+goal+" ") {
			t.Errorf("nothing about goal %s: %s", goal, out.String())
		}
	}
	left, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	var r report
	c := comparison{
		ours:   []usage{{wall: 110 * time.Millisecond}, {wall: 400 * time.Millisecond}, {wall: 120 * time.Millisecond}},
		theirs: []usage{{wall: 100 * time.Millisecond}, {wall: 200 * time.Millisecond}, {wall: 100 * time.Millisecond}},
	}
	r.ratio("1", "start", c, wall, milliseconds, 1.20)
	r.limit("2", "binary", 21e6, megabytes, 22e6)
	r.limit("3", "told", 5, count, 0)
	var out bytes.Buffer
	if !r.print(&out) {
		t.Error("missed")
	}
	want := `
| goal | what   | provider | compared with | result  | at most |     |
| ---  | ---    | ---      | ---           | ---     | ---     | --- |
| 1    | start  | 120 ms   | 100 ms        | 1.20 x  | 1.20 x  | met |
| 2    | binary |          |               | 21.0 MB | 22.0 MB | met |
| 3    | told   |          |               | 5       |         |     |
`
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(out.String())); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}

	r.limit("4", "too much", 1.31, times, 1.3)
	if r.print(&out) || !strings.Contains(out.String(), "**missed**") {
		t.Errorf("met: %s", out.String())
	}
}

func TestMetric(t *testing.T) {
	t.Parallel()
	const results = "goos: linux\nBenchmarkX_page-2     \t       5\t 289607727 ns/op\t         1.203 x-json\nPASS\n"
	if got, err := metric(results, "x-json"); err != nil || got != 1.203 {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := metric(results, "x-short"); err == nil {
		t.Error("no error")
	}
}

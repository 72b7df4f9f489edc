//go:build unix

package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// Every goal is measured once with little data, to test that `make bench` works.
// The figures mean nothing.
//
// Not parallel, because TMPDIR is a variable of the process.
func TestRun(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("needs Terraform or OpenTofu: set TF_ACC")
	}
	if race.Enabled {
		t.Skip("all of it is done by commands, which the race detector does not see: see make test-norace")
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

// The goals of long lists are relative to the floor in the same run, so that a
// slow machine misses none of them.
func TestReport_long(t *testing.T) {
	t.Parallel()
	of := func(slowness int, ours, floor usage) comparison {
		slow := func(u usage) usage {
			return usage{wall: time.Duration(slowness) * u.wall, cpu: time.Duration(slowness) * u.cpu, peak: u.peak}
		}
		return comparison{ours: []usage{slow(ours)}, theirs: []usage{slow(floor)}}
	}
	floor := usage{wall: time.Second, cpu: 100 * time.Millisecond, peak: 100e6}
	tests := map[string]struct {
		goal int // of sizes.longGoals
		ours usage
		met  bool
	}{
		"as measured, 20,000": {0,
			usage{wall: 1090 * time.Millisecond, cpu: 250 * time.Millisecond, peak: 60e6}, true},
		"as measured, 100,000": {1,
			usage{wall: 1100 * time.Millisecond, cpu: 550 * time.Millisecond, peak: 193e6}, true},
		"too slow, 20,000": {0,
			usage{wall: 1210 * time.Millisecond, cpu: 250 * time.Millisecond, peak: 60e6}, false},
		"too slow, 100,000": {1,
			usage{wall: 1160 * time.Millisecond, cpu: 550 * time.Millisecond, peak: 193e6}, false},
		"too much CPU, 20,000":   {0, usage{wall: time.Second, cpu: 360 * time.Millisecond, peak: 60e6}, false},
		"too much CPU, 100,000":  {1, usage{wall: time.Second, cpu: 710 * time.Millisecond, peak: 193e6}, false},
		"too much memory":        {1, usage{wall: time.Second, cpu: 550 * time.Millisecond, peak: 251e6}, false},
		"memory without a bound": {0, usage{wall: time.Second, cpu: 250 * time.Millisecond, peak: 900e6}, true},
		"faster than from memory": {0,
			usage{wall: 900 * time.Millisecond, cpu: 90 * time.Millisecond, peak: 60e6}, true},
	}
	for name, tt := range tests {
		for _, slowness := range []int{1, 5} {
			var r report
			r.long(full.longGoals()[tt.goal], of(slowness, tt.ours, floor))
			var out bytes.Buffer
			if r.print(&out) != tt.met {
				t.Errorf("%s, %d times slower: met %t\n%s", name, slowness, !tt.met, out.String())
			}
		}
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

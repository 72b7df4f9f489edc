//go:build unix

package release_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// guidesApart are about ways to authenticate, which need services and secrets of their own. The tests of
// internal/provider run their configurations.
var guidesApart = []string{"authenticate-in-ci.md", "authentication.md", "several-regions-and-accounts.md"}

// Each configuration of the guides is formatted as the CLI formats it, and planned against a simulated service in which
// nothing has failed. A test file is run beside the configuration above it.
func TestAccGuides_configurations(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := simulator.Start(t, simulator.Config{})
	srv.AddWorkflow(guideWorkflow, successes(time.Now())...)
	checked(t, u, srv.URL, "") // for the environment
	// Of the examples: a night that is over.
	u.env = append(u.env, "TF_VAR_workflow_id="+guideWorkflow,
		"TF_VAR_now="+time.Now().UTC().Add(-24*time.Hour).Format(time.DateOnly)+"T02:00:00Z")
	planned, tested := 0, 0
	for _, name := range guides(t) {
		if slices.Contains(guidesApart, name) {
			continue
		}
		var dir string
		for _, b := range guideBlocks(t, name) {
			if b.language != "terraform" {
				continue
			}
			if strings.Contains(b.text, "\nrun \"") {
				write(t, dir, "guide.tftest.hcl", b.text)
				u.mustRun(t, dir, u.cli, "fmt", "-check", "-diff")
				if u.canMock(t) {
					before := len(srv.Requests())
					if out := u.mustRun(t, dir, u.cli, "test"); !strings.Contains(out, " passed, 0 failed") {
						t.Errorf("%s: %s", name, out)
					}
					if n := len(srv.Requests()) - before; n > 0 {
						t.Errorf("%s: the test sent %d requests", name, n)
					}
				}
				tested++
				continue
			}
			dir = t.TempDir()
			main, override := standalone(b.text, srv.URL)
			write(t, dir, "main.tf", main)
			write(t, dir, "simulator_override.tf", override)
			u.mustRun(t, dir, u.cli, "fmt", "-check", "-diff", "main.tf")
			out := u.mustRun(t, dir, u.cli, "plan", "-input=false")
			want := "Read complete"
			if strings.Contains(main, "(timestamp()") {
				want = "will be read during apply"
			}
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q by %s: %s", name, want, b.text, out)
			}
			if strings.Contains(out, "assertion failed") {
				t.Errorf("%s: a check fails: %s", name, out)
			}
			planned++
		}
	}
	if planned < 10 || tested < 1 {
		t.Errorf("only %d configurations and %d tests", planned, tested)
	}
}

// successes returns one execution for each hour of the last four days.
func successes(now time.Time) []simulator.Execution {
	executions := make([]simulator.Execution, 96)
	for i := range executions {
		begin := now.Add(-time.Duration(i+1) * time.Hour)
		end := begin.Add(time.Minute)
		executions[i] = simulator.Execution{
			ID: "e-" + strconv.Itoa(i), Status: "success", Begin: begin, End: end, LastUpdate: end,
		}
	}

	return executions
}

// firstLine matches the first line of a CLI's version.
var firstLine = regexp.MustCompile(`^(Terraform|OpenTofu) v1\.(\d+)`)

// canMock is whether the CLI's tests have mocks: from Terraform 1.7 and OpenTofu 1.8 on.
func (u *user) canMock(t *testing.T) bool {
	t.Helper()
	found := firstLine.FindStringSubmatch(u.mustRun(t, t.TempDir(), u.cli, "version"))
	if found == nil {
		t.Fatal("the CLI's version is unknown")
	}
	minor, err := strconv.Atoi(found[2])
	if err != nil {
		t.Fatal(err)
	}
	if found[1] == "OpenTofu" {
		return minor >= 8
	}

	return minor >= 7
}

// write writes a file of a folder.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

//go:build unix

package release_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// guidesApart are about ways to authenticate, which need services and secrets of
// their own. The tests of internal/provider run their configurations.
var guidesApart = []string{"authenticate-in-ci.md", "authentication.md", "several-regions-and-accounts.md"}

// Each configuration of the guides is planned against a simulated service in which
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
				if acctest.IsAtLeast(t, 7, 8) { // which have mocks
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

// Each configuration of the documentation and of the READMEs is formatted as the
// CLI formats it.
func TestAccPages_formatted(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	functions := acctest.IsAtLeast(t, 8, 7) // older CLIs cannot read calls of a provider's functions
	dir := t.TempDir()
	configurations := 0
	for _, page := range pages(t) {
		_, blocks := readme(t, page)
		for i, b := range blocks {
			if b.language != "terraform" || !functions && strings.Contains(b.text, "provider::") {
				continue
			}
			extension := ".tf"
			if strings.Contains(b.text, "\nrun \"") {
				extension = ".tftest.hcl"
			}
			write(t, dir, fmt.Sprintf("%s-%d%s", strings.ReplaceAll(page, "/", "-"), i, extension), b.text)
			configurations++
		}
	}
	if configurations < 40 {
		t.Errorf("only %d configurations", configurations)
	}
	u.mustRun(t, dir, u.cli, "fmt", "-check", "-diff")
}

// pages lists the READMEs and the pages of the documentation, from the
// repository's root.
func pages(t *testing.T) []string {
	t.Helper()
	names := slices.Clone(readmes)
	err := fs.WalkDir(os.DirFS(root), "docs", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return names
}

// write writes a file of a folder.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

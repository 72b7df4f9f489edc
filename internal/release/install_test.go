//go:build unix

package release_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// user is a user of this machine with a home folder of its own, in which the
// provider is installed and used.
type user struct {
	cli  string
	home string
	env  []string

	// server is the provider in this process that the CLI uses; nil: what is
	// installed or configured.
	server acctest.Server
}

// newUser skips the test where acceptance tests are not asked for.
func newUser(t *testing.T) *user {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	u := &user{cli: os.Getenv("TF_ACC_TERRAFORM_PATH"), home: t.TempDir()}
	if u.cli == "" {
		u.cli = "terraform"
	}
	u.env = slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "HW_") || strings.HasPrefix(name, "OS_") ||
			strings.HasPrefix(name, "MAKE") || strings.HasPrefix(name, "XDG_")
	})
	// Go keeps its caches below the home folder, unless it is told where they are.
	caches, err := goCaches()
	if err != nil {
		t.Fatal(err)
	}
	u.env = slices.Concat(u.env, caches,
		[]string{"HOME=" + u.home, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_ARGS=-no-color"})

	return u
}

// commandsAlone skips a test under the race detector, which does not see what its
// commands do.
func commandsAlone(t *testing.T) {
	t.Helper()
	if race.Enabled {
		t.Skip("it runs commands alone, without the race detector: make test-norace")
	}
}

// goCaches returns the variables that say where Go keeps its caches.
var goCaches = sync.OnceValues(func() ([]string, error) {
	names := []string{"GOCACHE", "GOMODCACHE", "GOPATH"}
	out, err := exec.CommandContext(context.Background(), "go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return nil, err
	}
	values := strings.Split(strings.TrimSpace(string(out)), "\n")
	for i, value := range values {
		values[i] = names[i] + "=" + value
	}

	return values, nil
})

// run returns what a command in a folder wrote.
func (u *user) run(t *testing.T, dir, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Env = dir, u.env
	if name == u.cli && u.server != nil {
		cmd.Env = append(slices.Clone(u.env), u.server.Attach(t, u.env))
	}
	out, err := cmd.CombinedOutput()

	return string(out), err
}

// mustRun is run for a command that must succeed.
func (u *user) mustRun(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	out, err := u.run(t, dir, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %s\n%s", name, strings.Join(args, " "), err, out)
	}

	return out
}

// install runs make install on a binary that differs by its commit and returns
// the version.
func (u *user) install(t *testing.T, commit string) string {
	t.Helper()
	return versionOf(t, u.mustRun(t, root, "make", "install", "commit="+commit))
}

var versionLine = regexp.MustCompile(`\n +version = "([^"]+)"\n`)

// versionOf returns the version that make install says to pin.
func versionOf(t *testing.T, out string) string {
	t.Helper()
	found := versionLine.FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("no version in: %s", out)
	}

	return found[1]
}

// requirement is a configuration that needs the provider and reads nothing.
const requirement = `terraform {
  required_providers {
    huaweicloud = {
      source = "terraform.local/fgs/huaweicloud"
    }
  }
}

provider "huaweicloud" {}

data "huaweicloud_fgs_workflow_executions" "none" {
  count       = 0
  workflow_id = "w"
}
`

// workspace returns a folder with a configuration that needs the provider.
func workspace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(requirement), 0o600); err != nil {
		t.Fatal(err)
	}

	return dir
}

// A second install with other bytes is another version, so that a workspace
// that was initialised before still works and can be upgraded.
func TestAccInstall_twice(t *testing.T) {
	t.Parallel()
	commandsAlone(t)
	u := newUser(t)
	first := u.install(t, "first")
	dir := workspace(t)
	u.mustRun(t, dir, u.cli, "init")
	u.mustRun(t, dir, u.cli, "plan")

	second := u.install(t, "second")
	if second == first {
		t.Fatalf("both installs are version %s", first)
	}
	u.mustRun(t, dir, u.cli, "init")
	u.mustRun(t, dir, u.cli, "plan")
	if out := u.mustRun(t, dir, u.cli, "version"); !strings.Contains(out, "huaweicloud v"+first) {
		t.Errorf("without -upgrade the version is not %s any more: %s", first, out)
	}

	u.mustRun(t, dir, u.cli, "init", "-upgrade")
	u.mustRun(t, dir, u.cli, "plan")
	if out := u.mustRun(t, dir, u.cli, "version"); !strings.Contains(out, "huaweicloud v"+second) {
		t.Errorf("with -upgrade the version is not %s: %s", second, out)
	}

	// Another workspace takes the newest at once.
	other := workspace(t)
	u.mustRun(t, other, u.cli, "init")
	if out := u.mustRun(t, other, u.cli, "version"); !strings.Contains(out, "huaweicloud v"+second) {
		t.Errorf("a new workspace does not have version %s: %s", second, out)
	}

	// An install without a change is the same version.
	out := u.mustRun(t, root, "make", "install", "commit=second")
	if !strings.Contains(out, "version "+second+" is installed already, with the same bytes\n") ||
		versionOf(t, out) != second {
		t.Errorf("an install of the same bytes says: %s", out)
	}
}

// A version that is asked for is installed once, and never with other bytes.
func TestAccInstall_version(t *testing.T) {
	t.Parallel()
	commandsAlone(t)
	u := newUser(t)
	if got := versionOf(t, u.mustRun(t, root, "make", "install", "VERSION=v1.2.3", "commit=first")); got != "1.2.3" {
		t.Errorf("installed version %s", got)
	}
	files := filepath.Join(u.home, ".terraform.d/plugins/terraform.local/fgs/huaweicloud/1.2.3/*/*")
	before := read(t, files)
	out, err := u.run(t, root, "make", "install", "VERSION=1.2.3", "commit=second")
	if err == nil ||
		!strings.Contains(out, "Version 1.2.3 is already installed with other bytes, and is left as it is:") ||
		!strings.Contains(out, "run make install without VERSION") {
		t.Errorf("error %v: %s", err, out)
	}
	if after := read(t, files); after != before {
		t.Error("the installed file has changed")
	}
}

// read returns the text of the one file of a pattern.
func read(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s is %d files, error %v", pattern, len(found), err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

// -version names the version, the commit, and the Go it was built with.
func TestVersion(t *testing.T) {
	t.Parallel()
	commandsAlone(t)
	binary := filepath.Join(t.TempDir(), "provider")
	build := exec.CommandContext(
		t.Context(),
		"go",
		"build",
		"-buildvcs=false",
		"-ldflags",
		"-X main.version=1.2.3 -X main.commit=abc",
		"-o",
		binary,
		root,
	)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), binary, "-version").CombinedOutput()
	want := regexp.MustCompile(`^terraform-provider-huaweicloud 1\.2\.3\ncommit abc\ngo1\.\S+ \w+/\w+\n$`)
	if err != nil || !want.Match(out) {
		t.Errorf("error %v: %s", err, out)
	}
}

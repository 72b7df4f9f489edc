//go:build unix

package release_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// make address changes the address in every file, and nothing else.
func TestAddress(t *testing.T) {
	t.Parallel()
	const other = "registry.example.com/acme/huaweicloud"
	dir := copyTree(t)
	if out, err := exec.CommandContext(t.Context(), filepath.Join(dir, "tools/address"), address, other).
		CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, out)
	}
	old := regexp.MustCompile(regexp.QuoteMeta(address) + `|terraform\.local/\*`)
	for _, name := range tracked(t) {
		before, after := contents(t, filepath.Join(root, name)), contents(t, filepath.Join(dir, name))
		if found := old.FindString(after); found != "" {
			t.Errorf("%s still has %s", name, found)
		}
		want := strings.ReplaceAll(
			strings.ReplaceAll(before, address, other),
			"terraform.local/*/*",
			"registry.example.com/*/*",
		)
		if after != want {
			t.Errorf("%s has changed otherwise", name)
		}
	}
}

// An address that the CLIs would not understand, or of another type, changes
// nothing.
func TestAddress_refused(t *testing.T) {
	t.Parallel()
	for _, other := range []string{
		"", "huaweicloud", "acme/huaweicloud", "a/b/c/huaweicloud", "a/b/other", "a/b,c/huaweicloud", "//huaweicloud",
	} {
		out, err := exec.CommandContext(t.Context(), filepath.Join(root, "tools/address"), address, other).
			CombinedOutput()
		if err == nil || !strings.Contains(string(out), "ADDRESS must be HOST/NAMESPACE/huaweicloud") {
			t.Errorf("%q: error %v: %s", other, err, out)
		}
	}
}

// tracked lists the files of the repository.
func tracked(t *testing.T) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Skip("not a git repository")
	}

	return strings.Fields(string(out))
}

// copyTree copies the files of the repository to a folder of their own.
func copyTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range tracked(t) {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(
			filepath.Join(dir, name),
			[]byte(contents(t, filepath.Join(root, name))),
			info.Mode(),
		); err != nil {
			t.Fatal(err)
		}
	}

	return dir
}

func contents(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

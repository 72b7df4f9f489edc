//go:build unix

package workspace

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithoutSettings(t *testing.T) {
	t.Parallel()
	got := withoutSettings([]string{
		"PATH=/bin", "HOME=/home/me", "HW_ACCESS_KEY=a", "HW_ASSUME_ROLE_DURATION=1", "OS_REGION_NAME=b",
		"TF_CLI_ARGS=-json", "TF_WORKSPACE=c", "HTTPS_PROXY=http://proxy.example", "no_proxy=d", "OSTYPE=linux",
		"TFENV_ROOT=/e",
	})
	want := []string{"PATH=/bin", "HOME=/home/me", "OSTYPE=linux", "TFENV_ROOT=/e"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Commands run in another folder, so that the path of the CLI must be absolute.
func TestNew_absolutePath(t *testing.T) {
	t.Parallel()
	w, err := New("sh", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(w.CLI) {
		t.Errorf("got %s", w.CLI)
	}
}

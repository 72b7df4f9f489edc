package release_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// citation is for example "CLOUD.md 6.3, 6.5", which may go on in the next line of
	// a comment.
	citation = regexp.MustCompile(`CLOUD\.md(?:,?\s+(?://\s*)?[1-9]\d?(?:\.\d+)?\b)+`)
	number   = regexp.MustCompile(`[1-9]\d?(?:\.\d+)?`)
	section  = regexp.MustCompile(`(?m)^##+ (\d+(?:\.\d+)?)`)
)

// Each section of CLOUD.md that a comment cites exists.
func TestCloud_citations(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "CLOUD.md"))
	if err != nil {
		t.Fatal(err)
	}
	var sections []string
	for _, found := range section.FindAllStringSubmatch(string(text), -1) {
		sections = append(sections, found[1])
	}
	if !slices.Contains(sections, "2.3") {
		t.Fatalf("the sections are %q", sections)
	}
	err = filepath.WalkDir(filepath.Join(root, "internal"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range citation.FindAllString(string(source), -1) {
			for _, cited := range number.FindAllString(strings.TrimPrefix(found, "CLOUD.md"), -1) {
				if !slices.Contains(sections, cited) {
					t.Errorf("%s cites CLOUD.md %s, which does not exist", path, cited)
				}
			}
		}

		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

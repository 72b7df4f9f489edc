package release_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// guideWorkflow is the workflow of the guides.
const guideWorkflow = "48aff955-ea10-4ffd-b426-190bc192dc14"

// guides lists the guides by name.
func guides(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "docs/guides/*.md"))
	if err != nil || len(paths) < 6 {
		t.Fatalf("guides: %q, %v", paths, err)
	}
	var names []string
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}

	return names
}

// guideBlocks returns the code blocks of a guide.
func guideBlocks(t *testing.T, name string) []block {
	t.Helper()
	_, blocks := readme(t, filepath.Join("docs/guides", name))

	return blocks
}

// guideBlock returns the first configuration below a heading of a guide.
func guideBlock(t *testing.T, name, heading string) string {
	t.Helper()
	text, _ := readme(t, filepath.Join("docs/guides", name))
	_, after, found := strings.Cut(text, "\n## "+heading+"\n")
	after, _, _ = strings.Cut(after, "\n## ")
	match := blockPattern.FindStringSubmatch(after)
	if !found || match == nil || match[1] != "terraform" {
		t.Fatalf("%s has no configuration below %q", name, heading)
	}

	return match[2]
}

// The guide explains every error whose text is kept in a golden file.
func TestGuide_troubleshooting(t *testing.T) {
	t.Parallel()
	text, _ := readme(t, "docs/guides/troubleshooting.md")
	files, err := filepath.Glob(filepath.Join(root, "internal/datasources/testdata/diagnostics/*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("golden files: %q, %v", files, err)
	}
	summary := regexp.MustCompile(`(?m)^=== .*\n(.+?)(?: \(\w+\))?$`)
	for _, file := range files {
		golden, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range summary.FindAllStringSubmatch(string(golden), -1) {
			short := strings.NewReplacer("No response from IAM", "No response from FunctionGraph (or IAM",
				"No response from the ECS metadata service", "or the ECS metadata service)").Replace(found[1])
			if !regexp.MustCompile(`(?m)^\|[^|]*` + regexp.QuoteMeta(short)).MatchString(text) {
				t.Errorf("%s: the guide does not explain %q", filepath.Base(file), found[1])
			}
		}
	}
}

// Links between the pages lead to files and headings that exist.
func TestGuides_links(t *testing.T) {
	t.Parallel()
	docs := filepath.Join(root, "docs")
	link := regexp.MustCompile(`\]\(([^):#]*)(?:#([^)]*))?\)`)
	err := filepath.WalkDir(docs, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range link.FindAllStringSubmatch(blockPattern.ReplaceAllString(string(text), ""), -1) {
			target := path
			if found[1] != "" {
				target = filepath.Join(filepath.Dir(path), found[1])
			}
			page, err := os.ReadFile(target)
			if err != nil {
				t.Errorf("%s: %v", path, err)
			} else if found[2] != "" && !slices.Contains(anchors(string(page)), found[2]) {
				t.Errorf("%s: %s has no heading #%s", path, target, found[2])
			}
		}

		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// anchors lists what links to a page can name.
func anchors(page string) []string {
	var names []string
	page = blockPattern.ReplaceAllString(page, "")
	for _, found := range regexp.MustCompile(`(?m)^#+ (.*)$|<a id="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		slug := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			default:
				return -1
			}
		}, found[1])
		names = append(names, slug+found[2])
	}

	return names
}

package release_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// readmes are the same page in two languages.
var readmes = []string{"README.md", "README.zh-CN.md"}

// block is a fenced code block of a page.
type block struct{ language, text string }

var (
	blockPattern = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")
	linkPattern  = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	tablePattern = regexp.MustCompile("(?m)^\\| (`[^|]*`) \\|")
	makePattern  = regexp.MustCompile(`\bmake ([a-z-]+)`)
)

// readme returns the text of a page and its code blocks.
func readme(t *testing.T, name string) (string, []block) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	for _, found := range blockPattern.FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, block{found[1], found[2]})
	}

	return string(text), blocks
}

// structure lists what the languages of a page must share, in its order: the
// levels of headings, code with its text, tables' first columns, quotes, lists
// and the targets of links between them.
func structure(text string) []string {
	var parts []string
	code := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		fence := strings.HasPrefix(line, "```")
		switch {
		case fence, code:
			parts = append(parts, line)
		case strings.HasPrefix(line, "#"):
			parts = append(parts, "heading "+strings.Repeat("#", len(line)-len(strings.TrimLeft(line, "#"))))
		case tablePattern.MatchString(line):
			// The languages separate names differently.
			parts = append(parts, "row "+strings.ReplaceAll(tablePattern.FindStringSubmatch(line)[1], "`、`", "`, `"))
		case regexp.MustCompile(`^(\d\.|\*|-) `).MatchString(line):
			parts = append(parts, "item")
		case strings.HasPrefix(line, "> ") && strings.Contains(line, "**"):
			parts = append(parts, "quote")
		}
		code = code != fence
	}

	return parts
}

// Both languages have the same sections, code, rows and lists in the same
// order, and link to the same files.
func TestReadme_languages(t *testing.T) {
	t.Parallel()
	english, _ := readme(t, readmes[0])
	chinese, _ := readme(t, readmes[1])
	want, got := structure(english), structure(chinese)
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Fatalf("part %d differs: %q, and %q in Chinese", i, want[min(i, len(want)):min(i+3, len(want))],
				got[min(i, len(got)):min(i+3, len(got))])
		}
	}
	if want, got := links(english), links(chinese); !slices.Equal(want, got) {
		t.Errorf("links to %q, and in Chinese to %q", want, got)
	}
}

// links lists the files that a page links to, but for its other language.
func links(text string) []string {
	var files []string
	for _, found := range linkPattern.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(readmes, found[1]) {
			files = append(files, found[1])
		}
	}
	slices.Sort(files)

	return slices.Compact(files)
}

// Every file that is linked to and every target of make that is named exists.
func TestReadme_names(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join(root, "GNUmakefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range readmes {
		text, _ := readme(t, name)
		for _, file := range links(text) {
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s: %s", name, err)
			}
		}
		for _, found := range makePattern.FindAllStringSubmatch(text, -1) {
			if target := found[1]; target != "alone" && !strings.Contains(string(makefile), "\n"+target+":") {
				t.Errorf("%s: no target %s", name, target)
			}
		}
	}
}

// In Chinese text, punctuation is full-width.
func TestReadme_punctuation(t *testing.T) {
	t.Parallel()
	text, _ := readme(t, readmes[1])
	text = blockPattern.ReplaceAllString(text, "")
	halfWidth := regexp.MustCompile(`\p{Han}[,:;?!()]|[,;?!(]\p{Han}|\)\p{Han}`)
	for line := range strings.Lines(linkPattern.ReplaceAllString(text, "]")) {
		if found := halfWidth.FindString(line); found != "" {
			t.Errorf("%q in %q", found, line)
		}
	}
}

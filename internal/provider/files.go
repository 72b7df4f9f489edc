package provider

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// readFile reads a file that a practitioner named. A path may begin with ~/.
// The error says why, and not which file: a private key that was meant to be
// PEM but is not is taken for a path, and must not be shown.
func readFile(name string, getenv func(string) string) ([]byte, error) {
	expanded, err := expandHome(name, getenv)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(expanded) //nolint:gosec // the practitioner names the file
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, inPath.Err
	}

	return data, err
}

var errNoHome = errors.New("the home directory that ~ stands for is not known: set the environment variable HOME (on Windows USERPROFILE)")

// expandHome replaces the ~ at the beginning of a path.
func expandHome(name string, getenv func(string) string) (string, error) {
	rest, isHome := strings.CutPrefix(name, "~/")
	if !isHome {
		return name, nil
	}
	for _, variable := range []string{"HOME", "USERPROFILE"} {
		if home := getenv(variable); home != "" {
			return filepath.Join(home, rest), nil
		}
	}

	return "", errNoHome
}

// shownFile is a file in a message. Its name is not shown if it may be a secret
// that stands in the wrong place: the text of a private key without the lines
// around it that make it PEM, or a token.
func shownFile(g given) string {
	const longest = 64 // of a name without a folder
	if nameOf(g.at) == "key" || len(g.text) > longest && !strings.ContainsAny(g.text, `/\`) {
		return "that file (its name is not shown)"
	}

	return fmt.Sprintf("the file %q", g.text)
}

package provider

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// maxFile is more than certificates, tokens and profiles need.
const maxFile = 1 << 20

// byteOrderMark is what editors and shells of Windows put in front of UTF-8.
const byteOrderMark = "\ufeff"

// readFile reads a file that a practitioner named, without the byte order mark
// in front: PEM would be without its first certificate. A path may begin with ~/.
// The error says why, and not which file: a private key that was meant to be
// PEM but is not is taken for a path, and must not be shown.
func readFile(name string, getenv func(string) string) ([]byte, error) {
	expanded, err := expandHome(name, runtime.GOOS, getenv)
	if err != nil {
		return nil, err
	}
	data, err := readRegular(expanded)
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, inPath.Err
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, errors.New("it is in UTF-16, and must be in UTF-8")
	}

	return bytes.TrimPrefix(data, []byte(byteOrderMark)), err
}

// readRegular does not open what is no regular file: a pipe would be waited for,
// and a device may have no end.
func readRegular(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	}
	file, err := os.Open(name) //nolint:gosec // the practitioner names the file
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // nothing was written

	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if len(data) > maxFile {
		return nil, errors.New("it is larger than 1 MiB")
	}

	return data, err
}

var errNoHome = errors.New("the home directory that ~ stands for is not known: set the environment variable HOME (on Windows USERPROFILE)")

// expandHome replaces the ~ at the beginning of a path, as the vendor's provider
// does: by HOME first, but on Windows hcloud's own file is below USERPROFILE.
func expandHome(name, goos string, getenv func(string) string) (string, error) {
	rest, isHome := strings.CutPrefix(name, "~/")
	if !isHome && goos == "windows" {
		rest, isHome = strings.CutPrefix(name, `~\`)
	}
	if !isHome {
		return name, nil
	}
	variables := []string{"HOME", "USERPROFILE"}
	if goos == "windows" && name == defaultConfigFile {
		slices.Reverse(variables)
	}
	for _, variable := range variables {
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

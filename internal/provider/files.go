package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	// maxFile is more than certificates, tokens and profiles need.
	maxFile = 1 << 20

	// filePatience bounds how long one file is waited for. A file can be regular
	// and block all the same, for example on a network that is down.
	filePatience = 10 * time.Second
)

// byteOrderMark is what editors and shells of Windows put in front of UTF-8.
const byteOrderMark = "\ufeff"

// fileError is why a file cannot be read. It does not name the file: a token or
// a private key that was taken for a path must not be shown.
type fileError struct {
	reason error
	exists bool // so that the name is really one of a file
}

// Error implements error.
func (e *fileError) Error() string { return e.reason.Error() }

// Unwrap returns the reason.
func (e *fileError) Unwrap() error { return e.reason }

// existed reports whether the file of an error exists; no error: it does.
func existed(err error) bool {
	failed, ok := errors.AsType[*fileError](err)

	return err == nil || ok && failed.exists
}

// readFile reads a file that a practitioner named, without the byte order mark
// in front: PEM would be without its first certificate. A path may begin with
// ~/. The error is a [*fileError]; it says that ctx ended if that is the reason.
func readFile(ctx context.Context, name string, getenv func(string) string) ([]byte, error) {
	expanded, err := expandHome(name, runtime.GOOS, getenv)
	if err != nil {
		return nil, &fileError{reason: err}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, filePatience, errFileBlocks)
	defer cancel()
	data, err := untilDone(ctx, func() ([]byte, error) { return readRegular(expanded) })
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, &fileError{errors.New("it is in UTF-16, and must be in UTF-8"), true}
	}

	return bytes.TrimPrefix(data, []byte(byteOrderMark)), nil
}

var errFileBlocks = fmt.Errorf("it could not be read within %s", filePatience)

// untilDone returns what read returns, or an error as soon as ctx ends: a system
// call on a file cannot be interrupted, and is left to itself then.
func untilDone(ctx context.Context, read func() ([]byte, error)) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data, err := read()
		done <- result{data, err}
	}()
	select {
	case r := <-done:
		return r.data, r.err
	case <-ctx.Done():
		return nil, &fileError{context.Cause(ctx), true}
	}
}

// readRegular refuses anything but a regular file, because a pipe can block, a
// device may have no end, and opening one may do something. It opens without
// blocking and looks again at what it has opened, because another file may have
// taken the name meanwhile.
func readRegular(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, &fileError{withoutPath(err), false}
	}
	if err := checkRegular(info); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(name, os.O_RDONLY|openNonblocking, 0) //nolint:gosec // the practitioner names the file
	if err != nil {
		return nil, &fileError{withoutPath(err), true}
	}
	defer file.Close() //nolint:errcheck // nothing was written

	return readOpened(file)
}

// readOpened reads a file whose name may have belonged to another one before.
func readOpened(file *os.File) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, &fileError{withoutPath(err), true}
	}
	if err := checkRegular(info); err != nil {
		return nil, err
	}
	// Only files that can wait have a deadline, for example /proc/kmsg.
	_ = file.SetReadDeadline(time.Now().Add(time.Second))
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &fileError{errors.New("it has nothing to read yet"), true}
	case err != nil:
		return nil, &fileError{withoutPath(err), true}
	case len(data) > maxFile:
		return nil, &fileError{errors.New("it is larger than 1 MiB"), true}
	default:
		return data, nil
	}
}

func checkRegular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return &fileError{errors.New("it is a folder"), true}
	case !info.Mode().IsRegular():
		return &fileError{errors.New("it is not a regular file"), true}
	default:
		return nil
	}
}

func withoutPath(err error) error {
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		return inPath.Err
	}

	return err
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

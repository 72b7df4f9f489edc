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
	// maxFile is the largest size of a file in bytes. Certificates, tokens and
	// profiles are smaller.
	maxFile = 1 << 20

	// filePatience is the longest time to wait for a file. Even a regular file can
	// block, for example on an unreachable network file system.
	filePatience = 10 * time.Second
)

// byteOrderMark is the mark that editors and shells of Windows put before UTF-8
// text.
const byteOrderMark = "\ufeff"

// fileError is the reason why a file cannot be read. It does not contain the name,
// because a token or a private key may have been mistaken for a path.
type fileError struct {
	reason error
	exists bool // whether the name is that of a file
}

func (e *fileError) Error() string { return e.reason.Error() }

func (e *fileError) Unwrap() error { return e.reason }

// existed reports whether the file exists that err is about. It returns true for a
// nil error.
func existed(err error) bool {
	failed, ok := errors.AsType[*fileError](err)

	return err == nil || ok && failed.exists
}

// readFile reads a file that a practitioner names. The path may begin with ~/. It
// removes a byte order mark, because PEM after one has no first certificate. The
// error is a [*fileError], which wraps the error of ctx if ctx ends.
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

// untilDone returns the result of read, or an error when ctx ends. In that case
// read continues in its goroutine, because a system call on a file cannot be
// interrupted.
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

// readRegular refuses anything but a regular file, because reading from a pipe can
// block, a device may have no end, and opening a device can have side effects. It
// opens the file without blocking and checks the open file again, because another
// file may have replaced it.
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

// readOpened reads an open file.
func readOpened(file *os.File) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, &fileError{withoutPath(err), true}
	}
	if err := checkRegular(info); err != nil {
		return nil, err
	}
	// Only files that can block support deadlines, for example /proc/kmsg.
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

var errNoHome = errors.New("the home directory that ~ stands for is not known: set the environment variable HOME (on " +
	"Windows USERPROFILE)")

// expandHome replaces ~ at the beginning of a path with HOME, as the vendor's
// provider does. On Windows it uses USERPROFILE for hcloud's own configuration
// file.
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

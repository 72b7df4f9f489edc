//go:build unix

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Anything but a regular file could block or be endless.
func TestReadFile_notRegular(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{pipe, "/dev/zero"} {
		if data, err := readFile(t.Context(), name, environment{}.Getenv); err == nil ||
			err.Error() != "it is not a regular file" {
			t.Errorf("%s: got %d bytes and error %v", name, len(data), err)
		}
	}
}

// The pipe of this configuration has no writer.
func TestConfigure_doesNotWaitForFiles(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	env := environment{"HW_REGION_NAME": "cn-north-4", "OS_CACERT": pipe}
	resp := configure(t, env, false,
		args{"assume_role_with_oidc": []args{{"agency_name": "a", "domain_id": "i", "idp_id": "idp",
			"id_token_file": pipe}}})
	got := atRead(t, resp)
	if all := strings.Join(got, "\n"); len(got) != 2 ||
		strings.Count(all, "cannot be read: it is not a regular file") != 2 {
		t.Errorf("got %q", got)
	}
}

// A pipe that replaces the file after the check is opened without blocking, and is
// not read.
func TestReadRegular_replacedByPipe(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(pipe, os.O_RDONLY|openNonblocking, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	if data, err := readOpened(file); err == nil || err.Error() != "it is not a regular file" {
		t.Errorf("got %d bytes and error %v", len(data), err)
	}
}

// The kernel's log has the type of a regular file, and blocks.
func TestReadFile_kernelLog(t *testing.T) {
	t.Parallel()
	info, err := os.Stat("/proc/kmsg")
	if err != nil || !info.Mode().IsRegular() {
		t.Skip("no /proc/kmsg")
	}
	done := make(chan error, 1)
	go func() {
		_, err := readFile(t.Context(), "/proc/kmsg", environment{}.Getenv)
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("it has an end")
		}
	case <-time.After(filePatience / 2):
		t.Error("it is waited for")
	}
}

package provider

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
)

func TestExpandHome(t *testing.T) {
	t.Parallel()
	both := environment{"HOME": "/home/u", "USERPROFILE": "C:/Users/u"}
	tests := map[string]struct {
		name        string
		goos        string // empty: not Windows
		environment environment
		want        string
		err         error
	}{
		"no home":        {name: "/etc/ca.pem", environment: both, want: "/etc/ca.pem"},
		"relative":       {name: "ca.pem", want: "ca.pem"},
		"a tilde in it":  {name: "a~/b", environment: both, want: "a~/b"},
		"another's home": {name: "~other/ca.pem", environment: both, want: "~other/ca.pem"},
		"home":           {name: "~/a/ca.pem", environment: both, want: filepath.Join("/home/u", "a/ca.pem")},
		"home on Windows": {name: "~/ca.pem", environment: environment{"USERPROFILE": "C:/Users/u"},
			want: filepath.Join("C:/Users/u", "ca.pem")},
		"not known": {name: "~/ca.pem", err: errNoHome},

		"backslash": {name: `~\ca.pem`, environment: both, want: `~\ca.pem`},
		"backslash on Windows": {name: `~\a\ca.pem`, goos: "windows", environment: both,
			want: filepath.Join("/home/u", `a\ca.pem`)},
		"HOME goes first on Windows": {name: "~/ca.pem", goos: "windows", environment: both,
			want: filepath.Join("/home/u", "ca.pem")},
		"hcloud's file": {name: defaultConfigFile, environment: both,
			want: filepath.Join("/home/u", ".hcloud/config.json")},
		"hcloud's file on Windows": {name: defaultConfigFile, goos: "windows", environment: both,
			want: filepath.Join("C:/Users/u", ".hcloud/config.json")},
		"hcloud's file, HOME is known": {name: defaultConfigFile, goos: "windows",
			environment: environment{"HOME": "/home/u"}, want: filepath.Join("/home/u", ".hcloud/config.json")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := expandHome(tt.name, tt.goos, tt.environment.Getenv)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %q and error %v, want %q and %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// Files are read whole, up to a limit.
func TestReadFile(t *testing.T) {
	t.Parallel()
	home := acctest.Home(t, map[string]string{"most": "", "more": "", "huge": "", "folder/file": "", "text": "T",
		"marked": "\ufeffT", "utf16le": "\xff\xfeT\x00", "utf16be": "\xfe\xff\x00T"})
	for name, size := range map[string]int64{"most": 1 << 20, "more": 1<<20 + 1, "huge": 1 << 30} {
		if err := os.Truncate(filepath.Join(home, name), size); err != nil {
			t.Fatal(err)
		}
	}
	// Kubernetes projects a token through two symbolic links.
	for link, to := range map[string]string{"data": "folder", "token": "text", "projected": "token"} {
		if err := os.Symlink(to, filepath.Join(home, link)); err != nil {
			t.Skip(err)
		}
	}
	tests := map[string]struct {
		size    int
		problem string
	}{
		"~/text":      {size: 1},
		"~/projected": {size: 1},
		"~/marked":    {size: 1},
		"~/utf16le":   {problem: "it is in UTF-16, and must be in UTF-8"},
		"~/utf16be":   {problem: "it is in UTF-16, and must be in UTF-8"},
		"~/most":      {size: 1 << 20},
		"~/more":      {problem: "it is larger than 1 MiB"},
		"~/huge":      {problem: "it is larger than 1 MiB"},
		"~/folder":    {problem: "it is a folder"},
		"~/data":      {problem: "it is a folder"},
		"~/nothing":   {problem: "no such file or directory"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := readFile(t.Context(), name, environment{"HOME": home}.Getenv)
			problem := ""
			if err != nil {
				problem = err.Error()
			}
			if len(data) != tt.size || problem != tt.problem {
				t.Errorf("got %d bytes and problem %q, want %d and %q", len(data), problem, tt.size, tt.problem)
			}
		})
	}
}

// A read that blocks is abandoned when the context ends or after a time limit.
func TestUntilDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), filePatience, errFileBlocks)
		defer cancel()
		never := make(chan struct{})
		blocks := func() ([]byte, error) { <-never; return nil, nil }
		started := time.Now()
		if _, err := untilDone(ctx, blocks); err == nil || err.Error() != "it could not be read within 10s" ||
			time.Since(started) != filePatience {
			t.Errorf("got error %v after %s", err, time.Since(started))
		}
		stopped, stop := context.WithCancel(t.Context())
		stop()
		if _, err := untilDone(stopped, blocks); !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want that the context has ended", err)
		}
		if data, err := untilDone(t.Context(),
			func() ([]byte, error) { return []byte("T"), nil }); string(data) != "T" || err != nil {
			t.Errorf("got %q and error %v", data, err)
		}
		close(never)
	})
}

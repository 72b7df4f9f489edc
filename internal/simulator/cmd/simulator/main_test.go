package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// buffer is written by the server's goroutines and read by the test.
type buffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.Buffer.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.Buffer.String()
}

// The command prints the guide, logs a request, and stops while another request
// hangs.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	guide, guideEnd := io.Pipe()
	var log buffer
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-rows", "3", "-fault", "hang,skip=1"}, guideEnd, &log)
	}()
	text := make([]byte, 4096)
	n, err := guide.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(string(text[:n]))

	get := func() (int, error) {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url+"/v3/projects?name=x", nil)
		if err != nil {
			return 0, err
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, err
		}
		return resp.StatusCode, resp.Body.Close()
	}
	if status, err := get(); status != http.StatusUnauthorized || err != nil {
		t.Errorf("unsigned request: got %d, %v; want 401", status, err)
	}
	if !strings.Contains(log.String(), "GET /v3/projects?name=x: 401 in ") ||
		!strings.Contains(log.String(), "signature not valid") {
		t.Errorf("log:\n%s", log.String())
	}

	hung := make(chan error, 1)
	go func() {
		_, err := get()
		hung <- err
	}()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopped with %v", err)
	}
	if err := <-hung; err == nil {
		t.Error("the hanging request got a response")
	}
}

func TestPrintGuide(t *testing.T) {
	t.Parallel()
	opts, err := parseOptions(nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printGuide(&out, "http://127.0.0.1:8080", opts); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Workflow 48aff955-ea10-4ffd-b426-190bc192dc14, named payments, with 401 executions",
		"export HW_REGION_NAME=cn-north-4\n",
		"export HW_ACCESS_KEY=SIMULATOR",
		"export HW_SECRET_KEY=",
		"export HW_AUTH_URL=http://127.0.0.1:8080/v3\n",
		`fgs = "http://127.0.0.1:8080"`,
		`iam = "http://127.0.0.1:8080"`,
		`sts = "http://127.0.0.1:8080"`,
		"the agency terraform-reader of the accounts 0a1b2c3d4e5f60718293a4b5c6d7e8f9 and\n9f8e7d6c5b4a39281706f5e4d3c2b1a0",
		"export HW_ASSUME_ROLE_IDP_ID=ci\n",
		"export HW_ASSUME_ROLE_AGENCY_NAME=terraform-reader\n",
		"export HW_ASSUME_ROLE_DOMAIN_ID=0a1b2c3d4e5f60718293a4b5c6d7e8f9\n",
		"export HW_ASSUME_ROLE_ID_TOKEN=NotASecret.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"127.0.0.1:0":    "127.0.0.1:0",
		"127.8.8.8:80":   "127.8.8.8:80",
		"[::1]:8080":     "[::1]:8080",
		"localhost:8080": "127.0.0.1:8080",
		":8080":          "",
		"0.0.0.0:8080":   "",
		"[::]:8080":      "",
		"10.0.0.1:8080":  "",
		"example.com:80": "",
		"127.0.0.1":      "",
	} {
		got, err := loopback(address)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: got %q, %v; want %q", address, got, err, want)
		}
	}
}

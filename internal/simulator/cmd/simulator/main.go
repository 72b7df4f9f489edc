// Command simulator serves the simulated services on a loopback port and prints
// the settings of the provider for it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "simulator:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. It prints the settings on stdout, and a line for each
// request on stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	opts, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	address, err := loopback(opts.listen)
	if err != nil {
		return err
	}
	cloud := opts.newCloud(time.Now())
	cloud.OnResponse(func(n int, r simulator.Request) {
		logRequest(stderr, r)
		if n >= 1000 {
			cloud.ResetRequests() // the records are not used here and must not accumulate
		}
	})
	srv, err := simulator.Serve(ctx, address, cloud)
	if err != nil {
		return err
	}
	defer srv.Stop()
	if err := printGuide(stdout, srv.URL, opts); err != nil {
		return err
	}
	select {
	case err := <-srv.Failed():
		return err
	case <-ctx.Done():
		return nil
	}
}

// loopback refuses addresses that other machines can reach, because the sample key
// is public.
func loopback(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("-listen: %w", err)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return "", fmt.Errorf("-listen: %q is not a loopback address; use 127.0.0.1, [::1] or localhost", address)
	}

	return net.JoinHostPort(host, port), nil
}

func logRequest(w io.Writer, r simulator.Request) {
	uri := r.Path
	if len(r.Query) > 0 {
		uri += "?" + r.Query.Encode()
	}
	response := "no response"
	if r.Status != 0 {
		response = fmt.Sprint(r.Status)
	}
	signature := ""
	if !r.SignatureValid && r.Operation.Signed() {
		signature = ", signature not valid"
	}
	// The log is best effort.
	_, _ = fmt.Fprintf(w, "%s %s %s: %s in %s%s, request %s\n", r.Time.UTC().Format(time.RFC3339), r.Method, uri,
		response, r.Took.Round(10*time.Microsecond), signature, r.RequestID)
}

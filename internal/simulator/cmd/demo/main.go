//go:build unix

// Command demo runs an example through Terraform or OpenTofu against a simulated
// service, without a registry and without an account, and shows what came out. It
// leaves nothing behind, also when it is interrupted.
//
//	demo -cli terraform -provider bin/terraform-provider-huaweicloud -example examples/demo
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const (
	workflowID = "48aff955-ea10-4ffd-b426-190bc192dc14"

	// More than two pages, within the three days of the default window.
	executions = 450
	spacing    = 9 * time.Minute
)

func main() {
	os.Exit(run(os.Args[1:]))
}

// run returns the exit code: 130 after an interrupt, as a shell has it.
func run(args []string) int {
	var d demo
	flags := flag.NewFlagSet("demo", flag.ExitOnError)
	flags.StringVar(&d.cli, "cli", "terraform", "Terraform or OpenTofu")
	flags.StringVar(&d.provider, "provider", "bin/terraform-provider-huaweicloud", "the provider's binary")
	flags.StringVar(&d.example, "example", "examples/demo", "folder of the configuration")
	_ = flags.Parse(args) // exits on errors

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err := d.run(ctx, os.Stdout)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "interrupted, everything is cleaned up")
		return 130
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}

	return 0
}

type demo struct {
	cli, provider, example string
}

func (d demo) run(ctx context.Context, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "fgs-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	rows := simulator.Seed(executions, time.Now(), spacing, 1)
	rows[0].Status, rows[0].End = "running", time.Time{} // it began just now
	cloud := simulator.New(simulator.Config{})
	cloud.AddWorkflow(workflowID, rows...)
	srv, err := simulator.Serve(ctx, "127.0.0.1:0", cloud)
	if err != nil {
		return err
	}
	defer srv.Stop()
	step(out, "simulator", fmt.Sprintf("one workflow with %d executions, at %s", executions, srv.URL))

	w, err := newWorkspace(dir, d, srv.URL)
	if err != nil {
		return err
	}
	version, err := w.output(ctx, "version")
	if err != nil {
		return err
	}
	step(out, "command", firstLine(version)+" at "+w.CLI)

	if err := w.quietly(ctx, out, "init", "-input=false"); err != nil {
		return err
	}
	step(out, "plan", "says:")
	if err := w.show(ctx, "plan", "-input=false", "-out=plan.bin"); err != nil {
		return err
	}
	fmt.Fprintln(out)
	step(out, "requests", fmt.Sprintf("%d, for a page holds at most 200 executions",
		len(cloud.RequestsOf(simulator.ListWorkflowExecutions))))
	if err := w.quietly(ctx, out, "apply", "-input=false", "plan.bin"); err != nil {
		return err
	}

	values, err := w.output(ctx, "output", "-json")
	if err != nil {
		return err
	}

	return printResult(out, values)
}

// step prints one line of progress.
func step(out io.Writer, name, text string) {
	fmt.Fprintf(out, "%-10s %s\n", name, text)
}

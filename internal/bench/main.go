//go:build unix

// Command bench measures the provider's cost, prints it as a table with the goals,
// and fails if a goal is missed.
//
// All results are ratios within one run. It alternates commands of a real
// Terraform or OpenTofu with the provider, and with an empty provider on the
// framework (empty) or one with encoded rows (floor). It needs no network and
// leaves no files behind.
//
//	go run ./internal/bench -cli terraform
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
)

func main() {
	cli := flag.String("cli", "terraform", "Terraform or OpenTofu")
	only := flag.Int("only", 0, "measure only the goal of this `number`")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	met, err := run(ctx, os.Stdout, *cli, *only, full)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	case !met:
		os.Exit(1)
	}
}

// run reports whether all goals are met.
func run(ctx context.Context, out io.Writer, cli string, only int, size sizes) (met bool, err error) {
	dir, err := os.MkdirTemp("", "fgs-bench-")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f, err := newFolder(ctx, dir, cli)
	if err != nil {
		return false, err
	}

	b := &bench{folder: f, sizes: size}
	for _, step := range []struct {
		goals   []int
		name    string
		measure func(context.Context) error
	}{
		{[]int{1}, "start", b.start},
		{[]int{2}, "a small list", b.small},
		{[]int{3}, "long lists", b.long},
		{[]int{4}, "reading", b.reading},
		{[]int{5}, "many data sources", b.many},
		{[]int{6, 7}, "pages and growth", b.inProcess},
	} {
		if only != 0 && step.goals[0] != only {
			continue
		}
		begin := time.Now()
		if err := step.measure(ctx); err != nil {
			return false, err
		}
		fmt.Fprintf(os.Stderr, "%s: measured in %.0f s\n", step.name, time.Since(begin).Seconds())
	}

	return b.report.print(out), nil
}

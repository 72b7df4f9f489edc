//go:build unix

// Command meter runs the provider that BENCH_PROVIDER names and adds a line to the
// file that BENCH_USAGE names: the provider's peak memory in KiB and its CPU time
// in microseconds.
//
// It must stay small, because a process on Linux starts with the peak memory of
// its parent.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
)

func main() {
	signal.Ignore(os.Interrupt) // plugins leave it to Terraform to end them
	provider := exec.CommandContext(context.Background(), os.Getenv("BENCH_PROVIDER"), os.Args[1:]...)
	provider.Stdin, provider.Stdout, provider.Stderr = os.Stdin, os.Stdout, os.Stderr
	failed := provider.Run()
	if provider.ProcessState == nil {
		log.Fatal(failed)
	}

	usage, _ := provider.ProcessState.SysUsage().(*syscall.Rusage)
	peak := usage.Maxrss
	if runtime.GOOS == "darwin" {
		peak /= 1024 // in bytes on macOS
	}
	cpu := provider.ProcessState.UserTime() + provider.ProcessState.SystemTime()
	file, err := os.OpenFile(os.Getenv("BENCH_USAGE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := fmt.Fprintln(file, peak, cpu.Microseconds()); err != nil {
		log.Fatal(err)
	}
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
	os.Exit(provider.ProcessState.ExitCode())
}

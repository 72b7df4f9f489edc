// Command terraform-provider-huaweicloud is a Terraform provider that reads the
// executions of FunctionGraph workflows on Huawei Cloud.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
)

// Set by the linker with -X.
var (
	version = "dev"
	commit  = "unknown"

	// address is the provider's address in Terraform. Its host does not exist, so that
	// Terraform never downloads another provider from it.
	address = "terraform.local/fgs/huaweicloud"
)

func main() {
	debug := flag.Bool("debug", false,
		"serve for a debugger such as delve, and print what to set in TF_REATTACH_PROVIDERS")
	showVersion := flag.Bool("version", false, "print the version, the commit and the version of Go, and exit")
	flag.Parse()

	if *showVersion {
		fmt.Printf("terraform-provider-huaweicloud %s\ncommit %s\n%s %s/%s\n",
			version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)

		return
	}

	var opts []tf6server.ServeOpt
	if *debug {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	// net/http logs unsolicited bytes from servers with the standard logger. They must
	// not reach Terraform's log.
	log.SetOutput(io.Discard)
	// A debugger's terminal shows all logs.
	quiet := !*debug && !provider.ShowsLogs(os.Getenv)
	if quiet {
		provider.DisableLogs()
	}
	server := provider.Server(provider.Options{Version: version, Getenv: os.Getenv, Quiet: quiet})
	if err := tf6server.Serve(address, server, opts...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Command terraform-provider-huaweicloud is a Terraform provider that reads
// the executions of FunctionGraph workflows on Huawei Cloud.
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

// Set at link time with -X.
var (
	version = "dev"
	commit  = "unknown"

	// address is where Terraform looks for the provider. The host exists
	// nowhere, so that nothing is ever fetched from somebody else's namespace.
	address = "terraform.local/fgs/huaweicloud"
)

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger such as delve, and print what to set in TF_REATTACH_PROVIDERS")
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
	// net/http tells the standard logger what servers send when nothing was
	// asked, word by word. It must not get into Terraform's log.
	log.SetOutput(io.Discard)
	server := provider.Server(provider.Options{Version: version, Getenv: os.Getenv})
	if err := tf6server.Serve(address, server, opts...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

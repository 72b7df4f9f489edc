// Command terraform-provider-huaweicloud is a Terraform provider that reads
// the executions of FunctionGraph workflows on Huawei Cloud.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
)

// Set at link time with -X.
var (
	version = "dev"

	// address is where Terraform looks for the provider. The host exists
	// nowhere, so that nothing is ever fetched from somebody else's namespace.
	address = "terraform.local/fgs/huaweicloud"
)

func main() {
	debug := flag.Bool("debug", false,
		"serve for a debugger such as delve, and print what to set in TF_REATTACH_PROVIDERS")
	flag.Parse()

	var opts []tf6server.ServeOpt
	if *debug {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	// net/http tells the standard logger what servers send when nothing was
	// asked, word by word. It must not get into Terraform's log.
	log.SetOutput(io.Discard)
	if err := tf6server.Serve(address, provider.Server(provider.Options{Version: version, Getenv: os.Getenv}),
		opts...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

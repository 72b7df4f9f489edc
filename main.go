// Command terraform-provider-huaweicloud is a Terraform provider that reads
// the executions of FunctionGraph workflows on Huawei Cloud.
package main

import (
	"context"
	"flag"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

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
	debug := flag.Bool("debug", false, "serve for a debugger such as delve, and print what to set in TF_REATTACH_PROVIDERS")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(provider.Options{Version: version, Getenv: os.Getenv}), providerserver.ServeOpts{
		Address: address,
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

package provider

import (
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/longlist"
)

// plainLists is the environment variable that makes the framework encode long
// lists, at many times the cost. Any value enables it that [strconv.ParseBool]
// does not read as false.
const plainLists = "HW_FGS_PLAIN_LISTS"

// Server returns a constructor of the server that Terraform talks to: the provider
// on the framework, with a faster way for long lists.
func Server(options Options) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		server := functions.Server(providerserver.NewProtocol6(New(options)())())
		value := options.Getenv(plainLists)
		if plain, err := strconv.ParseBool(value); plain || err != nil && value != "" {
			return server
		}

		return longlist.Server(server)
	}
}

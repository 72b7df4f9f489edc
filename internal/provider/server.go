package provider

import (
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/longlist"
)

// plainLists is the environment variable that has the framework serve long
// lists, too, at many times the cost. Whoever sets it wants that, unless it says
// no as [strconv.ParseBool] reads it: no value is passed over.
const plainLists = "HW_FGS_PLAIN_LISTS"

// Server returns a constructor of what Terraform talks to: the provider, served
// by the framework, but for long lists.
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

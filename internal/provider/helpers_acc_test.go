package provider_test

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
)

// factories returns the factories of a test case, with the provider in this
// process.
func factories(options provider.Options) map[string]func() (tfprotov6.ProviderServer, error) {
	options.Version = "test"

	return acctest.Factories(provider.Server(options))
}

// Package datasources holds Terraform's side of the provider's data sources:
// schemas, validation, models and diagnostics. Requests are package
// functiongraph's.
package datasources

import "terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"

// ProviderData is what the provider's Configure hands to every data source.
type ProviderData struct {
	Client *functiongraph.Client

	// Unknown names the provider arguments whose values are not known yet, so
	// that there is no client. A data source that Terraform reads all the same
	// explains them.
	Unknown []string

	// Problems are why there is no client although everything is known. Nil:
	// there are none.
	Problems *Problems
}

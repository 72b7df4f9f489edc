// Package datasources holds Terraform's side of the provider's data sources:
// schemas, validation, models and diagnostics. Package functiongraph sends the
// requests.
package datasources

import "terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"

// ProviderData is passed from the provider's Configure to every data source.
type ProviderData struct {
	Client *functiongraph.Client

	// Unknown names the provider arguments whose values are not known yet. Client
	// is nil then, and reads fail.
	Unknown []string

	// Problems, if not nil, are the errors because of which Client is nil.
	Problems *Problems
}

package provider

// For tests of the whole provider, which are in package provider_test.
var (
	Certificate = certificate
	HomeWith    = homeWith
)

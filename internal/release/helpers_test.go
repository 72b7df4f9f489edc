package release_test

const (
	// root is the repository's root folder.
	root = "../.."

	// address is the provider's.
	address = "terraform.local/fgs/huaweicloud"
)

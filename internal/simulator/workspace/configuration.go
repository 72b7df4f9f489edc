package workspace

import (
	"fmt"
	"strings"
)

const (
	// Address is the provider's source address.
	Address = "terraform.local/fgs/huaweicloud"

	// Binary is the name of the provider's binary.
	Binary = "terraform-provider-huaweicloud"

	// RequiredProviders is the block of a configuration that says where the provider
	// comes from.
	RequiredProviders = "terraform {\n  required_providers {\n    huaweicloud = { source = \"" + Address +
		"\" }\n  }\n}\n"
)

// ProviderBlock is a provider block that leads to a simulator, with further
// arguments.
func ProviderBlock(url string, arguments ...string) string {
	return fmt.Sprintf("provider \"huaweicloud\" {\n  endpoints = { fgs = %[1]q, iam = %[1]q, sts = %[1]q }\n  "+
		"%[2]s\n}\n",
		url, strings.Join(arguments, "\n  "))
}

// DataSource is a data block that reads the executions of a workflow, with further
// arguments.
func DataSource(name, workflowID string, arguments ...string) string {
	return fmt.Sprintf("data \"huaweicloud_fgs_workflow_executions\" %q {\n  workflow_id = %q\n  %s\n}\n",
		name, workflowID, strings.Join(arguments, "\n  "))
}

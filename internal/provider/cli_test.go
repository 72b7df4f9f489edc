package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// newWorkspace returns a workspace with a provider in this process.
func newWorkspace(t *testing.T, config string, env ...string) *acctest.Workspace {
	t.Helper()
	return newWorkspaceOn(t, "", config, env...)
}

// newWorkspaceOn is newWorkspace on an ECS instance whose metadata service has the
// URL.
func newWorkspaceOn(t *testing.T, metadataURL, config string, env ...string) *acctest.Workspace {
	t.Helper()
	server := func(getenv func(string) string) func() tfprotov6.ProviderServer {
		return provider.Server(provider.Options{Version: "test", Getenv: getenv, Quiet: true, MetadataURL: metadataURL})
	}

	return acctest.NewWorkspace(t, server, config, env...)
}

// readConfig is a configuration that reads one workflow and outputs the IDs of its
// executions.
func readConfig(url string) string {
	return workspace.ProviderBlock(url) + workspace.DataSource("test", "w") + `
output "ids" {
  value = data.huaweicloud_fgs_workflow_executions.test.executions[*].execution_id
}
`
}

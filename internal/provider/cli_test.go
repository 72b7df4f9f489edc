//go:build unix

package provider_test

import (
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// readConfig is a configuration that reads one workflow and outputs the IDs of its
// executions.
func readConfig(url string) string {
	return workspace.ProviderBlock(url) + workspace.DataSource("test", "w") + `
output "ids" {
  value = data.huaweicloud_fgs_workflow_executions.test.executions[*].execution_id
}
`
}

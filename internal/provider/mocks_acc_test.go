//go:build unix

package provider_test

import (
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
)

// mockedModule is a module that reads executions.
const mockedModule = `
provider "huaweicloud" {}

data "huaweicloud_fgs_workflow_executions" "test" {
  workflow_id = "w"
}

locals {
  executions = data.huaweicloud_fgs_workflow_executions.test.executions
}

output "rows" {
  value = [for e in local.executions : { id = e.execution_id, status = e.status, end = e.end_time }]
}
`

// wholeRow has every field, because OpenTofu requires all of them.
const wholeRow = `{
        workflow_id = "w", workflow_urn = null, execution_id = "e-2", status = "running"
        begin_time = "2026-03-10T12:00:00Z", end_time = null, last_update_time = null, created_by = null
      }`

// Practitioners can test their modules with mock rows, without a cloud.
func TestAccMocks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values    string
		condition string
		terraform bool // whether only Terraform can do it
	}{
		"whole rows": {
			values:    "executions = [" + wholeRow + "]",
			condition: `jsonencode(output.rows) == "[{\"end\":null,\"id\":\"e-2\",\"status\":\"running\"}]"`,
		},
		"no rows": {
			values:    "executions = []",
			condition: `length(output.rows) == 0`,
		},
		"nothing": {
			condition: `length(output.rows) == 0`,
		},
		"rows with some fields": {
			values: `executions = [{ execution_id = "e-1" }, { execution_id = "e-2", end_time = null }]`,
			condition: `output.rows[*].id == ["e-1", "e-2"] && output.rows[0].end != null && ` +
				`output.rows[1].end == null`,
			terraform: true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, mockedModule, "HW_ACCESS_KEY=", "HW_SECRET_KEY=")
			acctest.SkipBelow(t, 7, 8)
			if product, _ := acctest.Version(t); tt.terraform && product == "OpenTofu" {
				t.Skip("OpenTofu takes no row that lacks a field")
			}
			w.Write(t, "mocked.tftest.hcl", `
mock_provider "huaweicloud" {}

run "report" {
  command = plan

  override_data {
    target = data.huaweicloud_fgs_workflow_executions.test
    values = {
      `+tt.values+`
    }
  }

  assert {
    condition     = `+tt.condition+`
    error_message = "got ${jsonencode(output.rows)}"
  }
}
`)
			out, err := w.Run(t, "test")
			if err != nil || !strings.Contains(out, "1 passed, 0 failed") || strings.Contains(out, "Ignored") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// The same with the rows of the other data sources.
func TestAccMocks_siblings(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, `
provider "huaweicloud" {}

data "huaweicloud_fgs_workflows" "test" {
  name = "orders"
}

data "huaweicloud_fgs_workflow_execution" "test" {
  workflow_id  = data.huaweicloud_fgs_workflows.test.workflows[0].id
  execution_id = "e"
}

output "errors" {
  value = [
    for n in data.huaweicloud_fgs_workflow_execution.test.nodes : "${n.node_id}: ${n.executions[0].error_message}"
  ]
}
`, "HW_ACCESS_KEY=", "HW_SECRET_KEY=")
	acctest.SkipBelow(t, 7, 8)
	w.Write(t, "mocked.tftest.hcl", `
mock_provider "huaweicloud" {}

run "errors" {
  command = plan

  override_data {
    target = data.huaweicloud_fgs_workflows.test
    values = {
      workflows = [{
        id = "w", name = "orders", workflow_urn = null, description = null, created_time = null, updated_time = null
        created_by = null, enable_stream_response = null
      }]
    }
  }

  override_data {
    target = data.huaweicloud_fgs_workflow_execution.test
    values = {
      status = "fail"
      nodes = [{
        node_id = "n", node_name = null
        executions = [{
          status = "fail", begin_time = null, end_time = null, error_message = "no disk space", request_id = null
        }]
      }]
    }
  }

  assert {
    condition     = jsonencode(output.errors) == "[\"n: no disk space\"]"
    error_message = "got ${jsonencode(output.errors)}"
  }
}
`)
	out, err := w.Run(t, "test")
	if err != nil || !strings.Contains(out, "1 passed, 0 failed") || strings.Contains(out, "Ignored") {
		t.Errorf("%v\n%s", err, out)
	}
}

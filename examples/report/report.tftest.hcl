# A test of this module with rows of its own: `terraform test` and `tofu test` need no cloud and no keys for it.

mock_provider "huaweicloud" {}

variables {
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
}

run "report" {
  command = plan

  override_data {
    target = data.huaweicloud_fgs_workflow_executions.this
    values = {
      executions = [
        {
          workflow_id      = "48aff955-ea10-4ffd-b426-190bc192dc14"
          workflow_urn     = "urn:fss:cn-north-4:0123456789abcdef:workflow:default:orders:latest"
          execution_id     = "e-2"
          status           = "running"
          begin_time       = "2026-01-31T13:00:00Z"
          end_time         = null
          last_update_time = null
          created_by       = null
        },
        {
          workflow_id      = "48aff955-ea10-4ffd-b426-190bc192dc14"
          workflow_urn     = "urn:fss:cn-north-4:0123456789abcdef:workflow:default:orders:latest"
          execution_id     = "e-1"
          status           = "timeout"
          begin_time       = "2026-01-31T12:00:00Z"
          end_time         = "2026-01-31T13:01:30.5Z"
          last_update_time = "2026-01-31T13:01:31Z"
          created_by       = null
        },
      ]
    }
  }

  assert {
    condition     = output.report == <<-EOT
      2 executions, 1 of them failed or timed out.

      | Execution | Status | Began (UTC) | Took |
      |---|---|---|---|
      | e-2 | running | 2026-01-31T13:00:00Z | – |
      | e-1 | timeout | 2026-01-31T12:00:00Z | 1:01:30 |
    EOT
    error_message = "The report is:\n${output.report}"
  }
}

run "nothing_ran" {
  command = plan

  override_data {
    target = data.huaweicloud_fgs_workflow_executions.this
    values = {
      executions = []
    }
  }

  assert {
    condition     = startswith(output.report, "0 executions, 0 of them failed or timed out.\n")
    error_message = "The report is:\n${output.report}"
  }
}

# What failed in the last day?
data "huaweicloud_fgs_workflow_executions" "failed" {
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
  status      = "fail"
  start_time  = timeadd(plantimestamp(), "-24h")
  end_time    = plantimestamp()
}

locals {
  failed_ids = data.huaweicloud_fgs_workflow_executions.failed.executions[*].execution_id
}

# Warns in every plan, and does not stop it.
check "nothing_failed" {
  assert {
    condition     = length(local.failed_ids) == 0
    error_message = "${length(local.failed_ids)} executions failed in the last day."
  }
}

output "failed_count" {
  value = length(local.failed_ids)
}

output "failed_ids" {
  description = "The ten newest: long lists make plans slow."
  value       = slice(local.failed_ids, 0, min(10, length(local.failed_ids)))
}

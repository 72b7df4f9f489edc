# How did the newest execution end? Without start_time and end_time it is one of the last three days.
data "huaweicloud_fgs_workflow_executions" "newest" {
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
  limit       = 1
}

output "newest_status" {
  description = "Null if nothing ran."
  value       = one(data.huaweicloud_fgs_workflow_executions.newest.executions[*].status)
}

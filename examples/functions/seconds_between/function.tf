# How long did the executions of the last three days take? Those that are still running have no duration.
data "huaweicloud_fgs_workflow_executions" "recent" {
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
}

locals {
  ended     = [for e in data.huaweicloud_fgs_workflow_executions.recent.executions : e if e.status != "running"]
  durations = [for e in local.ended : provider::huaweicloud::seconds_between(e.begin_time, e.end_time)]
}

# Warns in every plan, and does not stop it.
check "nothing_took_long" {
  assert {
    condition     = max(0, [for seconds in local.durations : seconds if seconds != null]...) < 3600
    error_message = "An execution took an hour or more."
  }
}

output "half_a_minute" {
  value = provider::huaweicloud::seconds_between("2026-01-31T12:00:00Z", "2026-01-31T20:00:30+08:00") # 30
}

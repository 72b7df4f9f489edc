# Which workflows of the project failed in the last day, and how often?

# Workflows in express mode keep no executions.
data "huaweicloud_fgs_workflows" "all" {
  mode = "NORMAL"
}

# At least one request for each workflow.
data "huaweicloud_fgs_workflow_executions" "failed" {
  for_each = { for w in data.huaweicloud_fgs_workflows.all.workflows : w.id => w.name }

  workflow_id = each.key
  status      = "fail"
  start_time  = timeadd(plantimestamp(), "-24h")
  end_time    = plantimestamp()
}

locals {
  failures = {
    for w in data.huaweicloud_fgs_workflows.all.workflows :
    w.name => length(data.huaweicloud_fgs_workflow_executions.failed[w.id].executions)...
  }
}

output "failures" {
  description = "How many executions failed, by the workflow's name."
  value       = { for name, counts in local.failures : name => sum(counts) if sum(counts) > 0 }
}

# Several statuses: one data source for each.
data "huaweicloud_fgs_workflow_executions" "unsuccessful" {
  for_each = toset(["fail", "timeout"])

  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
  status      = each.key
}

output "unsuccessful_counts" {
  value = { for status, list in data.huaweicloud_fgs_workflow_executions.unsuccessful : status => length(list.executions) }
}

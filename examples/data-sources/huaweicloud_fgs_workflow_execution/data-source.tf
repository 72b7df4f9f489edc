# What did the nodes of an execution say?
data "huaweicloud_fgs_workflow_execution" "this" {
  workflow_id  = "48aff955-ea10-4ffd-b426-190bc192dc14"
  execution_id = "3f3b2c64-5f0a-4b8e-9d0e-2f7f6a1c8e55"
}

output "errors" {
  description = "The errors of each node, try by try."
  value = {
    for n in data.huaweicloud_fgs_workflow_execution.this.nodes :
    coalesce(n.node_name, n.node_id) => compact(n.executions[*].error_message)...
  }
}

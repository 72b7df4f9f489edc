# Why did a workflow fail? From its name to the failed nodes of its newest failure in the last week.
#
#   terraform apply -var workflow_name=订单

variable "workflow_name" {
  description = "Name of the workflow."
  type        = string
}

data "huaweicloud_fgs_workflows" "this" {
  name = var.workflow_name

  lifecycle {
    postcondition {
      condition     = length(self.workflows) == 1
      error_message = "There are ${length(self.workflows)} workflows named ${var.workflow_name} in region ${self.region}."
    }
  }
}

data "huaweicloud_fgs_workflow_executions" "failed" {
  workflow_id = data.huaweicloud_fgs_workflows.this.workflows[0].id
  status      = "fail"
  start_time  = timeadd(plantimestamp(), "-168h")
  end_time    = plantimestamp()
  limit       = 1
}

# One or none.
data "huaweicloud_fgs_workflow_execution" "failed" {
  for_each = toset(compact(data.huaweicloud_fgs_workflow_executions.failed.executions[*].execution_id))

  workflow_id  = data.huaweicloud_fgs_workflows.this.workflows[0].id
  execution_id = each.key
}

locals {
  nodes = flatten([for e in data.huaweicloud_fgs_workflow_execution.failed : e.nodes])

  # A node that was tried again counts by its last try.
  last_tries = [for n in local.nodes : { node = n.node_name, last = reverse(n.executions)[0] } if length(n.executions) > 0]
}

output "failed_at" {
  description = "When the execution began. Null if none failed."
  value       = one([for e in data.huaweicloud_fgs_workflow_execution.failed : e.begin_time])
}

output "failed_nodes" {
  description = "What each failed node said, and the ID by which its log is found."
  value = [
    for t in local.last_tries :
    { node = t.node, error = t.last.error_message, request_id = t.last.request_id } if t.last.status == "fail"
  ]
}

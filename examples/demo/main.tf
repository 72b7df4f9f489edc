# What did a workflow do in the last three days? `make demo` runs this against a simulated service.

terraform {
  required_version = ">= 1.5"

  required_providers {
    huaweicloud = {
      source = "terraform.local/fgs/huaweicloud"
    }
  }
}

variable "workflow_id" {
  description = "The workflow to look at."
  type        = string
}

variable "endpoint" {
  description = "Address of the simulated service. Real services are found by region and need no endpoints."
  type        = string
}

# The region and the keys come from the environment: HW_REGION_NAME, HW_ACCESS_KEY, HW_SECRET_KEY.
provider "huaweicloud" {
  endpoints = {
    fgs = var.endpoint
    iam = var.endpoint
  }
}

# Without start_time and end_time the service looks back three days.
data "huaweicloud_fgs_workflow_executions" "recent" {
  workflow_id = var.workflow_id
}

locals {
  executions = data.huaweicloud_fgs_workflow_executions.recent.executions
  by_status  = { for status, ids in { for e in local.executions : e.status => e.execution_id... } : status => length(ids) }
}

check "failures" {
  assert {
    condition     = lookup(local.by_status, "fail", 0) <= length(local.executions) / 20
    error_message = "${lookup(local.by_status, "fail", 0)} of ${length(local.executions)} executions failed: more than 5 %."
  }
}

# Counts and a few rows, never the whole list: Terraform compares long lists in outputs element by element, so each
# later plan would take time quadratic in their length.
output "by_status" {
  description = "How many executions there are of each status."
  value       = local.by_status
}

output "newest" {
  description = "The ten newest executions. The list is sorted already."
  value = [
    for e in slice(local.executions, 0, min(10, length(local.executions))) : {
      execution_id = e.execution_id
      status       = e.status
      begin_time   = e.begin_time
      end_time     = e.end_time
    }
  ]
}

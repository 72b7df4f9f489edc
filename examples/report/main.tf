# What ran in the last days, as a table in Markdown: for the summary of a CI job, a ticket or a wiki.
#
#   terraform apply -auto-approve -var workflow_id=48aff955-ea10-4ffd-b426-190bc192dc14
#   terraform output -raw report
#
# The output is a text with a few rows. The list itself would make every later plan slow, because Terraform compares long
# lists in outputs element by element.

variable "workflow_id" {
  description = "ID of the workflow, a UUID."
  type        = string
}

variable "days" {
  description = "How many days to look back."
  type        = number
  default     = 1
}

variable "rows" {
  description = "How many executions to show, the newest."
  type        = number
  default     = 20
}

data "huaweicloud_fgs_workflow_executions" "this" {
  workflow_id = var.workflow_id
  start_time  = timeadd(plantimestamp(), "-${24 * var.days}h")
  end_time    = plantimestamp()
}

locals {
  executions = data.huaweicloud_fgs_workflow_executions.this.executions
  failed     = length([for e in local.executions : e if contains(["fail", "timeout"], coalesce(e.status, "?"))])
  shown      = slice(local.executions, 0, min(var.rows, length(local.executions)))

  # A running execution has no duration, and neither has one whose times are not given.
  seconds = [
    for e in local.shown :
    e.status == "running" ? null : try(provider::huaweicloud::seconds_between(e.begin_time, e.end_time), null)
  ]
  took = [
    for s in local.seconds :
    s == null ? "–" : format("%d:%02d:%02d", floor(s / 3600), floor(s / 60) % 60, floor(s) % 60)
  ]
}

output "report" {
  description = "A table in Markdown."
  value = join("\n", concat(
    [
      "${length(local.executions)} executions, ${local.failed} of them failed or timed out.",
      "",
      "| Execution | Status | Began (UTC) | Took |",
      "|---|---|---|---|",
    ],
    [
      for i, e in local.shown :
      "| ${coalesce(e.execution_id, "–")} | ${coalesce(e.status, "–")} | ${coalesce(e.begin_time, "–")} | ${local.took[i]} |"
    ],
    [""],
  ))
}

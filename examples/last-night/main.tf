# A step of a pipeline that fails unless last night's run succeeded. If there were several, the last one counts.
#
#   terraform plan -var workflow_id=48aff955-ea10-4ffd-b426-190bc192dc14 -var utc_offset=+08:00

variable "workflow_id" {
  description = "ID of the workflow, a UUID."
  type        = string
}

variable "utc_offset" {
  description = "Offset of the local time from UTC, for example +08:00."
  type        = string
  default     = "+08:00"

  validation {
    condition     = can(regex("^[+-][0-9]{2}:[0-9]{2}$", var.utc_offset))
    error_message = "Must be an offset such as +08:00."
  }
}

variable "night" {
  description = "When the night begins and ends, in local time."
  type        = object({ begin = string, end = string })
  default     = { begin = "22:00", end = "06:00" }
}

variable "now" {
  description = "Any time of the day after the night. Default: now."
  type        = string
  default     = null
}

locals {
  now   = coalesce(var.now, plantimestamp())
  today = formatdate("YYYY-MM-DD", timeadd(local.now, "${replace(var.utc_offset, ":", "h")}m")) # in local time
  begin = timeadd("${local.today}T${var.night.begin}:00${var.utc_offset}", "-24h")
  end   = "${local.today}T${var.night.end}:00${var.utc_offset}"
}

# An error stops the pipeline. A check block would only warn.
data "huaweicloud_fgs_workflow_executions" "night" {
  workflow_id = var.workflow_id
  start_time  = local.begin
  end_time    = local.end

  lifecycle {
    precondition {
      condition     = timecmp(local.now, local.end) >= 0
      error_message = "The night is not over: it ends at ${local.end}."
    }
    postcondition {
      condition     = length(self.executions) > 0
      error_message = "Nothing ran from ${local.begin} to ${local.end}."
    }
    postcondition {
      condition = length(self.executions) == 0 || try(self.executions[0].status, null) == "success"
      error_message = format("The last of %d runs, %s, has the status %s.", length(self.executions),
      try(coalesce(self.executions[0].execution_id), "?"), try(coalesce(self.executions[0].status), "?"))
    }
  }
}

output "run" {
  description = "ID of the run that succeeded."
  value       = data.huaweicloud_fgs_workflow_executions.night.executions[0].execution_id
}

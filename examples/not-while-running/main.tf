# An apply that stops while the workflow is running, for example because it would change what the run uses.
#
#   terraform plan -var workflow_id=48aff955-ea10-4ffd-b426-190bc192dc14 -out=plan.tfplan
#   terraform apply plan.tfplan

variable "workflow_id" {
  description = "ID of the workflow, a UUID."
  type        = string
}

# timestamp() is not known before the apply, so that is when the data source is read, also if the plan was saved.
# A run that begins after that is not seen.
data "huaweicloud_fgs_workflow_executions" "running" {
  workflow_id = var.workflow_id
  status      = "running"
  start_time  = timeadd(timestamp(), "-720h") # else only runs that began in the last three days are seen
  end_time    = timestamp()

  lifecycle {
    postcondition {
      condition     = length(self.executions) == 0
      error_message = "${length(self.executions)} runs are going on, the newest since ${try(coalesce(self.executions[0].begin_time), "?")}."
    }
  }
}

# Stands for what must not change meanwhile.
resource "terraform_data" "deployment" {
  input = "v2"

  depends_on = [data.huaweicloud_fgs_workflow_executions.running]
}

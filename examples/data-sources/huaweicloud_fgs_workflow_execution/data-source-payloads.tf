# The result of an execution. Terraform hides it in its output, but keeps it in the state as plain text.
data "huaweicloud_fgs_workflow_execution" "with_payloads" {
  workflow_id  = "48aff955-ea10-4ffd-b426-190bc192dc14"
  execution_id = "3f3b2c64-5f0a-4b8e-9d0e-2f7f6a1c8e55"
  payloads     = true
}

output "result" {
  description = "Null if there is none."
  value       = try(jsondecode(data.huaweicloud_fgs_workflow_execution.with_payloads.output).result, null)
  sensitive   = true
}

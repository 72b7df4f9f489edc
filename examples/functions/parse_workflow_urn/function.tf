# Which project do the newest executions belong to, and what is their workflow called?
data "huaweicloud_fgs_workflow_executions" "newest" {
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
  limit       = 1
}

output "workflow" {
  description = "Null if nothing ran."
  value = one([
    for e in data.huaweicloud_fgs_workflow_executions.newest.executions :
    provider::huaweicloud::parse_workflow_urn(e.workflow_urn) if e.workflow_urn != null
  ])
}

# { region = "cn-north-4", project_id = "0123456789abcdef", package = "default", workflow_name = "orders", version = "latest" }
output "parts" {
  value = provider::huaweicloud::parse_workflow_urn("urn:fss:cn-north-4:0123456789abcdef:workflow:default:orders:latest")
}

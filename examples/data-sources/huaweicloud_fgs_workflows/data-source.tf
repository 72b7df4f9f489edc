# The ID of a workflow by its name.
data "huaweicloud_fgs_workflows" "orders" {
  name = "orders"
}

output "orders_id" {
  description = "Null if there is no such workflow."
  value       = one(data.huaweicloud_fgs_workflows.orders.workflows[*].id)
}

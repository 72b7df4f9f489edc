terraform {
  required_version = ">= 1.5"

  required_providers {
    huaweicloud = {
      source = "terraform.local/fgs/huaweicloud"
    }
  }
}

# The access key comes from HW_ACCESS_KEY and HW_SECRET_KEY.
provider "huaweicloud" {
  region = "cn-north-4" # or HW_REGION_NAME
}

# Without start_time and end_time these are the executions of the last three days.
data "huaweicloud_fgs_workflow_executions" "recent" {
  workflow_id = "48aff955-ea10-4ffd-b426-190bc192dc14"
}

output "recent_count" {
  value = length(data.huaweicloud_fgs_workflow_executions.recent.executions)
}

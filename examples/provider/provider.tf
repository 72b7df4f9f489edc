terraform {
  required_version = ">= 1.5"

  required_providers {
    huaweicloud = {
      source = "terraform.local/fgs/huaweicloud"
    }
  }
}

# The keys are best kept out of files:
#
#   export HW_ACCESS_KEY=...
#   export HW_SECRET_KEY=...
provider "huaweicloud" {
  region = "cn-north-4" # or HW_REGION_NAME
}

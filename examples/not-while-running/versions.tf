terraform {
  required_version = ">= 1.5"

  required_providers {
    huaweicloud = {
      source = "terraform.local/fgs/huaweicloud"
    }
  }
}

# OpenTofu has functions of providers since version 1.7: there, write ">= 1.7".

terraform {
  required_version = ">= 1.8"

  required_providers {
    huaweicloud = {
      source = "terraform.local/fgs/huaweicloud"
    }
  }
}

# What all examples of this folder share. Region and keys come from the environment.

terraform {
  required_version = ">= 1.5"

  required_providers {
    huaweicloud = {
      source = "terraform.local/fgs/huaweicloud"
    }
  }
}

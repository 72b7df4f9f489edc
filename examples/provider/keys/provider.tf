# Written here, or in terraform.tfvars, they would be in every copy of the configuration:
#
#   export TF_VAR_access_key=...
#   export TF_VAR_secret_key=...
variable "access_key" {
  type      = string
  sensitive = true
}

variable "secret_key" {
  type      = string
  sensitive = true
}

provider "huaweicloud" {
  region     = "cn-north-4"
  access_key = var.access_key
  secret_key = var.secret_key
}

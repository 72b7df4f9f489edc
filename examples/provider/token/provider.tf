variable "token" {
  type      = string
  sensitive = true
}

provider "huaweicloud" {
  region = "cn-north-4"
  token  = var.token
}

variable "access_key" {
  type      = string
  sensitive = true
}

variable "secret_key" {
  type      = string
  sensitive = true
}

variable "security_token" {
  type      = string
  sensitive = true
}

provider "huaweicloud" {
  region         = "cn-north-4"
  access_key     = var.access_key
  secret_key     = var.secret_key
  security_token = var.security_token
}

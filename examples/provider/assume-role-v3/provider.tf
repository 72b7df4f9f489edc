provider "huaweicloud" {
  region = "cn-north-4"

  assume_role {
    agency_name = "terraform-reader"
    domain_name = "other-account"
  }
}

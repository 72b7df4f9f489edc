# The second agency is assumed with the temporary keys of the first.
provider "huaweicloud" {
  region = "cn-north-4"

  assume_role {
    agency_name = "gateway"
    domain_name = "central-account"
  }

  assume_role {
    agency_name = "terraform-reader"
    domain_id   = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
  }
}

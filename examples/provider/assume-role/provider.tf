provider "huaweicloud" {
  region = "cn-north-4"

  assume_role {
    agency_name = "terraform-reader"
    domain_id   = "0a1b2c3d4e5f60718293a4b5c6d7e8f9" # the account that made the agency
    duration    = 3600                               # seconds
  }
}

provider "huaweicloud" {
  region = "cn-north-4"

  assume_role_with_oidc {
    agency_name   = "terraform-reader"
    domain_id     = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
    idp_id        = "ci"
    id_token_file = "~/id-token" # written by the CI job
  }
}

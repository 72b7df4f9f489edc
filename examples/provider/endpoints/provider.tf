provider "huaweicloud" {
  region   = "region-1"
  auth_url = "https://iam.example.com/v3"

  endpoints = {
    fgs = "https://functions.example.com"
    sts = "https://sts.example.com"
  }
}

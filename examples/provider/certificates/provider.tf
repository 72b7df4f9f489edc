provider "huaweicloud" {
  region = "cn-north-4"

  # Instead of the authorities that this machine trusts.
  cacert_file = "~/certificates/ca.pem"

  # Shown to services that ask for a certificate.
  cert = "~/certificates/client.pem"
  key  = "~/certificates/client-key.pem"
}

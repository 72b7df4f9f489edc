# No keys here, in the environment or in a profile: the instance's agency gives them.
provider "huaweicloud" {
  region = "cn-north-4"
}

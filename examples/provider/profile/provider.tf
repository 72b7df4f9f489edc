provider "huaweicloud" {
  shared_config_file = "~/.hcloud/config.json" # or HW_SHARED_CONFIG_FILE
  profile            = "dev"                   # or HW_PROFILE
}

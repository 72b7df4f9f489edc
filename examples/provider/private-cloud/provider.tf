# functiongraph.region-1.example.com, iam.region-1.example.com and sts.region-1.example.com
provider "huaweicloud" {
  region = "region-1"
  cloud  = "example.com"
}

package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
)

// variables are the environment variables of each argument, which are those of the
// vendor's provider. The first that is not empty counts. The name of an argument
// in a nested block includes the block: "assume_role.agency_name".
var variables = map[string][]string{
	"region":             {"HW_REGION_NAME", "OS_REGION_NAME"},
	"access_key":         {"HW_ACCESS_KEY", "OS_ACCESS_KEY"},
	"secret_key":         {"HW_SECRET_KEY", "OS_SECRET_KEY"},
	"security_token":     {"HW_SECURITY_TOKEN"},
	"token":              {"HW_AUTH_TOKEN", "OS_AUTH_TOKEN"},
	"shared_config_file": {"HW_SHARED_CONFIG_FILE"},
	"profile":            {"HW_PROFILE"},
	"domain_id":          {"HW_DOMAIN_ID", "OS_DOMAIN_ID", "OS_USER_DOMAIN_ID", "OS_PROJECT_DOMAIN_ID"},
	"domain_name":        {"HW_DOMAIN_NAME", "OS_DOMAIN_NAME", "OS_USER_DOMAIN_NAME", "OS_PROJECT_DOMAIN_NAME"},
	"project_id":         {"HW_PROJECT_ID", "OS_PROJECT_ID"},
	"project_name":       {"HW_PROJECT_NAME", "OS_PROJECT_NAME"},
	"tenant_id":          {"OS_TENANT_ID"},
	"tenant_name":        {"OS_TENANT_NAME"},
	"cloud":              {"HW_CLOUD"},
	"auth_url":           {"HW_AUTH_URL", "OS_AUTH_URL"},
	"insecure":           {"HW_INSECURE", "OS_INSECURE"},
	"cacert_file":        {"OS_CACERT"},
	"cert":               {"OS_CERT"},
	"key":                {"OS_KEY"},
	"max_retries":        {"HW_MAX_RETRIES"},
	"signing_algorithm":  {"HW_SIGNING_ALGORITHM"},

	"assume_role.agency_name": {"HW_ASSUME_ROLE_AGENCY_NAME"},
	"assume_role.domain_name": {"HW_ASSUME_ROLE_DOMAIN_NAME"},
	"assume_role.domain_id":   {"HW_ASSUME_ROLE_DOMAIN_ID"},
	"assume_role.duration":    {"HW_ASSUME_ROLE_DURATION"},

	"assume_role_with_oidc.agency_name":   {"HW_ASSUME_ROLE_AGENCY_NAME"},
	"assume_role_with_oidc.domain_id":     {"HW_ASSUME_ROLE_DOMAIN_ID"},
	"assume_role_with_oidc.duration":      {"HW_ASSUME_ROLE_DURATION"},
	"assume_role_with_oidc.idp_id":        {"HW_ASSUME_ROLE_IDP_ID"},
	"assume_role_with_oidc.id_token":      {"HW_ASSUME_ROLE_ID_TOKEN"},
	"assume_role_with_oidc.id_token_file": {"HW_ASSUME_ROLE_ID_TOKEN_FILE"},

	// Refused, see refused.go.
	"user_name":          {"HW_USER_NAME", "OS_USERNAME"},
	"user_id":            {"HW_USER_ID", "OS_USER_ID"},
	"password":           {"HW_USER_PASSWORD", "OS_PASSWORD"},
	"agency_name":        {"OS_AGENCY_NAME"},
	"agency_domain_name": {"OS_AGENCY_DOMAIN_NAME"},
	"delegated_project":  {"OS_DELEGATED_PROJECT"},
}

// nameOf returns the key of an argument in the tables of this package: its path
// without list indexes.
func nameOf(at path.Path) string {
	var names []string
	for _, step := range at.Steps() {
		if name, ok := step.(path.PathStepAttributeName); ok {
			names = append(names, string(name))
		}
	}

	return strings.Join(names, ".")
}

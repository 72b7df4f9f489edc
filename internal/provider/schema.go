package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// providerModel is the provider block.
type providerModel struct {
	Region        types.String `tfsdk:"region"`
	AccessKey     types.String `tfsdk:"access_key"`
	SecretKey     types.String `tfsdk:"secret_key"`
	SecurityToken types.String `tfsdk:"security_token"`
	ProjectID     types.String `tfsdk:"project_id"`
	ProjectName   types.String `tfsdk:"project_name"`
	Cloud         types.String `tfsdk:"cloud"`
	AuthURL       types.String `tfsdk:"auth_url"`
	Endpoints     types.Map    `tfsdk:"endpoints"`
	Insecure      types.Bool   `tfsdk:"insecure"`
	MaxRetries    types.Int64  `tfsdk:"max_retries"`
}

// variables are the environment variables of each argument, the same as the
// vendor's provider reads; the first that is not empty wins.
var variables = map[string][]string{
	"region":         {"HW_REGION_NAME", "OS_REGION_NAME"},
	"access_key":     {"HW_ACCESS_KEY", "OS_ACCESS_KEY"},
	"secret_key":     {"HW_SECRET_KEY", "OS_SECRET_KEY"},
	"security_token": {"HW_SECURITY_TOKEN"},
	"project_id":     {"HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"},
	"project_name":   {"HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"},
	"cloud":          {"HW_CLOUD"},
	"auth_url":       {"HW_AUTH_URL", "OS_AUTH_URL"},
	"insecure":       {"HW_INSECURE", "OS_INSECURE"},
	"max_retries":    {"HW_MAX_RETRIES"},
}

func providerSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads the executions of FunctionGraph workflows on Huawei Cloud. " +
			"The arguments and environment variables are those of the vendor's provider, beside which this one runs. " +
			"A value in the block beats the environment, and an empty string counts as unset. Nothing is sent before the first read.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				MarkdownDescription: described("region", "Region to read from, for example `cn-north-4`. Required, here or in the environment."),
				Optional:            true,
			},
			"access_key": schema.StringAttribute{
				MarkdownDescription: described("access_key", "Access key ID (AK). Needs `secret_key`."),
				Optional:            true,
				Sensitive:           true,
			},
			"secret_key": schema.StringAttribute{
				MarkdownDescription: described("secret_key", "Secret access key (SK). Needs `access_key`."),
				Optional:            true,
				Sensitive:           true,
			},
			"security_token": schema.StringAttribute{
				MarkdownDescription: described("security_token", "Security token that belongs to a temporary key pair."),
				Optional:            true,
				Sensitive:           true,
			},
			"project_id": schema.StringAttribute{
				MarkdownDescription: described("project_id", "ID of the project in `region`. It is never used for another region. Default: looked up in IAM at the first read."),
				Optional:            true,
			},
			"project_name": schema.StringAttribute{
				MarkdownDescription: described("project_name", "Name of the project to look up in `region`. Default: the region's own name, which is its main project."),
				Optional:            true,
			},
			"cloud": schema.StringAttribute{
				MarkdownDescription: described("cloud", "Domain of all default endpoints. Default: `myhuaweicloud.com`, and `myhuaweicloud.eu` for regions that begin with `eu-west-1`."),
				Optional:            true,
			},
			"auth_url": schema.StringAttribute{
				MarkdownDescription: described("auth_url", "Address of IAM, for the project lookup; `/v3` is added if it has no version. Default: the endpoint `iam`, else `https://iam.{region}.{cloud}/v3`."),
				Optional:            true,
			},
			"endpoints": schema.MapAttribute{
				MarkdownDescription: "Custom endpoints by service, without the version: `fgs` and `iam` matter here, others are let through. " +
					"A custom endpoint is used as it is for every region.",
				ElementType: types.StringType,
				Optional:    true,
			},
			"insecure": schema.BoolAttribute{
				MarkdownDescription: described("insecure", "Do not check the services' certificates. For tests only. Default: `false`."),
				Optional:            true,
			},
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: described("max_retries", "How often a request that failed in a passing way is tried again; 0 is never. Default: `5`."),
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
		},
	}
}

// described adds the argument's environment variables to its description.
func described(argument, description string) string {
	return fmt.Sprintf("%s Environment: `%s`.", description, strings.Join(variables[argument], "`, `"))
}

// unknown names the arguments whose values are not known yet.
func (m *providerModel) unknown() []string {
	var names []string
	add := func(name string, unknown bool) {
		if unknown {
			names = append(names, name)
		}
	}
	add("region", m.Region.IsUnknown())
	add("access_key", m.AccessKey.IsUnknown())
	add("secret_key", m.SecretKey.IsUnknown())
	add("security_token", m.SecurityToken.IsUnknown())
	add("project_id", m.ProjectID.IsUnknown())
	add("project_name", m.ProjectName.IsUnknown())
	add("cloud", m.Cloud.IsUnknown())
	add("auth_url", m.AuthURL.IsUnknown())
	add("endpoints", m.Endpoints.IsUnknown())
	for _, service := range []string{"fgs", "iam"} {
		if endpoint, ok := m.Endpoints.Elements()[service]; ok {
			add(fmt.Sprintf("endpoints[%q]", service), endpoint.IsUnknown())
		}
	}
	add("insecure", m.Insecure.IsUnknown())
	add("max_retries", m.MaxRetries.IsUnknown())

	return names
}

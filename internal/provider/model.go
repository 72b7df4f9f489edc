package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// providerModel is the provider block in the form that Terraform sends.
type providerModel struct {
	Region types.String `tfsdk:"region"`

	AccessKey        types.String `tfsdk:"access_key"`
	SecretKey        types.String `tfsdk:"secret_key"`
	SecurityToken    types.String `tfsdk:"security_token"`
	Token            types.String `tfsdk:"token"`
	SharedConfigFile types.String `tfsdk:"shared_config_file"`
	Profile          types.String `tfsdk:"profile"`

	DomainID    types.String `tfsdk:"domain_id"`
	DomainName  types.String `tfsdk:"domain_name"`
	ProjectID   types.String `tfsdk:"project_id"`
	ProjectName types.String `tfsdk:"project_name"`
	TenantID    types.String `tfsdk:"tenant_id"`
	TenantName  types.String `tfsdk:"tenant_name"`

	Cloud            types.String `tfsdk:"cloud"`
	AuthURL          types.String `tfsdk:"auth_url"`
	Endpoints        types.Map    `tfsdk:"endpoints"`
	Insecure         types.Bool   `tfsdk:"insecure"`
	CACertFile       types.String `tfsdk:"cacert_file"`
	Cert             types.String `tfsdk:"cert"`
	Key              types.String `tfsdk:"key"`
	MaxRetries       types.Number `tfsdk:"max_retries"`
	SigningAlgorithm types.String `tfsdk:"signing_algorithm"`

	// Refused, see refused.go.
	UserName         types.String `tfsdk:"user_name"`
	UserID           types.String `tfsdk:"user_id"`
	Password         types.String `tfsdk:"password"`
	AgencyName       types.String `tfsdk:"agency_name"`
	AgencyDomainName types.String `tfsdk:"agency_domain_name"`
	DelegatedProject types.String `tfsdk:"delegated_project"`

	// Without effect here.
	EnterpriseProjectID  types.String `tfsdk:"enterprise_project_id"`
	Regional             types.Bool   `tfsdk:"regional"`
	DefaultTags          types.Map    `tfsdk:"default_tags"`
	IgnoreTags           types.List   `tfsdk:"ignore_tags"`
	EnableForceNew       types.Bool   `tfsdk:"enable_force_new"`
	SkipCheckWebsiteType types.Bool   `tfsdk:"skip_check_website_type"`
	SkipCheckUpgrade     types.Bool   `tfsdk:"skip_check_upgrade"`

	// Lists, because a dynamic block can be unknown as a whole. providerBlock has their elements.
	AssumeRole         types.List `tfsdk:"assume_role"`
	AssumeRoleWithOIDC types.List `tfsdk:"assume_role_with_oidc"`
}

// assumeRoleModel is an assume_role block.
type assumeRoleModel struct {
	AgencyName types.String `tfsdk:"agency_name"`
	DomainName types.String `tfsdk:"domain_name"`
	DomainID   types.String `tfsdk:"domain_id"`
	Duration   types.Number `tfsdk:"duration"`
}

// oidcModel is an assume_role_with_oidc block.
type oidcModel struct {
	AgencyName  types.String `tfsdk:"agency_name"`
	DomainID    types.String `tfsdk:"domain_id"`
	Duration    types.Number `tfsdk:"duration"`
	IDPID       types.String `tfsdk:"idp_id"`
	IDToken     types.String `tfsdk:"id_token"`
	IDTokenFile types.String `tfsdk:"id_token_file"`
}

// providerBlock is the provider block with its nested blocks.
type providerBlock struct {
	providerModel
	roles []assumeRoleModel
	oidc  []oidcModel
}

// readBlock reads the provider block. Unknown values are empty.
func readBlock(ctx context.Context, config tfsdk.Config) (providerBlock, diag.Diagnostics) {
	var block providerBlock
	diags := config.Get(ctx, &block.providerModel)
	if diags.HasError() {
		return providerBlock{}, diags
	}
	diags.Append(block.AssumeRole.ElementsAs(ctx, &block.roles, true)...)
	diags.Append(block.AssumeRoleWithOIDC.ElementsAs(ctx, &block.oidc, true)...)

	return block, diags
}

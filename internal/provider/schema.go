package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func providerSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads the executions of FunctionGraph workflows on Huawei Cloud. " +
			"The arguments and environment variables are those of the vendor's provider, beside which this one runs. " +
			"A value in the block beats the environment, and an empty string counts as unset. Nothing is sent before " +
			"the first read.",
		Attributes: map[string]schema.Attribute{
			"region": textAttribute("region",
				"Region to read from, for example `cn-north-4`. Required, here, in the environment or in a profile."),

			// Credentials.
			"access_key": secretAttribute("access_key", "Access key ID (AK). Needs `secret_key`."),
			"secret_key": secretAttribute("secret_key", "Secret access key (SK). Needs `access_key`."),
			"security_token": secretAttribute("security_token",
				"Security token that belongs to a temporary key pair."),
			"token": secretAttribute("token",
				"IAM token, sent instead of a signature. It beats an access key, and cannot assume an agency. A "+
					"token of no project or of another one is exchanged in IAM for a token of the project."),
			"shared_config_file": textAttribute("shared_config_file",
				"Configuration file of hcloud, the command line tool (KooCLI), to read a profile from. Default, if "+
					"`profile` is set: `~/.hcloud/config.json`."),
			"profile": textAttribute("profile",
				"Profile of hcloud whose keys, region, project and account are used before all others, and whose "+
					"agency is assumed first. Default, if `shared_config_file` is set: the file's current one."),

			// Account and project.
			"domain_id": textAttribute("domain_id",
				"ID of the account that the keys belong to. Goes with the request for an agency, which works without "+
					"it too. With a `token`, it or `domain_name` lets the project be found by its name."),
			"domain_name": textAttribute("domain_name", "Name of the account that the keys or the `token` belong to. "+
				"Used with a `token` only, if there is no `domain_id`."),
			"project_id": textAttribute("project_id",
				"ID of the project in `region`, of 32 letters and digits but in private clouds. It is never used for "+
					"another region. Default: looked up in IAM at the first read."),
			"project_name": textAttribute("project_name",
				"Name of the project to look up in `region`. Default: the region's own name, which is its main "+
					"project. Not used if the project's ID is known."),
			"tenant_id":   textAttribute("tenant_id", "Former name of `project_id`, which beats it."),
			"tenant_name": textAttribute("tenant_name", "Former name of `project_name`, which beats it."),

			// Endpoints and connections.
			"cloud": textAttribute("cloud",
				"Domain of all default endpoints. Default: `myhuaweicloud.com`, and `myhuaweicloud.eu` for regions "+
					"that begin with `eu-west-1`."),
			"auth_url": textAttribute("auth_url",
				"Address of IAM, for the project lookup and for tokens; `/v3` is added if it has no version. The "+
					"variables do not beat the endpoint `iam`. Agencies are assumed at the endpoint `iam`, else here. "+
					"Default: the endpoint `iam`, else `https://iam.{region}.{cloud}/v3`."),
			"endpoints": schema.MapAttribute{
				MarkdownDescription: "Custom endpoints by service, without the version: `fgs`, `iam` and `sts` matter " +
					"here, others are let through. A custom endpoint is used as it is for every region.",
				ElementType: types.StringType,
				Optional:    true,
			},
			"insecure": boolAttribute(described("insecure",
				"Do not check the services' certificates. For tests only. Default: `false`.")),
			"cacert_file": textAttribute("cacert_file",
				"Certificates of the authorities to trust instead of this machine's, in PEM: the path of a file, or "+
					"the text."),
			"cert": textAttribute("cert",
				"Certificate to show to services that ask for one, in PEM: the path of a file, or the text. "+
					"Needs `key`."),
			"key": secretAttribute("key",
				"Private key of `cert`, not encrypted, in PEM: the path of a file, or the text."),
			"max_retries": numberAttribute("max_retries",
				"How often a request that failed in a passing way is tried again; 0 is never. Default: `5`."),
			"signing_algorithm": textAttribute("signing_algorithm",
				"Algorithm of signatures. `HmacSHA256` is the only one supported yet, and the default."),

			// Refused.
			"user_name":          textAttribute("user_name", "Not supported, see `password`."),
			"user_id":            textAttribute("user_id", "Not supported, see `password`."),
			"password":           secretAttribute("password", "Not supported: use an access key or a token."),
			"agency_name":        textAttribute("agency_name", "Not supported: use the block `assume_role`."),
			"agency_domain_name": textAttribute("agency_domain_name", "Not supported: use the block `assume_role`."),
			"delegated_project": textAttribute("delegated_project",
				"Not supported: use `project_name` with the block `assume_role`. Without effect by itself."),

			// Without effect.
			"enterprise_project_id": schema.StringAttribute{
				MarkdownDescription: ignored("workflows of all enterprise projects are read, " +
					"unless a data source filters them."), Optional: true,
			},
			"regional": boolAttribute(ignored("all default endpoints here have the region in their names.")),
			"default_tags": schema.MapAttribute{
				MarkdownDescription: ignored("for resources."), Optional: true, ElementType: types.StringType,
			},
			"ignore_tags": schema.ListAttribute{
				MarkdownDescription: ignored("for resources."), Optional: true, ElementType: types.StringType,
			},
			"enable_force_new":        boolAttribute(ignored("for resources.")),
			"skip_check_website_type": boolAttribute(ignored("nothing of the kind is checked.")),
			"skip_check_upgrade":      boolAttribute(ignored("nothing of the kind is checked.")),
		},
		Blocks: map[string]schema.Block{
			"assume_role": schema.ListNestedBlock{
				MarkdownDescription: "Agency to assume, after the profile's if there is one. Several are assumed one " +
					"after the other, each with the keys of the one before. `HW_ASSUME_ROLE_AGENCY_NAME` makes a " +
					"block if there is none.",
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"agency_name": textAttribute("assume_role.agency_name",
						"Name of the agency. Required, here or in the environment."),
					"domain_name": textAttribute("assume_role.domain_name",
						"Name of the account that made the agency, to ask IAM (v3). Either this or `domain_id` is "+
							"required."),
					"domain_id": textAttribute("assume_role.domain_id",
						"ID of the account that made the agency, to ask STS (v5). The variable is not read if the "+
							"block has `domain_name`."),
					"duration": numberAttribute("assume_role.duration",
						"How many seconds the temporary keys live: 900 to 86400 from IAM, 900 to 43200 from STS. "+
							"Default, also for 0: 43200 from IAM, 3600 from STS."),
				}},
			},
			"assume_role_with_oidc": schema.ListNestedBlock{
				MarkdownDescription: "Login with the ID token of an external identity provider, to assume an agency. " +
					"At most one. `HW_ASSUME_ROLE_IDP_ID` makes the block if there is none.",
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"agency_name": textAttribute("assume_role_with_oidc.agency_name",
						"Name of the agency. Required, here or in the environment."),
					"domain_id": textAttribute("assume_role_with_oidc.domain_id",
						"ID of the account that made the agency. Required, here or in the environment."),
					"duration": numberAttribute("assume_role_with_oidc.duration",
						"How many seconds the temporary keys live, 900 to 43200. Default, also for 0: 3600."),
					"idp_id": textAttribute("assume_role_with_oidc.idp_id",
						"ID of the identity provider in IAM. Required, here or in the environment."),
					"id_token": secretAttribute("assume_role_with_oidc.id_token",
						"ID token. Either this or `id_token_file` is required."),
					"id_token_file": textAttribute("assume_role_with_oidc.id_token_file",
						"File that holds the ID token. It is read again whenever temporary keys are renewed."),
				}},
			},
		},
	}
}

// textAttribute returns a string attribute. The name includes the nested block.
func textAttribute(name, description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: described(name, description), Optional: true}
}

// secretAttribute returns a sensitive string attribute.
func secretAttribute(name, description string) schema.StringAttribute {
	attribute := textAttribute(name, description)
	attribute.Sensitive = true

	return attribute
}

// numberAttribute returns a number attribute, and not one of integers, because the
// formats refuse fractions with a clearer error than Terraform's.
func numberAttribute(name, description string) schema.NumberAttribute {
	return schema.NumberAttribute{MarkdownDescription: described(name, description), Optional: true}
}

func boolAttribute(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Optional: true}
}

// described returns a description with the argument's environment variables.
func described(argument, description string) string {
	return fmt.Sprintf("%s Environment: `%s`.", description, strings.Join(variables[argument], "`, `"))
}

// ignored returns the description of an argument of the vendor's provider that has
// no effect.
func ignored(why string) string { return "Accepted without effect: " + why }

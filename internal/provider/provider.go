// Package provider is Terraform's side of the provider itself: its block, the
// settings that come from it and the environment, and the wiring of both to the
// data sources.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/datasources"
)

// typeName begins the name of every data source.
const typeName = "huaweicloud"

var _ provider.Provider = (*fgsProvider)(nil)

type fgsProvider struct {
	version string
	getenv  func(string) string
}

// New returns a constructor of the provider. getenv reads the environment:
// [os.Getenv] but in tests.
func New(version string, getenv func(string) string) func() provider.Provider {
	return func() provider.Provider {
		return &fgsProvider{version: version, getenv: getenv}
	}
}

func (p *fgsProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

func (p *fgsProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// Configure sends nothing: the first read does, and only what it needs.
func (p *fgsProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var block providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &block)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if unknown := block.unknown(); len(unknown) > 0 {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		}
		resp.DataSourceData = &datasources.ProviderData{Unknown: unknown}
		return
	}

	settings, diags := resolve(block, p.getenv)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	settings.log(ctx)

	cfg := settings.clientConfig()
	cfg.UserAgent = userAgent(p.version, req.TerraformVersion, p.getenv)
	cfg.Observe = logAttempt
	c, err := client.New(cfg)
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("endpoints"), "Invalid endpoint", "The provider cannot be configured: "+err.Error()+".")
		return
	}
	resp.DataSourceData = &datasources.ProviderData{Client: c}
}

func (p *fgsProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{datasources.NewWorkflowExecutionsDataSource}
}

func (p *fgsProvider) Resources(context.Context) []func() resource.Resource { return nil }

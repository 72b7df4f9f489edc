// Package provider is Terraform's side of the provider itself: its block, the
// settings that come from it and the environment, and the wiring of both to the
// data sources.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/datasources"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functions"
)

// typeName begins the name of every data source.
const typeName = "huaweicloud"

var (
	_ provider.ProviderWithValidateConfig = (*fgsProvider)(nil)
	_ provider.ProviderWithFunctions      = (*fgsProvider)(nil)
)

// Options are what a provider is made of.
type Options struct {
	// Version is the version of the provider.
	Version string

	// Getenv reads the environment: [os.Getenv] but in tests.
	Getenv func(string) string

	// MetadataURL replaces the fixed address of the ECS metadata service in tests.
	MetadataURL string
}

type fgsProvider struct{ options Options }

// New returns a constructor of the provider.
func New(options Options) func() provider.Provider {
	return func() provider.Provider { return &fgsProvider{options} }
}

func (p *fgsProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.options.Version
}

func (p *fgsProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// ValidateConfig checks what needs no environment. Terraform calls it before
// Configure, which it does not reach with an error from here.
func (p *fgsProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	block, diags := readBlock(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(block.check()...)
}

// Configure sends nothing: the first read does, and only what it needs.
func (p *fgsProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if names := unknown(req.Config.Raw); len(names) > 0 {
		wait(req, resp, names)
		return
	}

	block, diags := readBlock(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	settings, diags := resolve(ctx, block, p.options.Getenv)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if len(settings.unknown) > 0 {
		wait(req, resp, settings.unknown)
		return
	}
	settings.log(ctx)

	c, problems := p.connect(settings, req.TerraformVersion)
	resp.DataSourceData = &datasources.ProviderData{Client: c, Problems: datasources.NewProblems(problems)}
}

// connect makes the client of the settings, or says all that is wrong in files
// and in the environment. Only the first read needs the client, so it is not an
// error of Configure: a saved plan or a destroy that reads nothing must not fail.
func (p *fgsProvider) connect(s settings, terraformVersion string) (*functiongraph.Client, diag.Diagnostics) {
	problems := s.problems
	cfg := p.clientConfig(s, terraformVersion)
	through := newProxies(p.options.Getenv)
	cfg.Proxy = through.of
	if addresses, err := cfg.Addresses(); err == nil { // else the address is reported already
		problems.Append(through.check(addresses)...)
	}
	if problems.HasError() {
		return nil, problems
	}
	c, err := functiongraph.New(cfg)
	if err != nil {
		problems.AddError("Invalid endpoint", "The provider cannot be configured: "+err.Error()+".")
		return nil, problems
	}

	return c, nil
}

// wait is the answer to a block that is not known yet. It is no error: a data
// source that waits as well may still be read.
func wait(req provider.ConfigureRequest, resp *provider.ConfigureResponse, names []string) {
	if req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	resp.DataSourceData = &datasources.ProviderData{Unknown: names}
}

// clientConfig is what the settings, the provider and Terraform mean to the client.
func (p *fgsProvider) clientConfig(s settings, terraformVersion string) client.Config {
	cfg := s.clientConfig()
	cfg.UserAgent = userAgent(p.options.Version, terraformVersion, p.options.Getenv)
	cfg.MetadataURL = p.options.MetadataURL
	cfg.Observe = logAttempt

	return cfg
}

func (p *fgsProvider) DataSources(context.Context) []func() datasource.DataSource {
	return datasources.All()
}

func (p *fgsProvider) Resources(context.Context) []func() resource.Resource { return nil }

// Functions are offered by Terraform 1.8 and OpenTofu 1.7. Older versions ignore them.
func (p *fgsProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{functions.NewParseWorkflowURN, functions.NewSecondsBetween}
}

// Package provider implements the provider itself: the provider block, the
// settings that result from the block, a profile and the environment, and the
// client that the data sources use.
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

// typeName is the prefix of the names of data sources.
const typeName = "huaweicloud"

var (
	_ provider.ProviderWithValidateConfig = (*fgsProvider)(nil)
	_ provider.ProviderWithFunctions      = (*fgsProvider)(nil)
)

// Options are the options of a provider.
type Options struct {
	// Version is the version of the provider.
	Version string

	// Getenv reads an environment variable: [os.Getenv], except in tests.
	Getenv func(string) string

	// Quiet leaves the requests out of the log.
	Quiet bool

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

// ValidateConfig validates the block without the environment. Terraform calls it
// before Configure, and stops at its errors.
func (p *fgsProvider) ValidateConfig(_ context.Context, req provider.ValidateConfigRequest,
	resp *provider.ValidateConfigResponse) {
	block := readBlock(req.Config.Raw)
	resp.Diagnostics.Append(block.checkFormats()...)
	resp.Diagnostics.Append(block.check()...)
}

// Configure sends no request. The first read sends only the requests that it
// needs.
func (p *fgsProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	block := readBlock(req.Config.Raw)
	if names := block.unknownNames(); len(names) > 0 {
		wait(req, resp, names)
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

	c, problems := p.newClient(settings, req.TerraformVersion)
	resp.DataSourceData = &datasources.ProviderData{Client: c, Problems: datasources.NewProblems(problems)}
}

// newClient returns the client, or all problems in files and in the environment.
// Configure does not report them, because applying a saved plan and a destroy
// without a read must not fail.
func (p *fgsProvider) newClient(s settings, terraformVersion string) (*functiongraph.Client, diag.Diagnostics) {
	cfg := p.clientConfig(&s, terraformVersion)
	if s.problems.HasError() {
		return nil, s.problems
	}
	c, err := functiongraph.New(cfg)
	if err != nil {
		s.problems.AddError("Invalid endpoint", "The provider cannot be configured: "+err.Error()+".")
		return nil, s.problems
	}

	return c, nil
}

// wait handles a block with unknown values. They are not an error, because
// Terraform may read a data source later that depends on them.
func wait(req provider.ConfigureRequest, resp *provider.ConfigureResponse, names []string) {
	if req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
	}
	resp.DataSourceData = &datasources.ProviderData{Unknown: names}
}

// clientConfig completes the configuration of the client. It adds invalid proxies
// to the problems of the settings.
func (p *fgsProvider) clientConfig(s *settings, terraformVersion string) client.Config {
	cfg := s.config
	cfg.UserAgent = userAgent(p.options.Version, terraformVersion, p.options.Getenv)
	cfg.MetadataURL = p.options.MetadataURL
	if !p.options.Quiet {
		cfg.Observe = logAttempt
	}
	through := newProxies(p.options.Getenv)
	cfg.Proxy = through.of
	if addresses, err := cfg.Addresses(); err == nil { // otherwise the settings have reported the address
		s.problems.Append(through.check(addresses)...)
	}

	return cfg
}

func (p *fgsProvider) DataSources(context.Context) []func() datasource.DataSource {
	return datasources.All()
}

func (p *fgsProvider) Resources(context.Context) []func() resource.Resource { return nil }

// Functions returns the provider's functions. Versions before Terraform 1.8 and
// OpenTofu 1.7 ignore them.
func (p *fgsProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{functions.NewParseWorkflowURN, functions.NewSecondsBetween}
}

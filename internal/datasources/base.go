package datasources

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// defaultReadTimeout limits a read, with all its requests and waits, unless
// timeouts.read is set.
const defaultReadTimeout = 5 * time.Minute

// All returns the constructors of all data sources.
func All() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		NewWorkflowExecutionDataSource,
		NewWorkflowExecutionsDataSource,
		NewWorkflowsDataSource,
	}
}

// base is what all data sources share. Each embeds it, and embeds [baseModel] in
// its model.
type base struct{ provider *ProviderData }

// Configure implements [datasource.DataSourceWithConfigure].
func (b *base) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if req.ProviderData == nil {
		return // Terraform has not configured the provider yet
	}
	provider, ok := req.ProviderData.(*ProviderData)
	if !ok {
		resp.Diagnostics.AddError("Unexpected provider data",
			fmt.Sprintf("Expected %T, got %T. This is a defect of the provider: please report it.", provider, req.ProviderData))
		return
	}
	b.provider = provider
}

// ValidateConfig implements [datasource.DataSourceWithValidateConfig]. A data
// source with rules of its own replaces it and calls validateTimeout as well.
func (b *base) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var model baseModel
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("timeouts"), &model.Timeouts)...)
	if resp.Diagnostics.HasError() {
		return
	}

	resp.Diagnostics.Append(model.validateTimeout(ctx)...)
}

// read sets the model's region and calls request under the read's timeout, with
// the client of the region. The diagnostics explain a provider without a client,
// or the error of request: operation and lines describe what it reads.
func (b *base) read(
	ctx context.Context, model *baseModel, operation client.Operation, lines labels,
	request func(context.Context, *functiongraph.Client) error,
) diag.Diagnostics {
	if b.provider == nil || b.provider.Client == nil {
		return notConfiguredDiagnostics(b.provider)
	}
	timeout, diags := model.Timeouts.Read(ctx, defaultReadTimeout)
	if diags.HasError() {
		return diags
	}
	region := cmp.Or(model.Region.ValueString(), b.provider.Client.Region())
	model.Region = types.StringValue(region)

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := request(ctx, b.provider.Client.InRegion(region)); err != nil {
		diags.Append(readDiagnostic(err, subject{operation: operation, lines: lines, region: region, timeout: timeout}))
	}

	return diags
}

// baseModel holds the arguments that all data sources have.
type baseModel struct {
	Region   types.String   `tfsdk:"region"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// validateTimeout requires a positive timeout. The attribute's own validator
// refuses text that is not a duration.
func (m *baseModel) validateTimeout(ctx context.Context) diag.Diagnostics {
	var diags diag.Diagnostics
	if m.Timeouts.IsNull() || m.Timeouts.IsUnknown() {
		return diags
	}
	if timeout, d := m.Timeouts.Read(ctx, defaultReadTimeout); !d.HasError() && timeout <= 0 {
		diags.AddAttributeError(path.Root("timeouts").AtName("read"), "Timeout is not positive",
			fmt.Sprintf("Attribute timeouts.read must be more than zero, got: %s", formatDuration(timeout)))
	}

	return diags
}

// regionAttribute returns the argument that overrides the provider's region.
func regionAttribute() schema.StringAttribute {
	isRegion := stringvalidator.RegexMatches(client.RegionPattern, "must be a region's ID such as \"cn-north-4\"")

	return schema.StringAttribute{
		MarkdownDescription: "Region to read from. Default: the provider's.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{nullNotEmpty{isRegion}},
	}
}

// baseBlocks returns the blocks that all data sources have.
func baseBlocks(ctx context.Context) map[string]schema.Block {
	return map[string]schema.Block{
		"timeouts": timeouts.BlockWithOpts(ctx, timeouts.Opts{
			ReadDescription: "How long the whole read may take, with all its requests, retries and waits: " +
				"a duration such as \"30s\" or \"10m\". Default: 5m.",
		}),
	}
}

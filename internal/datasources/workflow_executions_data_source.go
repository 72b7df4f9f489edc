package datasources

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/longlist"
)

// defaultReadTimeout bounds a read, with all its requests and waits, unless
// timeouts.read says otherwise.
const defaultReadTimeout = 5 * time.Minute

var (
	_ datasource.DataSourceWithConfigure      = (*workflowExecutionsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*workflowExecutionsDataSource)(nil)
)

type workflowExecutionsDataSource struct {
	provider *ProviderData
}

// NewWorkflowExecutionsDataSource returns the data source
// huaweicloud_fgs_workflow_executions.
func NewWorkflowExecutionsDataSource() datasource.DataSource {
	return &workflowExecutionsDataSource{}
}

func (d *workflowExecutionsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_fgs_workflow_executions"
}

func (d *workflowExecutionsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the executions of one FunctionGraph workflow, the newest first. " +
			"The list is complete for the question asked, or the read fails and says why.\n\n" +
			"~> **Without `start_time` and `end_time` only the last three days are listed.** " +
			"The window is the service's own: with only `start_time` it is the three days from then (not up to now), " +
			"with only `end_time` the three days up to then, and with both it is what they say.",
		Attributes: map[string]schema.Attribute{
			// Required.
			"workflow_id": schema.StringAttribute{
				MarkdownDescription: "ID of the workflow, a UUID. Neither its name nor its URN will do.",
				Required:            true,
				Validators:          []validator.String{workflowIDValidator{}},
			},

			// Optional.
			"status": schema.StringAttribute{
				MarkdownDescription: "List only the executions of this status: `success`, `fail`, `running`, `timeout` or `cancel`. " +
					"For several, use `for_each` over a set of them. Default: all.",
				Optional:   true,
				Validators: []validator.String{nullNotEmpty{stringvalidator.OneOf("success", "fail", "running", "timeout", "cancel")}},
			},
			"start_time": schema.StringAttribute{
				MarkdownDescription: "Begin of the window, in RFC 3339 with any offset; a fraction of a second is rounded down. " +
					"Default: three days before `end_time`, or before now if that is not set either.",
				Optional:   true,
				Validators: []validator.String{nullNotEmpty{timeValidator{}}},
			},
			"end_time": schema.StringAttribute{
				MarkdownDescription: "End of the window, in RFC 3339 with any offset, not before `start_time`; a fraction of a second is rounded up. " +
					"Default: three days after `start_time`, or now if that is not set either.",
				Optional:   true,
				Validators: []validator.String{nullNotEmpty{timeValidator{}}},
			},
			// Not Int64Attribute: it takes 1.5 for an error of the provider.
			"limit": schema.NumberAttribute{
				MarkdownDescription: "List at most this many executions, the newest; of those that began in the same second as the last one, any may be left out. At least 1; it may be more than the 200 that the service returns at once. Default: all.",
				Optional:            true,
				Validators:          []validator.Number{countValidator{}},
			},
			"region": schema.StringAttribute{
				MarkdownDescription: "Region to read from. Default: the provider's.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{nullNotEmpty{stringvalidator.RegexMatches(client.RegionPattern, "must be a region's ID such as \"cn-north-4\"")}},
			},

			// Computed.
			//
			// A list of an object type, not nested attributes: only of such a list can `terraform test` mock
			// rows (hashicorp/terraform#37939). Object types have no descriptions, so this one has all.
			"executions": schema.ListAttribute{
				MarkdownDescription: "The executions, the newest `begin_time` first; where those are equal, by `execution_id`. " +
					"Empty if there are none. Each execution has these attributes, null where the service leaves one out:" +
					"\n\n" + describeExecution() + "\n\n  All are strings.",
				Computed:    true,
				ElementType: executionType(),
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.BlockWithOpts(ctx, timeouts.Opts{
				ReadDescription: "How long the whole read may take, with all its requests, retries and waits: a duration such as \"30s\" or \"10m\". Default: 5m.",
			}),
		},
	}
}

// executionAttributes are the attributes of an execution, all strings, with
// their descriptions.
var executionAttributes = []struct{ name, description string }{
	{"workflow_id", "ID of the workflow."},
	{"workflow_urn", "URN of the workflow: " +
		"`urn:fss:<region_id>:<project_id>:workflow:<package>:<workflow_name>:<version>`."},
	{"execution_id", "ID of the execution."},
	{"status", "`success`, `fail`, `running`, `timeout` or `cancel`; " +
		"a status that the service adds later is passed through."},
	{"begin_time", "When the execution was created, in RFC 3339, UTC."},
	{"end_time", "When the execution ended, in RFC 3339, UTC. " +
		"For a running one the service decides what it is: do not rely on null."},
	{"last_update_time", "When the execution last changed, in RFC 3339, UTC. It may be earlier than `end_time`."},
	{"created_by", "Who or what created the execution."},
}

// executionType is the type of an execution.
func executionType() types.ObjectType {
	attributes := make(map[string]attr.Type, len(executionAttributes))
	for _, attribute := range executionAttributes {
		attributes[attribute.name] = types.StringType
	}

	return types.ObjectType{AttrTypes: attributes}
}

// describeExecution returns a list in Markdown. The indentation makes it part of
// the item that an attribute is in generated documentation.
func describeExecution() string {
	items := make([]string, 0, len(executionAttributes))
	for _, attribute := range executionAttributes {
		items = append(items, fmt.Sprintf("  - `%s`: %s", attribute.name, attribute.description))
	}

	return strings.Join(items, "\n")
}

func (d *workflowExecutionsDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config workflowExecutionsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}

	resp.Diagnostics.Append(config.validateWindow()...)
	resp.Diagnostics.Append(config.validateTimeout(ctx)...)
}

func (d *workflowExecutionsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if req.ProviderData == nil {
		return // Terraform has not configured the provider yet
	}
	provider, ok := req.ProviderData.(*ProviderData)
	if !ok {
		resp.Diagnostics.AddError("Unexpected provider data",
			fmt.Sprintf("Expected %T, got %T. This is a defect of the provider: please report it.", provider, req.ProviderData))
		return
	}
	d.provider = provider
}

func (d *workflowExecutionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data workflowExecutionsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.provider == nil || d.provider.Client == nil {
		resp.Diagnostics.Append(notConfiguredDiagnostics(d.provider)...)
		return
	}

	timeout, diags := data.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	opts, diags := data.toOptions(d.provider.Client.Region())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	warning := windowWarning(opts.Start, opts.End, time.Now())

	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	executions, err := d.provider.Client.AllWorkflowExecutions(ctx, data.WorkflowID.ValueString(), opts)
	if err == nil {
		err = data.fromAPI(executions, opts.Region)
	}
	if err != nil {
		resp.Diagnostics.Append(readDiagnostic(err, subject{WorkflowID: data.WorkflowID.ValueString(), Region: opts.Region, Timeout: timeout}))
		return
	}

	resp.Diagnostics.Append(warning) // nothing is appended for nil
	if longlist.Put(ctx, "executions", data.Executions) {
		data.Executions = nil // null, which the server replaces
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
}

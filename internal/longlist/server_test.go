package longlist

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// testProvider has one data source, "rows", which returns as many rows as its
// config requests, and the same rows for the same config.
type testProvider struct{ provider.Provider }

func (testProvider) Metadata(context.Context, provider.MetadataRequest, *provider.MetadataResponse) {}

func (testProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (testProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return rows{} }}
}

func (testProvider) Resources(context.Context) []func() resource.Resource { return nil }

type rows struct{}

type rowsModel struct {
	Name  types.String `tfsdk:"name"`
	Count types.Int64  `tfsdk:"count_of_rows"`
	Rows  []row        `tfsdk:"rows"`
	Zone  types.String `tfsdk:"zone"` // after the list
	Block *struct {
		Rows types.String `tfsdk:"rows"` // of the same name
	} `tfsdk:"block"`
}

type row struct {
	ID    types.String `tfsdk:"id"`
	Begin types.String `tfsdk:"begin"`
	Text  types.String `tfsdk:"text"`
}

func (rows) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "rows"
}

func (rows) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := schema.StringAttribute{Computed: true}
	resp.Schema.Attributes = map[string]schema.Attribute{
		"name":          schema.StringAttribute{Required: true},
		"count_of_rows": schema.Int64Attribute{Required: true},
		"rows": schema.ListAttribute{Computed: true, ElementType: types.ObjectType{AttrTypes: map[string]attr.Type{
			"id": types.StringType, "begin": types.StringType, "text": types.StringType,
		}}},
		"zone": text,
	}
	resp.Schema.Blocks = map[string]schema.Block{
		"block": schema.SingleNestedBlock{
			Attributes: map[string]schema.Attribute{"rows": schema.StringAttribute{Optional: true}},
		},
	}
}

func (rows) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data rowsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	n := data.Count.ValueInt64()
	r := rand.New(rand.NewPCG(1, uint64(n)))
	data.Rows = make([]row, 0, n)
	for range n {
		data.Rows = append(data.Rows, row{randomString(r), randomString(r), randomString(r)})
	}
	data.Zone = types.StringValue("z")
	if Put(ctx, "rows", data.Rows) {
		data.Rows = nil
	}
	if Put(ctx, "rows", data.Rows) {
		resp.Diagnostics.AddError("Accepted twice", "")
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &data)...)
	switch data.Name.ValueString() {
	case "warns":
		resp.Diagnostics.AddWarning("Careful", "")
	case "fails":
		resp.Diagnostics.AddError("Failed", "")
	}
}

// framework is the framework's server. It records its responses.
type framework struct {
	tfprotov6.ProviderServer
	change func(*tfprotov6.ReadDataSourceResponse) // of the first response

	mu        sync.Mutex
	responses []tfprotov6.ReadDataSourceResponse
}

func newFramework() *framework {
	return &framework{ProviderServer: providerserver.NewProtocol6(testProvider{})()}
}

func (f *framework) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := f.ProviderServer.ReadDataSource(ctx, req)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.change != nil && len(f.responses) == 0 {
		f.change(resp)
	}
	f.responses = append(f.responses, *resp)
	return resp, err
}

// request returns a request for n rows.
func request(t *testing.T, name string, n int) *tfprotov6.ReadDataSourceRequest {
	t.Helper()
	object, _ := schemaType(t).(tftypes.Object)
	config, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, map[string]tftypes.Value{
		"name":          tftypes.NewValue(tftypes.String, name),
		"count_of_rows": tftypes.NewValue(tftypes.Number, n),
		"rows":          tftypes.NewValue(object.AttributeTypes["rows"], nil),
		"zone":          tftypes.NewValue(tftypes.String, nil),
		"block": tftypes.NewValue(object.AttributeTypes["block"], map[string]tftypes.Value{
			"rows": tftypes.NewValue(tftypes.String, nil),
		}),
	}))
	if err != nil {
		t.Fatal(err)
	}
	return &tfprotov6.ReadDataSourceRequest{TypeName: "rows", Config: &config}
}

func schemaType(t *testing.T) tftypes.Type {
	t.Helper()
	resp, err := newFramework().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return resp.DataSourceSchemas["rows"].ValueType()
}

// read returns the response and the log.
func read(
	t *testing.T, server tfprotov6.ProviderServer, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, string) {
	t.Helper()
	var log bytes.Buffer
	resp, err := server.ReadDataSource(tflogtest.RootLogger(t.Context(), &log), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp, log.String()
}

// If this fails after an update of the framework, the form of its responses has
// changed. Long lists are then read twice until [Server] is adapted.
func TestServer(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"succeeds", "warns"} {
		for _, n := range []int{0, 1, 15, 16, 100} {
			t.Run(fmt.Sprint(name, " with ", n), func(t *testing.T) {
				t.Parallel()
				req := request(t, name, n)
				want, _ := read(t, newFramework(), req)
				inner := newFramework()
				got, log := read(t, Server(inner), req)

				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("response (-framework +server):\n%s", diff)
				}
				if len(inner.responses) != 1 || log != "" {
					t.Errorf("%d reads, log: %s", len(inner.responses), log)
				}
				state, err := inner.responses[0].State.Unmarshal(schemaType(t))
				if err != nil {
					t.Fatal(err)
				}
				var attributes map[string]tftypes.Value
				if err := state.As(&attributes); err != nil {
					t.Fatal(err)
				}
				if !attributes["rows"].IsNull() {
					t.Error("the list went through the framework")
				}
			})
		}
	}
}

func TestServer_failedRead(t *testing.T) {
	t.Parallel()
	req := request(t, "fails", 2)
	inner := newFramework()
	got, log := read(t, Server(inner), req)
	if diff := cmp.Diff(&inner.responses[0], got); diff != "" || len(got.Diagnostics) != 1 {
		t.Errorf("response (-framework +server):\n%s", diff)
	}
	if len(inner.responses) != 1 || log != "" {
		t.Errorf("%d reads, log: %s", len(inner.responses), log)
	}
}

// Each of several parallel reads gets its own list.
func TestServer_parallel(t *testing.T) {
	t.Parallel()
	server := Server(newFramework())
	for n := range 20 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			req := request(t, "succeeds", n)
			want, _ := read(t, newFramework(), req)
			got, _ := read(t, server, req)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("response (-framework +server):\n%s", diff)
			}
		})
	}
}

// The response is correct for any state from the framework.
func TestServer_unexpectedState(t *testing.T) {
	t.Parallel()
	state := func(change func(b []byte) []byte) func(*tfprotov6.ReadDataSourceResponse) {
		return func(resp *tfprotov6.ReadDataSourceResponse) {
			resp.State = &tfprotov6.DynamicValue{MsgPack: change(bytes.Clone(resp.State.MsgPack))}
		}
	}
	noState := func(resp *tfprotov6.ReadDataSourceResponse) { resp.State = nil }
	inJSON := func(resp *tfprotov6.ReadDataSourceResponse) {
		resp.State = &tfprotov6.DynamicValue{JSON: []byte("{}")}
	}
	rowsNotNull := []byte{0x81, 0xa4, 'r', 'o', 'w', 's', 0x90}
	tests := map[string]struct {
		change func(*tfprotov6.ReadDataSourceResponse)
		log    string
	}{
		"no state":         {noState, "not in msgpack"},
		"JSON":             {inJSON, "not in msgpack"},
		"nothing":          {state(func([]byte) []byte { return nil }), "EOF"},
		"null":             {state(func([]byte) []byte { return []byte{0xc0} }), "not one object with rows"},
		"unknown":          {state(func([]byte) []byte { return []byte{0xd4, 0, 0} }), "decoding map length"},
		"array":            {state(func([]byte) []byte { return []byte{0x91, 0xc0} }), "decoding map length"},
		"no attribute":     {state(func([]byte) []byte { return []byte{0x81, 0xa1, 'x', 0xc0} }), "not one object with rows"},
		"not null":         {state(func([]byte) []byte { return rowsNotNull }), "rows is not null"},
		"more after it":    {state(func(b []byte) []byte { return append(b, 0xc0) }), "not one object with rows"},
		"one byte short":   {state(func(b []byte) []byte { return b[:len(b)-1] }), "EOF"},
		"ends at the list": {state(func(b []byte) []byte { return b[:bytes.Index(b, []byte("rows\xc0"))+4] }), "EOF"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := request(t, "warns", 20)
			want, _ := read(t, newFramework(), req)
			inner := newFramework()
			inner.change = tt.change
			got, log := read(t, Server(inner), req)

			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("response (-framework +server):\n%s", diff)
			}
			if len(inner.responses) != 2 {
				t.Errorf("%d reads, want a second one", len(inner.responses))
			}
			for _, want := range []string{`"@level":"warn"`, "Reading again without package longlist", tt.log} {
				if !strings.Contains(log, want) {
					t.Errorf("log without %q: %s", want, log)
				}
			}
		})
	}
}

// The framework keeps the context of every call until it stops.
func TestServer_freesRows(t *testing.T) {
	t.Parallel()
	var kept context.Context
	_, err := Server(keeping{ctx: &kept}).ReadDataSource(t.Context(), request(t, "succeeds", 1))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := kept.Value(carrierKey{}).(*carrier); !ok || c.encode != nil {
		t.Errorf("the context keeps %v", c)
	}
}

type keeping struct {
	tfprotov6.ProviderServer
	ctx *context.Context
}

func (k keeping) ReadDataSource(
	ctx context.Context, _ *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	*k.ctx = ctx
	Put(ctx, "rows", []row{{}})
	return &tfprotov6.ReadDataSourceResponse{State: &tfprotov6.DynamicValue{MsgPack: []byte("\x81\xa4rows\xc0")}}, nil
}

func TestServer_error(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	if _, err := Server(failing{err: broken}).ReadDataSource(t.Context(), nil); !errors.Is(err, broken) {
		t.Errorf("got error %v", err)
	}
}

type failing struct {
	tfprotov6.ProviderServer
	err error
}

func (f failing) ReadDataSource(
	ctx context.Context, _ *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	Put(ctx, "rows", []row{{}})
	return nil, f.err
}

func TestPut_withoutServer(t *testing.T) {
	t.Parallel()
	if Put(t.Context(), "rows", []row{{}}) {
		t.Error("Put accepted a list that no server sends to Terraform")
	}
}

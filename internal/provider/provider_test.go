package provider

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/datasources"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// configure calls Configure as Terraform does.
func configure(t *testing.T, env environment, deferralAllowed bool, arguments map[string]tftypes.Value) provider.ConfigureResponse {
	t.Helper()
	var resp provider.ConfigureResponse
	New("test", env.getenv)().Configure(t.Context(), provider.ConfigureRequest{
		TerraformVersion:   "1.11.4",
		Config:             configOf(t, arguments),
		ClientCapabilities: provider.ConfigureProviderClientCapabilities{DeferralAllowed: deferralAllowed},
	}, &resp)
	return resp
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	var resp provider.MetadataResponse
	New("1.2.3", environment{}.getenv)().Metadata(t.Context(), provider.MetadataRequest{}, &resp)
	if resp.TypeName != "huaweicloud" || resp.Version != "1.2.3" {
		t.Errorf("got type name %q, version %q", resp.TypeName, resp.Version)
	}
}

func TestConfigure_sendsNothing(t *testing.T) {
	t.Parallel()
	srv := simulator.Start(t, simulator.Config{})
	endpoint := tftypes.NewValue(tftypes.String, srv.URL)
	resp := configure(t, enough, false, map[string]tftypes.Value{
		"endpoints": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"fgs": endpoint, "iam": endpoint}),
	})
	data, ok := resp.DataSourceData.(*datasources.ProviderData)
	if !ok || data.Client == nil || data.Client.Region() != "cn-north-4" || len(data.Unknown) > 0 {
		t.Errorf("got provider data %+v, diagnostics %v", resp.DataSourceData, resp.Diagnostics)
	}
	if requests := srv.Requests(); len(requests) > 0 {
		t.Errorf("got %d requests", len(requests))
	}
}

func TestConfigure_unknown(t *testing.T) {
	t.Parallel()
	unknown := map[string]tftypes.Value{
		"region":     tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		"secret_key": tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
	}
	for name, deferralAllowed := range map[string]bool{"deferral allowed": true, "else": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := configure(t, environment{}, deferralAllowed, unknown)
			if len(resp.Diagnostics) > 0 {
				t.Errorf("got diagnostics %v, want none: a data source that waits may still be read", resp.Diagnostics)
			}
			if deferred := resp.Deferred != nil; deferred != deferralAllowed {
				t.Errorf("deferred is %t", deferred)
			}
			if deferralAllowed && resp.Deferred.Reason != provider.DeferredReasonProviderConfigUnknown {
				t.Errorf("got reason %s", resp.Deferred.Reason)
			}
			want := &datasources.ProviderData{Unknown: []string{"region", "secret_key"}}
			if diff := cmp.Diff(want, resp.DataSourceData); diff != "" {
				t.Errorf("provider data (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConfigure_findings(t *testing.T) {
	t.Parallel()
	resp := configure(t, environment{}, false, map[string]tftypes.Value{"access_key": tftypes.NewValue(tftypes.String, "AK")})
	if got := wordings(resp.Diagnostics); len(got) != 2 || resp.DataSourceData != nil {
		t.Errorf("got provider data %v and diagnostics %q, want none and two", resp.DataSourceData, got)
	}
}

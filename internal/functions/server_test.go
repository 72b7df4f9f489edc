package functions_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
)

// OpenTofu sends null as an argument without an encoding, Terraform as msgpack.
func TestServer_nullArguments(t *testing.T) {
	t.Parallel()
	text := func(value any) *tfprotov6.DynamicValue {
		argument, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, value))
		if err != nil {
			t.Fatal(err)
		}
		return &argument
	}
	const noon, later = "2026-03-10T12:00:00Z", "2026-03-10T12:00:01Z"
	tests := map[string]struct {
		start, end *tfprotov6.DynamicValue
		null       bool
	}{
		"no null":              {start: text(noon), end: text(later)},
		"Terraform's null":     {start: text(noon), end: text(nil), null: true},
		"OpenTofu's null":      {start: text(noon), end: &tfprotov6.DynamicValue{}, null: true},
		"OpenTofu's null, too": {start: &tfprotov6.DynamicValue{MsgPack: []byte{}}, end: text(noon), null: true},
		"nothing":              {start: nil, end: nil, null: true},
		"null in JSON":         {start: text(noon), end: &tfprotov6.DynamicValue{JSON: []byte("null")}, null: true},
		"JSON":                 {start: text(noon), end: &tfprotov6.DynamicValue{JSON: []byte(`"` + later + `"`)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for lists, value := range map[string]string{"long": "", "plain": "true"} {
				server := provider.Server(provider.Options{Version: "test", Getenv: func(string) string { return value }})()
				arguments := []*tfprotov6.DynamicValue{tt.start, tt.end}
				resp, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{
					Name: "seconds_between", Arguments: arguments,
				})
				if err != nil {
					t.Fatal(err)
				}
				if resp.Error != nil {
					t.Fatalf("%s lists: %s", lists, resp.Error.Text)
				}
				if null, err := resp.Result.IsNull(); err != nil || null != tt.null {
					t.Errorf("%s lists: got null %t, %v, want %t", lists, null, err, tt.null)
				}
				if arguments[0] != tt.start || arguments[1] != tt.end {
					t.Errorf("%s lists: the request was changed", lists)
				}
			}
		})
	}
}

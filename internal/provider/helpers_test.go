package provider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

type environment = acctest.Environment

// enough are the required settings of a client.
var enough = environment{"HW_REGION_NAME": "cn-north-4", "HW_ACCESS_KEY": "AK", "HW_SECRET_KEY": "SK"}

// args are arguments of a block: strings, numbers, booleans, maps (args), lists
// ([]any) and nested blocks ([]args).
type args map[string]any

// notKnown is an unknown value.
type notKnown struct{}

// configOf returns a provider block with the given arguments. The others are null.
func configOf(t *testing.T, arguments args) tfsdk.Config {
	t.Helper()
	schema := providerSchema()

	return tfsdk.Config{Schema: schema, Raw: valueOf(t, schema.Type().TerraformType(t.Context()), arguments)}
}

// blockOf returns the given arguments as the provider reads them.
func blockOf(t *testing.T, arguments args) providerBlock {
	t.Helper()

	return readBlock(configOf(t, arguments).Raw)
}

// valueOf returns a value of the given type.
func valueOf(t *testing.T, of tftypes.Type, value any) tftypes.Value {
	t.Helper()
	switch value := value.(type) {
	case notKnown:
		return tftypes.NewValue(of, tftypes.UnknownValue)
	case args:
		elements := map[string]tftypes.Value{}
		if of, ok := of.(tftypes.Map); ok {
			for name, element := range value {
				elements[name] = valueOf(t, of.ElementType, element)
			}
			return tftypes.NewValue(of, elements)
		}
		object, ok := of.(tftypes.Object)
		if !ok {
			t.Fatalf("%v for %s", value, of)
		}
		for name, attribute := range object.AttributeTypes {
			elements[name] = valueOf(t, attribute, value[name])
		}
		for name := range value {
			if _, ok := elements[name]; !ok {
				t.Fatalf("there is no argument %s", name)
			}
		}
		return tftypes.NewValue(of, elements)
	case []args:
		blocks := make([]any, len(value))
		for i, block := range value {
			blocks[i] = block
		}
		return valueOf(t, of, blocks)
	case []any:
		list, ok := of.(tftypes.List)
		if !ok {
			t.Fatalf("%v for %s", value, of)
		}
		elements := make([]tftypes.Value, len(value))
		for i, element := range value {
			elements[i] = valueOf(t, list.ElementType, element)
		}
		return tftypes.NewValue(of, elements)
	default: // text, number, boolean or nil
		return tftypes.NewValue(of, value)
	}
}

// wordings formats diagnostics: attribute, summary, detail.
func wordings(diags diag.Diagnostics) []string {
	var result []string
	for _, d := range diags {
		text := d.Summary() + "\n" + d.Detail()
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			text = at.Path().String() + ": " + text
		}
		if d.Severity() == diag.SeverityWarning {
			text = "warning: " + text
		}
		result = append(result, text)
	}

	return result
}

// sameConfig compares configurations of the client, including certificates and
// functions.
var sameConfig = cmp.Options{
	cmpopts.IgnoreFields(client.Config{}, "Sources"), // see TestOutsideSources
	cmp.Comparer(func(a, b *x509.CertPool) bool { return a.Equal(b) }),
	cmp.Transformer("certificate", func(c *tls.Certificate) [][]byte {
		if c == nil {
			return nil
		}
		return c.Certificate
	}),
	cmp.Transformer("OIDC", func(o client.OIDC) any {
		type called struct{ IdentityProvider, IDToken, Source string }
		token, err := o.IDToken(context.Background())
		if err != nil {
			token = err.Error()
		}
		return called{o.IdentityProvider, token, o.Source}
	}),
}

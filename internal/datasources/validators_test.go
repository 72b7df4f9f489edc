package datasources

import (
	"context"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// problems returns the diagnostics of a validator for an attribute "arg".
func problems(ctx context.Context, v validator.String, value types.String) []string {
	var resp validator.StringResponse
	v.ValidateString(ctx, validator.StringRequest{Path: path.Root("arg"), ConfigValue: value}, &resp)
	var result []string
	for _, d := range resp.Diagnostics {
		result = append(result, wording(d))
	}
	return result
}

func TestWorkflowIDValidator(t *testing.T) {
	t.Parallel()
	const (
		invalid = "Invalid workflow ID (arg)\nAttribute arg "
		segment = invalid + "must be the workflow's ID, a UUID, without slashes, question marks, number signs, " +
			"control characters or spaces around it, got: "
		urn = invalid + `must be the workflow's ID, a UUID, and not its URN, got: "urn:fss:x". ` +
			"The ID is shown on the workflow's page in the FunctionGraph console."
		tooLong = invalid + "must have at most 512 characters, got: 513"
	)
	tests := map[string]struct {
		value types.String
		want  string // "" for accepted
	}{
		"UUID":                      {value: types.StringValue("48aff955-ea10-4ffd-b426-190bc192dc14")},
		"null":                      {value: types.StringNull()},
		"unknown":                   {value: types.StringUnknown()},
		"empty":                     {types.StringValue(""), invalid + "must not be empty"},
		"one character":             {value: types.StringValue("a")},
		"512 characters":            {value: types.StringValue(strings.Repeat("流", 512))},
		"513 characters":            {types.StringValue(strings.Repeat("a", 513)), tooLong},
		"URN":                       {types.StringValue("urn:fss:x"), urn},
		"slash":                     {types.StringValue("a/b"), segment + `"a/b"`},
		"question mark":             {types.StringValue("a?b"), segment + `"a?b"`},
		"number sign":               {types.StringValue("a#b"), segment + `"a#b"`},
		"control character":         {types.StringValue("a\nb"), segment + `"a\nb"`},
		"dot":                       {types.StringValue("."), segment + `"."`},
		"two dots":                  {types.StringValue(".."), segment + `".."`},
		"dots among others":         {value: types.StringValue("..a")},
		"space":                     {value: types.StringValue("a b")},
		"Chinese":                   {value: types.StringValue("函数流")},
		"colon":                     {value: types.StringValue("a:urn:b")},
		"percent sign, not decoded": {value: types.StringValue("a%2Fb")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(problems(t.Context(), isWorkflowID, tt.value), "\n")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNullNotEmpty(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value types.String
		want  []string
	}{
		"null":    {value: types.StringNull()},
		"unknown": {value: types.StringUnknown()},
		"good":    {value: types.StringValue("good")},
		"refused by the embedded validator": {types.StringValue("bad"), []string{"Invalid Attribute Value Match (arg)\n" +
			"Attribute arg value must be one of: [\"good\"], got: \"bad\""}},
		"empty": {types.StringValue(""), []string{"Invalid empty string (arg)\n" +
			"Attribute arg must not be an empty string. To leave it out, use null."}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := problems(t.Context(), nullNotEmpty{stringvalidator.OneOf("good")}, tt.value)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCountValidator(t *testing.T) {
	t.Parallel()
	const wrong = "Invalid number (arg)\nAttribute arg must be a whole number of at least 1, got: "
	tests := map[string]struct {
		value types.Number
		want  string // "" for accepted
	}{
		"null":     {value: types.NumberNull()},
		"unknown":  {value: types.NumberUnknown()},
		"one":      {value: types.NumberValue(big.NewFloat(1))},
		"enormous": {value: types.NumberValue(big.NewFloat(1e30))},
		"zero":     {types.NumberValue(big.NewFloat(0)), wrong + "0"},
		"negative": {types.NumberValue(big.NewFloat(-3)), wrong + "-3"},
		"fraction": {types.NumberValue(big.NewFloat(1.5)), wrong + "1.5"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp validator.NumberResponse
			req := validator.NumberRequest{Path: path.Root("arg"), ConfigValue: tt.value}
			countValidator{}.ValidateNumber(t.Context(), req, &resp)
			if diff := cmp.Diff(tt.want, wordings(resp.Diagnostics)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

package provider

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// providerBlock is the provider block of a configuration. It holds all arguments
// in the same form, because the profile and the environment, which are the other
// sources of arguments, have no types.
type providerBlock struct {
	// values are the known values by path, for example `assume_role[0].agency_name`.
	// Null values are left out.
	values map[string]given

	// endpoints are the known endpoints by service, without surrounding spaces, as in
	// the vendor's provider.
	endpoints map[string]string

	// nested are the numbers of nested blocks, by name.
	nested map[string]int

	// unknown are the unknown arguments. A dynamic block can be unknown as a whole.
	unknown []path.Path
}

// readBlock walks the raw configuration, so that no argument can be forgotten.
func readBlock(config tftypes.Value) providerBlock {
	b := providerBlock{values: map[string]given{}, endpoints: map[string]string{}, nested: map[string]int{}}
	// The callback returns no error, so neither does the walk.
	_ = tftypes.Walk(config, func(at *tftypes.AttributePath, value tftypes.Value) (bool, error) {
		b.add(argumentAt(at), value)
		return true, nil
	})

	return b
}

func (b *providerBlock) add(at path.Path, value tftypes.Value) {
	if !value.IsKnown() {
		b.unknown = append(b.unknown, at)
		return
	}
	text, hasText := textOf(value)
	last, _ := at.Steps().LastStep()
	switch step := last.(type) {
	case path.PathStepElementKeyInt:
		b.nested[nameOf(at)]++
	case path.PathStepElementKeyString:
		if hasText && nameOf(at) == "endpoints" {
			b.endpoints[string(step)] = strings.TrimSpace(text)
		}
	case path.PathStepAttributeName:
		if hasText {
			b.values[at.String()] = given{at: at, text: text, source: fromBlock}
		}
	}
}

// at returns the value of an argument, which may not be set.
func (b providerBlock) at(argument path.Path) given { return b.values[argument.String()] }

// isUnknown reports whether the value of an argument outside of nested blocks is
// unknown.
func (b providerBlock) isUnknown(argument string) bool {
	for _, at := range b.unknown {
		if at.Equal(path.Root(argument)) {
			return true
		}
	}

	return false
}

// argumentAt converts a path to the form that diagnostics use.
func argumentAt(at *tftypes.AttributePath) path.Path {
	var result path.Path
	for _, step := range at.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			result = result.AtName(string(step))
		case tftypes.ElementKeyString:
			result = result.AtMapKey(string(step))
		case tftypes.ElementKeyInt:
			result = result.AtListIndex(int(step))
		}
	}

	return result
}

// textOf returns a string, a boolean or a number in the form of an environment
// variable. It reports false for null and for values of other types.
func textOf(value tftypes.Value) (text string, ok bool) {
	var truth bool
	var number big.Float
	switch of := value.Type(); {
	case value.IsNull():
		return "", false
	case of.Is(tftypes.String):
		ok = value.As(&text) == nil
	case of.Is(tftypes.Bool):
		ok = value.As(&truth) == nil
		text = strconv.FormatBool(truth)
	case of.Is(tftypes.Number):
		ok = value.As(&number) == nil
		text = number.Text('g', 20)
	}

	return text, ok
}

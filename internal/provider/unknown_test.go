package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every argument is recognized as unknown, because a forgotten one would count as
// unset.
func TestUnknown_everyArgument(t *testing.T) {
	t.Parallel()
	for _, argument := range allArguments() {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			block, nested, isNested := strings.Cut(argument, ".")
			arguments, want := args{argument: notKnown{}}, argument
			if isNested {
				arguments, want = args{block: []args{{}, {nested: notKnown{}}}}, block+"[1]."+nested
			}
			names := []string{want}
			if slices.Contains(withoutEffect, argument) || slices.Contains(sometimesNeeded, argument) {
				names = nil
			}
			if diff := cmp.Diff(names, blockOf(t, arguments).unknownNames()); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments args
		want      []string
	}{
		"nothing":       {args{"region": "cn-north-4", "assume_role": []args{{"agency_name": "a"}}}, nil},
		"several":       {args{"secret_key": notKnown{}, "region": notKnown{}}, []string{"region", "secret_key"}},
		"all endpoints": {args{"endpoints": notKnown{}}, []string{"endpoints"}},
		"single endpoints": {args{"endpoints": args{"fgs": notKnown{}, "iam": notKnown{}, "sts": notKnown{},
			"obs": notKnown{}}}, []string{`endpoints["fgs"]`, `endpoints["iam"]`, `endpoints["sts"]`}},
		"a dynamic block": {args{"assume_role": notKnown{}}, []string{"assume_role"}},
		"one tag of many": {args{"default_tags": args{"a": notKnown{}}, "ignore_tags": []any{notKnown{}}}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, blockOf(t, tt.arguments).unknownNames()); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

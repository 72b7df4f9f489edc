package datasources

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// Every operation has texts, and no text belongs to an unknown operation.
func TestOperationTexts_complete(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(client.Operations(), slices.Sorted(maps.Keys(textsByOperation))); diff != "" {
		t.Errorf("operations with texts (-want +got):\n%s", diff)
	}
}

// A data source's operation has every text, and the others have every text of a
// request.
func TestOperationTexts_fields(t *testing.T) {
	t.Parallel()
	for operation, texts := range textsByOperation {
		if operation == client.OperationMetadata {
			continue // metadataTexts replaces most of them
		}
		optional := []string{"keyIsValid", "argument"}
		switch texts.read {
		case readTexts{}:
			optional = append(optional, "failed", "incomplete", "rows", "tooLong")
		case readTexts{failed: texts.read.failed}: // it reads no list
			optional = append(optional, "incomplete", "rows", "tooLong")
		case readTexts{failed: texts.read.failed, incomplete: texts.read.incomplete}: // the list is short
			optional = append(optional, "rows", "tooLong")
		}
		for _, name := range emptyFields(reflect.ValueOf(texts)) {
			if !slices.Contains(optional, name) {
				t.Errorf("%s has no text %q", operation, name)
			}
		}
	}
}

// emptyFields returns the names of the empty strings in a struct of structs and
// strings.
func emptyFields(v reflect.Value) []string {
	var names []string
	for field, value := range v.Fields() {
		switch {
		case value.Kind() == reflect.Struct:
			names = append(names, emptyFields(value)...)
		case value.String() == "":
			names = append(names, field.Name)
		}
	}
	return names
}

// A diagnostic points to an argument only if a data source has it.
func TestOperationTexts_argument(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"": true}
	for _, newDataSource := range All() {
		for name := range schemaOf(t.Context(), newDataSource()).Attributes {
			known[name] = true
		}
	}
	for operation, texts := range textsByOperation {
		if argument := texts.notFound.argument; !known[argument] {
			t.Errorf("%s points to %q, which no data source has", operation, argument)
		}
	}
}

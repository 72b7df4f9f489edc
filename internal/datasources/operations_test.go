package datasources

import (
	"maps"
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

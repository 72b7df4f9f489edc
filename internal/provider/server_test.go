package provider

import (
	"fmt"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/longlist"
)

func TestServer_plainLists(t *testing.T) {
	t.Parallel()
	for value, plain := range map[string]bool{"": false, "false": false, "0": false, "FALSE": false, "maybe": true,
		"yes": true, "on": true, "true": true, "1": true} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			server := Server(Options{Version: "test", Getenv: environment{plainLists: value}.Getenv})()
			if got := fmt.Sprintf("%T", server) != fmt.Sprintf("%T", longlist.Server(nil)); got != plain {
				t.Errorf("the framework alone serves: %t", got)
			}
		})
	}
}

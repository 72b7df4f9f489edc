//go:build unix

package provider_test

import (
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// A plan warns of a misleading window if the window is known.
func TestAccWindowWarning(t *testing.T) {
	t.Parallel()
	const later = "resource \"terraform_data\" \"start\" {\n  input = \"2020-03-01T00:00:00Z\"\n}\n"
	tests := map[string]struct {
		config string
		want   []string // none: no warning
	}{
		"three days over": {`start_time = "2020-03-01T00:00:00Z"`, []string{
			"Warning: Window ended three days after start_time", `start_time = "2020-03-01T00:00:00Z"`,
			"2020-03-04T00:00:00Z",
		}},
		"in the future": {`start_time = "2999-03-01T00:00:00Z"`, []string{
			"Warning: Window lies in the future", `start_time = "2999-03-01T00:00:00Z"`, "2999-03-04T00:00:00Z",
		}},
		"the last three days": {config: `start_time = timeadd(plantimestamp(), "-72h")`},
		"not known yet":       {config: `start_time = terraform_data.start.output`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := simulator.Start(t, simulator.Config{})
			srv.AddWorkflow("w")
			config := strings.Replace(readConfig(srv.URL), `workflow_id = "w"`, "workflow_id = \"w\"\n  "+tt.config, 1)
			out, err := newWorkspace(t, later+config).Run(t, "plan")
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, text := range tt.want {
				if !strings.Contains(out, text) {
					t.Errorf("no %q in:\n%s", text, out)
				}
			}
			if strings.Contains(out, "Warning: Window") != (len(tt.want) > 0) {
				t.Errorf("want a warning: %t, got:\n%s", len(tt.want) > 0, out)
			}
		})
	}
}

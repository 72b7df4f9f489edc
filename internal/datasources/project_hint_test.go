package datasources

import (
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// The hint is given only if the project can be the cause of the failure.
func TestAPIDiagnostic_projectHint(t *testing.T) {
	t.Parallel()
	const hint = "\nA project's ID has 32 letters and digits, and project_id is \"cn-north-4\". " +
		"Is that the project's name? It belongs in project_name then."
	tests := map[string]struct {
		id         string
		configured bool
		status     int
		class      client.Class
		want       bool
	}{
		"a name":                 {"cn-north-4", true, 404, client.ClassNotFound, true},
		"a name, denied":         {"cn-north-4", true, 403, client.ClassPermission, true},
		"a name, 500":            {"cn-north-4", true, 500, client.ClassServer, true},
		"a name, throttled":      {"cn-north-4", true, 429, client.ClassThrottled, false},
		"a name, no response":    {"cn-north-4", true, 0, client.ClassNetwork, false},
		"an ID":                  {"0a1b2c3d4e5f60718293a4b5c6d7e8f9", true, 404, client.ClassNotFound, false},
		"IAM's, of another form": {"p1", false, 404, client.ClassNotFound, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wording(apiDiagnostic(&client.APIError{
				Class: tt.class, Service: "FunctionGraph", Operation: functiongraph.OperationListWorkflowExecutions,
				Status: tt.status, Code: "FSS.0404", Method: "GET", Host: "fgs.test", Path: "/",
				ProjectID: tt.id, ProjectConfigured: tt.configured,
			}, nil, testSubject))
			if strings.HasSuffix(got, hint) != tt.want || !tt.want && strings.Contains(got, "32 letters") {
				t.Errorf("hint wanted: %t; got:\n%s", tt.want, got)
			}
		})
	}
}

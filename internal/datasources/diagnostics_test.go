package datasources

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

var update = flag.Bool("update", false, "write the golden files of diagnostics to testdata")

// testSubject is what is read in all tests of wording.
var testSubject = subject{
	operation: functiongraph.OperationListWorkflowExecutions,
	lines:     labels{{"Workflow", "48aff955"}},
	region:    "cn-north-4",
	timeout:   5 * time.Minute,
}

// The texts of diagnostics are interface: each is shown whole in testdata. After
// a change on purpose, -update writes them.
func TestDiagnostics_golden(t *testing.T) {
	t.Parallel()
	const folder = "testdata/diagnostics"
	// The diagnostics of each golden file, by the names of its sections.
	goldenFiles := map[string]map[string]diag.Diagnostic{
		"api":         readDiagnostics(apiErrors(), testSubject),
		"credentials": readDiagnostics(credentialsErrors(), testSubject),
		"read":        readDiagnostics(readErrors(), testSubject),
		"no-client":   noClientDiagnostics(),
		"no-time":     noTimeDiagnostics(),
	}
	for operation, texts := range textsByOperation {
		if texts.read != (readTexts{}) {
			goldenFiles[string(operation)] = readDiagnostics(operationErrors(operation), subjectOf(operation))
		}
	}
	if *update {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(folder, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	for name, diagnostics := range goldenFiles {
		got := map[string]string{}
		for section, d := range diagnostics {
			got[section] = wording(d)
		}
		file := filepath.Join(folder, name+".txt")
		if *update {
			if err := os.WriteFile(file, formatSections(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		want := parseSections(string(content))
		for section, text := range got {
			if diff := cmp.Diff(want[section], text); diff != "" {
				t.Errorf("%s, %q (-want +got):\n%s", file, section, diff)
			}
		}
		for section := range want {
			if _, ok := got[section]; !ok {
				t.Errorf("%s: no test uses section %q", file, section)
			}
		}
	}

	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(file.Name(), ".txt"); goldenFiles[name] == nil {
			t.Errorf("no test uses %s", filepath.Join(folder, file.Name()))
		}
	}
}

// sectionMark begins the line above a text in a golden file.
const sectionMark = "=== "

func formatSections(texts map[string]string) []byte {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&b, "%s%s\n%s\n\n", sectionMark, name, texts[name])
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

func parseSections(content string) map[string]string {
	texts := map[string]string{}
	for section := range strings.SplitSeq("\n\n"+strings.TrimSuffix(content, "\n"), "\n\n"+sectionMark) {
		if name, text, ok := strings.Cut(section, "\n"); ok {
			texts[name] = text
		}
	}
	delete(texts, "")
	return texts
}

// wording is a diagnostic as it is shown, its summary and argument first.
func wording(d diag.Diagnostic) string {
	heading := d.Summary()
	if at, ok := d.(diag.DiagnosticWithPath); ok {
		heading += " (" + at.Path().String() + ")"
	}
	return heading + "\n" + d.Detail()
}

// wordings joins diagnostics to one text.
func wordings(diags diag.Diagnostics) string {
	var result []string
	for _, d := range diags {
		result = append(result, wording(d))
	}
	return strings.Join(result, "\n")
}

// readDiagnostics returns the diagnostics of errors, which come wrapped.
func readDiagnostics(errs map[string]error, s subject) map[string]diag.Diagnostic {
	result := map[string]diag.Diagnostic{}
	for name, err := range errs {
		result[name] = readDiagnostic(fmt.Errorf("wrapped: %w", err), s)
	}
	return result
}

// readErrors are errors of a read without a failed request.
func readErrors() map[string]error {
	return map[string]error{
		"incomplete list":        &functiongraph.ListingError{Reason: "Too many at once.", Advice: "Filter by status."},
		"too long for Terraform": &functiongraph.TooLongError{Executions: 800000},
		"no project":             &client.ProjectError{Name: "cn-north-4_dev", Region: "cn-north-4", Host: "iam.test"},
		"two projects":           &client.ProjectError{Name: "cn-north-4", Region: "cn-north-4", Host: "iam.test", Found: 2},
		"no credentials":         client.ErrNoCredentials,
		"no credentials, not even of the instance": &client.CredentialsError{
			Step: "the ECS metadata service",
			Err: fmt.Errorf("%w: %w", client.ErrNoCredentials, &client.APIError{
				Method: "GET", Host: "169.254.169.254", Path: "/openstack/latest/securitykey",
				Err: errors.New("connection refused"),
			}),
		},
		"a step without a request": &client.CredentialsError{
			Step: "assume_role_with_oidc of the provider block: the ID token", Err: errors.New("the file is empty"),
		},
		"a step that worked before": &client.CredentialsError{
			Step: "a step", Renewal: true, Err: fmt.Errorf("%w: gone", client.ErrNoCredentials),
		},
		"any other error": errors.New("the IAM endpoint must name a host"),
	}
}

// noClientDiagnostics are for a read without a client.
func noClientDiagnostics() map[string]diag.Diagnostic {
	return map[string]diag.Diagnostic{
		"no provider data": notConfiguredDiagnostics(nil)[0],
		"no reason":        notConfiguredDiagnostics(&ProviderData{})[0],
		"unknown arguments": notConfiguredDiagnostics(&ProviderData{
			Unknown: []string{"region", `endpoints["fgs"]`},
		})[0],
	}
}

// noTimeDiagnostics are for a timeout that has passed before the read begins.
func noTimeDiagnostics() map[string]diag.Diagnostic {
	late := testSubject
	late.timeout = -90 * time.Minute
	err := atFunctionGraph(client.APIError{Class: client.ClassDeadline, Err: errors.New("too late"), Silent: true})
	return map[string]diag.Diagnostic{"negative timeout": readDiagnostic(err, late)}
}

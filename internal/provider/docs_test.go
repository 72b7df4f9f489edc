package provider

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// page returns a page of the documentation.
func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

// The table of the provider's page has every argument with its variables in order,
// or a list names it as refused or without effect.
func TestDocs_arguments(t *testing.T) {
	t.Parallel()
	text := page(t, "index.md")
	_, ignored, _ := strings.Cut(text, "\nAccepted without effect: ")
	ignored, refused, _ := strings.Cut(ignored, "Refused, with what to use instead:")
	refused, _, _ = strings.Cut(refused, "\n\n")
	for _, argument := range allArguments() {
		row := "| `" + argument + "` | `" + strings.Join(variables[argument], "`, `") + "`"
		if len(variables[argument]) == 0 {
			row = "| `" + argument + "` | – |"
		}
		inList := strings.Contains(ignored, "`"+argument+"`") || strings.Contains(refused, "`"+argument+"`")
		if strings.Contains(text, row) == inList {
			t.Errorf("%s is not once in the table or in one of the lists; its row is %s", argument, row)
		}
		if inIgnored := strings.Contains(ignored,
			"`"+argument+"`"); inIgnored != slices.Contains(withoutEffect, argument) {
			t.Errorf("%s is said to be without effect: %t", argument, inIgnored)
		}
	}
}

// The guide for users of the vendor's provider names every argument that works
// differently.
func TestDocs_guide(t *testing.T) {
	t.Parallel()
	text := page(t, "guides/coming-from-the-vendors-provider.md")
	for _, argument := range append(slices.Clone(withoutEffect), "user_name", "user_id", "password", "agency_name",
		"agency_domain_name") {
		if !strings.Contains(text, "`"+argument+"`") {
			t.Errorf("%s is not in the guide", argument)
		}
	}
}

// The page warns of a variable that makes Terraform write secrets.
func TestDocs_protocolData(t *testing.T) {
	t.Parallel()
	_, logs, _ := strings.Cut(page(t, "index.md"), "\n## When Something Fails\n")
	if logs, _, _ = strings.Cut(logs, "\n## "); !strings.Contains(logs,
		"`TF_LOG_SDK_PROTO_DATA_DIR` writes keys in clear") {
		t.Error("nothing warns of TF_LOG_SDK_PROTO_DATA_DIR")
	}
}

package datasources

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// wantPrintable checks that an error's text contains printable characters only.
func wantPrintable(t *testing.T, text string) {
	t.Helper()

	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("not printable: %q", text)
	}
}

// An ID that is accepted is one segment of a path and not a URN.
func FuzzWorkflowIDValidator(f *testing.F) {
	for _, seed := range []string{
		"48aff955-ea10-4ffd-b426-190bc192dc14", "urn:fss:cn-north-4:p:workflow:default:flow:latest",
		"URN:fss", " urn:", "a/b", "..", ".", "...", "a?b", "a#b", "a b", " a", "a\n", "\u00a0a", "\u202ea", "函数流", "%2e%2e",
		strings.Repeat("x", 512), strings.Repeat("x", 513), "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if !utf8.ValidString(id) {
			return // Terraform has no such strings
		}
		if problem := workflowIDProblem(id); problem != "" {
			wantPrintable(t, problem)
			return
		}
		if n := utf8.RuneCountInString(id); n < 1 || n > 512 || strings.HasPrefix(strings.ToLower(id), "urn:") {
			t.Errorf("%q is accepted", id)
		}
		u, err := url.Parse("https://example.com/v2/p")
		if err != nil {
			t.Fatal(err)
		}
		u = u.JoinPath(url.PathEscape(id), "executions")
		if want := "/v2/p/" + id + "/executions"; u.Path != want || strings.Count(u.EscapedPath(), "/") != 4 {
			t.Errorf("%q leads to %s", id, u.EscapedPath())
		}
	})
}

// A time that is accepted is in RFC 3339.
func FuzzTimeArgument(f *testing.F) {
	for _, seed := range []string{
		"2026-01-31T12:00:00Z", "2026-01-31T20:00:00+08:00", "2026-01-31t12:00:00z", "2026-01-31 12:00:00Z",
		"2026-01-31T12:00:00.123456789Z", "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:60Z", "2026-02-30T00:00:00Z",
		"2026-01-31", "yesterday", "", "\x1b[31m",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, problem := parseTime(text)
		if problem != "" {
			wantPrintable(t, problem)
			return
		}
		if want, err := time.Parse(time.RFC3339, text); err != nil || !at.Equal(want) {
			t.Errorf("%q is read as %s, want %s, %v", text, at, want, err)
		}
	})
}

// A time of the service is converted to RFC 3339, and a second conversion changes
// nothing.
func FuzzTimeOfService(f *testing.F) {
	for _, seed := range []string{
		"2025-12-12T08:15:30Z", "2025-12-12 08:15:30", "2025-12-12T08:15:30.5+0800", "0001-01-01T00:00:00Z",
		"0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "soon", "", "\x1b[31m",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		value := timeOrNull(text)
		if value.IsNull() || value.ValueString() == text {
			return
		}
		if _, err := time.Parse(time.RFC3339, value.ValueString()); err != nil {
			t.Errorf("%q becomes %q, which is not a time: %v", text, value.ValueString(), err)
		}
		if again := timeOrNull(value.ValueString()); !again.Equal(value) {
			t.Errorf("%q becomes %s, and that %s", text, value, again)
		}
	})
}

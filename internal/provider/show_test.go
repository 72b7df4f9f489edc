package provider

import (
	"strings"
	"testing"
)

// A value that may be a misplaced secret is hidden.
func TestShow(t *testing.T) {
	t.Parallel()
	const hidden = " characters (not shown, because it may be a secret)"
	for text, want := range map[string]string{
		"cn-north-4\r": `"cn-north-4\r"`,
		"cn north":     `"cn north"`,
		"项目":           `"项目"`,
		"https://iam.cn-north-4.myhuaweicloud.com/": `"https://iam.cn-north-4.myhuaweicloud.com/"`,
		"functiongraphexecutions":                   `"functiongraphexecutions"`,
		"48aff955-ea10-4ffd-b426-190bc192dc14":      `"48aff955-ea10-4ffd-b426-190bc192dc14"`,
		"ABCDEFGHIJ0123456789":                      "a text of 20" + hidden,
		"https://user:pass@host":                    "a text of 22" + hidden,
		"eyJhbGc.eyJzdWI.x":                         "a text of 17" + hidden,
		"x=" + strings.Repeat("Ab1", 6):             "a text of 20" + hidden,
		strings.Repeat("a b ", 50): `a text of 200 characters that begins with "a b a b a b a b ` +
			`a b a b a"`,
	} {
		if got := show(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestShowFile(t *testing.T) {
	t.Parallel()
	for text, shown := range map[string]bool{
		"/etc/ssl/ca.pem": true, "~/token": true, "./a": true, "../a": true, `C:\certs\ca`: true, "ca.pem": true,
		`~\.hcloud\config.json`: true,
		"secret":                false, "MIIPlanted": false, "wJalrX/UtnFEMI/K7MDENG": false,
		"/ABCDEFGHIJ0123456789":          false,
		"eyJ.eyJ.pem":                    false,
		"./" + strings.Repeat("a/", 200): false,
	} {
		if got := showFile(text, false); strings.Contains(got, `the file "`) != shown {
			t.Errorf("%q, which may be nothing: got %s", text, got)
		}
		if got := showFile(text, true); !strings.Contains(got, `the file "`) {
			t.Errorf("%q, which exists: got %s", text, got)
		}
	}
}

func TestJSONProblem(t *testing.T) {
	t.Parallel()
	field := func(name string) string {
		return `must not be JSON: take the value of its field "` + name + `" alone, for example with jq -r .` + name
	}
	const one = "must not be JSON, of which one field alone is needed"
	for text, want := range map[string]string{
		"eyJh.eyJz.sig": "", "{": "", "{token}": "", `"T"`: "",
		`{"count":1,"value":"eyJh.eyJz.sig"}`:               field("value"),
		`{"access_token":"a","id_token":"b"}`:               field("id_token"),
		"\n{\"data\": {\"jwt\": \"eyJh.eyJz.sig\"}}\n":      field("data.jwt"),
		`{"token":"T","other":"eyJh.eyJz.sig"}`:             field("other"),
		`{"count":1}`:                                       one,
		`["eyJh.eyJz.sig"]`:                                 one,
		`{"ABCDEFGHIJ0123456789":"eyJh.eyJz.sig"}`:          one,
		`{"a b":"eyJh.eyJz.sig"}`:                           one,
		`{"a":{"b":{"c":"x"}},"token":7,"value":["token"]}`: one,
	} {
		if got := jsonProblem(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

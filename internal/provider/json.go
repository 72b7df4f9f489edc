package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// jsonWebToken matches the beginning of an ID token: two parts in base64, the
// first of which is JSON.
var jsonWebToken = regexp.MustCompile(`^eyJ[\w-]+\.[\w-]+`)

// usualFields are the names of fields in which services return tokens.
var usualFields = []string{"id_token", "token", "value", "access_token"}

// jsonProblem returns a hint for a value that is JSON instead of a key or a token,
// and "" for other values. CI systems return tokens in JSON, for example
// {"count":1,"value":"eyJ..."}. The hint contains the names of fields and no
// values.
func jsonProblem(text string) string {
	text = strings.TrimSpace(text)
	var value any
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &value) != nil {
		return ""
	}
	field := fieldOf(value)
	if field == "" {
		return "must not be JSON, of which one field alone is needed"
	}

	return fmt.Sprintf("must not be JSON: take the value of its field %q alone, for example with jq -r .%s",
		field, field)
}

// fieldOf returns the path of the field that contains a token, for example
// "data.id_token", or "". It prefers a field that looks like a token to a field
// that is named like one.
func fieldOf(value any) string {
	if found := findField("", value, func(_, text string) bool { return jsonWebToken.MatchString(text) }); found != "" {
		return found
	}
	for _, name := range usualFields {
		if found := findField("", value, func(field, _ string) bool { return field == name }); found != "" {
			return found
		}
	}

	return ""
}

// plainName matches the names of fields that need no quotes in jq. Like idPattern
// it does not bound the length.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// maxName is the greatest length of the name of a field in bytes. Longer ones are
// not shown.
const maxName = 64

// findField searches nested objects in the order of their names.
func findField(within string, value any, matches func(name, text string) bool) string {
	object, _ := value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !plainName.MatchString(name) || len(name) > maxName || mayBeSecret(name) {
			continue
		}
		if text, isText := object[name].(string); isText && matches(name, text) {
			return within + name
		}
		if found := findField(within+name+".", object[name], matches); found != "" {
			return found
		}
	}

	return ""
}

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// jsonWebToken matches the beginning of an ID token: two parts in base64, of
// which the first is JSON.
var jsonWebToken = regexp.MustCompile(`^eyJ[\w-]+\.[\w-]+`)

// usualFields are the names under which services return tokens.
var usualFields = []string{"id_token", "token", "value", "access_token"}

// jsonProblem returns what to do about a text that is JSON instead of a key or a
// token, or "" if it is none. It shows the names of fields and no values. CI
// systems return tokens so, for example {"count":1,"value":"eyJ..."}.
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

	return fmt.Sprintf("must not be JSON: take the value of its field %q alone, for example with jq -r .%s", field, field)
}

// fieldOf returns the path of the field that holds a token, for example
// "data.id_token", or "". What looks like a token goes before what is called one.
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

// plainName matches names of fields that need no quotes in jq.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// findField searches objects within objects, in the order of their names.
func findField(within string, value any, matches func(name, text string) bool) string {
	object, _ := value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !plainName.MatchString(name) || mayBeSecret(name) {
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

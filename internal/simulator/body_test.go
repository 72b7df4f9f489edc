package simulator

import (
	"net/http"
	"testing"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	const body = `{"auth":{"id_token":{"id":"<a&b>"}}}`
	const scoped = `{"auth":{"id_token":{"id":"i"},"scope":{"project":{"name":"n"}}}}`
	for name, tt := range map[string]struct {
		contentType, body string
		ok                bool
	}{
		"good":               {"application/json", body, true},
		"with a charset":     {"application/json;charset=utf8", body, true},
		"with a line end":    {"application/json", body + "\n", true},
		"optional":           {"application/json", scoped, true},
		"no type":            {"", body, false},
		"other type":         {"text/plain", body, false},
		"nothing":            {"application/json", "", false},
		"cut":                {"application/json", body[:20], false},
		"more":               {"application/json", body + body, false},
		"other kind":         {"application/json", `{"auth":"i"}`, false},
		"unknown field":      {"application/json", `{"auth":{"id_token":{"id":"i"}},"x":1}`, false},
		"name in other case": {"application/json", `{"Auth":{"id_token":{"id":"i"}}}`, false},
		"mandatory missing":  {"application/json", `{"auth":{"id_token":{}}}`, false},
		"optional empty": {"application/json",
			`{"auth":{"id_token":{"id":"i"},"scope":{"project":{"name":""}}}}`, false},
		"optional null": {"application/json", `{"auth":{"id_token":{"id":"i"},"scope":null}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := &call{Request: &http.Request{Header: http.Header{"Content-Type": {tt.contentType}}},
				body: []byte(tt.body)}
			if got := q.decode(new(wireIDTokenLogin)); got != tt.ok {
				t.Errorf("got %t, want %t", got, tt.ok)
			}
		})
	}
}

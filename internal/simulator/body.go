package simulator

import (
	"encoding/json"
	"mime"
	"reflect"
	"time"
)

// decode reads a JSON body into a wire struct, which must have a field for each
// field of the body, and reports whether the body is valid. It rejects a name in
// the wrong letter case and an empty field, because a client leaves out what it
// does not set.
func (q *call) decode(into any) bool {
	media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil || media != "application/json" || json.Unmarshal(q.body, into) != nil {
		return false
	}
	// encoding/json ignores the letter case of names and unknown fields. The
	// comparison with its own output shows both.
	var sent, understood any

	return json.Unmarshal(q.body, &sent) == nil && json.Unmarshal(encode(into), &understood) == nil &&
		reflect.DeepEqual(sent, understood)
}

// lifetime reads duration_seconds.
func lifetime(requested *int, most, otherwise int) (time.Duration, bool) {
	seconds := otherwise
	if requested != nil {
		seconds = *requested
	}

	return time.Duration(seconds) * time.Second, 900 <= seconds && seconds <= most
}

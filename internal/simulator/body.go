package simulator

import (
	"encoding/json"
	"errors"
	"mime"
	"reflect"
	"time"
)

var errBadBody = errors.New("body is not what the operation takes")

// decode reads a JSON body into a wire struct, which must have a field for each field of the body. It rejects a name in
// the wrong letter case and an empty field, because a client leaves out what it does not set.
func (q *call) decode(into any) error {
	if media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return errBadBody
	}
	var sent, understood any
	if json.Unmarshal(q.body, &sent) != nil || json.Unmarshal(q.body, into) != nil {
		return errBadBody
	}
	// encoding/json ignores the letter case of names and unknown fields. The comparison with its own output shows both.
	if json.Unmarshal(encode(into), &understood) != nil || !reflect.DeepEqual(sent, understood) {
		return errBadBody
	}

	return nil
}

// lifetime reads duration_seconds.
func lifetime(requested *int, most, otherwise int) (time.Duration, bool) {
	seconds := otherwise
	if requested != nil {
		seconds = *requested
	}

	return time.Duration(seconds) * time.Second, 900 <= seconds && seconds <= most
}

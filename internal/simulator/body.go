package simulator

import (
	"encoding/json"
	"errors"
	"mime"
	"reflect"
	"time"
)

var errBadBody = errors.New("body is not what the operation takes")

// decode reads a JSON body into a wire struct, which must have a field for everything in it. A name in the wrong case
// and a field that is sent empty are not taken either: a client that means "none" leaves it out.
func (q *call) decode(into any) error {
	if media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return errBadBody
	}
	var sent, understood any
	if json.Unmarshal(q.body, &sent) != nil || json.Unmarshal(q.body, into) != nil {
		return errBadBody
	}
	// encoding/json takes names in any case and passes over unknown ones. What it writes shows what it understood.
	if json.Unmarshal(encode(into), &understood) != nil || !reflect.DeepEqual(sent, understood) {
		return errBadBody
	}

	return nil
}

// lifetime reads duration_seconds.
func lifetime(asked *int, least, most, otherwise int) (time.Duration, bool) {
	seconds := otherwise
	if asked != nil {
		seconds = *asked
	}

	return time.Duration(seconds) * time.Second, least <= seconds && seconds <= most
}

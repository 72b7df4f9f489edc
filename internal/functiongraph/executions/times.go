package executions

import (
	"errors"
	"time"
)

// Form is a way to write start_time and end_time. The API page does not say
// which one the service reads (CLOUD.md 1.3).
type Form int

// The forms, the likelier one first.
const (
	SpaceForm   Form = iota // YYYY-MM-DD hh:mm:ss, the API Explorer's
	RFC3339Form             // as the service writes times itself
)

// Format writes a bound in UTC.
func (f Form) Format(t time.Time) string {
	if f == RFC3339Form {
		return t.UTC().Format(time.RFC3339)
	}

	return t.UTC().Format(time.DateTime)
}

func (f Form) other() Form { return RFC3339Form - f }

// readable are the layouts that answers may use; all take a fraction of a
// second, and those without a zone are in UTC (CLOUD.md 1.4).
var readable = []string{
	time.RFC3339,
	time.DateTime,
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04:05Z0700",
}

var errNoTime = errors.New("there is no time")

// ParseTime reads a time of an answer, in any of the forms that the service is
// known or suspected to use, as UTC. The zero date, which a service may write
// for "none", comes back as the zero time.
func ParseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, errNoTime // common, and costly to find in five ways
	}
	var first error
	for _, layout := range readable {
		t, err := time.Parse(layout, s)
		if err == nil {
			return t.UTC(), nil
		}
		if first == nil {
			first = err
		}
	}

	return time.Time{}, first
}

// floorSecond and ceilSecond round a bound outwards: the service's times have
// whole seconds.
func floorSecond(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

func ceilSecond(t time.Time) time.Time {
	return floorSecond(t.Add(time.Second - time.Nanosecond))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}

	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}

	return b
}

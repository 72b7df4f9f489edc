package executions

import (
	"testing"
	"time"
)

func TestForm(t *testing.T) {
	t.Parallel()

	at := time.Date(2025, 12, 12, 16, 15, 0, 0, time.FixedZone("UTC+8", 8*60*60))
	tests := map[string]struct {
		form  Form
		want  string
		other Form
	}{
		"with a space": {form: SpaceForm, want: "2025-12-12 08:15:00", other: RFC3339Form},
		"RFC 3339":     {form: RFC3339Form, want: "2025-12-12T08:15:00Z", other: SpaceForm},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := test.form.Format(at); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if got := test.form.other(); got != test.other {
				t.Errorf("the other form is %d, want %d", got, test.other)
			}
		})
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()

	whole := time.Date(2025, 12, 12, 8, 15, 30, 0, time.UTC)
	tests := map[string]struct {
		text string
		want time.Time
	}{
		"RFC 3339":              {"2025-12-12T08:15:30Z", whole},
		"offset":                {"2025-12-12T16:15:30+08:00", whole},
		"milliseconds":          {"2025-12-12T08:15:30.250Z", whole.Add(250 * time.Millisecond)},
		"nanoseconds":           {"2025-12-12T08:15:30.000000001Z", whole.Add(1)},
		"space":                 {"2025-12-12 08:15:30", whole},
		"space and fraction":    {"2025-12-12 08:15:30.5", whole.Add(500 * time.Millisecond)},
		"no zone":               {"2025-12-12T08:15:30", whole},
		"space and zone":        {"2025-12-12 08:15:30Z", whole},
		"space and offset":      {"2025-12-12 16:15:30+08:00", whole},
		"zero date":             {"0001-01-01T00:00:00Z", time.Time{}},
		"zero date with spaces": {"0001-01-01 00:00:00", time.Time{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := ParseTime(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want { // the zone too
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestParseTime_unreadable(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"", "soon", "2025-12-12", "2025-12-12T08:15Z", "2025-13-12T08:15:30Z", "2025-12-12T08:15:30Z.", "1765527330",
	} {
		if got, err := ParseTime(text); err == nil || !got.IsZero() {
			t.Errorf("%q: got %v, %v; want an error", text, got, err)
		}
	}
}

func TestSecondsAreRoundedOutwards(t *testing.T) {
	t.Parallel()

	whole := time.Date(2025, 12, 12, 8, 15, 30, 0, time.UTC)
	next := whole.Add(time.Second)
	zone := time.FixedZone("UTC+8", 8*60*60)
	tests := map[string]struct{ at, floor, ceil time.Time }{
		"whole":           {whole, whole, whole},
		"a little more":   {whole.Add(1), whole, next},
		"almost the next": {next.Add(-1), whole, next},
		"half":            {whole.Add(time.Second / 2), whole, next},
		"in another zone": {whole.Add(1).In(zone), whole, next},
		"before the epoch": {
			time.Date(1969, 12, 31, 23, 59, 59, 1, time.UTC),
			time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), time.Unix(0, 0).UTC(),
		},
		"over the midnight": {
			time.Date(2025, 12, 31, 23, 59, 59, 1, time.UTC),
			time.Date(2025, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := floorSecond(test.at); got != test.floor {
				t.Errorf("floor %v, want %v", got, test.floor)
			}
			if got := ceilSecond(test.at); got != test.ceil {
				t.Errorf("ceil %v, want %v", got, test.ceil)
			}
		})
	}
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{
		"2025-12-12T08:15:30Z", "2025-12-12 08:15:30", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00+23:59",
		"9999-12-31T23:59:59.999-23:59", "", "soon",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := ParseTime(text)
		if err != nil {
			if !at.IsZero() {
				t.Fatalf("%q: got %v with an error", text, at)
			}
			return
		}
		if at.Location() != time.UTC {
			t.Fatalf("%q: got %v, want UTC", text, at)
		}
		if floor, ceil := floorSecond(at), ceilSecond(at); floor.After(at) || ceil.Before(at) ||
			ceil.Sub(floor) > time.Second {
			t.Fatalf("%q is rounded to %v and %v", text, floor, ceil)
		}
		// What is written in either form is read as the same second.
		if at.Year() < 0 || at.Year() > 9999 {
			return
		}
		for _, form := range []Form{SpaceForm, RFC3339Form} {
			if again, err := ParseTime(form.Format(at)); err != nil || !again.Equal(floorSecond(at)) {
				t.Fatalf("%q: %q is read as %v, %v", text, form.Format(at), again, err)
			}
		}
	})
}

package listing

import (
	"testing"
	"time"
)

func at(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

// However a span is divided, the parts are whole seconds, neither overlap nor
// leave anything out, and are smaller.
func TestSpan_divide(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		rows []Execution
		cut  int // where the newer part begins
	}{
		"no rows":                  {nil, 6},
		"around the middle row":    {rowsAt(9, 8, 2), 8},
		"all in one second":        {rowsAt(3, 3, 3), 3},
		"in the first second":      {rowsAt(0, 0), 6},
		"in the last second":       {rowsAt(10, 10), 10},
		"outside":                  {rowsAt(11, 99), 6},
		"without a readable begin": {rowsAt(-1, -1, 4), 4},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			parts := span{at(0), at(10)}.divide(test.rows)
			want := []span{{at(0), at(test.cut - 1)}, {at(test.cut), at(10)}}
			if len(parts) != 2 || parts[0] != want[0] || parts[1] != want[1] {
				t.Errorf("got %v, want %v", parts, want)
			}
		})
	}

	if parts := (span{at(0), at(1)}).divide(nil); parts[0] != (span{at(0), at(0)}) || parts[1] != (span{at(1), at(1)}) {
		t.Errorf("two seconds are divided into %v", parts)
	}
}

// The service's own rules for what a question covers.
func TestQuestion_window(t *testing.T) {
	t.Parallel()

	const day = 24 * time.Hour
	tests := map[string]struct {
		question Question
		want     span
	}{
		"neither": {Question{}, span{noon.Add(-3 * day), noon}},
		"start":   {Question{Start: noon.Add(-9 * day)}, span{noon.Add(-9 * day), noon.Add(-6 * day)}},
		"end":     {Question{End: noon.Add(-9 * day)}, span{noon.Add(-12 * day), noon.Add(-9 * day)}},
		"both":    {Question{Start: noon.Add(-9 * day), End: noon}, span{noon.Add(-9 * day), noon}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := test.question.window(noon); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

package listing

import (
	"fmt"
	"testing"
	"time"
)

// Whatever field the bounds apply to, whichever edges are inside: the proof
// that it is begin_time must be given for that field and for no other.
func TestJudge(t *testing.T) {
	t.Parallel()

	// A run every minute, of ten minutes each; the page knows the newest 200.
	var all []Execution
	for i := range 300 {
		begin := noon.Add(-time.Duration(i) * time.Minute)
		end := begin.Add(10 * time.Minute)
		all = append(all, Execution{ExecutionID: fmt.Sprint(i), EndTime: "set", Status: "success", begin: begin, end: end, update: end.Add(time.Second)})
	}
	known := all[:200]
	s, ok := calibrationSpan(known)
	if !ok {
		t.Fatal("no span to calibrate with")
	}

	fields := map[string]struct {
		isInside func(Execution, func(time.Time) bool, func(time.Time) bool) bool
		want     belief
	}{
		"begin":   {func(e Execution, after, before func(time.Time) bool) bool { return after(e.begin) && before(e.begin) }, proven},
		"update":  {func(e Execution, after, before func(time.Time) bool) bool { return after(e.update) && before(e.update) }, refuted},
		"end":     {func(e Execution, after, before func(time.Time) bool) bool { return after(e.end) && before(e.end) }, refuted},
		"overlap": {func(e Execution, after, before func(time.Time) bool) bool { return before(e.begin) && after(e.end) }, refuted},
		"nothing": {func(Execution, func(time.Time) bool, func(time.Time) bool) bool { return true }, refuted},
	}
	for name, field := range fields {
		for edges := range 4 {
			t.Run(fmt.Sprintf("%s, edges %b", name, edges), func(t *testing.T) {
				t.Parallel()

				after := func(t time.Time) bool { return t.After(s.from) || edges&1 != 0 && t.Equal(s.from) }
				before := func(t time.Time) bool { return t.Before(s.to) || edges&2 != 0 && t.Equal(s.to) }
				var shown []Execution
				for _, e := range all {
					if field.isInside(e, after, before) {
						shown = append(shown, e)
					}
				}
				if got := (&list{}).judge(known, shown, s); got != field.want {
					t.Errorf("got %d, want %d", got, field.want)
				}
			})
		}
	}

	t.Run("a known run is missing", func(t *testing.T) {
		t.Parallel()

		var shown []Execution
		for _, e := range all {
			if s.contains(e.begin) {
				shown = append(shown, e)
			}
		}
		if got := (&list{}).judge(known, shown[1:], s); got != refuted {
			t.Errorf("got %d, want %d", got, refuted)
		}
	})
}

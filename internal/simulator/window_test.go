package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// windowCase is a service and the parameters of a request.
type windowCase struct {
	bounds     string // which are sent
	form       TimeForm
	understood TimeForm
	Behaviour
}

func windowCases(yield func(windowCase) bool) {
	forms := [][2]TimeForm{
		{SpaceTimeForm, AnyTimeForm}, {SpaceTimeForm, SpaceTimeForm},
		{RFC3339TimeForm, AnyTimeForm}, {RFC3339TimeForm, RFC3339TimeForm},
	}
	for _, bounds := range []string{"none", "start", "end", "both"} {
		for _, form := range forms {
			for edges := range 4 {
				// All pairs of three fields and three orders.
				for i := range 9 {
					b := Behaviour{TimeForm: form[1], ExcludeStart: edges&1 != 0, ExcludeEnd: edges&2 != 0}
					b.Window, b.Order = WindowField(i%3), Order(i/3)
					if !yield(windowCase{bounds, form[0], form[1], b}) {
						return
					}
				}
			}
		}
	}
}

// All combinations of bounds, forms, edges, fields and orders. Rows lie on the
// edges of the window, and one second before and after them.
func TestWindow(t *testing.T) {
	t.Parallel()
	const day = 24
	windows := map[string]struct{ sendStart, sendEnd, start, end time.Time }{
		"none":  {start: at(3 * day), end: testNow},
		"start": {sendStart: at(10 * day), start: at(10 * day), end: at(7 * day)},
		"end":   {sendEnd: at(20 * day), start: at(23 * day), end: at(20 * day)},
		"both":  {sendStart: at(40 * day), sendEnd: at(30 * day), start: at(40 * day), end: at(30 * day)},
	}
	for tt := range windowCases {
		name := fmt.Sprintf("%s sent as %v to %v/%v/%v/exclude %t %t",
			tt.bounds, tt.form, tt.understood, tt.Window, tt.Order, tt.ExcludeStart, tt.ExcludeEnd)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			win := windows[tt.bounds]
			c := New(Config{Now: fixedClock, Behaviour: tt.Behaviour})
			c.AddWorkflow(testWorkflow, onEdges(tt.Window, win.start, win.end)...)
			layout := tt.form.layouts()[0]
			var params []string
			if !win.sendStart.IsZero() {
				params = append(params, "start_time", win.sendStart.Format(layout))
			}
			if !win.sendEnd.IsZero() {
				params = append(params, "end_time", win.sendEnd.Format(layout))
			}

			got := inProcess(c).list(t, params...).ids()
			slices.Sort(got)
			want := []string{"after start", "before end", "inside"}
			if !tt.ExcludeEnd {
				want = append(want, "on end")
			}
			if !tt.ExcludeStart {
				want = append(want, "on start")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// onEdges returns rows whose given field lies around the edges of a window. Their
// other fields mislead a service that compares the wrong one.
func onEdges(field WindowField, start, end time.Time) []Execution {
	inside := start.Add(end.Sub(start) / 2)
	row := func(id string, in, others time.Time) Execution {
		e := Execution{ID: id, Begin: others, LastUpdate: others, End: others}
		switch field {
		case WindowLastUpdate:
			e.LastUpdate = in
		case WindowEnd:
			e.End = in
		default:
			e.Begin = in
		}
		return e
	}

	return []Execution{
		row("before start", start.Add(-time.Second), inside),
		row("on start", start, inside),
		row("after start", start.Add(time.Second), inside),
		row("inside", inside, start.Add(-time.Hour)),
		row("before end", end.Add(-time.Second), inside),
		row("on end", end, inside),
		row("after end", end.Add(time.Second), inside),
		row("absent", time.Time{}, inside),
	}
}

func TestWindow_overlap(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Behaviour: Behaviour{Window: WindowOverlap, Order: OldestFirst}})
	c.AddWorkflow(testWorkflow,
		Execution{ID: "over before", Begin: at(12), End: at(11)},
		Execution{ID: "ends inside", Begin: at(11), End: at(9)},
		Execution{ID: "around", Begin: at(10.5), End: at(1)},
		Execution{ID: "runs since before", Begin: at(10.2)},
		Execution{ID: "inside", Begin: at(9), End: at(8.5)},
		Execution{ID: "begins inside", Begin: at(8.2), End: at(7)},
		Execution{ID: "begins after", Begin: at(7), End: at(6)},
	)
	got := inProcess(c).list(t, "start_time", at(10).Format(spaceLayout), "end_time", at(8).Format(spaceLayout)).ids()
	want := []string{"ends inside", "around", "runs since before", "inside", "begins inside"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// A bound in an unknown form is an error or counts as not sent.
func TestWindow_unreadTime(t *testing.T) {
	t.Parallel()
	old, recent := Execution{ID: "old", Begin: at(240)}, Execution{ID: "recent", Begin: at(1)}
	space, rfc3339 := at(241).Format(spaceLayout), at(241).Format(rfc3339Layout)
	tests := map[string]struct {
		form TimeForm
		sent string
		read bool
	}{
		"space is read":      {SpaceTimeForm, space, true},
		"RFC 3339 for space": {SpaceTimeForm, rfc3339, false},
		"none is read":       {NoTimeForm, space, false},
		"RFC 3339 is read":   {RFC3339TimeForm, rfc3339, true},
		"space for RFC 3339": {RFC3339TimeForm, space, false},
		"fraction":           {AnyTimeForm, "2026-02-28T11:00:00.5Z", false},
		"offset":             {AnyTimeForm, "2026-02-28T11:00:00+00:00", false},
		"one digit":          {AnyTimeForm, "2026-02-28 1:00:00", false},
		"date alone":         {AnyTimeForm, "2026-02-28", false},
		"empty":              {AnyTimeForm, "", false},
	}
	for name, tt := range tests {
		for _, unread := range []UnreadTime{UnreadTimeRejected, UnreadTimeIgnored} {
			t.Run(fmt.Sprintf("%s/%v", name, unread), func(t *testing.T) {
				t.Parallel()
				c := New(Config{Now: fixedClock, Behaviour: Behaviour{TimeForm: tt.form, UnreadTime: unread}})
				c.AddWorkflow(testWorkflow, old, recent)
				got := inProcess(c).list(t, "start_time", tt.sent)
				switch {
				case tt.read:
					if diff := cmp.Diff([]string{"old"}, got.ids()); diff != "" {
						t.Errorf("rows (-want +got):\n%s", diff)
					}
				case unread == UnreadTimeIgnored:
					if diff := cmp.Diff([]string{"recent"}, got.ids()); diff != "" {
						t.Errorf("rows (-want +got):\n%s", diff)
					}
				case got.status != http.StatusBadRequest:
					t.Errorf("status %d, want 400", got.status)
				}
			})
		}
	}
}

func TestWindow_startAfterEnd(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	c.AddWorkflow(testWorkflow, Execution{ID: "a", Begin: at(5)})
	got := inProcess(c).list(t, "start_time", at(4).Format(spaceLayout), "end_time", at(6).Format(spaceLayout))
	if got.status != http.StatusOK || len(got.rows) != 0 {
		t.Errorf("status %d, rows %v; want none", got.status, got.ids())
	}
}

// bounded lists the executions between two times, which are sent in one form. Row
// "n" begins n hours before the clock.
func bounded(t *testing.T, b Behaviour, layout string, start, end time.Time) string {
	t.Helper()
	c := New(Config{Now: fixedClock, Behaviour: b})
	for _, hours := range []int{1, 5, 9, 13, 71, 73, 95, 100} {
		c.AddWorkflow(testWorkflow, Execution{ID: fmt.Sprint(hours), Begin: at(float64(hours))})
	}
	var params []string
	if !start.IsZero() {
		params = append(params, "start_time", start.Format(layout))
	}
	if !end.IsZero() {
		params = append(params, "end_time", end.Format(layout))
	}
	got := inProcess(c).list(t, params...)
	if got.status != http.StatusOK {
		return fmt.Sprint(got.status)
	}

	return got.line()
}

func TestWindow_zone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		zone           Zone
		space, rfc3339 string
	}{
		{ZoneUTC, "1 5", "1 5"},
		{ZoneChinaUnlessNamed, "9 13", "1 5"},
		{ZoneChina, "9 13", "9 13"},
	}
	for _, tt := range tests {
		t.Run(tt.zone.String(), func(t *testing.T) {
			t.Parallel()
			b := Behaviour{Zone: tt.zone}
			if got := bounded(t, b, spaceLayout, at(6), at(0)); got != tt.space {
				t.Errorf("rows %s with a space, want %s", got, tt.space)
			}
			if got := bounded(t, b, rfc3339Layout, at(6), at(0)); got != tt.rfc3339 {
				t.Errorf("rows %s as RFC 3339, want %s", got, tt.rfc3339)
			}
		})
	}
}

// The documented defaults, and all alternatives.
func TestWindow_span(t *testing.T) {
	t.Parallel()
	none := time.Time{}
	tests := []struct {
		name       string
		behaviour  Behaviour
		start, end time.Time
		want       string
	}{
		{"both", Behaviour{}, at(101), at(0), "1 5 9 13 71 73 95 100"},
		{"long enough", Behaviour{MaxSpan: 72 * time.Hour}, at(72), at(0), "1 5 9 13 71"},
		{"newer part left out", Behaviour{MaxSpan: 72 * time.Hour}, at(101), at(0), "71 73 95 100"},
		{"older part left out", Behaviour{MaxSpan: 72 * time.Hour, SpanCut: SpanKeepsEnd}, at(101), at(0),
			"1 5 9 13 71"},
		{"too long", Behaviour{MaxSpan: 72 * time.Hour, SpanCut: SpanRejected}, at(101), at(0), "400"},
		{"none", Behaviour{}, none, none, "1 5 9 13 71"},
		{"none, another default", Behaviour{DefaultSpan: 8 * time.Hour}, none, none, "1 5"},
		{"start", Behaviour{}, at(100), none, "71 73 95 100"},
		{"start, open", Behaviour{LoneBound: LoneBoundOpen}, at(100), none, "1 5 9 13 71 73 95 100"},
		{"start, ignored", Behaviour{LoneBound: LoneBoundIgnored}, at(100), none, "1 5 9 13 71"},
		{"end", Behaviour{}, none, at(10), "13 71 73"},
		{"end, open", Behaviour{LoneBound: LoneBoundOpen}, none, at(10), "13 71 73 95 100"},
		{"end, ignored", Behaviour{LoneBound: LoneBoundIgnored}, none, at(10), "1 5 9 13 71"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := bounded(t, tt.behaviour, spaceLayout, tt.start, tt.end); got != tt.want {
				t.Errorf("rows %s, want %s", got, tt.want)
			}
		})
	}
}

func TestWindow_precision(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Behaviour: Behaviour{Precision: time.Minute}})
	c.AddWorkflow(testWorkflow,
		Execution{ID: "early", Begin: at(1).Add(10 * time.Second)},
		Execution{ID: "late", Begin: at(0.5).Add(10 * time.Second)},
	)
	got := inProcess(c).list(t, "start_time", at(1).Add(20*time.Second).Format(spaceLayout),
		"end_time", at(0.5).Add(20*time.Second).Format(spaceLayout)).line()
	if got != "early" {
		t.Errorf("rows %q, want early", got)
	}
}

func TestFractions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fractions Fractions
		shown     string
		line      string // of the rows up to and with the second that they begin in
	}{
		{FractionsCut, "2026-03-10T11:00:00Z", "late early"},
		{FractionsHidden, "2026-03-10T11:00:00Z", ""},
		{FractionsRounded, "2026-03-10T11:00:01Z", ""},
	}
	for _, tt := range tests {
		t.Run(tt.fractions.String(), func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Behaviour: Behaviour{Fractions: tt.fractions}})
			c.AddWorkflow(testWorkflow,
				Execution{ID: "early", Begin: at(1).Add(600 * time.Millisecond)},
				Execution{ID: "late", Begin: at(1).Add(900 * time.Millisecond)},
			)
			c.UpdateExecution(testWorkflow, "early", func(e *Execution) { e.End = testNow })
			cl := inProcess(c)
			all := cl.list(t)
			if all.line() != "late early" || all.rows[1]["begin_time"] != tt.shown {
				t.Errorf("rows %v, want one at %s last", all.rows, tt.shown)
			}
			if got := cl.list(t, "end_time", at(1).Format(spaceLayout)).line(); got != tt.line {
				t.Errorf("rows %q, want %q", got, tt.line)
			}
		})
	}
}

package simulator

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// line returns the execution IDs of a list.
func (r reply) line() string { return strings.Join(r.ids(), " ") }

// Each field results in a different order. One running row has no end.
func orderedRows() []Execution {
	return []Execution{
		{ID: "c", Begin: at(4), LastUpdate: at(1.5), End: at(2), Status: "success"},
		{ID: "a", Begin: at(3), LastUpdate: at(2.5), End: at(1), Status: "fail"},
		{ID: "d", Begin: at(2), LastUpdate: at(2), Status: "running"},
		{ID: "b", Begin: at(1), LastUpdate: at(1), End: at(0.5), Status: "success"},
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		behaviour Behaviour
		want      string
	}{
		{Behaviour{}, "b d a c"},
		{Behaviour{Order: OldestFirst}, "c a d b"},
		{Behaviour{OrderBy: OrderByLastUpdate}, "b c d a"},
		{Behaviour{OrderBy: OrderByLastUpdate, Order: OldestFirst}, "a d c b"},
		{Behaviour{OrderBy: OrderByEnd}, "b a c d"},
		{Behaviour{OrderBy: OrderByEnd, Order: OldestFirst}, "d c a b"},
		{Behaviour{OrderBy: OrderByEnd, Missing: MissingFirst}, "d b a c"},
		{Behaviour{OrderBy: OrderByEnd, Missing: MissingLast}, "b a c d"},
		{Behaviour{OrderBy: OrderByEnd, Missing: MissingFirst, Order: OldestFirst}, "d c a b"},
		{Behaviour{OrderBy: OrderByEnd, Missing: MissingLast, Order: OldestFirst}, "c a b d"},
		{Behaviour{OrderBy: OrderByID}, "d c b a"},
		{Behaviour{OrderBy: OrderByID, Order: OldestFirst}, "a b c d"},
		{Behaviour{Running: RunningFirst}, "d b a c"},
		{Behaviour{Running: RunningLast}, "b a c d"},
		{Behaviour{Running: RunningFirst, Order: OldestFirst}, "d c a b"},
		{Behaviour{Running: RunningFirst, OrderBy: OrderByID, Order: OldestFirst}, "d a b c"},
		{Behaviour{Running: RunningLast, OrderBy: OrderByEnd, Missing: MissingFirst}, "b a c d"},
	}
	for _, tt := range tests {
		// Neither the compared field nor the way to find rows changes the order.
		for window := WindowBegin; window <= WindowOverlap; window++ {
			t.Run(fmt.Sprintf("%v, window %v", tt.behaviour, window), func(t *testing.T) {
				t.Parallel()
				b := tt.behaviour
				b.Window = window
				c := New(Config{Now: fixedClock, Behaviour: b})
				c.AddWorkflow(testWorkflow, orderedRows()...)
				want := tt.want
				if window == WindowEnd {
					want = without(want, "d")
				}
				cl := inProcess(c)
				if diff := cmp.Diff(want, cl.list(t).line()); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
				c.AddWorkflow(testWorkflow, numbered(100)[50:]...) // elsewhere
				got := cl.list(t, "start_time", at(4).Format(spaceLayout), "end_time",
					at(0.9).Format(spaceLayout)).ids()
				got = slices.DeleteFunc(got, func(id string) bool { return id < "a" })
				if window == WindowEnd {
					want = without(want, "b")
				}
				if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
					t.Errorf("rows in a window (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// without returns a list of IDs without one of them.
func without(line, id string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(line, id, "")), " ")
}

// A page is the same part of the list, however its rows are found.
func TestOrder_pages(t *testing.T) {
	t.Parallel()
	all := Seed(400, testNow, 7*time.Second, 1)
	for i := range numbered(30) { // ties
		all[i+100].Begin, all[i+100].End, all[i+100].LastUpdate = all[100].Begin, all[100].Begin, all[100].Begin
	}
	for _, order := range []Order{NewestFirst, OldestFirst, Unordered} {
		for field := OrderByBegin; field <= OrderByID; field++ {
			for window := WindowBegin; window <= WindowOverlap; window++ {
				for _, status := range []string{"", "success"} {
					t.Run(fmt.Sprintf("%v, %v, window %v, %q", order, field, window, status), func(t *testing.T) {
						t.Parallel()
						c := New(Config{Now: fixedClock,
							Behaviour: Behaviour{Order: order, OrderBy: field, Window: window}})
						c.AddWorkflow(testWorkflow, all...)
						cl := inProcess(c)
						for _, minutes := range []int{2, 20, 60} {
							params := []string{
								"start_time", testNow.Add(-time.Duration(minutes) * time.Minute).Format(spaceLayout),
								"end_time", testNow.Add(-time.Minute).Format(spaceLayout),
							}
							if status != "" {
								params = append(params, "status", status)
							}
							whole := cl.list(t, params...).ids()
							var pages []string
							for offset := 0; offset < len(whole); offset += 29 {
								pages = append(pages, cl.list(t,
									append(params, "limit", "29", "offset", fmt.Sprint(offset))...).ids()...)
							}
							if diff := cmp.Diff(whole, pages[:min(len(whole), len(pages))]); diff != "" {
								t.Errorf("%d minutes: pages (-whole +pages):\n%s", minutes, diff)
							}
						}
					})
				}
			}
		}
	}
}

func TestShuffle(t *testing.T) {
	t.Parallel()
	lists := func(b Behaviour, executions []Execution) []string {
		c := New(Config{Now: fixedClock, Behaviour: b})
		c.AddWorkflow(testWorkflow, executions...)
		var lines []string
		for range 10 {
			lines = append(lines, inProcess(c).list(t, "limit", "5").line())
		}
		return lines
	}
	all := numbered(100)
	ties := numbered(3)
	for i := range 50 {
		ties = append(ties, Execution{ID: fmt.Sprint("t", i), Begin: at(5)})
	}
	if got := lists(Behaviour{Shuffle: ShuffleAll}, all); got[0] == got[1] && got[1] == got[2] ||
		got[0] == "0 1 2 3 4" {
		t.Errorf("shuffled lists begin with %q", got)
	}
	if got := lists(Behaviour{Shuffle: ShuffleTies}, all); len(slices.Compact(got)) != 1 || got[0] != "0 1 2 3 4" {
		t.Errorf("lists without ties begin with %q", got)
	}
	got := lists(Behaviour{Shuffle: ShuffleTies}, ties)
	for _, line := range got {
		if !strings.HasPrefix(line, "0 1 2 t") {
			t.Errorf("a list with ties begins with %q", line)
		}
	}
	if len(slices.Compact(got)) < 5 {
		t.Errorf("lists with ties begin with %q", got)
	}
}

func TestOffsetCap(t *testing.T) {
	t.Parallel()
	for beyond, want := range map[OffsetBeyond]string{
		OffsetLastPage:   "4 5",
		OffsetFirstPage:  "0 1",
		OffsetNoRows:     "",
		OffsetBadRequest: "400",
	} {
		t.Run(beyond.String(), func(t *testing.T) {
			t.Parallel()
			cl := inProcess(newCloud(10, Behaviour{OffsetCap: 4, OffsetBeyond: beyond}))
			if got := cl.list(t, "limit", "2", "offset", "4").line(); got != "4 5" {
				t.Errorf("rows %s at the largest offset", got)
			}
			got := cl.list(t, "limit", "2", "offset", "5")
			line := got.line()
			if got.status != 200 {
				line = fmt.Sprint(got.status)
			}
			if line != want {
				t.Errorf("rows %q beyond it, want %q", line, want)
			}
		})
	}
}

// Finding a page of a long list does not visit all rows.
func BenchmarkPage(b *testing.B) {
	all := Seed(100_000, testNow, 2*time.Second, 1)
	for _, behaviour := range []Behaviour{
		{},
		{Window: WindowLastUpdate},
		{OrderBy: OrderByEnd, Missing: MissingLast},
		{OrderBy: OrderByLastUpdate, Order: OldestFirst, Running: RunningLast},
		{Order: Unordered},
		{Shuffle: ShuffleAll},
	} {
		b.Run(fmt.Sprint(behaviour), func(b *testing.B) {
			w := &workflow{}
			for i, e := range all {
				w.rows = append(w.rows, newRow(e, i))
			}
			query := listQuery{limit: 200}
			query.window = window{start: at(30), end: at(29.9), field: behaviour.Window}
			for b.Loop() {
				if len(w.page(query, behaviour, 1)) == 0 {
					b.Fatal("no rows")
				}
			}
		})
	}
}

package executions_test

import (
	"fmt"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// zoneWindows are questions whose ends matter if bounds are read eight hours
// earlier than they are meant.
var zoneWindows = map[string]func() executions.Question{
	"default":          func() executions.Question { return executions.Question{} },
	"until now":        func() executions.Question { return fromTo(70*time.Hour, 0) },
	"the last hours":   func() executions.Question { return fromTo(4*time.Hour, 0) },
	"until tonight":    func() executions.Question { return fromTo(70*time.Hour, 5*time.Hour) },
	"until tomorrow":   func() executions.Question { return fromTo(60*time.Hour, 12*time.Hour-time.Minute) },
	"of the past":      func() executions.Question { return fromTo(60*time.Hour, -5*time.Hour) },
	"a short one":      func() executions.Question { return fromTo(20*time.Hour, -15*time.Hour) },
	"a long one":       func() executions.Question { return fromTo(200*time.Hour, -10*time.Hour) },
	"before all runs":  func() executions.Question { return fromTo(200*time.Hour, -100*time.Hour) },
	"a start":          func() executions.Question { return from(50 * time.Hour) },
	"an end":           func() executions.Question { return executions.Question{End: time.Now().Add(-4 * time.Hour)} },
	"an end, tomorrow": func() executions.Question { return executions.Question{End: time.Now().Add(20 * time.Hour)} },
}

// A service may read bounds as UTC+8, in one form or in both. Every list is exact,
// whatever its rows show of the zone.
func TestDirected_zone(t *testing.T) {
	t.Parallel()
	orders := []traits{{}, {ascending: true}, {compared: byUpdate}, {sortBy: byHash}, {offset: offsetRefused}}
	for name, question := range zoneWindows {
		for _, z := range []zone{chinaUnlessNamed, china} {
			inBubble(t, fmt.Sprintf("%s, %s", name, z), func(t *testing.T) {
				for _, n := range race.Choose([]int{0, 1, 30, 300}, []int{1, 30}) {
					for _, gap := range []int64{10 * second, 48 * hour / int64(max(n, 1))} {
						for _, limit := range []int{0, 5, 250} {
							for _, trait := range orders {
								trait.zone = z
								runs := spaced(n, gap)
								q := question()
								q.Limit = limit
								s := serve(trait, runs)
								s.expect(t, exact, &executions.Facts{}, q, belonging(runs, isAsked(q)))
								if t.Failed() {
									t.Fatalf("%d runs, %v, limit %d, %d s apart", n, trait, limit, gap/second)
								}
							}
						}
					}
				}
			})
		}
	}
}

// isAsked reports whether a run that began and ended at once belongs to a
// question.
func isAsked(q executions.Question) func(*run) bool {
	return func(r *run) bool {
		from, to := q.Start, q.End
		switch {
		case from.IsZero() && to.IsZero():
			from, to = time.Now().Add(-72*time.Hour), time.Now()
		case from.IsZero():
			from = to.Add(-72 * time.Hour)
		case to.IsZero():
			to = from.Add(72 * time.Hour)
		}
		return (q.Status == "" || r.status == q.Status) && r.begin >= ms(from) && r.begin <= ms(to)
	}
}

// Runs that go on show less of the zone, because those that began before a window
// may belong to it.
func TestDirected_zoneOfRunning(t *testing.T) {
	t.Parallel()
	for name, question := range zoneWindows {
		for _, z := range []zone{"", chinaUnlessNamed, china} {
			inBubble(t, fmt.Sprintf("%s, zone %q", name, z), func(t *testing.T) {
				for _, n := range []int{1, 30} {
					for _, updated := range []int64{0, 10 * hour, 100 * hour} {
						for _, more := range []int{0, 40} {
							runs := spaced(n, 48*hour/int64(n))
							for _, r := range runs {
								r.stillRunning()
								r.update = min(r.begin+updated, ms(time.Now()))
							}
							others := spaced(more, hour)
							for _, r := range others {
								r.id += " ended"
							}
							q := question()
							q.Status = "running"
							all := append(runs, others...)
							s := serve(traits{zone: z}, all)
							s.expect(t, exact, &executions.Facts{}, q, belonging(all, isAsked(q)))
							if t.Failed() {
								t.Fatalf("%d runs, updated after %d s, %d others", n, updated/second, more)
							}
						}
					}
				}
			})
		}
	}
}

// The zone is found out once a process.
func TestDirected_zoneIsLearnt(t *testing.T) {
	t.Parallel()
	for _, z := range []zone{"", chinaUnlessNamed, china} {
		inBubble(t, fmt.Sprintf("%q", z), func(t *testing.T) {
			runs := spaced(30, hour)
			facts := &executions.Facts{}
			for i := range 3 {
				s := serve(traits{zone: z}, runs)
				q := fromTo(60*time.Hour, -12*time.Hour)
				s.expect(t, exact, facts, q, belonging(runs, isAsked(q)))
				if n := s.count(); i > 0 && n != 1 {
					t.Errorf("list %d: got %d requests, want 1", i, n)
				}
			}
		})
	}
}

// A short page in the wrong zone is not the list if the page in the right zone is
// full.
func TestDirected_fullInAnotherZone(t *testing.T) {
	t.Parallel()
	order := traits{zone: china, compared: byAny, offset: offsetRefused}
	inBubble(t, order.String(), func(t *testing.T) {
		runs := spaced(400, 0)
		for _, r := range runs {
			r.stillRunning()
		}
		s := serve(order, runs)
		s.expect(t, exactOrRefused, &executions.Facts{}, fromTo(time.Hour, time.Hour), belonging(runs, every))
	})
}

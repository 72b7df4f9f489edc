package executions_test

import (
	"fmt"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// A service may read bounds as UTC+8. No list may lack what it leaves out at the end of a window, whether rows show
// the zone or not.
func TestDirected_chinaTime(t *testing.T) {
	t.Parallel()
	const hours = time.Hour
	windows := map[string]func() executions.Question{
		"default":       func() executions.Question { return executions.Question{} },
		"until now":     func() executions.Question { return fromTo(70*hours, 0) },
		"until tonight": func() executions.Question { return fromTo(70*hours, 5*hours) },
		"ahead":         func() executions.Question { return fromTo(60*hours, 12*hours-time.Minute) },
		"of the past":   func() executions.Question { return fromTo(60*hours, -5*hours) },
		"a start":       func() executions.Question { return from(50 * hours) },
		"an end":        func() executions.Question { return executions.Question{End: time.Now().Add(-4 * hours)} },
	}
	for name, question := range windows {
		inBubble(t, name, func(t *testing.T) {
			for _, n := range []int{1, 3, 30, 150, 300, 450} {
				for _, ascending := range []bool{false, true} {
					for _, limit := range []int{0, 5, 250} {
						runs := spaced(n, 48*3600*second/int64(n))
						q := question()
						q.Limit = limit
						s := serve(traits{zone: china, ascending: ascending}, runs)
						s.expect(t, exactOrRefused, &executions.Facts{}, q, belonging(runs, func(r *run) bool {
							return (q.Start.IsZero() || r.begin >= ms(q.Start)) && (q.End.IsZero() || r.begin <= ms(q.End))
						}))
						if t.Failed() {
							t.Fatal(fmt.Sprint(n, ascending, limit))
						}
					}
				}
			}
		})
	}
}

package executions_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// A service may list nothing at all for bounds that it does not read. Then an
// empty list proves nothing.
func TestUnread_listsNothing(t *testing.T) {
	t.Parallel()
	questions := map[string]func() executions.Question{
		"a day":        func() executions.Question { return fromTo(24*time.Hour, 0) },
		"a day before": func() executions.Question { return fromTo(72*time.Hour, -48*time.Hour) },
		"from a day":   func() executions.Question { return from(24 * time.Hour) },
		"five days":    func() executions.Question { return fromTo(120*time.Hour, time.Hour) },
		"long ago":     func() executions.Question { return fromTo(480*time.Hour, -432*time.Hour) },
		"three":        func() executions.Question { q := from(24 * time.Hour); q.Limit = 3; return q },
	}
	for _, form := range []onlyForm{spaceOnly, rfc3339Only} {
		for _, compared := range []field{byBegin, byUpdate, byAny} {
			trait := traits{onlyForm: form, unread: unreadNothing, compared: compared}
			for name, question := range questions {
				for _, n := range race.Choose([]int{1, 30, 250, 900}, []int{30}) {
					inBubble(t, fmt.Sprint(trait, name, n), func(t *testing.T) {
						facts := &executions.Facts{}
						for range 2 { // what one list finds out must not mislead the next
							runs := spaced(n, 500*hour/int64(n))
							q := question()
							serve(trait, runs).expect(t, exact, facts, q, belonging(runs, isAsked(q)))
						}
					})
				}
			}
		}
	}
}

// Runs that go on may be all that there is.
func TestUnread_goingOn(t *testing.T) {
	t.Parallel()
	for _, form := range []onlyForm{spaceOnly, rfc3339Only} {
		for _, compared := range []field{byBegin, byAny} {
			for _, n := range []int{10, 300, 500} {
				trait := traits{onlyForm: form, unread: unreadNothing, compared: compared}
				inBubble(t, fmt.Sprint(trait, n), func(t *testing.T) {
					runs := spaced(n, minute)
					for _, r := range runs {
						r.stillRunning()
					}
					s, facts := serve(trait, runs), &executions.Facts{}
					for _, q := range []executions.Question{{}, from(48 * time.Hour), {}} {
						s.expect(t, exactOrRefused, facts, q, belonging(runs, every))
					}
				})
			}
		}
	}
}

// Runs that go on may all have begun before the window, or be all that a window in
// the future has.
func TestUnread_begunLongAgo(t *testing.T) {
	t.Parallel()
	for _, trait := range []traits{
		{}, {onlyForm: rfc3339Only, unread: unreadNothing}, {onlyForm: spaceOnly, unread: unreadNothing},
	} {
		trait.compared = byAny
		inBubble(t, trait.String(), func(t *testing.T) {
			for _, n := range []int{150, 300} {
				runs := spaced(n, second)
				for _, r := range runs {
					r.begin -= 20 * day
					r.stillRunning()
				}
				limited := executions.Question{Limit: 50}
				for _, q := range []executions.Question{{}, limited, fromTo(-time.Hour, 2*time.Hour)} {
					serve(trait, runs).expect(t, exactOrRefused, &executions.Facts{}, q, belonging(runs, every))
				}
			}
		})
	}
}

// Without bounds, what a service lists for a form that it does not read looks like
// a second that is crowded.
func TestUnread_looksCrowded(t *testing.T) {
	t.Parallel()
	for n := 201; n < 300; n += 7 {
		trait := traits{
			onlyForm: rfc3339Only, unread: unreadUnbounded, sortBy: byEnd, running: first, offset: offsetRefused,
		}
		inBubble(t, fmt.Sprint(n), func(t *testing.T) {
			runs := spaced(n, minute)
			for i, r := range runs {
				if i%3 == 0 {
					r.stillRunning()
				}
				r.begin += int64(i%7) * second
			}
			q := fromTo(24*time.Hour, 0)
			serve(trait, runs).expect(t, exact, &executions.Facts{}, q, belonging(runs, isAsked(q)))
		})
	}
}

// A window may be refused because it is long, in the form that is read.
func TestUnread_longWindowRefused(t *testing.T) {
	t.Parallel()
	for _, form := range []onlyForm{spaceOnly, rfc3339Only} {
		trait := traits{onlyForm: form, unread: unreadNothing, longest: 3 * day, refusesLong: true}
		inBubble(t, trait.String(), func(t *testing.T) {
			runs, facts := spaced(190, 20*minute), &executions.Facts{}
			for _, q := range []executions.Question{fromTo(240*time.Hour, 0), from(48 * time.Hour)} {
				serve(trait, runs).expect(t, exactOrRefused, facts, q, belonging(runs, isAsked(q)))
			}
		})
	}
}

// A run that goes on may show an end in the far future, which says nothing of the
// window.
func TestDirected_farEnd(t *testing.T) {
	t.Parallel()
	inBubble(t, "2099", func(t *testing.T) {
		requests := 0
		now := time.Now()
		ask := func(_ context.Context, q executions.Query) (executions.Page, error) {
			if requests++; requests > 100 {
				return executions.Page{}, errEndless
			}
			page := executions.Page{Date: now}
			for i := range 10 {
				begin := now.Add(-time.Duration(i+1) * time.Minute)
				if begin.Before(q.Start) || !q.End.IsZero() && begin.After(q.End) {
					continue
				}
				text := begin.UTC().Format(time.RFC3339)
				page.Rows = append(page.Rows, executions.Execution{ExecutionID: fmt.Sprint(i), Status: "running",
					BeginTime: text, LastUpdateTime: text, EndTime: "2099-12-31T00:00:00Z"})
			}
			return page, nil
		}
		rows, err := executions.All(t.Context(), &executions.Facts{}, ask, executions.Question{})
		if err != nil || len(rows) != 10 || requests > 9 {
			t.Errorf("got %d rows and error %v after %d requests, want 10 rows and at most 9 requests",
				len(rows), err, requests)
		}
	})
}

// What the first form listed may come without the times that bounds are compared
// with, and the form that is not read lists nothing of it.
func TestUnread_begunBefore(t *testing.T) {
	t.Parallel()
	for _, unread := range []unread{unreadIgnored, unreadNothing} {
		trait := traits{onlyForm: rfc3339Only, unread: unread, compared: byEnd}
		inBubble(t, trait.String(), func(t *testing.T) {
			runs := spaced(5, hour)
			for _, r := range runs {
				r.begin -= 30 * day
				r.lasting(9 * day)
			}
			q := fromTo(550*time.Hour, -450*time.Hour)
			serve(trait, runs).expect(t, exact, &executions.Facts{}, q, belonging(runs, every))
		})
	}
}

// A page of runs that all began before its tile can be split if their last update
// lies in it.
func TestDirected_begunBeforeTheTile(t *testing.T) {
	t.Parallel()
	for _, n := range []int{250, 700} {
		inBubble(t, fmt.Sprint(n), func(t *testing.T) {
			runs := spaced(n, second)
			for _, r := range runs {
				r.begin -= 2 * day
				r.stillRunning()
				r.update = r.begin + 2*day
			}
			q := from(24 * time.Hour)
			s := serve(traits{compared: byUpdate, sortBy: byHash, offset: offsetRefused}, runs)
			s.expect(t, exact, &executions.Facts{}, q, belonging(runs, every))
		})
	}
}

// A list that is as long as a round number is whole if another list is longer, or
// if offset shows its end.
func TestDirected_roundList(t *testing.T) {
	t.Parallel()
	for _, n := range []int{10, 20, 50, 100} {
		for _, others := range []int{0, 150} {
			for _, offset := range []offset{offsetHonoured, offsetIgnored, offsetRefused} {
				inBubble(t, fmt.Sprint(n, others, offset), func(t *testing.T) {
					runs := spaced(n+others, minute)
					for i, r := range runs {
						r.begin -= 10 * day
						if r.stillRunning(); i >= n {
							r.status = "fail"
							r.lasting(minute)
						}
					}
					q := fromTo(480*time.Hour, -24*time.Hour)
					q.Status = "running"
					s := serve(traits{compared: byAny, offset: offset}, runs)
					s.expect(t, exact, &executions.Facts{}, q, belonging(runs[:n], every))
				})
			}
		}
	}
}

// Two seconds beside each other hold more than a page, but neither does alone.
func TestDirected_twoSeconds(t *testing.T) {
	t.Parallel()
	for _, older := range []int{10, 48, 150, 190} {
		for _, sortBy := range []field{byBegin, byEnd, byHash} {
			inBubble(t, fmt.Sprint(older, sortBy), func(t *testing.T) {
				runs := spaced(154+older, 0)
				for i, r := range runs {
					if i >= 154 {
						r.begin -= second
						r.lasting(second * int64(i%2))
					}
				}
				s := serve(traits{sortBy: sortBy, offset: offsetRefused}, runs)
				s.expect(t, exact, &executions.Facts{}, executions.Question{}, belonging(runs, every))
			})
		}
	}
}

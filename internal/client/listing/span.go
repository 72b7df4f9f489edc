package listing

import (
	"slices"
	"time"
)

const (
	// serviceWindow is what the service adds to a bound that is given alone,
	// and what it takes up to now when neither is (the API page).
	serviceWindow = 3 * 24 * time.Hour

	// boundSlack is how well the bounds are known that the service chooses.
	boundSlack = time.Minute

	// clockSlack is how far the service's clock may be from ours where it does
	// not tell: signatures are not taken beyond (API.md 5).
	clockSlack = 15 * time.Minute
)

// span is a stretch of time in whole seconds, both ends included.
type span struct{ from, to time.Time }

func (s span) contains(t time.Time) bool { return !t.Before(s.from) && !t.After(s.to) }

func (s span) isSecond() bool { return !s.from.Before(s.to) }

func (s span) seconds() float64 { return s.to.Sub(s.from).Seconds() + 1 }

func (s span) String() string {
	return s.from.Format(time.RFC3339) + " to " + s.to.Format(time.RFC3339)
}

// cutAt returns the parts before a second and from it on.
func (s span) cutAt(t time.Time) []span {
	return []span{{s.from, t.Add(-time.Second)}, {t, s.to}}
}

// halve divides a span of two seconds or more.
func (s span) halve() []span {
	return s.cutAt(floorSecond(s.from.Add(s.to.Sub(s.from) / 2)).Add(time.Second))
}

// divide cuts a span so that about half of the given rows lie on each side.
func (s span) divide(rows []Execution) []span {
	begins := slices.DeleteFunc(readableBegins(rows), func(t time.Time) bool {
		return !t.After(s.from) || t.After(s.to)
	})
	if len(begins) == 0 {
		return s.halve()
	}
	slices.SortFunc(begins, time.Time.Compare)

	return s.cutAt(floorSecond(begins[len(begins)/2]))
}

// window is the span that a question asks for, by the service's rules, at a
// moment of the service's clock.
func (q Question) window(now time.Time) span {
	switch {
	case q.Start.IsZero() && q.End.IsZero():
		return span{now.Add(-serviceWindow), now}
	case q.Start.IsZero():
		return span{q.End.Add(-serviceWindow), q.End}
	case q.End.IsZero():
		return span{q.Start, q.Start.Add(serviceWindow)}
	default:
		return span{q.Start, q.End}
	}
}

// loosened adds the slack to the bounds that the service chose.
func (q Question) loosened(s span) span {
	if q.Start.IsZero() {
		s.from = s.from.Add(-boundSlack)
	}
	if q.End.IsZero() {
		s.to = s.to.Add(boundSlack)
	}

	return s
}

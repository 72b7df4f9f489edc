package executions

import "time"

const (
	// serviceWindow is what the service adds to a bound that is given alone,
	// and how far it looks back when neither is given (the API page).
	serviceWindow = 3 * 24 * time.Hour

	// windowSlack is how precisely the bounds that the service chooses are
	// known, which follow its clock at the time of each request.
	windowSlack = time.Minute

	// dateSlack is how much the Date header and the clock of this machine may both
	// be ahead of the service's clock.
	dateSlack = 30 * time.Second

	// clockSlack is how far the clocks of this machine, of the gateway that
	// writes Date and of the service may be apart. A signature is accepted up to
	// this difference (CLOUD.md 5).
	clockSlack = 15 * time.Minute
)

// span is a stretch of time in whole seconds. Both ends belong to it.
type span struct{ from, to time.Time }

func (s span) contains(t time.Time) bool { return !t.Before(s.from) && !t.After(s.to) }

func (s span) isEmpty() bool { return s.to.Before(s.from) }

func (s span) isSecond() bool { return s.to.Equal(s.from) }

func (s span) seconds() float64 { return s.to.Sub(s.from).Seconds() + 1 }

func (s span) String() string {
	return s.from.Format(time.RFC3339) + " to " + s.to.Format(time.RFC3339)
}

// widened moves both ends outwards.
func (s span) widened(d time.Duration) span { return span{s.from.Add(-d), s.to.Add(d)} }

// within returns what lies in both spans.
func (s span) within(w span) span { return span{later(s.from, w.from), earlier(s.to, w.to)} }

// splitAt returns the part before a second, and the part from that second on.
func (s span) splitAt(t time.Time) (older, newer span) {
	t = floorSecond(t)

	return span{s.from, t.Add(-time.Second)}, span{t, s.to}
}

// halve splits a span of two seconds or more in the middle.
func (s span) halve() (older, newer span) {
	return s.splitAt(s.from.Add(s.to.Sub(s.from)/2 + time.Second))
}

// window is the span that a question asks for by the rules of the API page, when
// the service's clock shows now.
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

// tolerant adds the slack to the bounds that the service chose.
func (q Question) tolerant(s span) span {
	if q.Start.IsZero() {
		s.from = s.from.Add(-windowSlack)
	}
	if q.End.IsZero() {
		s.to = s.to.Add(windowSlack)
	}

	return s
}

// longBefore is the same part of the calendar ten years earlier.
func (s span) longBefore() span {
	const years = 10

	return span{s.from.AddDate(-years, 0, 0), s.to.AddDate(-years, 0, 0)}
}

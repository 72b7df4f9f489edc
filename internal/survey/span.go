package survey

import (
	"fmt"
	"math"
	"time"
)

// span is how far a window reaches, as rows show it.
type span struct {
	least, most time.Duration // most is math.MaxInt64 if nothing shows it
	newer       int           // known executions that are left out and newer than all that are listed
	older       int           // the same at the other end, after a start_time that is given
}

func (sp span) text() string {
	between := fmt.Sprintf("between %s and %s long", length(sp.least), length(sp.most))
	switch {
	case sp.least == 0 && sp.most < math.MaxInt64:
		return fmt.Sprintf("Nothing; the newest execution that is known is %s old.", length(sp.most))
	case sp.most == math.MaxInt64:
		return fmt.Sprintf("It reaches at least %s; no older execution is known that it leaves out.", length(sp.least))
	case sp.isDocumented():
		return "Three days, as far as rows show: it is " + between + "."
	default:
		return "It is " + between + "."
	}
}

// isDocumented reports whether a span is three days as far as rows show.
func (sp span) isDocumented() bool {
	return sp.least <= documented && documented <= sp.most && sp.most-sp.least < documented/4
}

func (sp span) sure() certainty {
	if sp.most == math.MaxInt64 || sp.most-sp.least > documented/2 {
		return untold
	}

	return proven
}

// widen allows for bounds that are rounded, and for fractions of a second that
// rows hide.
func (s *survey) widen(sp span) span {
	room := time.Second
	if s.theory.precision > time.Second {
		room += s.theory.precision
	}
	sp.least = max(0, sp.least-room)
	if sp.most < math.MaxInt64 {
		sp.most += room
	}

	return sp
}

// reaches answers with the span of a window that the service has chosen, unless
// its rows contradict each other. To say which window it is, bounds is "without
// bounds" or the like.
func (s *survey) reaches(bounds string, sp span, rows int) answer {
	sp = s.widen(sp)
	seen := plural(rows, "row")
	switch {
	case sp.least > sp.most:
		s.report.incomplete("To a request with at most one bound, a page that is not full lacks executions that lie " +
			"between those it shows.")
		return cannotTell("the page lacks executions that are newer than others on it")
	case sp.newer > 0:
		s.report.incomplete("To a request with at most one bound, the newest executions are left out.")
		return sp.sure().by(seen, "Not what is documented: the newest executions are left out, %d of those that are "+
			"known. The oldest are within %s.", sp.newer, length(sp.least))
	case sp.older > 0:
		s.report.incomplete("With start_time alone, executions that follow it are left out.")
		return sp.sure().by(seen, "Not what is documented: of the executions after it the oldest are left out, %d of "+
			"those that are known. The newest are within %s.", sp.older, length(sp.least))
	}
	const slack = 2 * time.Minute
	switch {
	case sp.most < documented-slack && sp.least == 0:
		s.report.incomplete("A list %s is empty, although an execution of the last three days is known.", bounds)
	case sp.most < documented-slack:
		s.report.incomplete("The window %s is shorter than three days (%s at most).", bounds, length(sp.most))
	case sp.least > documented+slack:
		s.report.surprise("The window %s is longer than three days (%s at least). Lists then hold more than "+
			"documented, or are refused.", bounds, length(sp.least))
	}

	return sp.sure().by(seen, "%s", sp.text())
}

// cutSpan says how much of a long window is listed, and reports less than what a
// complete list relies on.
func (s *survey) cutSpan(sp span) string {
	sp = s.widen(sp)
	switch {
	case sp.isDocumented():
	case sp.most < documented:
		s.report.incomplete("Windows are cut to less than the three days that a complete list is read in (%s at most).",
			length(sp.most))
	case sp.least < documented:
		s.report.surprise("Windows are cut, perhaps to less than the three days that a complete list is read in (to "+
			"between %s and %s). The promise that a list is complete may be touched.", length(sp.least), length(sp.most))
	}

	return fmt.Sprintf("What is listed is between %s and %s long.", length(sp.least), length(sp.most))
}

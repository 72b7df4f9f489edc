package survey

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// The questions about how bounds are read.
const (
	onForms     = "Which forms of start_time and end_time are read?"
	onUnread    = "What does a start_time or end_time do that cannot be read?"
	onZone      = "In which time zone are start_time and end_time read?"
	onField     = "Which field are start_time and end_time compared with?"
	onPrecision = "How precisely are start_time and end_time read?"
)

var formNames = map[executions.Form]string{
	executions.SpaceForm: "YYYY-MM-DD hh:mm:ss", executions.RFC3339Form: "YYYY-MM-DDThh:mm:ssZ",
}

const noSettled = "no execution was listed that has ended and shows all its times"

// askBounds finds out how bounds are read, in both forms.
func (s *survey) askBounds(ctx context.Context) string {
	switch {
	case len(s.settled()) == 0:
		return noSettled
	case len(s.pivots()) == 0:
		return "no execution was listed that took less than " + length(longestRun)
	}
	space := s.explain(ctx, executions.SpaceForm, allTheories(), 13)
	theories := allTheories()
	if len(space.left) > 0 && space.hits > 0 {
		// The forms differ in their zone at most.
		theories = slices.DeleteFunc(theories, func(t theory) bool {
			return !slices.ContainsFunc(space.left, func(l theory) bool { return l.in(0) == t.in(0) })
		})
	}
	rfc := s.explain(ctx, executions.RFC3339Form, theories, s.left()-1)
	for _, e := range []*explanation{rfc, space} {
		if e.isRead() {
			s.bounds, s.theory = e, e.left[0]
		}
	}
	s.answer(onForms, s.readForms(space, rfc))
	s.answer(onUnread, s.readGarbage(ctx))
	if s.bounds == nil {
		isOdd := func(e *explanation) bool { return e.showed != nil && !s.isLikeBaseline(e.showed) }
		if isOdd(space) || isOdd(rfc) {
			return "no explanation that the survey knows fits the responses"
		}
		return "no form of bounds was seen to be read"
	}
	seen := fmt.Sprintf("%s showed the execution that the bounds were set around, %d did not, and all known "+
		"executions agree", plural(s.bounds.hits, "response"), s.bounds.misses)
	s.answer(onField, oneOf(seen, alternatives(s.bounds.left, theory.fieldText)))
	s.answer(onPrecision, oneOf(seen, alternatives(s.bounds.left, theory.precisionText)))
	s.answer(onZone, readZones(seen, space, rfc))

	return ""
}

// isRead reports whether responses depended on bounds in this form as a theory
// says.
func (e *explanation) isRead() bool { return len(e.left) > 0 && e.hits > 0 && e.misses > 0 }

// isEmpty reports whether nothing was listed with bounds in this form, although
// executions should have been, however it is read.
func (e *explanation) isEmpty() bool { return e.showed != nil && e.shown == 0 }

// readForms answers which forms are read.
func (s *survey) readForms(space, rfc *explanation) answer {
	var texts []string
	sure := proven
	for _, e := range []*explanation{space, rfc} {
		how, text := s.readForm(e)
		texts = append(texts, formNames[e.form]+" "+text)
		if how != proven {
			sure = how
		}
	}

	return sure.by(plural(space.sent+rfc.sent, "request")+" about executions whose times are known", "%s",
		strings.Join(texts, " "))
}

// readForm says what bounds in a form do.
func (s *survey) readForm(e *explanation) (sure certainty, text string) {
	switch {
	case e.isRead():
		return proven, "is read."
	case e.refused != nil && e.refused.isRefused():
		return proven, fmt.Sprintf("is refused (%s).", e.refused.why())
	case e.refused != nil:
		return likely, fmt.Sprintf("gives no list (%s).", e.refused.why())
	case e.isEmpty() && len(s.baseline.rows) == 0:
		return proven, "lists nothing: executions that it should show in some time zone are not listed. Without bounds " +
			"nothing is listed, either."
	case e.isEmpty():
		return proven, "lists nothing: executions that it should show in some time zone are not listed."
	case e.showed != nil && s.isLikeBaseline(e.showed):
		return proven, "has no effect: the page is the one without bounds."
	case e.showed != nil && s.hasFarRows(e.showed):
		return proven, "is not read as a window: executions more than 15 hours outside of the bounds are listed."
	case e.showed != nil:
		return untold, "changes what is listed, but in no way that the survey knows."
	case e.sent == 0:
		return untold, "cannot be told, because no request was left for it."
	case e.hits == 0:
		return untold, "cannot be told, because no response showed the execution that it was about."
	default:
		return untold, "cannot be told, because the responses do not depend on the bounds as far as was tried."
	}
}

func (s *survey) isLikeBaseline(r *response) bool {
	return len(r.rows) > 0 && isSameSet(r.rows, s.baseline.rows)
}

// hasFarRows reports whether a response shows executions that are outside of its
// bounds in every time zone.
func (s *survey) hasFarRows(r *response) bool {
	const most = 15 * time.Hour
	return slices.ContainsFunc(r.rows, func(row *row) bool {
		isFar := row.last().Before(r.query.start.Add(-most)) || row.first().After(r.query.end.Add(most))

		return row.isSettled(s.began) && isFar
	})
}

// readZones answers for each form, since one of them names a zone.
func readZones(seen string, all ...*explanation) answer {
	var texts []string
	sure := proven
	for _, e := range all {
		if !e.isRead() {
			continue
		}
		zones := alternatives(e.left, theory.zoneText)
		if len(zones) == 1 {
			texts = append(texts, fmt.Sprintf("%s is read in %s.", formNames[e.form], zones[0]))
			continue
		}
		sure = untold
		texts = append(texts, fmt.Sprintf("%s cannot be told, because %s are left.", formNames[e.form],
			plural(len(zones), "time zone")))
	}

	return sure.by(seen, "%s", strings.Join(texts, " "))
}

func (t theory) zoneText() string {
	if t.zone == 0 {
		return "UTC"
	}

	return fmt.Sprintf("UTC%+03d:%02d", int(t.zone/time.Hour), int(t.zone.Abs()%time.Hour/time.Minute))
}

func (t theory) precisionText() string {
	if t.precision == time.Second {
		return "To the second."
	}

	return fmt.Sprintf("They are rounded down to %s.", t.precision)
}

func (t theory) fieldText() string {
	switch {
	case t.start == t.end:
		return fmt.Sprintf("Both are compared with %s.", t.start)
	case t.start == end && t.end == begin:
		return "Executions are listed of which any moment lies between the bounds: start_time is compared with end_time, " +
			"end_time with begin_time."
	default:
		return fmt.Sprintf("start_time is compared with %s, end_time with %s.", t.start, t.end)
	}
}

// alternatives returns the different texts for theories, in their order.
func alternatives(theories []theory, text func(theory) string) []string {
	var all []string
	for _, t := range theories {
		if a := text(t); !slices.Contains(all, a) {
			all = append(all, a)
		}
	}

	return all
}

// oneOf is the answer if one alternative is left.
func oneOf(seen string, alternatives []string) answer {
	switch {
	case len(alternatives) == 1:
		return proven.by(seen, "%s", alternatives[0])
	case len(alternatives) > 4:
		return cannotTell("no response told them apart")
	default:
		return untold.by(seen, "Cannot be told, because no response told them apart. Any of these is possible: %s",
			strings.Join(alternatives, " "))
	}
}

// readGarbage sends bounds that are not times.
func (s *survey) readGarbage(ctx context.Context) answer {
	const seen = `one request with start_time "yesterday" and end_time "today"`
	r := s.send(ctx, query{other: url.Values{"start_time": {"yesterday"}, "end_time": {"today"}}})
	switch {
	case !r.isOK():
		return r.refused(seen)
	case len(r.rows) == 0 && len(s.baseline.rows) == 0:
		return proven.by(seen, "Nothing is listed, as without bounds.")
	case len(r.rows) == 0:
		return proven.by(seen, "Nothing is listed.")
	case s.isLikeBaseline(r) && s.isShort(r):
		return proven.by(seen, "It has no effect: the page is the one without bounds.")
	case s.isLikeBaseline(r):
		return proven.by(seen, "It has no effect: the page is the one without bounds. Whether older executions would "+
			"follow cannot be told, because the page is full, or may be.")
	case s.addsOld(r):
		return proven.by(seen, "Executions are listed that the list without bounds does not show.")
	default:
		return cannotTell("the page differs from the one without bounds by executions that may be new or have changed")
	}
}

// addsOld reports whether a response shows executions that began before all of the
// list without bounds, which is short.
func (s *survey) addsOld(r *response) bool {
	shown := setOf(s.baseline.rows)

	return s.isShort(s.baseline) && slices.ContainsFunc(s.settledOf(r.rows), func(r *row) bool { return !shown[r.id] })
}

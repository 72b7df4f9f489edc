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
func (s *survey) askBounds(ctx context.Context) {
	if len(s.pivots()) == 0 {
		because := noSettled
		if len(s.settled()) > 0 {
			because = "no execution was listed that took less than " + length(longestRun)
		}
		s.report.cannotTell(because, onForms, onUnread, onZone, onField, onPrecision)
		return
	}
	space := s.explain(ctx, executions.SpaceForm, allTheories(), 13)
	theories := allTheories()
	if len(space.left) > 0 && space.hits > 0 {
		// The forms differ in their zone at most.
		theories = slices.DeleteFunc(theories, func(t theory) bool {
			return !slices.ContainsFunc(space.left, func(l theory) bool {
				return l.start == t.start && l.end == t.end && l.precision == t.precision
			})
		})
	}
	rfc := s.explain(ctx, executions.RFC3339Form, theories, s.left()-1)
	for _, e := range []*explanation{rfc, space} {
		if e.isRead() {
			s.bounds, s.theory = e, e.left[0]
		}
	}
	s.answerForm(space, rfc)
	s.answerBounds(space, rfc)

	s.askGarbage(ctx)
}

// isRead reports whether responses depended on bounds in this form as a theory says.
func (e *explanation) isRead() bool { return len(e.left) > 0 && e.hits > 0 && e.misses > 0 }

// isEmpty reports whether nothing was listed with bounds in this form, although
// executions should have been, however it is read.
func (e *explanation) isEmpty() bool { return e.showed != nil && e.shown == 0 }

func (s *survey) answerForm(all ...*explanation) {
	var texts []string
	sure := proven
	for _, e := range all {
		name := formNames[e.form]
		switch {
		case e.isRead():
			texts = append(texts, name+" is read.")
		case e.refused != nil && e.refused.isRefused():
			texts = append(texts, fmt.Sprintf("%s is refused (%s).", name, e.refused.why()))
		case e.refused != nil:
			texts = append(texts, fmt.Sprintf("%s gives no list (%s).", name, e.refused.why()))
			sure = likely
		case e.isEmpty():
			text := name + " lists nothing: executions that it should show in some time zone are not listed."
			if len(s.baseline.rows) == 0 {
				text += " Without bounds nothing is listed, either."
			}
			texts = append(texts, text)
		case e.showed != nil && s.isLikeBaseline(e.showed):
			texts = append(texts, name+" has no effect: the page is the one without bounds.")
		case e.showed != nil && s.hasFarRows(e.showed):
			texts = append(texts,
				name+" is not read as a window: executions more than 15 hours outside of the bounds are listed.")
		case e.showed != nil:
			texts = append(texts, name+" changes what is listed, but in no way that the survey knows.")
			sure = untold
		case e.sent == 0:
			texts = append(texts, name+" cannot be told, because no request was left for it.")
			sure = untold
		case e.hits == 0:
			texts = append(texts, name+" cannot be told, because no response showed the execution that it was about.")
			sure = untold
		default:
			texts = append(texts,
				name+" cannot be told, because the responses do not depend on the bounds as far as was tried.")
			sure = untold
		}
	}
	seen := fmt.Sprintf("%s about executions whose times are known", plural(all[0].sent+all[1].sent, "request"))
	s.report.add(onForms, sure, seen, "%s", strings.Join(texts, " "))
}

func (s *survey) isLikeBaseline(r *response) bool {
	return len(r.rows) > 0 && isSameSet(r.rows, s.baseline.rows)
}

// hasFarRows reports whether a response shows executions that are outside of its
// bounds in every time zone.
func (s *survey) hasFarRows(r *response) bool {
	const most = 15 * time.Hour
	return slices.ContainsFunc(r.rows, func(row row) bool {
		isFar := row.last().Before(r.query.start.Add(-most)) || row.first().After(r.query.end.Add(most))

		return row.isSettled(s.began) && isFar
	})
}

func (s *survey) answerBounds(all ...*explanation) {
	if s.bounds == nil {
		because := "no form of bounds was seen to be read"
		isOdd := func(e *explanation) bool { return e.showed != nil && !s.isLikeBaseline(e.showed) }
		if slices.ContainsFunc(all, isOdd) {
			because = "no explanation that the survey knows fits the responses"
		}
		s.report.cannotTell(because, onZone, onField, onPrecision)
		return
	}
	seen := fmt.Sprintf("%s showed the execution that the bounds were set around, %d did not, and all known "+
		"executions agree",
		plural(s.bounds.hits, "response"), s.bounds.misses)
	s.report.answerOne(onField, seen, "response told them apart", alternatives(s.bounds.left,
		func(t theory) string { return t.fieldText() }))
	s.report.answerOne(onPrecision, seen, "response told them apart", alternatives(s.bounds.left,
		func(t theory) string {
			if t.precision == time.Second {
				return "To the second."
			}
			return fmt.Sprintf("They are rounded down to %s.", t.precision)
		}))
	s.answerZone(all, seen)
}

// answerZone answers for each form, since one of them names a zone.
func (s *survey) answerZone(all []*explanation, seen string) {
	var texts []string
	sure := proven
	for _, e := range all {
		if !e.isRead() {
			continue
		}
		zones := alternatives(e.left, func(t theory) string { return zoneText(t.zone) })
		if len(zones) == 1 {
			texts = append(texts, fmt.Sprintf("%s is read in %s.", formNames[e.form], zones[0]))
			continue
		}
		sure = untold
		texts = append(texts, fmt.Sprintf("%s cannot be told, because %s are left.", formNames[e.form],
			plural(len(zones), "time zone")))
	}
	s.report.add(onZone, sure, seen, "%s", strings.Join(texts, " "))
}

func zoneText(d time.Duration) string {
	if d == 0 {
		return "UTC"
	}

	return fmt.Sprintf("UTC%+03d:%02d", int(d/time.Hour), int(d.Abs()%time.Hour/time.Minute))
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

// answerOne answers if one alternative is left.
func (r *report) answerOne(question, seen, missing string, alternatives []string) {
	if len(alternatives) == 1 {
		r.add(question, proven, seen, "%s", alternatives[0])
		return
	}
	if len(alternatives) > 4 {
		r.cannotTell("no "+missing, question)
		return
	}
	r.add(question, untold, seen, "Cannot be told, because no %s. Any of these is possible: %s", missing,
		strings.Join(alternatives, " "))
}

// askGarbage sends bounds that are not times.
func (s *survey) askGarbage(ctx context.Context) {
	q := query{other: url.Values{"start_time": {"yesterday"}, "end_time": {"today"}}}
	r := s.send(ctx, q)
	const seen = `one request with start_time "yesterday" and end_time "today"`
	switch {
	case s.answerFailed(onUnread, seen, r):
	case len(r.rows) == 0 && len(s.baseline.rows) == 0:
		s.report.add(onUnread, proven, seen, "Nothing is listed, as without bounds.")
	case len(r.rows) == 0:
		s.report.add(onUnread, proven, seen, "Nothing is listed.")
	case s.isLikeBaseline(r):
		text := "It has no effect: the page is the one without bounds."
		if !s.isShort(r) {
			text += " Whether older executions would follow cannot be told, because the page is full, or may be."
		}
		s.report.add(onUnread, proven, seen, "%s", text)
	case s.addsOld(r):
		s.report.add(onUnread, proven, seen, "Executions are listed that the list without bounds does not show.")
	default:
		s.report.cannotTell("the page differs from the one without bounds by executions that may be new or have changed",
			onUnread)
	}
}

// addsOld reports whether a response shows executions that began before all of the
// list without bounds, which is short.
func (s *survey) addsOld(r *response) bool {
	if !s.isShort(s.baseline) {
		return false
	}
	ids := idsOf(s.baseline.rows)

	return slices.ContainsFunc(r.rows, func(row row) bool {
		return row.isSettled(s.began.Add(-time.Minute)) && !slices.Contains(ids, row.id)
	})
}

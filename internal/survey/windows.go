package survey

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// The questions about windows.
const (
	onNeither   = "What is listed without start_time and end_time?"
	onOnlyStart = "What is listed with start_time alone?"
	onOnlyEnd   = "What is listed with end_time alone?"
	onLong      = "Is a window longer than three days honoured?"
)

const documented = 3 * day

// askWindows finds out how long the windows are that the service chooses.
func (s *survey) askWindows(ctx context.Context) error {
	if s.bounds == nil {
		for _, q := range []string{onNeither, onOnlyStart, onOnlyEnd, onLong} {
			s.report.cannotTell(q, "it is not known how bounds are read, so that older executions cannot be asked for")
		}
		return nil
	}
	if err := s.askNeitherBound(ctx); err != nil {
		return err
	}
	if err := s.askLongWindow(ctx); err != nil {
		return err
	}
	if err := s.askLoneEnd(ctx); err != nil {
		return err
	}

	return s.askLoneStart(ctx)
}

// span is how far a window reaches, as rows show it.
type span struct {
	least, most time.Duration // most is math.MaxInt64 if nothing shows it
	newer       int           // known executions that are left out and newer than all that are listed
	older       int           // the same at the other end, after a start_time that is given
}

// reachBack is how far a response reaches back from a time.
func (s *survey) reachBack(r *response, from time.Time) span {
	shown := idsOf(r.rows)
	reach := span{most: math.MaxInt64}
	var newest time.Time
	for _, row := range s.settledOf(r.rows) {
		newest = later(newest, row.times[s.theory.start])
	}
	for _, row := range s.settled() {
		age, isShown := from.Sub(row.times[s.theory.start]), slices.Contains(shown, row.id)
		switch {
		case isShown:
			reach.least = max(reach.least, age)
		case s.isOfThin(row, r) && row.times[s.theory.end].Before(from.Add(-time.Minute-s.theory.precision)):
			if !newest.IsZero() && row.times[s.theory.start].After(newest) {
				reach.newer++
				continue
			}
			reach.most = min(reach.most, age)
		}
	}

	return reach
}

// isOfThin reports whether a row has the status that a request filters by.
func (s *survey) isOfThin(r *row, page *response) bool {
	return page.query.status == "" || equalFold(r.status, page.query.status)
}

func (sp span) text() string {
	switch {
	case sp.least == 0 && sp.most < math.MaxInt64:
		return fmt.Sprintf("Nothing, since it does not reach as far back as %s", length(sp.most))
	case sp.most == math.MaxInt64:
		return fmt.Sprintf("It reaches at least %s; no older execution is known that it leaves out", length(sp.least))
	case sp.least <= documented && documented <= sp.most && sp.most-sp.least < documented/4:
		return fmt.Sprintf("Three days, as far as rows show: it is between %s and %s long", length(sp.least),
			length(sp.most))
	default:
		return fmt.Sprintf("It is between %s and %s long", length(sp.least), length(sp.most))
	}
}

func (sp span) sure() certainty {
	if sp.most == math.MaxInt64 || sp.most-sp.least > documented/2 {
		return untold
	}

	return proven
}

// reportSpan answers with a span, unless its rows contradict each other.
func (s *survey) reportSpan(question string, sp span, rows int) {
	// Bounds may be rounded, and rows may hide fractions of a second.
	room := time.Second
	if s.theory.precision > time.Second {
		room += s.theory.precision
	}
	sp.least = max(0, sp.least-room)
	if sp.most < math.MaxInt64 {
		sp.most += room
	}
	if sp.least > sp.most {
		s.report.cannotTell(question, "the page lacks executions that are newer than others on it")
		s.report.surprise("To a request with at most one bound, a page that is not full lacks executions that lie " +
			"between those it shows. " +
			"The promise that a list is complete is touched.")
		return
	}
	text := sp.text() + "."
	switch {
	case sp.newer > 0:
		text = fmt.Sprintf("Not what is documented: the newest executions are left out, %d of those that are "+
			"known. The oldest are within %s.",
			sp.newer, length(sp.least))
		s.report.surprise("To a request with at most one bound, the newest executions are left out. " +
			"The promise that a list is complete is touched.")
	case sp.older > 0:
		text = fmt.Sprintf("Not what is documented: of the executions after it the oldest are left out, %d of "+
			"those that are known. "+
			"The newest are within %s.", sp.older, length(sp.least))
		s.report.surprise("With start_time alone, executions that follow it are left out. The promise that a list " +
			"is complete is touched.")
	}
	s.report.add(question, sp.sure(), plural(rows, "row"), "%s", text)
	if sp.newer > 0 || sp.older > 0 {
		return
	}
	what := map[string]string{
		onNeither: "without bounds", onOnlyStart: "with start_time alone", onOnlyEnd: "with end_time alone",
	}[question]
	const slack = 2 * time.Minute
	switch {
	case sp.most < documented-slack:
		s.report.surprise("The window %s is shorter than three days (%s at most). The promise that a list is "+
			"complete is touched.",
			what, length(sp.most))
	case sp.least > documented+slack:
		s.report.surprise("The window %s is longer than three days (%s at least). Lists then hold more than "+
			"documented, or are refused.",
			what, length(sp.least))
	}
}

// askNear requests executions just before a time, so that the edge is known closely.
func (s *survey) askNear(ctx context.Context, at time.Time) error {
	for _, d := range []time.Duration{12 * time.Hour, documented - time.Hour} {
		r, err := s.send(ctx, s.between(at.Add(-d), at))
		if err != nil {
			return err
		}
		if isNewOne := slices.ContainsFunc(r.rows,
			func(row row) bool { return row.isSettled(s.began) && row.times[s.theory.start].Before(at) }); isNewOne {
			break
		}
	}

	return nil
}

func (s *survey) oldestStart(rows []row) time.Time {
	oldest := s.began
	for i := range rows {
		if rows[i].isSettled(s.began) {
			oldest = earlier(oldest, rows[i].times[s.theory.start])
		}
	}

	return oldest
}

func (s *survey) askNeitherBound(ctx context.Context) error {
	r, err := s.send(ctx, query{status: s.thin})
	switch {
	case err != nil:
		return err
	case r.isRefused():
		s.report.add(onNeither, proven, "one request", "The request is refused: %s.", r.why())
		return nil
	case !r.isOK():
		s.report.cannotTell(onNeither, r.why())
		return nil
	case len(r.rows) == 0 && len(s.settled()) == 0:
		s.report.cannotTell(onNeither, noSettled)
		return nil
	case !s.isShort(r):
		s.report.cannotTell(onNeither, "the page is full, or may be")
		return nil
	}
	if err := s.askNear(ctx, s.oldestStart(r.rows).Add(-time.Second)); err != nil {
		return err
	}
	s.reportSpan(onNeither, s.reachBack(r, s.began), len(r.rows))

	return nil
}

func (s *survey) askLoneEnd(ctx context.Context) error {
	// Half of the recent executions are later.
	rows := s.settled()
	rows = slices.DeleteFunc(rows, func(r *row) bool { return r.times[begin].Before(s.began.Add(-documented)) })
	if len(rows) < 2 {
		s.report.cannotTell(onOnlyEnd, "too few executions of the last three days are known")
		return nil
	}
	at := rows[len(rows)/4].last().Add(2 * time.Second).Truncate(time.Second)
	r, err := s.send(ctx, query{end: s.written(at), form: s.bounds.form, status: s.thin})
	switch {
	case err != nil:
		return err
	case r.isRefused():
		s.report.add(onOnlyEnd, proven, "one request", "The request is refused: %s.", r.why())
		return nil
	case !r.isOK():
		s.report.cannotTell(onOnlyEnd, r.why())
		return nil
	case slices.ContainsFunc(r.rows, func(row row) bool {
		return row.isSettled(s.began) && row.times[s.theory.end].After(at.Add(time.Second))
	}):
		text := "Executions after it: it does not bound the list."
		if s.isShort(r) && s.isLikeDefault(r) {
			text += " The list is the one without bounds."
		}
		s.report.add(onOnlyEnd, proven, plural(len(r.rows), "row"), "%s", text)
		return nil
	case len(r.rows) == 0:
		s.report.add(onOnlyEnd, proven, "one request", "Nothing, although executions before it are known.")
		return nil
	case !s.isShort(r):
		s.report.cannotTell(onOnlyEnd, "the page is full, or may be")
		return nil
	}
	if err := s.askNear(ctx, s.oldestStart(r.rows).Add(-time.Second)); err != nil {
		return err
	}
	s.reportSpan(onOnlyEnd, s.reachBack(r, at), len(r.rows))

	return nil
}

// isLikeDefault reports whether a response has the settled rows of one without
// bounds.
func (s *survey) isLikeDefault(r *response) bool {
	for _, other := range s.responses {
		if other.isOK() && other.query.start.IsZero() && other.query.end.IsZero() && !hasBounds(other.query.other) &&
			other.query.status == r.query.status && other.query.limit == 0 && other.query.offset == 0 {
			return isSameSet(s.settledOf(r.rows), s.settledOf(other.rows))
		}
	}

	return false
}

func (s *survey) settledOf(rows []row) []row {
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !r.isSettled(s.began.Add(-time.Minute)) })
}

// askLoneStart sets start_time so far back that three days from it end before
// known executions.
func (s *survey) askLoneStart(ctx context.Context) error {
	rows := s.settled()
	rows = slices.DeleteFunc(rows,
		func(r *row) bool { return r.times[begin].After(s.began.Add(-documented - time.Hour)) })
	if len(rows) == 0 {
		s.report.cannotTell(onOnlyStart,
			"no execution older than three days is known, so that an end after three days would not show")
		return nil
	}
	at := earlier(rows[0].first(), s.began.Add(-documented-2*time.Hour))
	for _, r := range rows { // as far back as five days
		if r.first().After(s.began.Add(-5 * day)) {
			at = r.first()
		}
	}
	at = at.Add(-2 * time.Second).Truncate(time.Second)
	r, err := s.send(ctx, query{start: s.written(at), form: s.bounds.form, status: s.thin})
	switch {
	case err != nil:
		return err
	case r.isRefused():
		s.report.add(onOnlyStart, proven, "one request", "The request is refused: %s.", r.why())
		return nil
	case !r.isOK():
		s.report.cannotTell(onOnlyStart, r.why())
		return nil
	case slices.ContainsFunc(r.rows, func(row row) bool {
		return row.isSettled(s.began) && row.times[s.theory.start].Before(at.Add(-time.Second))
	}):
		s.report.add(onOnlyStart, proven, plural(len(r.rows), "row"),
			"Executions before it: it does not bound the list.")
		return nil
	case !s.isShort(r):
		s.report.cannotTell(onOnlyStart, "the page is full, or may be")
		return nil
	}
	shown, reach := idsOf(r.rows), span{most: math.MaxInt64}
	var newest time.Time
	oldest := s.oldestStart(r.rows)
	for _, row := range s.settledOf(r.rows) {
		reach.least = max(reach.least, row.times[s.theory.end].Sub(at))
		newest = later(newest, row.times[s.theory.end])
	}
	near, err := s.send(ctx, s.between(later(newest, at).Add(time.Second), later(newest, at).Add(12*time.Hour)))
	if err != nil {
		return err
	}
	_ = near // its rows are known now
	isOldMissing := false
	for _, row := range s.settled() {
		if slices.Contains(shown, row.id) || !s.isOfThin(row,
			r) || row.times[s.theory.start].Before(at.Add(time.Second)) {
			continue
		}
		start := row.times[s.theory.start]
		if len(r.rows) > 0 && start.Before(oldest) && start.After(at.Add(time.Minute+s.theory.precision)) {
			reach.older++
		} else if len(r.rows) == 0 || row.times[s.theory.start].After(oldest) {
			reach.most = min(reach.most, row.times[s.theory.end].Sub(at))
		}
		isOldMissing = isOldMissing || row.first().Before(s.began.Add(-documented))
	}
	switch {
	case isOldMissing && s.isLikeDefault(r):
		s.report.add(onOnlyStart, proven, plural(len(r.rows), "row"),
			"The list without bounds: executions between it and three days ago are not listed, so that it "+
				"has no effect.")
	case len(r.rows) == 0:
		s.report.add(onOnlyStart, proven, "one request", "Nothing, although executions after it are known.")
	case reach.most == math.MaxInt64 && reach.least > documented+time.Hour:
		s.report.add(onOnlyStart, proven, plural(len(r.rows), "row"), "Everything from it on, %s and more.",
			length(reach.least))
	default:
		s.reportSpan(onOnlyStart, reach, len(r.rows))
	}

	return nil
}

// askLongWindow asks for ten days and looks for executions that are missing.
func (s *survey) askLongWindow(ctx context.Context) error {
	from, to := s.began.Add(-10*day), s.began
	r, err := s.send(ctx, s.between(from, to))
	switch {
	case err != nil:
		return err
	case r.isRefused():
		s.report.add(onLong, proven, "one request for ten days", "No: the request is refused (%s).", r.why())
		return nil
	case !r.isOK():
		s.report.cannotTell(onLong, r.why())
		return nil
	}
	settled := s.settledOf(r.rows)
	var oldest, newest time.Time
	for i := range settled {
		if oldest.IsZero() || settled[i].times[s.theory.start].Before(oldest) {
			oldest = settled[i].times[s.theory.start]
		}
		newest = later(newest, settled[i].times[s.theory.end])
	}
	seen := fmt.Sprintf("one request for ten days, which listed %s", plural(len(r.rows), "row"))
	if newest.Sub(oldest) > documented+time.Minute && !oldest.IsZero() {
		text := fmt.Sprintf("Yes, as far as %s: executions that far apart are listed.", length(newest.Sub(oldest)))
		s.report.add(onLong, proven, seen, "%s", text)
		return nil
	}
	if !s.isShort(r) {
		s.report.cannotTell(onLong, "the page is full, or may be")
		return nil
	}
	// Known executions inside that are not shown.
	shown := idsOf(r.rows)
	var older, newer int
	for _, row := range s.settled() {
		isInside := row.first().After(from.Add(time.Minute)) && row.last().Before(to.Add(-time.Minute))
		switch {
		case !isInside || slices.Contains(shown, row.id) || !s.isOfThin(row, r):
		case oldest.IsZero() || row.first().Before(oldest):
			older++
		default:
			newer++
		}
	}
	switch {
	case older > 0 && newer == 0 && !oldest.IsZero():
		s.report.add(onLong, proven, seen, "No: its older part is left out; what is listed is within %s of its end.",
			length(to.Sub(oldest)))
		s.cutSpan(to.Sub(oldest))
	case newer > 0 && older == 0, newer+older > 0 && oldest.IsZero():
		s.report.add(onLong, proven, seen, "No: its newer part is left out.")
		s.cutSpan(later(newest, from).Sub(from))
	case newer+older > 0:
		s.report.add(onLong, observed, seen, "No: executions at both ends are left out.")
	default:
		s.report.cannotTell(onLong, "no two executions more than three days apart are known")
	}

	return nil
}

// cutSpan reports a window that is shorter than what a complete list relies on.
func (s *survey) cutSpan(least time.Duration) {
	if least < documented-day/2 {
		s.report.surprise("Windows are cut to about %s, perhaps to less than the three days that a complete list "+
			"is read in. "+
			"The promise that a list is complete may be touched.", length(least))
	}
}

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
func (s *survey) askWindows(ctx context.Context) {
	if s.bounds == nil {
		s.report.cannotTell("it is not known how bounds are read, so that older executions cannot be asked for",
			onNeither, onOnlyStart, onOnlyEnd, onLong)
		return
	}
	s.findThin(ctx)
	s.askNeitherBound(ctx)
	s.askLongWindow(ctx)
	s.askLoneEnd(ctx)

	s.askLoneStart(ctx)
}

// findThin looks for a status whose page is short, where the page of all is full.
func (s *survey) findThin(ctx context.Context) {
	if s.isShort(s.baseline) {
		return
	}
	for _, status := range rareStatuses(s.baseline.rows) {
		few := s.send(ctx, query{status: status})
		if few.isOK() && len(few.rows) > 3 && s.isShort(few) {
			s.thin = status
			return
		}
	}
}

// reachBack is how far a response reaches back from a time.
func (s *survey) reachBack(r *response, from time.Time) span {
	shown := setOf(r.rows)
	reach := span{most: math.MaxInt64}
	var newest time.Time
	for _, row := range s.settledOf(r.rows) {
		newest = later(newest, row.times[s.theory.start])
	}
	for _, row := range s.comparable() {
		start := row.times[s.theory.start]
		switch {
		case shown[row.id]:
			reach.least = max(reach.least, from.Sub(start))
		case !row.times[s.theory.end].Before(from.Add(-time.Minute - s.theory.precision)):
		case !newest.IsZero() && start.After(newest):
			reach.newer++
		default:
			reach.most = min(reach.most, from.Sub(start))
		}
	}

	return reach
}

// comparable are the settled executions that requests about windows may list.
func (s *survey) comparable() []*row {
	return slices.DeleteFunc(s.settled(), func(r *row) bool { return s.thin != "" && !equalFold(r.status, s.thin) })
}

// answerBack answers how far a response reaches back from a time, after requests for what
// lies beyond its oldest execution, so that the edge is known closely, and for what may
// follow its newest one.
func (s *survey) answerBack(ctx context.Context, question string, r *response, at time.Time) {
	oldest := s.oldestStart(r.rows).Add(-time.Second)
	for _, d := range []time.Duration{12 * time.Hour, documented - time.Hour} {
		near := s.send(ctx, s.between(oldest.Add(-d), oldest))
		if slices.ContainsFunc(near.rows, func(row row) bool {
			return row.isSettled(s.began) && row.times[s.theory.start].Before(oldest)
		}) {
			break
		}
	}
	const long = 12 * time.Hour
	if newest := s.newestEnd(r.rows); !newest.IsZero() && at.Sub(newest) > long {
		s.send(ctx, s.between(at.Add(-long), at))
	}
	s.reportSpan(question, s.reachBack(r, at), len(r.rows))
}

// newestEnd is when the last of the executions that are settled ended; zero: there is none.
func (s *survey) newestEnd(rows []row) (newest time.Time) {
	for _, row := range s.settledOf(rows) {
		newest = later(newest, row.times[s.theory.end])
	}

	return newest
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

func (s *survey) askNeitherBound(ctx context.Context) {
	r := s.send(ctx, query{status: s.thin})
	switch {
	case s.answerFailed(onNeither, "one request", r):
		return
	case len(r.rows) == 0 && len(s.settled()) == 0:
		s.report.cannotTell(noSettled, onNeither)
		return
	case !s.isShort(r):
		s.report.cannotTell("the page is full, or may be", onNeither)
		return
	}
	s.answerBack(ctx, onNeither, r, s.began)
}

func (s *survey) askLoneEnd(ctx context.Context) {
	// A quarter of the recent executions are later, and one at least.
	rows := slices.DeleteFunc(s.comparable(), func(r *row) bool {
		return r.times[begin].Before(s.began.Add(-documented))
	})
	var at time.Time
	if len(rows) > 1 {
		at = rows[max(1, len(rows)/4)].last().Add(2 * time.Second).Truncate(time.Second)
	}
	if len(rows) < 2 || !rows[0].times[s.theory.end].After(at.Add(time.Second+s.theory.precision)) {
		s.report.cannotTell("too few executions of the last three days are known", onOnlyEnd)
		return
	}
	r := s.send(ctx, query{end: s.written(at), form: s.bounds.form, status: s.thin})
	switch {
	case s.answerFailed(onOnlyEnd, "one request", r):
		return
	case slices.ContainsFunc(r.rows, func(row row) bool {
		return row.isSettled(s.began) && row.times[s.theory.end].After(at.Add(time.Second))
	}):
		text := "Executions after it: it does not bound the list."
		if s.isShort(r) && s.isLikeDefault(r) {
			text += " The list is the one without bounds."
		}
		s.report.add(onOnlyEnd, proven, plural(len(r.rows), "row"), "%s", text)
		return
	case len(r.rows) == 0:
		s.report.add(onOnlyEnd, proven, "one request", "Nothing, although executions before it are known.")
		return
	case !s.isShort(r):
		s.report.cannotTell("the page is full, or may be", onOnlyEnd)
		return
	}
	s.answerBack(ctx, onOnlyEnd, r, at)
}

// isLikeDefault reports whether a response has the settled rows of one without
// bounds.
func (s *survey) isLikeDefault(r *response) bool {
	for _, other := range s.responses {
		if other.isOK() && other.query.start.IsZero() && other.query.end.IsZero() && !hasBounds(other.query.other) &&
			other.query.status == r.query.status && other.query.limit == r.query.limit && other.query.offset == 0 {
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
func (s *survey) askLoneStart(ctx context.Context) {
	rows := slices.DeleteFunc(s.comparable(), func(r *row) bool {
		return r.times[begin].After(s.began.Add(-documented - time.Hour))
	})
	if len(rows) == 0 {
		s.report.cannotTell("no execution older than three days is known, so that an end after three days would not show",
			onOnlyStart)
		return
	}
	at := earlier(rows[0].first(), s.began.Add(-documented-2*time.Hour))
	for _, r := range rows { // as far back as five days
		if r.first().After(s.began.Add(-5 * day)) {
			at = r.first()
		}
	}
	at = at.Add(-2 * time.Second).Truncate(time.Second)
	r := s.send(ctx, query{start: s.written(at), form: s.bounds.form, status: s.thin})
	switch {
	case s.answerFailed(onOnlyStart, "one request", r):
		return
	case slices.ContainsFunc(r.rows, func(row row) bool {
		return row.isSettled(s.began) && row.times[s.theory.start].Before(at.Add(-time.Second))
	}):
		s.report.add(onOnlyStart, proven, plural(len(r.rows), "row"),
			"Executions before it: it does not bound the list.")
		return
	case !s.isShort(r):
		s.report.cannotTell("the page is full, or may be", onOnlyStart)
		return
	}
	shown, reach := setOf(r.rows), span{most: math.MaxInt64}
	oldest, newest := s.oldestStart(r.rows), s.newestEnd(r.rows)
	if !newest.IsZero() {
		reach.least = max(0, newest.Sub(at))
	}
	s.send(ctx, s.between(later(newest, at).Add(time.Second), later(newest, at).Add(12*time.Hour))) // for its rows
	isOldMissing := false
	for _, row := range s.comparable() {
		start := row.times[s.theory.start]
		if shown[row.id] || start.Before(at.Add(time.Second)) {
			continue
		}
		if len(r.rows) > 0 && start.Before(oldest) && start.After(at.Add(time.Minute+s.theory.precision)) {
			reach.older++
		} else if len(r.rows) == 0 || start.After(oldest) {
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
}

// askLongWindow asks for ten days and looks for executions that are missing.
func (s *survey) askLongWindow(ctx context.Context) {
	from, to := s.began.Add(-10*day), s.began
	r := s.send(ctx, s.between(from, to))
	switch {
	case r.isRefused():
		s.askThreeDays(ctx, r)
		return
	case !r.isOK():
		s.report.cannotTell(r.why(), onLong)
		return
	}
	settled := s.settledOf(r.rows)
	oldest, newest := s.oldestStart(settled), s.newestEnd(r.rows)
	seen := fmt.Sprintf("one request for ten days, which listed %s", plural(len(r.rows), "row"))
	if apart := newest.Sub(oldest); len(settled) > 0 && apart > documented+time.Minute {
		s.report.add(onLong, proven, seen, "Yes, as far as %s: executions that far apart are listed.", length(apart))
		return
	}
	if !s.isShort(r) {
		s.report.cannotTell("the page is full, or may be", onLong)
		return
	}
	// Known executions inside that are not shown.
	shown := setOf(r.rows)
	older, newer := span{least: to.Sub(oldest), most: math.MaxInt64}, span{least: newest.Sub(from), most: math.MaxInt64}
	for _, row := range s.comparable() {
		isInside := row.first().After(from.Add(time.Minute)) && row.last().Before(to.Add(-time.Minute))
		switch {
		case !isInside || shown[row.id]:
		case row.first().Before(oldest):
			older.most = min(older.most, to.Sub(row.times[s.theory.start]))
		default:
			newer.most = min(newer.most, row.times[s.theory.end].Sub(from))
		}
	}
	lacksOld, lacksNew := older.most < math.MaxInt64, newer.most < math.MaxInt64
	switch {
	case !lacksOld && !lacksNew:
		s.report.cannotTell("no two executions more than three days apart are known", onLong)
	case len(settled) == 0:
		s.report.add(onLong, proven, seen, "No: nothing is listed, although executions inside it are known.")
		s.report.surprise("A request for ten days lists nothing, although executions inside it are known. " +
			"The promise that a list is complete may be touched.")
	case lacksOld && lacksNew:
		s.report.add(onLong, observed, seen, "No: executions at both ends are left out.")
	case lacksOld:
		s.report.add(onLong, proven, seen, "No: its older part is left out. %s", s.cutSpan(older))
	default:
		s.report.add(onLong, proven, seen, "No: its newer part is left out. %s", s.cutSpan(newer))
	}
}

// askThreeDays is for a service that refuses a longer window.
func (s *survey) askThreeDays(ctx context.Context, longer *response) {
	r := s.send(ctx, s.between(s.began.Add(-documented), s.began))
	text := fmt.Sprintf("No: the request is refused (%s).", longer.why())
	switch {
	case r.isOK():
		text += " One for three days is not."
	case r.isRefused():
		text += " One for three days is refused, too."
		s.report.surprise("A window of three days is refused, which is what complete lists are read in. The promise " +
			"that a list is right or refused holds by a refusal.")
	}
	s.report.add(onLong, proven, "one request for ten days, one for three", "%s", text)
}

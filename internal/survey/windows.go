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

// Why questions stay open.
const (
	noBounds  = "it is not known how bounds are read, so that older executions cannot be asked for"
	mayBeFull = "the page is full, or may be"
)

// askWindows finds out how long the windows are that the service chooses.
func (s *survey) askWindows(ctx context.Context) string {
	if s.bounds == nil {
		return noBounds
	}
	s.findThin(ctx)
	s.answer(onNeither, s.withoutBounds(ctx))
	s.answer(onLong, s.withTenDays(ctx))
	s.answer(onOnlyEnd, s.withEnd(ctx))
	s.answer(onOnlyStart, s.withStart(ctx))

	return ""
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

// comparable are the settled executions that requests about windows may list.
func (s *survey) comparable() []*row {
	return slices.DeleteFunc(s.settled(), func(r *row) bool { return s.thin != "" && !equalFold(r.status, s.thin) })
}

// startOf and endOf are the times that start_time and end_time are compared with.
func (s *survey) startOf(r *row) time.Time { return r.times[s.theory.start] }
func (s *survey) endOf(r *row) time.Time   { return r.times[s.theory.end] }

// newest is the latest time of the executions that are settled; zero: there is
// none.
func (s *survey) newest(rows []*row, of func(*row) time.Time) (newest time.Time) {
	for _, row := range s.settledOf(rows) {
		newest = later(newest, of(row))
	}

	return newest
}

// oldestStart is the earliest start of the executions that are settled.
func (s *survey) oldestStart(rows []*row) time.Time {
	oldest := s.began
	for _, row := range s.settledOf(rows) {
		oldest = earlier(oldest, s.startOf(row))
	}

	return oldest
}

func (s *survey) withoutBounds(ctx context.Context) answer {
	r := s.send(ctx, query{status: s.thin})
	switch {
	case !r.isOK():
		return r.refused("one request")
	case len(r.rows) == 0 && len(s.settled()) == 0:
		return cannotTell(noSettled)
	case !s.isShort(r):
		return cannotTell(mayBeFull)
	}

	return s.reachesBack(ctx, "without bounds", r, s.began)
}

// withEnd sets end_time alone, so that a quarter of the recent executions are
// later, and one at least.
func (s *survey) withEnd(ctx context.Context) answer {
	rows := slices.DeleteFunc(s.comparable(), func(r *row) bool {
		return r.times[begin].Before(s.began.Add(-documented))
	})
	var at time.Time
	if len(rows) > 1 {
		at = rows[max(1, len(rows)/4)].last().Add(2 * time.Second).Truncate(time.Second)
	}
	if len(rows) < 2 || !s.endOf(rows[0]).After(at.Add(time.Second+s.theory.precision)) {
		return cannotTell("too few executions of the last three days are known")
	}
	r := s.send(ctx, query{end: s.written(at), form: s.bounds.form, status: s.thin})
	isLater := s.newest(r.rows, s.endOf).After(at.Add(time.Second))
	switch {
	case !r.isOK():
		return r.refused("one request")
	case isLater && s.isShort(r) && s.isLikeDefault(r):
		return proven.by(plural(len(r.rows), "row"),
			"Executions after it: it does not bound the list. The list is the one without bounds.")
	case isLater:
		return proven.by(plural(len(r.rows), "row"), "Executions after it: it does not bound the list.")
	case len(r.rows) == 0:
		return proven.by("one request", "Nothing, although executions before it are known.")
	case !s.isShort(r):
		return cannotTell(mayBeFull)
	}

	return s.reachesBack(ctx, "with end_time alone", r, at)
}

// reachesBack answers how far a response reaches back from a time, after requests
// for what lies beyond its oldest execution, so that the edge is known closely,
// and for what may follow its newest one.
func (s *survey) reachesBack(ctx context.Context, bounds string, r *response, at time.Time) answer {
	oldest := s.oldestStart(r.rows).Add(-time.Second)
	for _, d := range []time.Duration{12 * time.Hour, documented - time.Hour} {
		near := s.send(ctx, s.between(oldest.Add(-d), oldest))
		if s.oldestStart(near.rows).Before(oldest) {
			break
		}
	}
	const long = 12 * time.Hour
	if newest := s.newest(r.rows, s.endOf); !newest.IsZero() && at.Sub(newest) > long {
		s.send(ctx, s.between(at.Add(-long), at))
	}
	reach := span{most: math.MaxInt64}
	shown, newest := setOf(r.rows), s.newest(r.rows, s.startOf)
	for _, row := range s.comparable() {
		start := s.startOf(row)
		switch {
		case shown[row.id]:
			reach.least = max(reach.least, at.Sub(start))
		case !s.endOf(row).Before(at.Add(-time.Minute - s.theory.precision)):
		case !newest.IsZero() && start.After(newest):
			reach.newer++
		default:
			reach.most = min(reach.most, at.Sub(start))
		}
	}

	return s.reaches(bounds, reach, len(r.rows))
}

// isLikeDefault reports whether a response has the settled rows of one without
// bounds.
func (s *survey) isLikeDefault(r *response) bool {
	i := slices.IndexFunc(s.responses, func(other *response) bool {
		q := other.query
		return other.isOK() && q.start.IsZero() && q.end.IsZero() && !hasBounds(q.other) &&
			q.status == r.query.status && q.limit == r.query.limit && q.offset == 0
	})

	return i >= 0 && isSameSet(s.settledOf(r.rows), s.settledOf(s.responses[i].rows))
}

// withStart sets start_time alone, so far back that three days from it end before
// known executions.
func (s *survey) withStart(ctx context.Context) answer {
	rows := slices.DeleteFunc(s.comparable(), func(r *row) bool {
		return r.times[begin].After(s.began.Add(-documented - time.Hour))
	})
	if len(rows) == 0 {
		return cannotTell("no execution older than three days is known, so that an end after three days would not show")
	}
	at := earlier(rows[0].first(), s.began.Add(-documented-2*time.Hour))
	for _, r := range rows { // as far back as five days
		if r.first().After(s.began.Add(-5 * day)) {
			at = r.first()
		}
	}
	at = at.Add(-2 * time.Second).Truncate(time.Second)
	r := s.send(ctx, query{start: s.written(at), form: s.bounds.form, status: s.thin})
	seen, oldest, newest := plural(len(r.rows), "row"), s.oldestStart(r.rows), s.newest(r.rows, s.endOf)
	switch {
	case !r.isOK():
		return r.refused("one request")
	case oldest.Before(at.Add(-time.Second)):
		return proven.by(seen, "Executions before it: it does not bound the list.")
	case !s.isShort(r):
		return cannotTell(mayBeFull)
	}
	next := later(newest, at)
	s.send(ctx, s.between(next.Add(time.Second), next.Add(12*time.Hour))) // for its rows
	reach := span{least: next.Sub(at), most: math.MaxInt64}
	shown, isOldMissing := setOf(r.rows), false
	for _, row := range s.comparable() {
		start := s.startOf(row)
		if shown[row.id] || start.Before(at.Add(time.Second)) {
			continue
		}
		if len(r.rows) > 0 && start.Before(oldest) && start.After(at.Add(time.Minute+s.theory.precision)) {
			reach.older++
		} else if len(r.rows) == 0 || start.After(oldest) {
			reach.most = min(reach.most, s.endOf(row).Sub(at))
		}
		isOldMissing = isOldMissing || row.first().Before(s.began.Add(-documented))
	}
	switch {
	case isOldMissing && s.isLikeDefault(r):
		return proven.by(seen, "The list without bounds: executions between it and three days ago are not listed, so "+
			"that it has no effect.")
	case len(r.rows) == 0:
		return proven.by("one request", "Nothing, although executions after it are known.")
	case reach.most == math.MaxInt64 && reach.least > documented+time.Hour:
		return proven.by(seen, "Everything from it on, %s and more.", length(reach.least))
	default:
		return s.reaches("with start_time alone", reach, len(r.rows))
	}
}

// withTenDays asks for ten days and looks for executions that are missing.
func (s *survey) withTenDays(ctx context.Context) answer {
	from, to := s.began.Add(-10*day), s.began
	r := s.send(ctx, s.between(from, to))
	settled, oldest, newest := s.settledOf(r.rows), s.oldestStart(r.rows), s.newest(r.rows, s.endOf)
	seen := fmt.Sprintf("one request for ten days, which listed %s", plural(len(r.rows), "row"))
	switch apart := newest.Sub(oldest); {
	case r.isRefused():
		return s.withThreeDays(ctx, r)
	case !r.isOK():
		return cannotTell(r.why())
	case len(settled) > 0 && apart > documented+time.Minute:
		return proven.by(seen, "Yes, as far as %s: executions that far apart are listed.", length(apart))
	case !s.isShort(r):
		return cannotTell(mayBeFull)
	}
	// Known executions inside that are not shown.
	shown := setOf(r.rows)
	older, newer := span{least: to.Sub(oldest), most: math.MaxInt64}, span{least: newest.Sub(from), most: math.MaxInt64}
	for _, row := range s.comparable() {
		isInside := row.first().After(from.Add(time.Minute)) && row.last().Before(to.Add(-time.Minute))
		switch {
		case !isInside || shown[row.id]:
		case row.first().Before(oldest):
			older.most = min(older.most, to.Sub(s.startOf(row)))
		default:
			newer.most = min(newer.most, s.endOf(row).Sub(from))
		}
	}
	lacksOld, lacksNew := older.most < math.MaxInt64, newer.most < math.MaxInt64
	switch {
	case !lacksOld && !lacksNew:
		return cannotTell("no two executions more than three days apart are known")
	case len(settled) == 0:
		s.report.surprise("A request for ten days lists nothing, although executions inside it are known. " +
			"The promise that a list is complete may be touched.")
		return proven.by(seen, "No: nothing is listed, although executions inside it are known.")
	case lacksOld && lacksNew:
		return observed.by(seen, "No: executions at both ends are left out.")
	case lacksOld:
		return proven.by(seen, "No: its older part is left out. %s", s.cutSpan(older))
	default:
		return proven.by(seen, "No: its newer part is left out. %s", s.cutSpan(newer))
	}
}

// withThreeDays is for a service that refuses a longer window.
func (s *survey) withThreeDays(ctx context.Context, longer *response) answer {
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

	return proven.by("one request for ten days, one for three", "%s", text)
}

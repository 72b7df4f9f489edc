package executions

import (
	"context"
	"slices"
	"time"
)

// chinaTime is the other time zone in which a service of this cloud may take
// bounds: UTC+8. Then a response lacks what began in the last eight hours of the
// window, and has what began in the eight hours before it.
const chinaTime = 8 * time.Hour

// otherZone is the zone that is tried after the one that bounds are sent in.
func (s *service) otherZone() time.Duration { return chinaTime - s.zone }

// learnZone records that the service takes bounds in the zone of this list. Only
// bounds in a form that it is known to read show that.
func (s *service) learnZone() {
	s.facts.learn(func(k *knowledge) {
		if k.formRead && k.form == s.form {
			k.zone, k.zoneRead = s.zone, true
		}
	})
}

// showsZone reports whether some of the rows that were shown for a window could
// not have been, if the service took bounds in the other zone.
func (s *service) showsZone(rows []*Execution, window span) bool {
	return slices.ContainsFunc(rows, func(row *Execution) bool {
		if s.zone == 0 {
			return row.begin.After(window.to.Add(-chinaTime))
		}

		return row.hasEnded() && row.last().Before(window.from.Add(chinaTime))
	})
}

// beside returns the eight hours after a stretch of time, or those before it if
// bounds are sent for UTC+8. In the other zone the service would take them for
// the last or the first eight hours of the stretch itself.
func (s *service) beside(stretch span) span {
	const gap = 3 * time.Second // no second of the stretch is requested
	if s.zone == 0 {
		after := ceilSecond(stretch.to).Add(gap)
		return span{after, after.Add(chinaTime)}
	}
	before := floorSecond(stretch.from).Add(-gap)

	return span{before.Add(-chinaTime), before}
}

// lookBeside asks for the time beside a run, which must not show the run. It
// proves the form, too: a form that is not read does not keep the run out.
func (p *probe) lookBeside(ctx context.Context, run *Execution, status string) (whole bool, err error) {
	p.hasLooked = true
	s := p.service.beside(span{run.first(), run.last()})
	q := p.query(s)
	q.Status = status
	page, err := p.request(ctx, q)
	if err != nil {
		return false, err
	}
	if p.hasMore(page) {
		p.isPart = true
		return false, nil
	}
	isShort := !p.service.isFull(page)
	if isShort { // else the run may be on another page
		p.service.learnForm()
	}
	if isShort || showsInside(page, s) {
		p.service.learnZone()
	}

	return true, nil
}

// lookAround asks for the time of a run that was listed without bounds, which must
// show the run, and for the time beside it. A service may list nothing at all for
// bounds that it does not read.
func (p *probe) lookAround(ctx context.Context, run *Execution) (whole bool, err error) {
	const slack = 90 * time.Second // bounds may be rounded to minutes
	if p.service.knowsForm() {
		return p.lookBeside(ctx, run, "")
	}
	p.hasLooked = true
	q := p.query(span{floorSecond(run.first()), ceilSecond(run.last())}.widened(slack))
	q.Status = ""
	page, err := p.request(ctx, q)
	switch {
	case err != nil:
		return false, err
	case p.service.isFull(page), idsOf(page.rows)[run.ExecutionID]:
		return p.lookBeside(ctx, run, "")
	default:
		return false, leftOut(span{q.Start, q.End}, run.ExecutionID)
	}
}

// showsInside reports whether a run has begun and ended within a span.
func showsInside(page response, s span) bool {
	return slices.ContainsFunc(page.rows, func(row *Execution) bool { return row.hasEnded() && row.isInside(s) })
}

// lookBesideWindow asks for the time beside the window. Executions of any status
// show the zone. If there are none that have ended, nothing that has is missing
// from the list.
func (p *probe) lookBesideWindow(ctx context.Context) error {
	s := p.service.beside(p.read)
	q := p.query(s)
	q.Status = ""
	page, err := p.request(ctx, q)
	if err != nil {
		return err
	}
	if showsInside(page, s) {
		p.service.learnZone()
		return nil
	}
	if p.service.zone != 0 {
		return nil
	}
	if run := p.missing(page); run != nil {
		return p.lookEightHoursLater(ctx, run)
	}

	return p.lookAtEarlier(ctx)
}

// missing returns a run that the list lacks as if the service took bounds as
// UTC+8 and compared them with begin_time. But it may compare them with end_time
// or last_update_time.
func (p *probe) missing(beside response) *Execution {
	within := p.window.widened(-time.Second)
	for _, row := range beside.rows {
		if p.matches(row) && within.contains(row.begin) && !p.shows(row) {
			return row
		}
	}

	return nil
}

// lookAtEarlier finds out why the list has a run that goes on and began before the
// window. A service that lists what overlaps with the window shows it now, too.
func (p *probe) lookAtEarlier(ctx context.Context) error {
	i := slices.IndexFunc(p.rows, func(row *Execution) bool {
		return !row.hasEnded() && !row.begin.IsZero() && row.begin.Before(p.window.from.Add(-time.Second))
	})
	if i < 0 {
		return nil
	}
	q := p.query(span{p.service.earliest().Add(-windowSlack), p.service.latest()})
	q.Status = ""
	page, err := p.request(ctx, q)
	if err != nil || p.service.isFull(page) || idsOf(page.rows)[p.rows[i].ExecutionID] {
		return err
	}

	return p.lookEightHoursLater(ctx, p.rows[i])
}

// lookEightHoursLater asks for the moments eight hours after a run began and was
// updated, at which only a service that takes bounds as UTC+8 shows it.
func (p *probe) lookEightHoursLater(ctx context.Context, run *Execution) error {
	moments := []time.Time{run.begin}
	if run.update.After(run.begin) {
		moments = append(moments, run.update)
	}
	for _, at := range moments {
		at = floorSecond(at).Add(chinaTime)
		s := span{at, at}.widened(2 * time.Second)
		around := s.widened(time.Second)
		page, err := p.request(ctx, p.query(s))
		if err != nil {
			return err
		}
		isShifted := func(row *Execution) bool {
			return row.ExecutionID == run.ExecutionID && row.hasEnded() == run.hasEnded() &&
				!around.contains(row.update) && !around.contains(row.end)
		}
		if !slices.ContainsFunc(page.rows, isShifted) {
			continue
		}
		if !p.shows(run) { // it may have begun since
			if missing, err := p.leftOut(ctx, []*Execution{run}); err != nil || missing == nil {
				return err
			}
		}
		return outOfBounds(s, run)
	}

	return nil
}

package executions

import (
	"context"
	"errors"
	"sync"
	"time"
)

// service is the service as one list sees it: it sends requests and keeps the
// clock.
type service struct {
	ask     Asker
	facts   *Facts
	writing // of bounds, in this list

	mu     sync.Mutex
	began  time.Time // not after the first response, by the service's clock
	now    time.Time // of the last response, by its Date header or, without one, by our clock
	dated  bool      // it has the header
	newest time.Time // the latest time that a row shows
}

// response is a page with its times read.
type response struct {
	rows        []*Execution
	isThrottled bool
}

// writing is a way to write bounds.
type writing struct {
	form Form
	zone time.Duration // that the service takes them in, east of UTC
}

func (w writing) otherForm() writing { return writing{w.form.other(), w.zone} }

// write returns a query with its bounds as the service is to read them.
func (w writing) write(q Query) Query {
	q.Form = w.form
	if !q.Start.IsZero() {
		q.Start = q.Start.Add(w.zone)
	}
	if !q.End.IsZero() {
		q.End = q.End.Add(w.zone)
	}

	return q
}

// request sends a query, with bounds as this list writes them.
func (s *service) request(ctx context.Context, q Query) (response, error) {
	return s.send(ctx, s.write(q))
}

// send sends a query as it is written, and observes the response.
func (s *service) send(ctx context.Context, q Query) (response, error) {
	page, err := s.ask(ctx, q)
	if err != nil {
		return response{}, err
	}
	rows := make([]*Execution, len(page.Rows))
	for i := range page.Rows {
		rows[i] = &page.Rows[i]
		rows[i].readTimes()
		rows[i].intern()
	}

	s.observe(page.Date, rows)

	return response{rows: rows, isThrottled: page.Throttled}, nil
}

// requestEitherForm sends a query whose bounds may be in a form that the service
// cannot read. If it refuses one form it is asked in the other. If it refuses
// both, the first error says more.
func (s *service) requestEitherForm(ctx context.Context, q Query) (response, error) {
	page, err := s.request(ctx, q)
	if !errors.Is(err, ErrBadRequest) || !q.bounded() || s.knowsForm() {
		return page, err
	}
	s.form = s.form.other()
	page, otherErr := s.request(ctx, q)
	switch {
	case errors.Is(otherErr, ErrBadRequest):
		s.form = s.form.other()
		return response{}, err
	case otherErr != nil:
		return response{}, otherErr
	case len(page.rows) > 0 || q.isOpen() || q.End.Sub(q.Start) <= serviceWindow+2*time.Second:
		s.learnForm() // else the length of the window may have been refused, in a form that is read
	}

	return page, nil
}

// knowsForm reports whether the service reads the form of this list.
func (s *service) knowsForm() bool {
	k := s.facts.get()

	return k.formRead && k.form == s.form
}

// knowsZone reports whether the service takes bounds in the zone of this list.
func (s *service) knowsZone() bool {
	k := s.facts.get()

	return k.zoneRead && k.zone == s.zone && k.form == s.form
}

// learnForm records that the service reads the form of this list. What was learnt
// of bounds in the other form does not hold for it.
func (s *service) learnForm() {
	s.facts.learn(func(k *knowledge) {
		if k.form != s.form {
			k.zoneRead, k.span, k.spanRefused, k.fixed = false, 0, false, false
		}
		k.form, k.formRead = s.form, true
	})
}

// observe takes the date and the rows of a response into account.
func (s *service) observe(date time.Time, rows []*Execution) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.dated = !date.IsZero()
	s.now = floorSecond(date)
	if !s.dated {
		s.now = floorSecond(time.Now())
	}
	for _, row := range rows {
		s.newest = later(s.newest, row.seen())
	}
	if s.began.IsZero() {
		s.began = s.earliest()
	}
	s.learnLongest(len(rows))
}

// learnLongest records that a page may be as long.
func (s *service) learnLongest(rows int) {
	if s.facts.get().longest < rows {
		s.facts.learn(func(k *knowledge) { k.longest = max(k.longest, rows) })
	}
}

// earliest is not after the time that the service's clock shows now. The Date
// header may be another computer's, but no row shows a later time.
func (s *service) earliest() time.Time {
	local := floorSecond(time.Now())
	newest := floorSecond(earlier(s.newest, later(s.now, local)))
	if !s.dated {
		return later(newest, local.Add(-clockSlack))
	}

	return later(newest, earlier(s.now, local).Add(-dateSlack))
}

// latest is not before any time that the service can show now.
func (s *service) latest() time.Time {
	return later(later(s.now, floorSecond(time.Now())), ceilSecond(s.newest)).Add(clockSlack)
}

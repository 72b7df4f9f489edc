package executions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// A short first page holds everything that was asked for, if the service has
// read the question as it was meant. Where its rows do not show that, they say
// what to request in order to find out. Such a request can show that the page
// holds only a part, or teach something about the service. If it fails, the page
// stands.

// doubts are what a response leaves open.
type doubts struct {
	form bool // whether the service read the form of the bounds
	zone bool // whether it took them in the zone that they were sent for
}

// probe finds out whether rows are everything that was asked for.
type probe struct {
	*list
	rows   []*Execution
	ids    map[string]bool // of rows; nil until it is needed
	asked  Query           // the question
	read   span            // what has been requested
	window span            // the part of it that is not in the future

	others    []*Execution // rows of any status without bounds or with older ones, if requested
	isIdle    bool         // there are none, so that nothing can be in the window
	hasLooked bool         // lookBeside has been tried
}

func (l *list) probe(rows []*Execution, asked Query, read span) *probe {
	return &probe{list: l, rows: rows, asked: asked, read: read, window: read.within(l.window())}
}

// isWhole reports whether a short first page holds everything. An error is a
// contradiction, or the end of the context.
func (l *list) isWhole(ctx context.Context, first response, asked Query) (bool, error) {
	if !l.question.bounded() || idsOf(first.rows)[""] {
		return true, nil
	}
	p := l.probe(first.rows, asked, l.question.window(l.service.now))
	whole, err := p.findOut(ctx, doubts{form: p.doubt().form})
	if err == nil && !whole {
		p.learnPageLimit()
	}
	if whole && !p.honoursSpan() {
		whole, err = p.findOutSpan(ctx)
	}
	if err == nil && whole {
		whole, err = p.findOut(ctx, doubts{zone: p.doubt().zone})
	}

	return whole, err
}

// confirm finds out in which zone the bounds of tiles were taken. Their form is
// known: else all of them would be as full as the first page, or empty.
func (l *list) confirm(ctx context.Context, asked Query) error {
	p := l.probe(l.rows.all, asked, l.complete)
	whole, err := p.findOut(ctx, doubts{zone: p.doubt().zone})
	if err == nil && !whole {
		return contradict("Asked for executions from %s, it left out some that another response lists.", l.complete)
	}

	return err
}

// doubt returns what neither the process nor the rows show.
func (p *probe) doubt() doubts {
	d := doubts{form: !p.service.knowsForm(), zone: !p.service.knowsZone()}
	isOutside := p.mayBeOutside()
	if d.form && !isOutside && len(p.rows) > 0 {
		// Of a recent window, a page without bounds would show as much or more.
		d.form = p.window.from.Before(p.service.latest().Add(-serviceWindow))
	}
	switch {
	case !d.zone:
	case (!isOutside || p.service.knowsForm()) && p.service.showsZone(p.rows, p.read):
		d.zone = false
		p.service.learnZone()
	case !isOutside && p.service.zone == 0 && p.read.to.Add(-chinaTime).After(p.service.latest()):
		d.zone = false // nothing can have been left out at the end
	}

	return d
}

// shows reports whether a run is one of the rows.
func (p *probe) shows(row *Execution) bool {
	if p.ids == nil {
		p.ids = idsOf(p.rows)
	}

	return p.ids[row.ExecutionID]
}

// mayBeOutside reports whether the service may have listed some rows without
// regard to the bounds.
func (p *probe) mayBeOutside() bool {
	return slices.ContainsFunc(p.rows, func(row *Execution) bool { return !row.isInside(p.window) })
}

// reach returns the first end and the last begin that rows show.
func reach(rows []*Execution) (oldest, newest time.Time) {
	for _, row := range rows {
		newest = later(newest, row.begin)
		if last := row.last(); row.hasEnded() && (oldest.IsZero() || last.Before(oldest)) {
			oldest = last
		}
	}

	return oldest, newest
}

// findOut settles the doubts about form and zone, as far as the service responds.
// It reports false if more belongs to the list than the rows. An error is a
// contradiction, or the end of the context.
func (p *probe) findOut(ctx context.Context, d doubts) (whole bool, err error) {
	whole = true
	switch run := p.newestRun(p.rows); {
	case p.hasLooked, d == (doubts{}):
		return true, nil
	case run != nil:
		whole, err = p.lookBeside(ctx, run, p.question.Status)
	case d.form && len(p.rows) > 0:
		err = p.lookFarBefore(ctx)
	default:
		run, err = p.witness(ctx)
		switch {
		case isContradiction(err):
		case run != nil:
			whole, err = p.lookAround(ctx, run)
		case p.isIdle:
			return true, nil
		case d.form:
			err = p.compareForms(ctx)
		}
	}
	if err == nil && d.zone && !p.hasLooked {
		err = p.lookBesideWindow(ctx)
	}
	if err != nil && !isContradiction(err) {
		return true, ctx.Err()
	}

	return whole && err == nil, err
}

// witness returns a run whose times are final, of any status, that the service
// lists without bounds, or nil.
func (p *probe) witness(ctx context.Context) (*Execution, error) {
	surelyRecent := p.service.latest().Add(-serviceWindow)
	if p.others == nil && p.window.to.After(surelyRecent) {
		page, err := p.service.request(ctx, Query{Limit: MaxPage})
		if err != nil {
			return nil, err
		}
		p.others = page.rows
		p.isIdle = len(page.rows) == 0 && len(p.rows) == 0 && !p.window.from.Before(surelyRecent)
		if p.honoursSpan() { // else the window may have been cut
			run, err := p.leftOut(ctx, p.lacking(page))
			switch {
			case err != nil:
				return nil, err
			case run != nil:
				return nil, leftOut(p.read, run.ExecutionID)
			}
		}
	}

	return p.newestRun(p.others), nil
}

// newestRun returns the newest run that has ended soon after it began, if it
// cannot have left the service's own window meanwhile.
func (p *probe) newestRun(rows []*Execution) *Execution {
	const short = chinaTime - time.Hour
	edge := span{p.service.earliest(), p.service.latest()}.widened(windowSlack)
	var newest *Execution
	for _, row := range rows {
		if row.hasEnded() && !row.begin.IsZero() && row.last().Sub(row.first()) < short &&
			!edge.contains(row.last().Add(serviceWindow)) && (newest == nil || row.begin.After(newest.begin)) {
			newest = row
		}
	}

	return newest
}

// request sends a query, and checks the response against its bounds.
func (p *probe) request(ctx context.Context, q Query) (response, error) {
	page, err := p.service.request(ctx, q)
	if err != nil {
		return response{}, err
	}

	return page, checkBounds(page.rows, span{q.Start, q.End})
}

// lacking returns the runs of a response that should be among the rows. The
// service may take now for the end of a run that goes on, so that such a run need
// not lie in a window that has ended.
func (p *probe) lacking(page response) []*Execution {
	isPast := !p.read.to.After(p.service.latest())
	return slices.DeleteFunc(slices.Clone(page.rows), func(row *Execution) bool {
		return p.shows(row) || !p.matches(row) || !row.isInside(p.window) || !row.last().Before(p.service.began) ||
			isPast && !row.hasEnded()
	})
}

// hasMore reports whether a response shows a run that should be among the rows.
func (p *probe) hasMore(page response) bool { return len(p.lacking(page)) > 0 }

// matches reports whether a row that was listed without a status filter has the
// status that was asked for.
func (p *probe) matches(row *Execution) bool {
	return p.question.Status == "" || strings.EqualFold(row.Status, p.question.Status)
}

// learnPageLimit takes the number of rows for the page limit, unless the
// service may have shortened the window instead.
func (p *probe) learnPageLimit() {
	isLone := p.question.Start.IsZero() != p.question.End.IsZero()
	if n := len(p.rows); n > 0 && !isLone && p.window.to.Sub(p.window.from) <= serviceWindow+clockSlack {
		p.service.facts.learn(func(k *knowledge) { k.pageLimit = n })
	}
}

// compareForms asks for an empty list in the other form of times. A form that
// the service refuses or does not read shows that it reads this one.
func (p *probe) compareForms(ctx context.Context) error {
	other := p.service.otherForm()
	page, err := p.service.send(ctx, other.write(p.asked))
	switch {
	case errors.Is(err, ErrBadRequest):
		p.service.learnForm()
		return nil
	case err != nil:
		return err
	case checkBounds(page.rows, p.question.tolerant(p.window)) == nil:
		if run, err := p.leftOut(ctx, page.rows); err != nil || run == nil {
			return err
		}
	}
	switch isRead, err := p.readsForm(ctx, other); {
	case err != nil:
		return err
	case isRead:
		return contradict("Asked for the same time in another form, it lists %d executions instead of none.", len(page.rows))
	default:
		p.service.learnForm()
		return nil
	}
}

// leftOut returns one of the runs of a later response that is not shown even when
// the question is sent again, or nil.
func (p *probe) leftOut(ctx context.Context, runs []*Execution) (*Execution, error) {
	if len(runs) == 0 {
		return nil, nil
	}
	again, err := p.service.request(ctx, p.asked)
	if err != nil {
		return nil, err
	}
	if p.service.isFull(again) {
		return nil, nil
	}

	return unseen(runs, idsOf(again.rows)), nil
}

// lookFarBefore asks for a time long before the window, where none of the rows
// can be.
func (p *probe) lookFarBefore(ctx context.Context) error {
	past := p.window.longBefore()
	page, err := p.service.request(ctx, p.query(past))
	if err != nil {
		return err
	}
	if err := checkBounds(page.rows, past); err != nil {
		return err
	}
	p.service.learnForm()

	return nil
}

// readsForm reports whether a form in which rows have been listed is read: else
// they are listed for a time long before the window, too.
func (p *probe) readsForm(ctx context.Context, in writing) (bool, error) {
	past := p.window.longBefore()
	page, err := p.service.send(ctx, in.write(p.query(past)))
	if err != nil {
		return false, err
	}

	return checkBounds(page.rows, past) == nil, nil
}

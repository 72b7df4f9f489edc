package executions

import (
	"context"
	"errors"
	"slices"
	"time"
)

// A short first page holds everything that was asked for, if the service has
// read the question as it was meant. Where its rows do not show that, they say
// what to request in order to find out. Such a request can show that the page
// holds only a part, or teach something about the service. If it fails, the page
// stands.

// doubts are what a page leaves open.
type doubts struct {
	form bool // whether the service read the form of the bounds
	utc  bool // whether it took them as UTC
	span bool // whether it honoured bounds that are further apart than its own window
}

// chinaTime is the other time zone in which a service of this cloud may read
// bounds: UTC+8.
const chinaTime = 8 * time.Hour

// isWhole reports whether a short first page holds everything. An error is a
// contradiction, or the end of the context.
func (l *list) isWhole(ctx context.Context, first Page, asked Query, window span) (bool, error) {
	d := l.doubt(first, window)
	if d == (doubts{}) || idsOf(first.Rows)[""] {
		return true, nil
	}
	l.hints = hints{}
	l.hints.add(first.Rows, asked)
	p := probe{list: l, first: first, asked: asked, shown: idsOf(first.Rows), window: window, before: l.service.began}
	for i := range first.Rows {
		p.before = later(p.before, floorSecond(first.Rows[i].last()))
	}
	whole, err := p.run(ctx, d)
	switch {
	case err == nil:
		return whole, nil
	case ctx.Err() != nil, isContradiction(err):
		return false, err
	default:
		return true, nil
	}
}

// doubt returns what neither the process nor the rows of a page show.
func (l *list) doubt(first Page, window span) doubts {
	if !l.question.bounded() {
		return doubts{}
	}
	k, asked := l.service.facts.get(), l.question.window(l.service.now)
	length := asked.to.Sub(asked.from)
	d := doubts{form: !k.formRead, utc: !k.utc, span: length > serviceWindow && k.span < length}
	if asked.to.Add(-chinaTime).After(l.service.latest()) {
		d.utc = false // nothing can have been left out at the end
	}
	mayBeOutside := func(row Execution) bool { return !row.isInside(window) }
	if len(first.Rows) == 0 || slices.ContainsFunc(first.Rows, mayBeOutside) {
		return d
	}

	var oldest, newest time.Time // the first end and the last begin
	for i := range first.Rows {
		row := &first.Rows[i]
		newest = later(newest, row.begin)
		if last := row.last(); row.hasEnded() && (oldest.IsZero() || last.Before(oldest)) {
			oldest = last
		}
	}
	recent := l.service.earliest().Add(-serviceWindow)
	surelyRecent := l.service.latest().Add(-serviceWindow)
	if newest.After(asked.to.Add(-chinaTime)) {
		d.utc = false // in that zone it could not be shown
		l.service.facts.learn(func(k *knowledge) { k.utc = true })
	}
	switch {
	case !window.from.Before(surelyRecent):
		d.form = false // the service's own window would show more
	case !oldest.IsZero() && oldest.Before(recent):
		d.form = false // it could not be shown in the service's own window
		l.service.learnForm()
	}
	if !oldest.IsZero() && newest.Sub(oldest) > serviceWindow {
		d.span = false
		l.learnSpan(length)
	}

	return d
}

func (l *list) learnSpan(length time.Duration) {
	l.service.facts.learn(func(k *knowledge) { k.span = max(k.span, length) })
}

// probe finds out whether a page holds everything.
type probe struct {
	*list
	first  Page
	asked  Query // whose response the page is
	shown  map[string]bool
	window span
	before time.Time // the page was read after it
}

// run settles the doubts. It reports false if more belongs to the list than the
// page holds.
func (p *probe) run(ctx context.Context, d doubts) (whole bool, err error) {
	if len(p.first.Rows) == 0 && d.form {
		if err := p.compareForms(ctx); err != nil {
			return false, err
		}
	}
	at, isAfterRun, ok := p.cut()
	if !ok && len(p.first.Rows) > 0 && d.form {
		if err := p.lookFarBefore(ctx); err != nil {
			return false, err
		}
	}
	if ok && (d.form || d.utc) {
		part, newer := p.window.splitAt(at) // the older part must not show the run that begins after it
		if isAfterRun {
			part = newer // must not show the run that has ended before it
		}
		page, err := p.request(ctx, part)
		if err != nil {
			return false, err
		}
		if p.hasMore(page) {
			p.learnPageLimit()
			return false, nil
		}
		p.service.learnForm()
		if isAfterRun && !part.to.Add(-chinaTime).Before(at) { // in that zone it would show the run
			p.service.facts.learn(func(k *knowledge) { k.utc = true })
			d.utc = false
		}
	}
	if d.utc {
		if err := p.lookPastEnd(ctx); err != nil {
			return false, err
		}
	}
	if d.span {
		return p.hasWholeSpan(ctx)
	}

	return true, nil
}

// cut returns where to split the window: soon after a run has ended, so that the
// newer part must not show it, however the bounds are misread. If all runs go
// on, it is before one of them begins. The middle row is preferred.
func (p *probe) cut() (at time.Time, isAfterRun, ok bool) {
	var after, before []time.Time
	for i := range p.first.Rows {
		row := &p.first.Rows[i]
		if at := floorSecond(row.last()).Add(3 * time.Second); row.hasEnded() &&
			row.last().Sub(row.first()) < chinaTime/2 && p.window.contains(at) && at.After(p.window.from) {
			after = append(after, at)
		}
		if at := floorSecond(row.begin).Add(-2 * time.Second); p.window.contains(at) && at.After(p.window.from) {
			before = append(before, at)
		}
	}
	cuts := after
	if len(cuts) == 0 {
		cuts = before
	}
	if len(cuts) == 0 {
		return time.Time{}, false, false
	}
	slices.SortFunc(cuts, time.Time.Compare)

	return cuts[len(cuts)/2], len(after) > 0, true
}

// request asks for a part of the window, and checks the response against its
// bounds and against the page.
func (p *probe) request(ctx context.Context, s span) (Page, error) {
	page, err := p.service.request(ctx, p.query(s))
	if err != nil {
		return Page{}, err
	}
	p.service.observe(page)
	if err := checkBounds(page, s); err != nil {
		return Page{}, err
	}
	if p.service.isFull(page) {
		return page, nil
	}
	shown := idsOf(page.Rows)

	return page, p.checkHints(ctx, s, func(row *Execution) bool {
		return row.hasEnded() && row.isInside(s) && !shown[row.ExecutionID]
	})
}

// hasMore reports whether a response shows a run that the page should have
// shown.
func (p *probe) hasMore(page Page) bool {
	return slices.ContainsFunc(page.Rows, func(row Execution) bool {
		return !p.shown[row.ExecutionID] && row.isInside(p.window) && row.last().Before(p.before)
	})
}

// learnPageLimit takes the length of the page for the page limit, unless the
// service may have shortened the window instead.
func (p *probe) learnPageLimit() {
	isLone := p.question.Start.IsZero() != p.question.End.IsZero()
	if n := len(p.first.Rows); !isLone && p.window.to.Sub(p.window.from) <= serviceWindow+clockSlack {
		p.service.facts.learn(func(k *knowledge) { k.pageLimit = n })
	}
}

// compareForms asks for an empty page in the other form of times. A form that
// the service refuses or does not read shows that it reads this one.
func (p *probe) compareForms(ctx context.Context) error {
	other := p.service // not what the list goes on with
	other.form = p.service.form.other()
	page, err := other.request(ctx, p.asked)
	switch {
	case errors.Is(err, ErrBadRequest):
		p.service.learnForm()
		return nil
	case err != nil:
		return err
	case hasOutside(page, p.question.tolerant(p.window)):
		p.service.learnForm()
		return nil
	case slices.ContainsFunc(page.Rows, func(row Execution) bool { return row.first().Before(p.before) }):
		isRead, err := p.readsForm(ctx, &other)
		if err != nil {
			return err
		}
		if !isRead {
			p.service.learnForm()
			return nil
		}
		return contradict("Asked for the same time in another form, it lists %d executions instead of none.", len(page.Rows))
	default:
		return nil
	}
}

// lookFarBefore asks for a time long before the window, where none of the page's
// rows can be.
func (p *probe) lookFarBefore(ctx context.Context) error {
	before := p.window.longBefore()
	page, err := p.service.request(ctx, p.query(before))
	if err != nil {
		return err
	}
	p.service.observe(page)
	if err := checkBounds(page, before); err != nil {
		return err
	}
	p.service.learnForm()

	return nil
}

// readsForm reports whether a form in which rows have been listed is read: else
// they are listed for a time long before the window, too.
func (p *probe) readsForm(ctx context.Context, in *service) (bool, error) {
	before := p.window.longBefore()
	page, err := in.request(ctx, p.query(before))
	if err != nil {
		return false, err
	}

	return !hasOutside(page, before), nil
}

// isLeftOut reports whether the page should have shown rows of a later response.
// Of recent ones that is found out by sending its request again.
func (p *probe) isLeftOut(ctx context.Context, page Page) (bool, error) {
	if p.hasMore(page) {
		return true, nil
	}
	isNew := func(row Execution) bool { return !p.shown[row.ExecutionID] && row.isInside(p.window) }
	if !slices.ContainsFunc(page.Rows, isNew) {
		return false, nil
	}
	again, err := p.service.request(ctx, p.asked)
	if err != nil {
		return false, err
	}
	p.service.observe(again)
	if p.service.isFull(again) {
		return false, nil // a page in no order may show others
	}
	shown := idsOf(again.Rows)

	return slices.ContainsFunc(page.Rows, func(row Execution) bool { return isNew(row) && !shown[row.ExecutionID] }), nil
}

// lookPastEnd asks for what a service that reads UTC+8 would have left out at the
// end of the window.
func (p *probe) lookPastEnd(ctx context.Context) error {
	end := p.question.window(p.service.now).to
	page, err := p.service.request(ctx, p.query(span{later(p.window.from, end.Add(-chinaTime)), end.Add(chinaTime)}))
	if err != nil {
		return err
	}
	p.service.observe(page)
	isLeftOut, err := p.isLeftOut(ctx, page)
	if err != nil {
		return err
	}
	if isLeftOut {
		return contradict("Asked for executions until %s, it left out some that it lists when it is asked for a later time.",
			end.Format(time.RFC3339))
	}

	return nil
}

// hasWholeSpan finds out whether bounds that are far apart are honoured: a run
// that is that far from both of them must be shown. Without a run to look for,
// the window has to be read in parts.
func (p *probe) hasWholeSpan(ctx context.Context) (bool, error) {
	rows := slices.DeleteFunc(slices.Clone(p.first.Rows), func(row Execution) bool { return !row.hasEnded() })
	if len(rows) == 0 {
		return false, nil
	}
	asked := p.question.window(p.service.now)
	run, length := rows[len(rows)/2], asked.to.Sub(asked.from)
	page, err := p.service.request(ctx, p.query(span{
		floorSecond(run.first().Add(-length)), ceilSecond(run.last().Add(length)),
	}))
	if err != nil {
		return false, err
	}
	p.service.observe(page)
	if !idsOf(page.Rows)[run.ExecutionID] {
		return false, nil
	}
	p.learnSpan(length)

	return true, nil
}

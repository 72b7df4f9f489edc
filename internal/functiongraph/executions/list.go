package executions

import (
	"context"
	"time"
)

// All reads every execution that a question asks for, the newest first; where
// those are equal, by execution_id. The error is an [*Error] if the list cannot
// be read completely, a [*TooLongError] if the question's TooLong ended it, else
// the [Asker]'s own. It never returns a part of a list.
func All(ctx context.Context, facts *Facts, ask Asker, q Question) ([]Execution, error) {
	if !q.Start.IsZero() {
		q.Start = floorSecond(q.Start)
	}
	if !q.End.IsZero() {
		q.End = ceilSecond(q.End)
	}
	k := facts.get()
	l := &list{question: q, service: service{ask: ask, facts: facts, writing: writing{k.form, k.zone}}, rows: newRows(q)}
	if err := l.readAll(ctx); err != nil {
		return nil, err
	}

	return l.rows.result()
}

// list is one list while it is read.
type list struct {
	question Question
	service  service
	rows     *rows // what belongs to the list
	hints    hints // what must show
	tiles    tiles // of the window
	complete span  // of which everything has been read
}

// readAll asks the question, and reads the window tile by tile if the response
// is full.
func (l *list) readAll(ctx context.Context) error {
	asked := Query{Status: l.question.Status, Start: l.question.Start, End: l.question.End, Limit: MaxPage}
	first, err := l.askQuestion(ctx, asked)
	if err != nil {
		return err
	}
	isFull := l.service.isFull(first) && !l.service.isSuspect(first)
	if isFull && !l.question.bounded() && l.service.facts.get().offsetWorks {
		if err := l.readByOffset(ctx, asked, first); !isRefusal(err) {
			return err
		}
	}
	failed := l.readPage(ctx, first, asked)
	if isContradiction(failed) || isCrowded(failed) && !l.service.facts.get().formRead {
		return l.fallBack(ctx, first, asked, failed)
	}

	return failed
}

// askQuestion sends the question with the practitioner's own limit. If as many
// rows come, they may be any of those that match, since the order of a page is
// not known: then it is asked with the largest limit.
func (l *list) askQuestion(ctx context.Context, asked Query) (Page, error) {
	limit := l.question.Limit
	if limit > 0 && limit < MaxPage {
		q := asked
		q.Limit = limit
		page, err := l.askOnce(ctx, q)
		if err != nil || len(page.Rows) < limit {
			return page, err
		}
	}

	return l.askOnce(ctx, asked)
}

func (l *list) askOnce(ctx context.Context, q Query) (Page, error) {
	page, err := l.service.requestEitherForm(ctx, q)
	if err != nil {
		return Page{}, err
	}
	l.service.observe(page)

	return page, l.question.checkWorkflow(page.Rows)
}

// readPage reads the list that a first page begins.
func (l *list) readPage(ctx context.Context, first Page, asked Query) error {
	window := l.window()
	l.complete = window
	if l.question.bounded() {
		err := checkBounds(first, l.question.tolerant(window))
		if err != nil && asked.isOpen() { // a bound that is given alone may mean another window
			whole := l.question.window(l.service.now)
			asked.Start, asked.End = whole.from, whole.to
			first, err = l.askOnce(ctx, asked)
			if err == nil {
				err = checkBounds(first, window)
			}
		}
		if err != nil {
			return err
		}
	}
	isShort := !l.service.isFull(first)
	if isShort {
		isWhole, err := l.isWhole(ctx, first, asked)
		if err != nil {
			return err
		}
		if isWhole {
			return l.keepOnly(first)
		}
		window = l.longerWindow()
	}
	isSuspect, hasNameless := l.service.isSuspect(first), idsOf(first.Rows)[""]
	switch {
	case isSuspect && hasNameless:
		return l.keepOnly(first)
	case hasNameless:
		return errNameless
	}
	err := l.readWindow(ctx, window, first, asked)
	if err == nil {
		err = l.confirm(ctx, asked, isShort)
	}
	switch {
	case isSuspect && !l.service.isFull(first): // a longer page has shown that it is not
		return l.readPage(ctx, first, asked)
	case isSuspect && err == nil:
		return l.rows.add(first.Rows) // the service may have shown more than is in the window
	case isShort && l.tiles.seconds == 0 && l.mayStand(ctx, first, err): // all else has failed
		return l.keepOnly(first)
	case isSuspect && isCrowded(err) && !l.service.knowsForm():
		return err
	case isSuspect && l.mayStandAlone(ctx, window, first, err):
		return l.keepOnly(first)
	default:
		return err
	}
}

// mayStand reports whether a page is the list although looking for more has
// failed: nothing more has been seen.
func (l *list) mayStand(ctx context.Context, first Page, err error) bool {
	if ctx.Err() != nil || isContradiction(err) {
		return false
	}
	shown := idsOf(first.Rows)
	for i := range l.rows.all {
		if !shown[l.rows.all[i].ExecutionID] {
			return false
		}
	}
	for id := range l.hints {
		if !shown[id] {
			return false
		}
	}

	return true
}

// mayStandAlone is mayStand for a page that may be full. Where a second of it
// keeps the rest from being read, it also asks for what is older and newer than
// all of its rows.
func (l *list) mayStandAlone(ctx context.Context, window span, first Page, err error) bool {
	times, _ := timesOf(window, first.Rows)
	if len(times) > 0 && l.mayStand(ctx, first, err) {
		older, _ := window.splitAt(times[0].Add(-time.Second))
		_, newer := window.splitAt(times[len(times)-1].Add(3 * time.Second))
		for _, s := range []span{older, newer} {
			if s.isEmpty() {
				continue
			}
			page, err := l.service.request(ctx, l.query(s))
			if err == nil && checkBounds(page, s) == nil {
				l.hints.add(page.Rows, l.service.write(l.query(s)))
			}
		}
	}

	return l.mayStand(ctx, first, err)
}

var errNameless = &Error{
	Reason: "The service listed an execution without an execution_id, which cannot be followed over several responses.",
	Advice: "Choose start_time and end_time, or a status, so that at most 199 executions match.",
}

// window is the question's window. The bounds that the service chooses follow
// its clock, and a bound in the future becomes now, with room for clocks that
// differ.
func (l *list) window() span {
	window := l.question.window(l.service.now)
	latest := l.service.latest()
	if !l.question.bounded() {
		window.to = latest
	}
	window.to = earlier(window.to, latest)

	return window
}

// longerWindow is the window for tiles that need not show what a full page has
// shown. Of a service that may read bounds as UTC+8, it also asks for what that
// leaves out at the end, where nothing else can come while the tiles are read.
func (l *list) longerWindow() span {
	window := l.window()
	if end := l.question.window(l.service.now).to; l.service.zone == 0 && end.After(window.to) {
		window.to = earlier(end, window.to.Add(chinaTime+clockSlack))
	}

	return window
}

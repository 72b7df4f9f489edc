package executions

import "context"

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
	l := &list{
		question: q,
		service:  service{ask: ask, facts: facts, writing: writing{k.form, k.zone}},
		rows:     newRows(q),
		hints:    hints{},
	}
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

	isPart     bool // the first page is known to be a part of the list
	askedAgain bool // readSuspect has sent the question a second time
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
	if isContradiction(failed) || isCrowded(failed) && !l.service.knowsForm() {
		return l.fallBack(ctx, first, asked, failed)
	}

	return failed
}

// askQuestion sends the question with the practitioner's own limit. If as many
// rows come, they may be any of those that match, since the order of a page is
// not known: then it is asked with the largest limit.
func (l *list) askQuestion(ctx context.Context, asked Query) (response, error) {
	limit := l.question.Limit
	if limit > 0 && limit < MaxPage {
		q := asked
		q.Limit = limit
		page, err := l.askOnce(ctx, q)
		if err != nil || len(page.rows) < limit {
			return page, err
		}
	}

	return l.askOnce(ctx, asked)
}

func (l *list) askOnce(ctx context.Context, q Query) (response, error) {
	page, err := l.service.requestEitherForm(ctx, q)
	if err != nil {
		return response{}, err
	}

	return page, l.question.checkWorkflow(page.rows)
}

// readPage reads the list that a first page begins.
func (l *list) readPage(ctx context.Context, first response, asked Query) error {
	l.complete, l.isPart = l.window(), false
	if l.question.bounded() {
		err := checkBounds(first.rows, l.question.tolerant(l.complete))
		if err != nil && asked.isOpen() { // a bound that is given alone may mean another window
			explicit := l.question.window(l.service.now)
			asked.Start, asked.End = explicit.from, explicit.to
			first, err = l.askOnce(ctx, asked)
			if err == nil {
				err = checkBounds(first.rows, l.complete)
			}
		}
		if err != nil {
			return err
		}
	}
	switch {
	case !l.service.isFull(first):
		return l.readShort(ctx, first, asked)
	case l.service.isSuspect(first):
		return l.readSuspect(ctx, first, asked)
	case idsOf(first.rows)[""]:
		return errNameless
	}
	if err := l.readWindow(ctx, l.window(), first, asked); err != nil {
		return err
	}

	return l.confirm(ctx, asked)
}

// readShort takes a page that is not full for the whole list, unless the service
// may have read the question in another way than it was meant.
func (l *list) readShort(ctx context.Context, first response, asked Query) error {
	isWhole, err := l.isWhole(ctx, first, asked)
	switch {
	case err != nil:
		return err
	case isWhole:
		return l.keepOnly(first)
	}
	err = l.readWindow(ctx, l.longerWindow(), first, asked)
	switch {
	case err == nil:
		return l.confirm(ctx, asked)
	case l.tiles.seconds == 0 && !l.isPart && l.mayStand(ctx, first, err): // nothing but the page could be read
		return l.keepOnly(first)
	default:
		return err
	}
}

// keepOnly makes a page the whole list.
func (l *list) keepOnly(page response) error {
	l.rows = newRows(l.question)

	return l.rows.add(page.rows)
}

var errNameless = &Error{
	Reason: "The service listed an execution without an execution_id, which cannot be followed over several responses.",
	Advice: "Choose start_time and end_time, or a status, so that at most 199 executions match.",
}

// window is the question's window. The bounds that the service chooses follow
// its clock, and an end in the future becomes now, with room for clocks that
// differ, unless all of the window is in the future.
func (l *list) window() span {
	window := l.question.window(l.service.now)
	latest := l.service.latest()
	if !l.question.bounded() {
		window.to = latest
	}
	if window.from.Before(latest) {
		window.to = earlier(window.to, latest)
	}

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

package executions

import "context"

// All reads every execution that q selects, the newest first; where those are
// equal, by execution_id. The error is an [*Error] if the list cannot be read
// completely, a [*TooLongError] if TooLong of q ended it, else that of getPage. It
// never returns a part of a list.
func All(ctx context.Context, facts *Facts, getPage PageFunc, q Options) ([]Execution, error) {
	if !q.Start.IsZero() {
		q.Start = floorSecond(q.Start)
	}
	if !q.End.IsZero() {
		q.End = ceilSecond(q.End)
	}
	l := &list{options: q, service: service{getPage: getPage, facts: facts, form: facts.get().form}, rows: newRows(q)}
	if err := l.readAll(ctx); err != nil {
		return nil, err
	}

	return l.rows.result()
}

// list is one list while it is read.
type list struct {
	options Options
	service service
	rows    *rows // what belongs to the list
	hints   hints // what must show
	tiles   tiles // how far the window has been read
}

// readAll requests the list, and reads the window tile by tile if the response
// is full.
func (l *list) readAll(ctx context.Context) error {
	requested := Query{Status: l.options.Status, Start: l.options.Start, End: l.options.End, Limit: MaxPage}
	first, err := l.requestFirst(ctx, requested)
	if err != nil {
		return err
	}
	isFull := l.service.isFull(first) && !l.service.isSuspect(first)
	if isFull && !l.options.bounded() && l.service.facts.get().offsetWorks {
		if err := l.readByOffset(ctx, requested, first); !isRefusal(err) {
			return err
		}
	}
	failed := l.readPage(ctx, first, requested)
	if isContradiction(failed) || isCrowded(failed) && !l.service.facts.get().formRead {
		return l.fallBack(ctx, first, requested, failed)
	}

	return failed
}

// requestFirst sends the request with the practitioner's own limit. If as many
// rows come, they may be any of those that match, because the order of a page is
// not known. Then it is sent again with the largest limit.
func (l *list) requestFirst(ctx context.Context, requested Query) (Page, error) {
	limit := l.options.Limit
	if limit > 0 && limit < MaxPage {
		q := requested
		q.Limit = limit
		page, err := l.requestPage(ctx, q)
		if err != nil || len(page.Rows) < limit {
			return page, err
		}
	}

	return l.requestPage(ctx, requested)
}

func (l *list) requestPage(ctx context.Context, q Query) (Page, error) {
	page, err := l.service.requestEitherForm(ctx, q)
	if err != nil {
		return Page{}, err
	}
	l.service.observe(page)

	return page, l.options.checkWorkflow(page.Rows)
}

// readPage reads the list that a first page begins.
func (l *list) readPage(ctx context.Context, first Page, requested Query) error {
	window := l.window()
	if l.options.bounded() {
		err := checkBounds(first, l.options.tolerant(window))
		if err != nil && requested.isOpen() { // a bound that is given alone may mean another window
			requested.Start, requested.End = window.from, window.to
			first, err = l.requestPage(ctx, requested)
			if err == nil {
				err = checkBounds(first, window)
			}
		}
		if err != nil {
			return err
		}
	}
	if !l.service.isFull(first) {
		isWhole, err := l.isWhole(ctx, first, requested, window)
		if err != nil {
			return err
		}
		if isWhole {
			return l.rows.add(first.Rows)
		}
	}
	isSuspect, hasNameless := l.service.isSuspect(first), idsOf(first.Rows)[""]
	switch {
	case isSuspect && hasNameless:
		return l.rows.add(first.Rows)
	case hasNameless:
		return errNameless
	}
	err := l.readWindow(ctx, window, first, requested)
	switch {
	case isSuspect && err == nil:
		return l.rows.add(first.Rows) // the service may have shown more than is in the window
	case isSuspect && l.mayStand(ctx, first, err):
		l.rows = newRows(l.options)
		return l.rows.add(first.Rows)
	default:
		return err
	}
}

// mayStand reports whether a page of a suspiciously round length is the list
// although the search for more has failed: no other row has been seen.
func (l *list) mayStand(ctx context.Context, first Page, err error) bool {
	if ctx.Err() != nil || isContradiction(err) {
		return false
	}
	shown := idsOf(first.Rows)
	for i := range l.rows.all {
		if row := &l.rows.all[i]; !shown[row.ExecutionID] && l.isOld(row) {
			return false
		}
	}
	for id, hint := range l.hints {
		if !shown[id] && l.isOld(&hint.row) {
			return false
		}
	}

	return true
}

var errNameless = &Error{
	Reason: "The service listed an execution without an execution_id, which cannot be followed over several responses.",
	Advice: "Choose start_time and end_time, or a status, so that at most 199 executions match.",
}

// window is the window of the list. The bounds that the service chooses follow
// its clock, and a bound in the future becomes now, with room for clocks that
// differ.
func (l *list) window() span {
	window := l.options.window(l.service.now)
	latest := l.service.latest()
	if !l.options.bounded() {
		window.to = latest
	}
	window.to = earlier(window.to, latest)

	return window
}

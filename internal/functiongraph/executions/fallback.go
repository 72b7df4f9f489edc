package executions

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
)

// fallBack is for a service whose responses contradict each other or its
// bounds, or whose tiles stay full. In this order:
//
//   - a short page is the answer if the service ignores bounds altogether and all
//     of the page lies between them;
//   - the list is read with bounds that are written in another way, in the other
//     form or as UTC+8, because what was read before may be shifted;
//   - the list is read by offset, if its bounds are honoured, not sent or ignored;
//   - the page is the answer if it was full only by the look of its length, and
//     nothing more has been seen;
//   - the list is refused.
func (l *list) fallBack(ctx context.Context, first response, asked Query, failed error) error {
	isBelowMax := len(first.rows) < l.service.pageLimit()
	if isBelowMax && !l.service.isSuspect(first) && l.question.bounded() && l.fitsWindow(first.rows) {
		if isIgnored, err := l.ignoresBothForms(ctx, first); err != nil {
			return err
		} else if isIgnored {
			return l.keepOnly(first)
		}
	}
	original, own, shown := first, l.service.writing, hints{}
	l.note(shown, first, asked)
	for _, other := range l.otherWritings(failed) {
		l.service.writing = other
		page, err := l.readAgain(ctx, shown, asked, original)
		if !isContradiction(err) && !isCrowded(err) {
			return err
		}
		l.note(shown, page, asked)
		if isCrowded(err) && !isCrowded(failed) {
			first, failed, own = page, err, other
			isBelowMax = len(first.rows) < l.service.pageLimit()
		}
	}
	l.service.writing, l.rows, l.hints = own, newRows(l.question), shown

	switch {
	case isRefusal(failed):
		if isBelowMax && l.mayStandAlone(ctx, first, nil) {
			return l.keepOnly(first)
		}
		return failed
	case !l.service.isFull(first), isBelowMax && l.question.bounded() && !isCrowded(failed):
		return l.refuseBounds(failed)
	case l.question.bounded() && !isCrowded(failed):
		if isIgnored, err := l.ignoresBounds(ctx, first, l.service.writing); err != nil || !isIgnored {
			return cmp.Or(err, l.refuseBounds(failed))
		}
	}
	err := l.readByOffset(ctx, asked, first)
	if isContradiction(err) {
		return l.refuseBounds(err)
	}
	switch {
	case isBelowMax && isRefusal(err) && l.mayStand(ctx, first, nil) && // it was full only by the look of its length
		(!isCrowded(failed) || l.mayStandAlone(ctx, first, nil)):
		return l.keepOnly(first)
	case err != nil:
		return err
	case isBelowMax && l.hasOnly(first.rows): // the page was not full
		l.service.learnLongest(len(first.rows) + 1)
		if err := l.readShort(ctx, first, asked); !isContradiction(err) {
			return err
		}
		return l.refuseBounds(failed)
	case l.question.bounded():
		if fits, err := l.offsetFits(ctx, asked, isCrowded(failed)); err != nil || !fits {
			return cmp.Or(ctx.Err(), l.refuseBounds(cmp.Or(err, failed)))
		}
	}
	if !isCrowded(failed) {
		l.service.facts.learn(func(k *knowledge) { k.offsetWorks = true })
	}

	return nil
}

// otherWritings returns in which other ways bounds may be sent. Full tiles say
// nothing about the zone.
func (l *list) otherWritings(failed error) []writing {
	own := l.service.writing
	switch {
	case errors.Is(failed, errNoBounds), isCrowded(failed) && l.service.knowsForm():
		return nil
	case isCrowded(failed):
		return []writing{own.otherForm()}
	default:
		zone := l.service.otherZone()
		return []writing{own.otherForm(), {own.form, zone}, {own.form.other(), zone}}
	}
}

// note adds everything that a try has shown.
func (l *list) note(shown hints, page response, asked Query) {
	maps.Copy(shown, l.hints)
	shown.add(slices.Concat(page.rows, l.rows.all), l.service.write(asked))
}

// readAgain reads the whole list with bounds that are written in another way than
// before, in which some runs have been shown. It returns the first page, too.
func (l *list) readAgain(ctx context.Context, shown hints, asked Query, original response) (
	first response, err error,
) {
	l.rows, l.hints = newRows(l.question), hints{} // what they hold was shown for bounds in the other writing
	first = original
	if l.question.bounded() {
		if first, err = l.service.request(ctx, asked); err != nil {
			if errors.Is(err, ErrBadRequest) {
				err = errNoBounds
			}
			return response{}, err
		}
	}
	if err = l.readPage(ctx, first, asked); err != nil {
		return first, err
	}
	isEmpty := len(l.rows.all) == 0
	for _, hint := range shown {
		if isEmpty && !l.service.knowsForm() && l.mustHave(hint.row) { // bounds may not be read in this form either
			return first, contradict("Asked for executions from %s in another form, it lists none.", l.complete)
		}
	}
	l.hints = maps.Clone(shown)
	err = l.checkHints(ctx, l.complete, func(row *Execution) bool {
		return row.hasEnded() && l.mustHave(row) && !l.rows.has(row.ExecutionID)
	})
	if err == nil && !isEmpty {
		l.service.learnForm()
	}

	return first, err
}

// ignoresBounds asks for a time long before the window: a service that
// ignores bounds lists there what the first page shows.
func (l *list) ignoresBounds(ctx context.Context, first response, in writing) (bool, error) {
	past := l.window().longBefore()
	page, err := l.service.send(ctx, in.write(l.query(past)))
	if err != nil {
		return false, ctx.Err()
	}
	if l.service.isFull(first) {
		return checkBounds(page.rows, past) != nil, nil
	}

	return len(page.rows) > 0 && maps.Equal(idsOf(page.rows), idsOf(first.rows)), nil
}

// ignoresBothForms is ignoresBounds for bounds in either form: a form that is
// ignored may be one that the service does not read.
func (l *list) ignoresBothForms(ctx context.Context, first response) (bool, error) {
	for _, in := range []writing{l.service.writing, l.service.otherForm()} {
		if isIgnored, err := l.ignoresBounds(ctx, first, in); err != nil || !isIgnored {
			return false, err
		}
	}

	return true, nil
}

// offsetFits reports whether rows that were read by offset are what lies between
// the bounds, which the service honours or ignores.
func (l *list) offsetFits(ctx context.Context, asked Query, honours bool) (bool, error) {
	if !honours {
		return l.fitsWindow(l.rows.all), nil
	}
	if err := checkBounds(l.rows.all, l.question.tolerant(l.window())); err != nil {
		return false, err
	}
	p := l.probe(l.rows.all, asked, l.question.window(l.service.now))
	whole, err := p.findOut(ctx, p.doubt())
	if whole && !p.honoursSpan() {
		whole, err = p.findOutSpan(ctx)
	}

	return whole, err
}

// fitsWindow reports whether rows that were listed without regard to the bounds
// are nevertheless what lies between them: all of them do, and they are not the
// last three days alone, which a service may list instead.
func (l *list) fitsWindow(rows []*Execution) bool {
	window := l.question.tolerant(l.window())
	recent := l.service.latest().Add(-clockSlack - serviceWindow)
	isWhole := !window.from.Before(recent.Add(-dateSlack))
	for _, row := range rows {
		if !row.isWithin(window) {
			return false
		}
		isWhole = isWhole || row.last().Before(recent.Add(-windowSlack))
	}

	return isWhole
}

// errNoBounds means that the service refuses start_time and end_time.
var errNoBounds = contradict("It refuses start_time and end_time.")

// errCrowded means that tiles stay full however short they are.
var errCrowded = contradict("However short the part of the window that it is asked for, it lists a full page.")

// isCrowded reports whether a list failed because of full tiles. They also stay
// full if the service does not read their bounds.
func isCrowded(err error) bool {
	refused, ok := errors.AsType[*Error](err)

	return errors.Is(err, errCrowded) || ok && refused.isCrowded
}

func (l *list) refuseBounds(failed error) error {
	if l.question.Status != "" {
		return &Error{
			Reason: "The service does not seem to honour start_time and end_time, or status. " + failed.Error(),
			Advice: "Leave out status, and filter the executions in the configuration. If that does not help, leave out " +
				"start_time and end_time, so that the service lists its last three days, or choose others.",
		}
	}

	return &Error{
		Reason: "The service does not seem to honour start_time and end_time. " + failed.Error(),
		Advice: "Leave out start_time and end_time, so that the service lists its last three days, or choose others.",
	}
}

func isContradiction(err error) bool {
	_, ok := errors.AsType[*contradiction](err)

	return ok
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[*Error](err)

	return ok
}

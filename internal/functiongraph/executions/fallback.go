package executions

import (
	"cmp"
	"context"
	"errors"
	"maps"
)

// fallBack is for a service whose responses contradict each other or its
// bounds, or whose tiles stay full. In this order:
//
//   - a short page is the answer if the service ignores bounds altogether and all
//     of the page lies between them;
//   - the list is read in the other form of times, because what was read before
//     may be shifted;
//   - the list is read by offset, if its bounds are honoured, not sent or ignored;
//   - the list is refused.
func (l *list) fallBack(ctx context.Context, first Page, asked Query, failed error) error {
	isShort := len(first.Rows) < l.service.pageLimit()
	if isShort && !l.service.isSuspect(first) && l.question.bounded() && l.fitsWindow(first.Rows) {
		if isIgnored, err := l.ignoresBothForms(ctx, first); err != nil {
			return err
		} else if isIgnored {
			return l.keepOnly(first)
		}
	}
	if !errors.Is(failed, errNoBounds) && (!isCrowded(failed) || !l.service.facts.get().formRead) {
		other, err := l.readInOtherForm(ctx, first, asked)
		switch {
		case isCrowded(err) && !isCrowded(failed):
			first, failed = other, err
		case !isContradiction(err) && !isCrowded(err):
			return err
		default:
			l.service.form = l.service.form.other()
		}
	}

	switch {
	case isRefusal(failed):
		return failed
	case l.question.bounded() && !isCrowded(failed):
		if isShort {
			return refuseBounds(failed)
		}
		if isIgnored, err := l.ignoresBounds(ctx, first); err != nil || !isIgnored {
			return cmp.Or(err, refuseBounds(failed))
		}
	}
	stands := l.mayStand(ctx, first, nil)
	l.rows, l.hints = newRows(l.question), hints{}
	err := l.readByOffset(ctx, asked, first)
	stands = stands && l.mayStand(ctx, first, nil)
	switch {
	case isShort && isRefusal(err) && stands: // it was full only by the look of its length
		return l.keepOnly(first)
	case err == nil && l.question.bounded() && !isCrowded(failed) && !l.fitsWindow(l.rows.all):
		return refuseBounds(failed)
	case err == nil && !isCrowded(failed):
		l.service.facts.learn(func(k *knowledge) { k.offsetWorks = true })
	}

	return err
}

// keepOnly makes a page the whole list.
func (l *list) keepOnly(page Page) error {
	l.rows = newRows(l.question)

	return l.rows.add(page.Rows)
}

// readInOtherForm reads the whole list with bounds in the other form. It returns
// the first page, too.
func (l *list) readInOtherForm(ctx context.Context, first Page, asked Query) (Page, error) {
	l.service.form = l.service.form.other()
	if l.question.bounded() {
		var err error
		if first, err = l.service.request(ctx, asked); err != nil {
			if errors.Is(err, ErrBadRequest) {
				err = errNoBounds
			}
			return Page{}, err
		}
		l.service.observe(first)
	}
	err := l.readPage(ctx, first, asked)
	if err == nil {
		l.service.learnForm()
	}

	return first, err
}

// ignoresBounds asks for a time long before the window: a service that
// ignores bounds lists there what the first page shows.
func (l *list) ignoresBounds(ctx context.Context, first Page) (bool, error) {
	before := l.window().longBefore()
	page, err := l.service.request(ctx, l.query(before))
	if err != nil {
		return false, ctx.Err()
	}
	if l.service.isFull(first) {
		return checkBounds(page, before) != nil, nil
	}

	return len(page.Rows) > 0 && maps.Equal(idsOf(page.Rows), idsOf(first.Rows)), nil
}

// ignoresBothForms is ignoresBounds for bounds in either form: a form that is
// ignored may be one that the service does not read.
func (l *list) ignoresBothForms(ctx context.Context, first Page) (bool, error) {
	isIgnored, err := l.ignoresBounds(ctx, first)
	if err != nil || !isIgnored {
		return false, err
	}
	own := l.service.form
	defer func() { l.service.form = own }()
	l.service.form = own.other()

	return l.ignoresBounds(ctx, first)
}

// fitsWindow reports whether rows that were listed without regard to the bounds
// are nevertheless what lies between them: all of them do, and they are not the
// last three days alone, which a service may list instead.
func (l *list) fitsWindow(rows []Execution) bool {
	window := l.question.tolerant(l.window())
	recent := l.service.latest().Add(-clockSlack - serviceWindow)
	isWhole := !window.from.Before(recent.Add(-dateSlack))
	for i := range rows {
		if !rows[i].isWithin(window) {
			return false
		}
		isWhole = isWhole || rows[i].last().Before(recent.Add(-windowSlack))
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

func refuseBounds(failed error) error {
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

package executions

import (
	"context"
	"slices"
	"time"
)

// A service may list no more than three days at once although both bounds are
// given. Then a short page to a longer window is a part of the list.

// honoursSpan reports whether the service honours bounds that are as far apart as
// those of the question, as far as the process knows or rows that it has shown
// for them say.
func (p *probe) honoursSpan() bool {
	length := p.read.to.Sub(p.read.from)
	if length <= serviceWindow || length <= p.service.facts.get().span {
		return true
	}
	oldest, newest := reach(p.rows)
	if !p.service.knowsForm() || p.mayBeOutside() || oldest.IsZero() || newest.Sub(oldest) <= serviceWindow {
		return false
	}
	p.learnSpan(length)

	return true
}

// learnSpan records a span that is honoured. Only bounds in a form that the
// service is known to read show that.
func (p *probe) learnSpan(length time.Duration) {
	p.service.facts.learn(func(k *knowledge) {
		if k.formRead && k.form == p.service.form {
			k.span = max(k.span, length)
		}
	})
}

// findOutSpan finds out whether bounds that are far apart are honoured: a run
// that is that far from both of them must be shown, or another one far from them.
// If that was not so before, or without a run to look for, the window has to be
// read in parts.
func (p *probe) findOutSpan(ctx context.Context) (honoured bool, err error) {
	if p.service.facts.get().spanRefused {
		return false, nil
	}
	run, status := p.newestRun(p.rows), p.question.Status
	if run == nil {
		run, err = p.witness(ctx)
		status = ""
	}
	switch {
	case isContradiction(err):
		return false, err
	case p.isIdle, ctx.Err() != nil:
		return p.isIdle, ctx.Err()
	case run == nil:
		return p.lookForEarlier(ctx)
	}
	length := p.read.to.Sub(p.read.from)
	q := p.query(span{floorSecond(run.first().Add(-length)), ceilSecond(run.last().Add(length))})
	q.Status = status
	page, err := p.service.request(ctx, q)
	if err != nil {
		return false, ctx.Err()
	}
	isShown := func(row *Execution) bool { return row.ExecutionID == run.ExecutionID || row.isFar(q) }
	if !slices.ContainsFunc(page.rows, isShown) {
		p.service.facts.learn(func(k *knowledge) { k.spanRefused = true })
		p.isPart = !p.service.isFull(page)
		return false, nil
	}
	p.learnSpan(length)

	return true, nil
}

// isFar reports whether a run is so far from both bounds of a query that only a
// service that honours how far they are apart shows it, whatever zone it takes
// them in.
func (e *Execution) isFar(q Query) bool {
	return e.hasEnded() && e.isInside(span{q.Start, q.End}.widened(-serviceWindow-chinaTime))
}

// lookForEarlier is findOutSpan for a workflow without runs of late: any that
// ended in the year before will do.
func (p *probe) lookForEarlier(ctx context.Context) (honoured bool, err error) {
	const year = 365 * 24 * time.Hour
	length := p.read.to.Sub(p.read.from)
	q := p.query(span{p.window.from.Add(-max(length, year)), p.window.to})
	q.Status = ""
	page, err := p.service.request(ctx, q)
	if err != nil {
		return false, ctx.Err()
	}
	at := slices.IndexFunc(page.rows, func(row *Execution) bool { return row.isFar(q) })
	if at < 0 || p.hasMore(page) {
		return false, nil
	}
	p.others = page.rows
	if p.matches(page.rows[at]) && !p.shows(page.rows[at]) {
		p.service.learnForm() // a form that is not read would have shown it before
	}
	p.learnSpan(length)

	return true, nil
}

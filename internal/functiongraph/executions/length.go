package executions

import (
	"context"
	"time"
)

// A service may list no more than three days at once although both bounds are
// given. Then a short page to a longer window is a part of the list.

// honoursSpan reports whether the service honours bounds that are as far apart as
// those of the question, as far as the process knows or rows that it has shown
// for them say.
func (p *probe) honoursSpan(rows []Execution) bool {
	length := p.read.to.Sub(p.read.from)
	if length <= serviceWindow || length <= p.service.facts.get().span {
		return true
	}
	oldest, newest := reach(rows)
	if !p.service.knowsForm() || p.mayBeOutside(rows) || oldest.IsZero() || newest.Sub(oldest) <= serviceWindow {
		return false
	}
	p.learnSpan(length)

	return true
}

func (p *probe) learnSpan(length time.Duration) {
	p.service.facts.learn(func(k *knowledge) { k.span = max(k.span, length) })
}

// findOutSpan finds out whether bounds that are far apart are honoured: a run
// that is that far from both of them must be shown. If that has been tried in
// vain, or without a run to look for, the window has to be read in parts.
func (p *probe) findOutSpan(ctx context.Context) (honoured bool, err error) {
	if p.service.facts.get().spanTried {
		return false, nil
	}
	run, status := p.newestRun(p.rows), p.question.Status
	if run == nil {
		run, status = p.witness(ctx), ""
	}
	if run == nil {
		return false, ctx.Err()
	}
	length := p.read.to.Sub(p.read.from)
	q := p.query(span{floorSecond(run.first().Add(-length)), ceilSecond(run.last().Add(length))})
	q.Status = status
	page, err := p.service.request(ctx, q)
	if err != nil {
		return false, ctx.Err()
	}
	p.service.observe(page)
	if !idsOf(page.Rows)[run.ExecutionID] {
		p.service.facts.learn(func(k *knowledge) { k.spanTried = true })
		return false, nil
	}
	if p.service.knowsForm() {
		p.learnSpan(length)
	}

	return true, nil
}

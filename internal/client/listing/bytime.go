package listing

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// maxWidth is how many parts are read at a time.
const maxWidth = 4

// part is a stretch of the window that has not been seen.
type part struct {
	span

	// known are executions that must show in it: they begin in its first or
	// last second, whichever comes first in a page, and have been listed before.
	known []string
}

// byTime reads the window part by part. The first page is the first part.
func (l *list) byTime(ctx context.Context, first Page) error {
	if err := l.settle(ctx, answer{part: part{span: l.window}, asked: l.window, page: first}, l.limit()); err != nil {
		return err
	}
	if err := l.readUnseen(ctx); err != nil || l.byBegin == proven {
		return err
	}

	return l.catchUp(ctx)
}

// readUnseen asks for the unseen parts, the newest first, a few at a time.
func (l *list) readUnseen(ctx context.Context) error {
	for len(l.unseen) > 0 && !l.isEnough() {
		answers, err := l.fetchParts(ctx, l.next())
		if err != nil {
			return err
		}
		for _, a := range answers {
			if err := l.settle(ctx, a, MaxPage); err != nil {
				return err
			}
		}

		// If runs fall into every part that they overlap with, parts may stay
		// full however small they are.
		l.requests += len(answers)
		if pages := len(l.rows)/MaxPage + 1; l.requests > 8*pages+50 && !l.patient {
			return errDivided
		}
	}

	return nil
}

// catchUp reads what may have moved while the list was read: if the bounds do
// not apply to begin_time, a run that changes may leave a part that has not been
// seen for one that has, or for one past the window.
func (l *list) catchUp(ctx context.Context) error {
	const rounds = 3
	for range rounds {
		until := l.now.Add(boundSlack)
		if !l.question.Start.IsZero() || !l.question.End.IsZero() {
			until = earlier(until, l.question.window(l.now).to)
		}
		if until.Before(l.since) || l.question.Limit > 0 && l.isEnough() {
			return nil
		}
		before := l.requests
		l.window.to = later(l.window.to, until)
		l.unseen = []part{{span: span{l.since, until}}}
		l.since = l.now
		if err := l.readUnseen(ctx); err != nil || l.requests == before+1 {
			return err
		}
	}

	return nil
}

// next takes the newest unseen parts, as many as are read at a time: ever more
// as the list proves long. If there are fewer and full pages cover their parts,
// what is left is cut by the density seen so far, as long as each piece promises
// more than a page.
func (l *list) next() []part {
	width := min(l.width, 1+len(l.rows)/MaxPage)
	if !l.formProven {
		width = 1 // the first answer tells which form is read
	}
	if l.question.Limit > 0 {
		width = min(width, 1+(l.question.Limit-l.countNewerThan(l.horizon()))/(2*MaxPage))
	}
	for l.byBegin == proven && l.order != noOrder && len(l.unseen) < width && l.mayTry() {
		largest := 0
		for i, p := range l.unseen {
			if p.seconds() > l.unseen[largest].seconds() {
				largest = i
			}
		}
		p := l.unseen[largest]
		if p.isSecond() || l.density()*p.seconds() < 3*MaxPage {
			break
		}
		older, newer := l.guess(p)
		l.unseen = slices.Replace(l.unseen, largest, largest+1, older, newer)
	}
	split := len(l.unseen) - min(width, len(l.unseen))
	taken := slices.Clone(l.unseen[split:])
	l.unseen = l.unseen[:split]

	return taken
}

// guess cuts a part in two: in the middle, or, where that is far away for a list
// so dense, after twice as many executions as are known, going by the average.
func (l *list) guess(p part) (older, newer part) {
	average := float64(len(l.rows)) / max(l.covered, 1)
	promise := max(3*MaxPage, 2*float64(len(l.rows))) / average
	length := time.Duration(max(1, min(promise, p.seconds()/2))) * time.Second
	if l.order == oldestFirst {
		spans := p.cutAt(p.from.Add(length))
		return part{span: spans[0], known: p.known}, part{span: spans[1]}
	}
	spans := p.cutAt(p.to.Add(time.Second - length))

	return part{span: spans[0]}, part{span: spans[1], known: p.known}
}

// mayTry reports whether cutting by guesswork has paid so far: of the requests
// for parts, at most one in eight was more than full pages would have taken.
func (l *list) mayTry() bool {
	pages := float64(len(l.rows)) / MaxPage

	return float64(l.requests+len(l.unseen)) < 2+pages*9/8
}

// density is how many executions may begin in a second, by all that has been
// seen or by the page before, whichever is more.
func (l *list) density() float64 { return max(l.rate, float64(len(l.rows))/max(l.covered, 1)) }

// bounds is what to ask for to see a part whole: a second more at each end
// unless bounds are known to include theirs. The window's own are not ours to
// move.
func (l *list) bounds(s span) span {
	if !l.startIncluded && s.from.After(l.window.from) {
		s.from = s.from.Add(-time.Second)
	}
	if !l.endIncluded && s.to.Before(l.window.to) {
		s.to = s.to.Add(time.Second)
	}

	return s
}

// answer is a page and what it is the answer to.
type answer struct {
	part
	asked span // the part, or a little more
	page  Page
}

func (l *list) fetchParts(ctx context.Context, parts []part) ([]answer, error) {
	answers := make([]answer, len(parts))
	group, ctx := errgroup.WithContext(ctx)
	for i, p := range parts {
		answers[i] = answer{part: p, asked: l.bounds(p.span)}
		group.Go(func() (err error) {
			answers[i].page, err = l.fetchSpan(ctx, answers[i].asked)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, a := range answers {
		if a.page.Throttled {
			l.width = max(1, l.width/2)
		}
		l.now = later(l.now, floorSecond(a.page.Date))
	}

	return answers, nil
}

// fetchSpan asks for a span and checks that the bounds have been read.
func (l *list) fetchSpan(ctx context.Context, s span) (Page, error) {
	q := Query{Status: l.question.Status, Start: s.from, End: s.to, Limit: MaxPage}
	page, err := l.fetch(ctx, q)
	if errors.Is(err, ErrBadRequest) && !l.question.bounded() {
		return Page{}, contradict("it refuses a query with start_time and end_time: %s", err)
	}
	if err != nil {
		return Page{}, err
	}
	if !l.formProven && !l.question.bounded() && len(page.Rows) < MaxPage {
		return page, nil // if it is not the part, it is the whole list
	}
	stray := strayFrom(page, s)
	if l.formProven {
		if stray != nil {
			return Page{}, strayed(stray, s)
		}
		return page, nil
	}
	if stray == nil {
		return page, l.proveForm(ctx, s)
	}
	// The other form, then, or none.
	q.Form = l.form.other()
	page, err = l.ask(ctx, q)
	switch {
	case errors.Is(err, ErrBadRequest), err == nil && strayFrom(page, s) != nil:
		return Page{}, strayed(stray, s)
	case err != nil:
		return Page{}, err
	default:
		return page, l.changeForm()
	}
}

// proveForm is called when a span has been answered with nothing from outside.
func (l *list) proveForm(ctx context.Context, s span) error {
	for _, row := range l.rows {
		if row.disjoint(s) {
			l.formProven = true // else this row would have been shown again
			return nil
		}
	}
	read, err := l.isRead(ctx, l.form)
	if err != nil || read == unknown {
		return err
	}
	if read == refuted {
		return l.changeForm()
	}
	l.formProven = true

	return nil
}

// changeForm believes in the other form. What has been answered so far was
// another question.
func (l *list) changeForm() error {
	l.believe(l.form.other())

	return errOtherForm
}

// strayFrom returns a row that has nothing to do with the span asked for.
func strayFrom(page Page, s span) *Execution {
	for i := range page.Rows {
		row := &page.Rows[i]
		row.readTimes()
		if row.disjoint(s) {
			return row
		}
	}

	return nil
}

var (
	errOtherForm = contradict("it reads start_time and end_time in another form.")
	errDivided   = contradict("parts of the window stay full, however small they are.")
)

func strayed(row *Execution, s span) error {
	return contradict("asked for %s, it answered with execution %s, which began at %s.", s, row.ExecutionID, row.BeginTime)
}

// settle takes an answer in: its rows are kept, it is held against what is
// known, and what it leaves unseen of its part is put back.
func (l *list) settle(ctx context.Context, a answer, limit int) error {
	rows := a.page.Rows
	if err := l.keep(rows); err != nil {
		return err
	}
	if len(l.nameless) > 0 {
		return errNameless
	}
	if len(rows) >= limit {
		if err := l.calibrate(ctx, a.page); err != nil {
			return err
		}
	}
	cut := l.cut(a.span, rows)
	if l.byBegin == proven {
		if err := l.check(a, cut); err != nil {
			return err
		}
		l.learnEdges(a)
	}

	var unseen []span
	switch {
	case len(rows) < limit:
		l.covered += a.seconds()
	case cut != nil:
		covered := a.seconds()
		if !cut.empty {
			covered -= cut.rest.seconds()
			l.unseen = append(l.unseen, part{span: cut.rest, known: cut.known})
		}
		l.covered += covered
		l.rate = float64(len(rows)) / max(covered, 1)
	case a.isSecond():
		return l.readSecond(ctx, a)
	case limit < MaxPage:
		// Too short to show an order: its rows may be the newest.
		unseen = a.divide(rows[len(rows)-1:])
	default:
		unseen = a.divide(rows)
	}
	for _, s := range unseen {
		l.unseen = append(l.unseen, part{span: s})
	}
	slices.SortFunc(l.unseen, func(a, b part) int { return a.from.Compare(b.from) })

	return nil
}

// cut is what a full page in order leaves of its part.
type cut struct {
	rest  span
	empty bool     // nothing is left
	known []string // the rows of the rest's second next to the page
}

// cut returns nil if the page covers nothing: it shows no order, or the bounds
// do not apply to what it is ordered by.
func (l *list) cut(s span, rows []Execution) *cut {
	seen, bits := orderOf(rows)
	if bits >= noAccident {
		l.order = seen
	}
	begins := readableBegins(rows)
	if seen == noOrder && len(begins) > 0 && begins[0].Equal(begins[len(begins)-1]) && slices.IsSortedFunc(begins, time.Time.Compare) {
		seen = l.order // one second, in any order
	}
	if l.byBegin != proven || seen == noOrder || seen != l.order {
		return nil
	}

	last := floorSecond(begins[len(begins)-1])
	c := &cut{rest: span{s.from, last}, empty: last.Before(s.from)}
	if seen == oldestFirst {
		c.rest, c.empty = span{last, s.to}, last.After(s.to)
	}
	if c.empty {
		c.rest = span{s.to, s.to}
		return c
	}
	if c.rest == s || !s.contains(last) {
		return nil // no progress
	}
	for _, row := range rows {
		if floorSecond(row.begin).Equal(last) {
			c.known = append(c.known, row.ExecutionID)
		}
	}

	return c
}

// check holds an answer against the proof that bounds apply to begin_time.
func (l *list) check(a answer, c *cut) error {
	allowed := a.asked
	if !a.asked.from.After(l.window.from) || !a.asked.to.Before(l.window.to) {
		allowed = l.question.loosened(a.asked)
	}
	for i := range a.page.Rows {
		if row := &a.page.Rows[i]; !row.begin.IsZero() && !allowed.contains(floorSecond(row.begin)) {
			return strayed(row, a.asked)
		}
	}
	if l.question.Status != "" || len(a.page.Rows) >= MaxPage && c == nil {
		return nil // they may have left the filter, or not have come yet
	}
	for _, id := range a.known {
		if !slices.ContainsFunc(a.page.Rows, func(row Execution) bool { return row.ExecutionID == id }) {
			return contradict("asked for %s, it left out execution %s, which it had listed before.", a.asked, id)
		}
	}

	return nil
}

// learnEdges sees whether a bound that was moved outwards shows its second, and
// all of it: a service that keeps fractions would show the beginning of the last
// second alone.
func (l *list) learnEdges(a answer) {
	shown := map[string]bool{}
	for _, row := range a.page.Rows {
		second := floorSecond(row.begin)
		if a.asked.from.Before(a.from) && second.Equal(a.asked.from) {
			l.startIncluded = true
		}
		if a.asked.to.After(a.to) && second.Equal(a.asked.to) {
			shown[row.ExecutionID] = true
		}
	}
	if len(shown) == 0 || l.endIncluded {
		return
	}
	for id, row := range l.rows {
		if floorSecond(row.begin).Equal(a.asked.to) && !shown[id] {
			return
		}
	}
	l.endIncluded = true
}

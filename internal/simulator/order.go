package simulator

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"sort"
	"time"
)

// ordering is an order of a workflow's rows without shuffling.
type ordering struct {
	direction Order
	field     OrderField
	missing   MissingRows
	running   RunningRows
	fractions Fractions
}

// newOrdering returns the order of the service without shuffling.
func newOrdering(b Behaviour) ordering {
	if b.Order == Unordered {
		return ordering{direction: Unordered, running: b.Running}
	}

	return ordering{b.Order, b.OrderBy, b.Missing, b.Running, b.Fractions}
}

// group returns the number of the row's part of the list. Parts follow one
// another.
func (o ordering) group(r *row) int {
	group := 0
	isRunning := r.Status == "running"
	if isRunning && o.running == RunningLast || !isRunning && o.running == RunningFirst {
		group += 2
	}
	if o.missing == MissingOldest || o.direction == Unordered || o.field == OrderByID {
		return group
	}
	if isMissing := r.time(o.field, o.fractions).IsZero(); isMissing == (o.missing == MissingLast) {
		group++
	}

	return group
}

// compareFields compares the sort fields. It returns 0 for ties.
func (o ordering) compareFields(a, b *row) int {
	if byGroup := cmp.Compare(o.group(a), o.group(b)); byGroup != 0 {
		return byGroup
	}
	var ascending int
	switch {
	case o.direction == Unordered:
		return cmp.Compare(a.shuffleKey, b.shuffleKey)
	case o.field == OrderByID:
		ascending = cmp.Compare(a.ID, b.ID)
	default:
		ascending = a.time(o.field, o.fractions).Compare(b.time(o.field, o.fractions))
	}
	if o.direction == NewestFirst {
		return -ascending
	}

	return ascending
}

// compare compares rows. Ties are in insertion order.
func (o ordering) compare(a, b *row) int {
	if byFields := o.compareFields(a, b); byFields != 0 {
		return byFields
	}
	if o.direction == OldestFirst {
		return cmp.Compare(a.number, b.number)
	}

	return cmp.Compare(b.number, a.number)
}

// ordered returns all rows in an order. It caches the result until rows change.
func (w *workflow) ordered(o ordering) []*row {
	if rows, ok := w.orders[o]; ok {
		return rows
	}
	rows := slices.SortedFunc(slices.Values(w.rows), o.compare)
	if w.orders == nil {
		w.orders = map[ordering][]*row{}
	}
	w.orders[o] = rows

	return rows
}

// move replaces a row in all cached orders.
func (w *workflow) move(from, to *row) {
	for o, rows := range w.orders {
		if i, ok := slices.BinarySearchFunc(rows, from, o.compare); ok {
			rows = slices.Delete(rows, i, i+1)
		}
		i, _ := slices.BinarySearchFunc(rows, to, o.compare)
		w.orders[o] = slices.Insert(rows, i, to)
	}
}

// page returns one page of the rows that match. The counter differs in each
// request.
func (w *workflow) page(query listQuery, b Behaviour, counter uint64) []*row {
	o, inWindow := newOrdering(b), inWindowOrder(query.window)
	if o.field == inWindow.field && query.window.field != WindowOverlap {
		o.missing = MissingOldest // no row that lacks the field matches
	}
	ascending := o
	ascending.direction = OldestFirst
	candidates := w.candidates(query.window)
	switch {
	case b.Shuffle != ShuffleNone:
		return slicePage(shuffle(matching(candidates, query), o, b.Shuffle, counter), query)
	case ascending == inWindow && o.direction != Unordered:
		return collect(candidates, o.direction == NewestFirst, query)
	case len(candidates) < len(w.rows)/8:
		rows := matching(candidates, query)
		slices.SortFunc(rows, o.compare)
		return slicePage(rows, query)
	default:
		return collect(w.ordered(o), false, query)
	}
}

// inWindowOrder returns the order of candidates.
func inWindowOrder(w window) ordering {
	return ordering{direction: OldestFirst, field: w.field.orderField(), fractions: w.fractions}
}

// candidates returns rows that include all rows of a window.
func (w *workflow) candidates(win window) []*row {
	o := inWindowOrder(win)
	rows := w.ordered(o)
	at := func(i int) time.Time { return rows[i].time(o.field, o.fractions) }
	end := sort.Search(len(rows), func(i int) bool { return !win.before(at(i)) })
	start := sort.Search(end, func(i int) bool {
		return !at(i).IsZero() && (win.field == WindowOverlap || win.after(at(i)))
	})

	return rows[start:end]
}

// matching returns the rows that match, in the same order.
func matching(rows []*row, query listQuery) []*row {
	return slices.DeleteFunc(slices.Clone(rows), func(r *row) bool { return !query.matches(r) })
}

// collect returns the page of the rows that match, in the same or the opposite
// order.
func collect(rows []*row, backward bool, query listQuery) []*row {
	page := make([]*row, 0, query.limit)
	skip := query.skip
	for i := range rows {
		r := rows[i]
		if backward {
			r = rows[len(rows)-1-i]
		}
		switch {
		case !query.matches(r):
		case skip > 0:
			skip--
		default:
			if page = append(page, r); len(page) == query.limit {
				return page
			}
		}
	}

	return page
}

// slicePage returns the page of rows that all match.
func slicePage(rows []*row, query listQuery) []*row {
	rows = rows[min(query.skip, len(rows)):]

	return rows[:min(query.limit, len(rows))]
}

// shuffle changes the order of rows for one response.
func shuffle(rows []*row, o ordering, degree Shuffle, counter uint64) []*row {
	random := rand.New(rand.NewPCG(counter, 1)) //nolint:gosec // data for tests, meant to be predictable
	random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	if degree == ShuffleTies {
		slices.SortStableFunc(rows, o.compareFields)
	}

	return rows
}

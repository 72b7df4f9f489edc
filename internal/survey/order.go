package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

const onOrderOf = "In which order are the rows of a page?"

// leastSteps is how many times in a row executions have to be in order to rule
// out chance.
const leastSteps = 6

// order is an order that pages may have.
type order struct {
	name   string
	key    func(*row) string // empty: the row lacks it
	newest bool              // descending
}

func allOrders() []order {
	var all []order
	for _, newest := range []bool{true, false} {
		for _, f := range fields {
			all = append(all, order{f.String(), func(r *row) string { return r.sortable(f) }, newest})
		}
		all = append(all, order{"execution_id", func(r *row) string { return r.id }, newest})
	}

	return all
}

// sortable writes a time so that texts sort as times do.
func (r *row) sortable(f field) string {
	if r.times[f].IsZero() {
		return ""
	}

	return r.times[f].UTC().Format("2006-01-02T15:04:05.000000000")
}

// steps returns how often two rows in a row are in order and different, and false
// if any are in the opposite order.
func (o order) steps(rows []*row) (int, bool) {
	before, n := "", 0
	for _, r := range rows {
		key := o.key(r)
		switch {
		case key == "":
			continue
		case before != "" && key != before && o.newest == (key > before):
			return 0, false
		case before != "" && key != before:
			n++
		}
		before = key
	}

	return n, true
}

// place is where the executions that run are.
type place struct {
	text  string
	doubt string // instead, where they fit among the others as well
	fits  func([]*row) bool
}

var places = []place{
	{"", "", nil}, // among the others
	{" Executions that run come first.", " Whether executions that run always come first cannot be told.", isRunningFirst},
	{" Executions that run come last.", " Whether executions that run always come last cannot be told.", isRunningLast},
	{" Executions that run are not in this order.", "", func([]*row) bool { return true }},
}

func isRunningFirst(rows []*row) bool {
	i := slices.IndexFunc(rows, func(r *row) bool { return !r.isRunning() })

	return i < 0 || !slices.ContainsFunc(rows[i:], (*row).isRunning)
}

func isRunningLast(rows []*row) bool {
	i := slices.IndexFunc(rows, (*row).isRunning)

	return i < 0 || !slices.ContainsFunc(rows[i:], func(r *row) bool { return !r.isRunning() })
}

// fit returns the number of steps that confirm an order with the running
// executions at a place on the page that has most, or false.
func (o order) fit(p place, pages [][]*row) (int, bool) {
	most := 0
	for _, page := range pages {
		rows := page
		if p.fits != nil {
			if !p.fits(page) {
				return 0, false
			}
			rows = slices.DeleteFunc(slices.Clone(page), (*row).isRunning)
		}
		n, ok := o.steps(rows)
		if !ok {
			return 0, false
		}
		most = max(most, n)
	}

	return most, true
}

// askOrder repeats a request, and compares all pages with the orders.
func (s *survey) askOrder(ctx context.Context) string {
	again := s.send(ctx, s.longest.query)
	s.isOrdered = again.isOK() && slices.Equal(idsOf(again.rows), idsOf(s.longest.rows))
	isShuffled := !s.isOrdered && again.isOK() && isSameSet(again.rows, s.longest.rows)
	var pages [][]*row
	for _, r := range s.responses {
		if r.isOK() && len(r.rows) > 1 {
			pages = append(pages, r.rows)
		}
	}
	seen := fmt.Sprintf("%s with two rows or more; the longest has %d", plural(len(pages), "page"), len(s.longest.rows))
	switch {
	case s.isOrdered:
		seen += "; a repeated request gave the same page"
	case isShuffled:
		seen += "; a repeated request gave the same rows in another order"
	case again.isOK():
		seen += "; a repeated request gave other rows"
	}
	for _, p := range places {
		var fitting []order
		steps := 0
		for _, o := range allOrders() {
			n, ok := o.fit(p, pages)
			if ok && n >= leastSteps {
				fitting = append(fitting, o)
			}
			steps = max(steps, n)
		}
		switch {
		case len(fitting) > 0:
			s.answer(onOrderOf, orderOf(fitting, p.textFor(pages), seen))
			return ""
		case steps > 0:
			return fmt.Sprintf("too few different rows are on a page (%s)", seen)
		}
	}
	if len(s.longest.rows) < leastSteps {
		return "too few rows are on a page"
	}
	text := "None that the survey knows: rows are sorted by none of their times and not by execution_id."
	if isShuffled {
		text += " It differs from one request to the next."
	}
	s.answer(onOrderOf, proven.by(seen, "%s", text))

	return ""
}

// textFor says where running executions are, and what pages do not tell about
// them.
func (p place) textFor(pages [][]*row) string {
	hasRunning := slices.ContainsFunc(pages, func(page []*row) bool { return slices.ContainsFunc(page, (*row).isRunning) })
	switch {
	case p.fits != nil:
		return p.text
	case !hasRunning:
		return " Where executions that run would be cannot be told, because there were none."
	}
	for _, other := range places[1:3] {
		if !slices.ContainsFunc(pages, func(page []*row) bool { return !other.fits(page) }) {
			return other.doubt
		}
	}

	return ""
}

// orderOf answers with the orders that fit all pages, and with a text about
// running executions.
func orderOf(fitting []order, running, seen string) answer {
	first := fitting[0]
	var names []string
	for _, o := range fitting {
		names = append(names, o.name)
	}
	words := map[bool]string{true: "newest", false: "oldest"}
	switch {
	case len(names) == 1 && first.name == "execution_id":
		words = map[bool]string{true: "descending", false: "ascending"}
		return proven.by(seen, "By execution_id, %s.%s", words[first.newest], running)
	case slices.ContainsFunc(fitting, func(o order) bool { return o.newest != first.newest }):
		return untold.by(seen, "Cannot be told, because the pages fit more than one order: by %s.", strings.Join(names, ", "))
	case len(names) == 1:
		return proven.by(seen, "By %s, the %s first.%s", first.name, words[first.newest], running)
	default:
		return untold.by(seen, "The %s first. Whether by %s cannot be told, because no two rows differ in it.%s",
			words[first.newest], strings.Join(names, " or by "), running)
	}
}

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
	less   func(a, b *row) int
	has    func(*row) bool
	newest bool // descending
}

func allOrders() []order {
	var all []order
	for _, newest := range []bool{true, false} {
		for _, f := range fields {
			all = append(all, order{
				f.String(), func(a, b *row) int { return a.times[f].Compare(b.times[f]) },
				func(r *row) bool { return !r.times[f].IsZero() }, newest,
			})
		}
		all = append(all, order{
			"execution_id", func(a, b *row) int { return strings.Compare(a.id, b.id) },
			func(r *row) bool { return r.id != "" }, newest,
		})
	}

	return all
}

// steps returns how often two rows in a row are in order and different, and false
// if any are in the opposite order.
func (o order) steps(rows []row) (int, bool) {
	var before *row
	n := 0
	for i := range rows {
		if !o.has(&rows[i]) {
			continue
		}
		if before != nil {
			c := o.less(before, &rows[i])
			if o.newest {
				c = -c
			}
			if c > 0 {
				return 0, false
			}
			if c < 0 {
				n++
			}
		}
		before = &rows[i]
	}

	return n, true
}

// place is where the executions that run are.
type place struct {
	text  string
	doubt string // instead, where they fit among the others as well
	fits  func([]row) bool
}

var places = []place{
	{"", "", nil}, // among the others
	{" Executions that run come first.", " Whether executions that run always come first cannot be told.", isRunningFirst},
	{" Executions that run come last.", " Whether executions that run always come last cannot be told.",
		func(rows []row) bool {
			reversed := slices.Clone(rows)
			slices.Reverse(reversed)
			return isRunningFirst(reversed)
		}},
	{" Executions that run are not in this order.", "", func([]row) bool { return true }},
}

func isRunningFirst(rows []row) bool {
	i := slices.IndexFunc(rows, func(r row) bool { return !r.isRunning() })

	return i < 0 || !slices.ContainsFunc(rows[i:], func(r row) bool { return r.isRunning() })
}

// fit returns the least number of steps that confirm an order with the running
// executions at a place, or false.
func (o order) fit(p place, pages [][]row) (int, bool) {
	most := 0
	for _, page := range pages {
		rows := page
		if p.fits != nil {
			if !p.fits(page) {
				return 0, false
			}
			rows = slices.DeleteFunc(slices.Clone(page), func(r row) bool { return r.isRunning() })
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
func (s *survey) askOrder(ctx context.Context) {
	again := s.send(ctx, s.longest.query)
	s.isOrdered = again.isOK() && slices.Equal(idsOf(again.rows), idsOf(s.longest.rows))
	isShuffled := again.isOK() && !s.isOrdered && isSameSet(again.rows, s.longest.rows)
	var pages [][]row
	for _, r := range s.responses {
		if r.isOK() && len(r.rows) > 1 {
			pages = append(pages, r.rows)
		}
	}
	seen := fmt.Sprintf("%s with two rows or more; the longest has %d", plural(len(pages), "page"), len(s.longest.rows))
	if again.isOK() {
		switch {
		case s.isOrdered:
			seen += "; a repeated request gave the same page"
		case isShuffled:
			seen += "; a repeated request gave the same rows in another order"
		default:
			seen += "; a repeated request gave other rows"
		}
	}
	for _, p := range places {
		var names []string
		var directions []bool
		steps := 0
		for _, o := range allOrders() {
			n, ok := o.fit(p, pages)
			if !ok || n < leastSteps {
				if ok {
					steps = max(steps, n)
				}
				continue
			}
			names, directions = append(names, o.name), append(directions, o.newest)
		}
		if len(names) == 0 && steps == 0 {
			continue
		}
		if len(names) == 0 {
			s.report.cannotTell(fmt.Sprintf("too few different rows are on a page (%s)", seen), onOrderOf)
			return
		}
		s.answerOrder(names, directions, s.textOf(p, pages), seen)
		return
	}
	if len(s.longest.rows) < leastSteps {
		s.report.cannotTell("too few rows are on a page", onOrderOf)
		return
	}
	text := "None that the survey knows: rows are sorted by none of their times and not by execution_id."
	if isShuffled {
		text += " It differs from one request to the next."
	}
	s.report.add(onOrderOf, proven, seen, "%s", text)
}

// textOf adds what pages do not tell about running executions.
func (s *survey) textOf(p place, pages [][]row) string {
	hasRunning := slices.ContainsFunc(pages, func(page []row) bool {
		return slices.ContainsFunc(page, func(r row) bool { return r.isRunning() })
	})
	switch {
	case p.fits != nil:
		return p.text
	case !hasRunning:
		return " Where executions that run would be cannot be told, because there were none."
	}
	for _, other := range places[1:3] {
		if !slices.ContainsFunc(pages, func(page []row) bool { return !other.fits(page) }) {
			return other.doubt
		}
	}

	return ""
}

func (s *survey) answerOrder(names []string, newest []bool, rest, seen string) {
	word := "oldest"
	if newest[0] {
		word = "newest"
	}
	if len(names) == 1 && names[0] == "execution_id" {
		direction := map[bool]string{true: "descending", false: "ascending"}[newest[0]]
		s.report.add(onOrderOf, proven, seen, "By execution_id, %s.%s", direction, rest)
		return
	}
	if slices.Contains(newest, !newest[0]) {
		s.report.add(onOrderOf, untold, seen, "Cannot be told, because the pages fit more than one order: by %s.",
			strings.Join(names, ", "))
		return
	}
	if len(names) == 1 {
		s.report.add(onOrderOf, proven, seen, "By %s, the %s first.%s", names[0], word, rest)
		return
	}
	s.report.add(onOrderOf, untold, seen,
		"The %s first. Whether by %s cannot be told, because no two rows differ in it.%s",
		word, strings.Join(names, " or by "), rest)
}

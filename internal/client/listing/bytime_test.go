package listing

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

// After the service has asked to slow down, fewer parts are read at a time, but
// always one.
func TestFetchParts_throttled(t *testing.T) {
	t.Parallel()

	l := &list{width: maxWidth, window: span{at(0), at(100)}}
	l.formProven = true
	l.ask = func(context.Context, Query) (Page, error) {
		return Page{Throttled: true, Date: noon.Add(time.Hour)}, nil
	}
	var widths []int
	for range 3 {
		if _, err := l.fetchParts(t.Context(), []part{{span: span{at(0), at(100)}}}); err != nil {
			t.Fatal(err)
		}
		widths = append(widths, l.width)
	}
	if want := []int{2, 1, 1}; !slices.Equal(widths, want) {
		t.Errorf("widths %v, want %v", widths, want)
	}
	if !l.now.Equal(noon.Add(time.Hour)) {
		t.Errorf("the service's clock is %s", l.now)
	}
}

// What is asked for reaches a second further than a part, except where bounds
// are known to include theirs and at the edges of the window.
func TestBounds(t *testing.T) {
	t.Parallel()

	inner := span{at(10), at(20)}
	tests := map[string]struct {
		learnt     learnt
		part, want span
	}{
		"unknown":        {learnt{}, inner, span{at(9), at(21)}},
		"start included": {learnt{startIncluded: true}, inner, span{at(10), at(21)}},
		"end included":   {learnt{endIncluded: true}, inner, span{at(9), at(20)}},
		"both included":  {learnt{startIncluded: true, endIncluded: true}, inner, inner},
		"the window":     {learnt{}, span{at(0), at(100)}, span{at(0), at(100)}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			l := &list{window: span{at(0), at(100)}, learnt: test.learnt}
			if got := l.bounds(test.part); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// However a part is cut by guesswork, both pieces are smaller, whole seconds,
// and together the part.
func TestGuess(t *testing.T) {
	t.Parallel()

	for _, order := range []order{newestFirst, oldestFirst} {
		for _, seconds := range []int{2, 3, 4, 10, 100_000} {
			for _, known := range []int{1, 200, 5000} {
				l := &list{learnt: learnt{order: order}, covered: 1, rows: map[string]Execution{}}
				for i := range known {
					l.rows[fmt.Sprint(i)] = Execution{}
				}
				p := part{span: span{at(1), at(seconds)}, known: []string{"next"}}
				older, newer := l.guess(p)
				if older.from != p.from || newer.to != p.to || older.to.Add(time.Second) != newer.from || older.to.Before(older.from) || newer.to.Before(newer.from) {
					t.Errorf("order %d, %d known: %s is cut into %s and %s", order, known, p.span, older.span, newer.span)
				}
				if first := map[bool]part{true: newer, false: older}[order == newestFirst]; !slices.Equal(first.known, p.known) {
					t.Errorf("order %d: the piece that is read first does not expect what is known", order)
				}
			}
		}
	}
}

package listing

import (
	"math"
	"slices"
	"time"
)

type order int

const (
	noOrder order = iota
	newestFirst
	oldestFirst
)

// noAccident is how improbable a page's order must be, in bits, to be the
// service's own and no accident: thirteen rows of different seconds in order.
const noAccident = 30

// orderOf returns the order of a page by begin_time, and how improbable it
// would be, in bits, if the service had none. Rows without a readable begin
// tell nothing.
func orderOf(rows []Execution) (order, float64) {
	begins := readableBegins(rows)
	ascending := slices.IsSortedFunc(begins, time.Time.Compare)
	descending := slices.IsSortedFunc(begins, func(a, b time.Time) int { return b.Compare(a) })
	switch {
	case ascending == descending: // neither, or all in one second
		return noOrder, 0
	case descending:
		return newestFirst, improbability(begins)
	default:
		return oldestFirst, improbability(begins)
	}
}

// improbability counts the distinguishable arrangements of sorted times, of
// which one is sorted this way: log2 of n! over the product of m! for each
// group of m equal ones.
func improbability(sorted []time.Time) float64 {
	bits := log2Factorial(len(sorted))
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j].Equal(sorted[i]) {
			j++
		}
		bits -= log2Factorial(j - i)
		i = j
	}

	return bits
}

func log2Factorial(n int) float64 {
	ln, _ := math.Lgamma(float64(n) + 1)

	return ln / math.Ln2
}

func readableBegins(rows []Execution) []time.Time {
	begins := make([]time.Time, 0, len(rows))
	for _, row := range rows {
		if !row.begin.IsZero() {
			begins = append(begins, row.begin)
		}
	}

	return begins
}

package listing

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// rowsAt makes rows that begin so many seconds after noon; a negative number
// has no readable begin.
func rowsAt(seconds ...int) []Execution {
	rows := make([]Execution, len(seconds))
	for i, s := range seconds {
		if s >= 0 {
			rows[i].begin = noon.Add(time.Duration(s) * time.Second)
		}
	}

	return rows
}

func TestOrderOf(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		rows []Execution
		want order
		bits float64 // rounded down
	}{
		"none":               {rowsAt(), noOrder, 0},
		"one":                {rowsAt(5), noOrder, 0},
		"one second":         {rowsAt(5, 5, 5), noOrder, 0},
		"two, newest first":  {rowsAt(6, 5), newestFirst, 1},
		"two, oldest first":  {rowsAt(5, 6), oldestFirst, 1},
		"five":               {rowsAt(9, 8, 7, 6, 5), newestFirst, 6}, // log2 of 5!
		"five in two groups": {rowsAt(9, 9, 9, 5, 5), newestFirst, 3}, // log2 of 10
		"twelve":             {rowsAt(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1), newestFirst, 28},
		"thirteen":           {rowsAt(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13), oldestFirst, 32},
		"shuffled":           {rowsAt(6, 9, 5), noOrder, 0},
		"not readable":       {rowsAt(9, -1, 8, -1, 7), newestFirst, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, bits := orderOf(test.rows)
			if got != test.want || bits < test.bits || bits >= test.bits+1 {
				t.Errorf("got %d with %.1f bits, want %d with %.0f", got, bits, test.want, test.bits)
			}
		})
	}
}

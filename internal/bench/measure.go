//go:build unix

package main

import (
	"context"
	"slices"
)

// comparison is the usage of two ways that were measured in turn, so that other
// load affects both.
type comparison struct {
	ours, theirs []usage
}

// compare measures two ways in turn. The first pair warms up caches and does not
// count.
func compare(pairs int, ours, theirs func() (usage, error)) (comparison, error) {
	var c comparison
	type way struct {
		measure func() (usage, error)
		took    *[]usage
	}
	ways := []way{{ours, &c.ours}, {theirs, &c.theirs}}
	for i := range pairs + 1 {
		for _, w := range ways {
			u, err := w.measure()
			if err != nil {
				return c, err
			}
			if i > 0 {
				*w.took = append(*w.took, u)
			}
		}
		slices.Reverse(ways)
	}

	return c, nil
}

// compare measures two commands in turn.
func (f folder) compare(ctx context.Context, pairs int, ours, theirs command) (comparison, error) {
	return compare(pairs,
		func() (usage, error) { return f.run(ctx, ours) }, func() (usage, error) { return f.run(ctx, theirs) })
}

// medianRatio returns the median of the ratios of pairs.
func (c comparison) medianRatio(of func(usage) float64) float64 {
	ratios := make([]float64, len(c.ours))
	for i := range c.ours {
		ratios[i] = of(c.ours[i]) / of(c.theirs[i])
	}

	return median(ratios)
}

func wall(u usage) float64 { return u.wall.Seconds() }

func cpu(u usage) float64 { return u.cpu.Seconds() }

func peak(u usage) float64 { return float64(u.peak) }

func medianOf(usages []usage, of func(usage) float64) float64 {
	values := make([]float64, len(usages))
	for i, u := range usages {
		values[i] = of(u)
	}

	return median(values)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}

	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

//go:build unix

package main

import (
	"context"
	"slices"
)

// comparison is the usage of two commands that ran alternately, so that other load affects both.
type comparison struct {
	ours, theirs []usage
}

func (f folder) compare(ctx context.Context, pairs int, ours, theirs command) (comparison, error) {
	var c comparison
	for i := range pairs + 1 {
		a, b := ours, theirs
		if i%2 == 1 {
			a, b = b, a
		}
		first, err := f.run(ctx, a)
		if err != nil {
			return c, err
		}
		second, err := f.run(ctx, b)
		if err != nil {
			return c, err
		}
		if i%2 == 1 {
			first, second = second, first
		}
		if i > 0 { // the first pair warms up caches
			c.ours, c.theirs = append(c.ours, first), append(c.theirs, second)
		}
	}

	return c, nil
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

//go:build unix

package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// inProcess runs the Go benchmarks of the data sources and reports their ratios.
func (b *bench) inProcess(ctx context.Context) error {
	if !b.sizes.inProcess {
		return nil
	}
	const pattern = "^BenchmarkWorkflowExecutionsDataSource_(page|growth)$"
	out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", pattern, "-benchtime",
		strconv.Itoa(b.pairs)+"x",
		module+"/internal/datasources").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	for _, goal := range []struct {
		number, what, metric string
		limit                float64
	}{
		{"6", "a page: read, convert and encode, as encoding/json", "x-json", 2},
		{"7", "CPU time per row, 100000 as 2000", "x-short", 1.3},
	} {
		got, err := metric(string(out), goal.metric)
		if err != nil {
			return err
		}
		b.report.limit(goal.number, goal.what, got, times, goal.limit)
	}

	return nil
}

// metric returns the value with a unit in the output of benchmarks.
func metric(results, unit string) (float64, error) {
	fields := strings.Fields(results)
	for i, field := range fields {
		if field == unit && i > 0 {
			return strconv.ParseFloat(fields[i-1], 64)
		}
	}

	return 0, fmt.Errorf("no result in %s: %s", unit, results)
}

//go:build unix

package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// report is the table of results and goals.
type report struct{ lines []line }

type line struct {
	goal, what, measured, base, result, limit string
	met                                       bool
}

// unit formats a value.
type unit func(float64) string

func milliseconds(s float64) string { return fmt.Sprintf("%.0f ms", s*1e3) }

func megabytes(b float64) string { return fmt.Sprintf("%.1f MB", b/1e6) }

func count(n float64) string { return fmt.Sprintf("%.0f", n) }

func times(n float64) string { return fmt.Sprintf("%.2f x", n) }

// ratio adds a row for a ratio.
func (r *report) ratio(goal, what string, c comparison, of func(usage) float64, as unit, limit float64) {
	got := c.medianRatio(of)
	r.lines = append(r.lines, line{
		goal, what, as(medianOf(c.ours, of)), as(medianOf(c.theirs, of)), times(got), times(limit), got <= limit,
	})
}

// limit adds a row for a value with an absolute limit. 0 means no limit.
func (r *report) limit(goal, what string, got float64, as unit, limit float64) {
	l := line{goal: goal, what: what, result: as(got), met: true}
	if limit > 0 {
		l.limit, l.met = as(limit), got <= limit
	}
	r.lines = append(r.lines, l)
}

// print writes the table in Markdown and reports whether every goal is met.
func (r *report) print(out io.Writer) bool {
	met := true
	table := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	row := func(cells ...string) { fmt.Fprintln(table, "| "+strings.Join(cells, "\t| ")+"\t|") }
	row("goal", "what", "provider", "compared with", "result", "at most", "")
	row("---", "---", "---", "---", "---", "---", "---")
	for _, l := range r.lines {
		verdict := "met"
		switch {
		case l.limit == "":
			verdict = ""
		case !l.met:
			verdict, met = "**missed**", false
		}
		row(l.goal, l.what, l.measured, l.base, l.result, l.limit, verdict)
	}
	_ = table.Flush() // like fmt.Fprintln, the report ignores errors of its output

	return met
}

//go:build unix

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// outputs is the part of `output -json` that the demo shows.
type outputs struct {
	ByStatus struct {
		Value map[string]int `json:"value"`
	} `json:"by_status"`
	Newest struct {
		Value []execution `json:"value"`
	} `json:"newest"`
}

type execution struct {
	ID     string     `json:"execution_id"`
	Status string     `json:"status"`
	Begin  *time.Time `json:"begin_time"`
	End    *time.Time `json:"end_time"`
}

// printResult prints the outputs as a table and a line of counts.
func printResult(out io.Writer, values []byte) error {
	var o outputs
	if err := json.Unmarshal(values, &o); err != nil {
		return fmt.Errorf("read the outputs: %w", err)
	}
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\nBEGIN (UTC)\tSTATUS\tTOOK\tEXECUTION")
	for _, e := range o.Newest.Value {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", e.begin(), e.Status, e.took(), e.ID)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nThese are the newest. In the last three days: %s.\n", counts(o.ByStatus.Value))

	return err
}

func (e execution) begin() string {
	if e.Begin == nil {
		return "-"
	}

	return e.Begin.UTC().Format(time.DateTime)
}

func (e execution) took() string {
	if e.Begin == nil || e.End == nil {
		return "-"
	}

	return e.End.Sub(*e.Begin).String()
}

// counts says "3 executions, 2 success, 1 fail", the most frequent status first.
func counts(byStatus map[string]int) string {
	statuses := slices.SortedFunc(maps.Keys(byStatus), func(a, b string) int {
		return cmp.Or(cmp.Compare(byStatus[b], byStatus[a]), cmp.Compare(a, b))
	})
	total, parts := 0, []string{""}
	for _, status := range statuses {
		total += byStatus[status]
		parts = append(parts, fmt.Sprintf("%d %s", byStatus[status], status))
	}
	parts[0] = fmt.Sprintf("%d executions", total)

	return strings.Join(parts, ", ")
}

func firstLine(text []byte) string {
	line, _, _ := bytes.Cut(text, []byte("\n"))

	return string(line)
}

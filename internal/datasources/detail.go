package datasources

import (
	"fmt"
	"strings"
	"time"
)

// label is one line of a diagnostic's detail. A line without text is left out.
type label struct{ name, text string }

type labels []label

// formatDetail joins the parts of a diagnostic's detail: a sentence, labelled
// lines and the next step. The lines are indented because Terraform does not wrap
// indented lines.
func formatDetail(what string, lines labels, next string) string {
	width := 0
	for _, line := range lines {
		if line.text != "" {
			width = max(width, len(line.name)+1)
		}
	}

	var b strings.Builder
	b.WriteString(what + "\n\n")
	for _, line := range lines {
		if line.text != "" {
			fmt.Fprintf(&b, "  %-*s %s\n", width, line.name+":", line.text)
		}
	}
	if next != "" {
		b.WriteString("\n" + next)
	}

	return strings.TrimRight(b.String(), "\n")
}

// formatDuration writes a duration without trailing zero units: 5m, not 5m0s.
func formatDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}

	return text
}

package survey

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// certainty is how sure an answer is.
type certainty string

const (
	proven   certainty = "shown by the rows"
	likely   certainty = "likely, not proven"
	untold   certainty = "cannot be told"
	observed certainty = "seen, without a meaning beyond it"
)

// answer is the survey's answer to one question.
type answer struct {
	text string // a sentence or more
	seen string // the evidence
	sure certainty
}

// by returns an answer with its evidence.
func (c certainty) by(seen, text string, args ...any) answer {
	return answer{fmt.Sprintf(text, args...), seen, c}
}

// cannotTell is the answer to a question that stays open.
func cannotTell(because string) answer { return untold.by("", "Cannot be told, because %s.", because) }

// refused is the answer to a question whose request brought no list.
func (r *response) refused(seen string) answer {
	if r.isRefused() {
		return proven.by(seen, "The request is refused: %s.", r.why())
	}

	return cannotTell(r.why())
}

// report is the result of a survey.
type report struct {
	answers   map[string]answer // by question
	surprises []string          // where the service differs from what the provider relies on
}

// incomplete adds a surprise because of which a list may lack executions.
func (r *report) incomplete(text string, args ...any) {
	r.surprise(text+" The promise that a list is complete is touched.", args...)
}

func (r *report) surprise(text string, args ...any) {
	if text = fmt.Sprintf(text, args...); !slices.Contains(r.surprises, text) {
		r.surprises = append(r.surprises, text)
	}
}

func (r *report) markdown(now time.Time, requests int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Survey of ListWorkflowExecutions\n\nMade on %s with %d requests.\n",
		now.UTC().Format(time.DateOnly), requests)
	b.WriteString("\n## What the Provider Relies On\n\n")
	if len(r.surprises) == 0 {
		b.WriteString("Nothing was seen that the method of complete lists refuses or does not expect.\n")
	}
	for _, s := range r.surprises {
		fmt.Fprintf(&b, "* %s\n", s)
	}
	b.WriteString("\n## Answers\n")
	for _, step := range steps {
		for _, question := range step.questions {
			a := r.answers[question]
			fmt.Fprintf(&b, "\n### %s\n\n%s\n\n", question, a.text)
			if a.seen != "" {
				fmt.Fprintf(&b, "* Seen: %s\n", a.seen)
			}
			fmt.Fprintf(&b, "* How sure: %s\n", a.sure)
		}
	}

	return b.String()
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}

	return fmt.Sprintf("%d %ss", n, noun)
}

// length writes a duration in days or in hours.
func length(d time.Duration) string {
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%.2f days", d.Hours()/24)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%.1f hours", d.Hours())
	default:
		return d.Round(time.Second).String()
	}
}

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
	question string
	text     string // a sentence or more
	seen     string // the evidence
	sure     certainty
}

// report is the result of a survey.
type report struct {
	answers   []answer
	surprises []string // where the service differs from what the provider relies on
}

func (r *report) add(question string, sure certainty, seen, text string, args ...any) {
	r.answers = append(r.answers, answer{question, fmt.Sprintf(text, args...), seen, sure})
}

// cannotTell adds questions that stay open.
func (r *report) cannotTell(because string, questions ...string) {
	for _, question := range questions {
		r.answers = append(r.answers, answer{question, "Cannot be told, because " + because + ".", "", untold})
	}
}

// answerFailed answers with why there is no list, and reports whether there is none.
func (s *survey) answerFailed(question, seen string, r *response) bool {
	if r.isRefused() {
		s.report.add(question, proven, seen, "The request is refused: %s.", r.why())
	} else if !r.isOK() {
		s.report.cannotTell(r.why(), question)
	}

	return !r.isOK()
}

// incomplete adds a surprise because of which a list may lack executions.
func (r *report) incomplete(text string) {
	r.surprise("%s The promise that a list is complete is touched.", text)
}

func (r *report) surprise(text string, args ...any) {
	if text = fmt.Sprintf(text, args...); !slices.Contains(r.surprises, text) {
		r.surprises = append(r.surprises, text)
	}
}

// find returns the text of an answer, with how sure it is.
func (r *report) find(question string) answer {
	for _, a := range r.answers {
		if a.question == question {
			return a
		}
	}

	return answer{}
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
	for _, a := range r.answers {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n", a.question, a.text)
		if a.seen != "" {
			fmt.Fprintf(&b, "\n* Seen: %s\n", a.seen)
		} else {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "* How sure: %s\n", a.sure)
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

package survey

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	onClock    = "Is there a Date header, and how far is it from this machine's clock?"
	onSeen     = "Which statuses and forms of times were seen?"
	onThrottle = "Which headers tell of throttling?"
)

// answerClock compares the Date headers with this machine's clock and with rows.
func (s *survey) answerClock(context.Context) string {
	switch {
	case len(s.offsets)+s.undated == 0:
		return "no response came"
	case len(s.offsets) == 0:
		s.answer(onClock, proven.by(plural(s.undated, "response"), "There is no Date header."))
		return ""
	}
	var ahead time.Duration // of rows
	for _, r := range s.responses {
		for _, row := range r.rows {
			if !r.date.IsZero() {
				ahead = max(ahead, later(row.times[begin], row.times[update]).Sub(r.date))
			}
		}
	}
	slices.Sort(s.offsets)
	text := fmt.Sprintf("There is. It differs from this machine's clock by about %s, give or take the time of a request.",
		s.offsets[len(s.offsets)/2].Round(time.Second))
	if s.undated > 0 {
		text += fmt.Sprintf(" %s had none.", plural(s.undated, "response"))
	}
	if ahead > time.Second {
		text += fmt.Sprintf(" Rows show times up to %s after it, so that it is behind the clock that they are from.",
			ahead.Round(time.Second))
	}
	if ahead > 15*time.Minute {
		s.report.surprise("Rows show times more than 15 minutes after the Date header, which is more than the provider " +
			"allows for. The promise that a list is complete may be touched.")
	}
	s.answer(onClock, proven.by(plural(len(s.offsets), "response"), "%s", text))

	return ""
}

// knownStatuses are those whose names may be shown.
var knownStatuses = []string{
	"success", "fail", "running", "timeout", "cancel", "scheduled", "recovered", "retrying", "stopping", "stopped",
	"failed", "succeeded", "cancelled", "canceled", "pending", "waiting", "queued", "error", "aborted", "terminated",
	"paused", "skipped", "created", "starting", "unknown",
}

// statusesOf are the statuses of rows as they may be shown, sorted.
func statusesOf(rows []*row) []string {
	return distinct(rows, func(r *row) string {
		lower := strings.ToLower(r.status)
		switch {
		case r.status == "":
			return "none"
		case slices.Contains(knownStatuses, lower) && (r.status == lower || r.status == strings.ToUpper(lower)):
			return r.status
		default:
			return "one that is not shown here, because the survey does not know it"
		}
	})
}

// distinct returns the different texts for rows, sorted.
func distinct(rows []*row, text func(*row) string) []string {
	set := map[string]bool{}
	for _, r := range rows {
		set[text(r)] = true
	}

	return slices.Sorted(maps.Keys(set))
}

// timeForms are the forms of times that are told apart.
var timeForms = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`), "2006-01-02T15:04:05Z"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$`), "2006-01-02T15:04:05.999Z"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:?\d\d$`), "2006-01-02T15:04:05+00:00"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$`), "2006-01-02T15:04:05"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$`), "2006-01-02 15:04:05"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d)$`),
		"2006-01-02 15:04:05 with a zone"},
}

// formOf says in which form a time is written.
func formOf(r *row, f field) string {
	raw, isThere := r.raw[f.String()]
	text := textOf(raw)
	switch {
	case !isThere:
		return "absent"
	case string(raw) == "null":
		return "null"
	case string(raw) == `""`:
		return "empty"
	case text == "":
		return "no text"
	}
	for _, form := range timeForms {
		if form.pattern.MatchString(text) {
			return form.text
		}
	}

	return "another form"
}

// answerForms lists what rows have shown.
func (s *survey) answerForms(context.Context) string {
	if len(s.known) == 0 {
		return "no execution was listed"
	}
	rows := slices.Collect(maps.Values(s.known))
	texts := []string{"Statuses: " + strings.Join(statusesOf(rows), ", ") + "."}
	for _, f := range fields {
		forms := distinct(rows, func(r *row) string { return formOf(r, f) })
		texts = append(texts, fmt.Sprintf("%s: %s.", f, strings.Join(forms, ", ")))
	}
	s.answer(onSeen, observed.by(plural(len(rows), "execution"), "%s", strings.Join(texts, " ")))

	return ""
}

var (
	limitHeader = regexp.MustCompile(`(?i)rate-?limit|throttl|quota|^retry-after$`)
	limitName   = regexp.MustCompile(`(?i)^(x-?)?(apig-?)?(rate-?limit|throttl(e|ing)|quota|retry-after)` +
		`(-(limit|remaining|reset|used|policy|after|timeout|api|app|user|ip|src|global))*$`)
	limitValue = regexp.MustCompile(`^((api|app|user|ip|remain|limit|time|remaining|reset|second|minute|hour|day)s?|` +
		`[wq]=|\d{1,6}|[:;,= ])+$`)
)

// noteLimits keeps the headers about throttling that may be shown.
func (t *transport) noteLimits(resp *http.Response) {
	if resp.StatusCode == http.StatusTooManyRequests {
		t.busy++
	}
	for name, values := range resp.Header {
		switch {
		case !limitHeader.MatchString(name):
		case !limitName.MatchString(name):
			t.limits["one with a name that is not shown here"] = ""
		case len(values) == 1 && limitValue.MatchString(values[0]):
			t.limits[name] = values[0]
		default:
			t.limits[name] = "a value that is not shown here"
		}
	}
}

// answerThrottling lists the headers.
func (s *survey) answerThrottling(context.Context) string {
	text := "None. "
	if limits := s.transport.limits; len(limits) > 0 {
		text = ""
		for _, name := range slices.Sorted(maps.Keys(limits)) {
			text += fmt.Sprintf("%s: %s. ", name, limits[name])
		}
	}
	s.answer(onThrottle, observed.by(plural(s.transport.count, "response"),
		"%s%s said that there were too many requests.", text, plural(s.transport.busy, "response")))

	return ""
}

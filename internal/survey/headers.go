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
func (s *survey) answerClock(context.Context) {
	switch {
	case len(s.offsets)+s.undated == 0:
		s.report.cannotTell("no response came", onClock)
		return
	case len(s.offsets) == 0:
		s.report.add(onClock, proven, plural(s.undated, "response"), "There is no Date header.")
		return
	}
	var ahead time.Duration
	for _, r := range s.responses {
		for i := range r.rows {
			if !r.date.IsZero() {
				ahead = max(ahead, r.rows[i].times[begin].Sub(r.date), r.rows[i].times[update].Sub(r.date))
			}
		}
	}
	slices.Sort(s.offsets)
	middle := s.offsets[len(s.offsets)/2].Round(time.Second)
	text := fmt.Sprintf("There is. It differs from this machine's clock by about %s, give or take the time of "+
		"a request.", middle)
	if s.undated > 0 {
		text += fmt.Sprintf(" %s had none.", plural(s.undated, "response"))
	}
	if ahead > time.Second {
		text += fmt.Sprintf(" Rows show times up to %s after it, so that it is behind the clock that they are from.",
			ahead.Round(time.Second))
		if ahead > 15*time.Minute {
			s.report.surprise("Rows show times more than 15 minutes after the Date header, which is more than the provider " +
				"allows for. The promise that a list is complete may be touched.")
		}
	}
	s.report.add(onClock, proven, plural(len(s.offsets), "response"), "%s", text)
}

// knownStatuses are those whose names may be shown.
var knownStatuses = []string{
	"success", "fail", "running", "timeout", "cancel", "scheduled", "recovered", "retrying", "stopping", "stopped",
	"failed",
	"succeeded", "cancelled", "canceled", "pending", "waiting", "queued", "error", "aborted", "terminated",
	"paused", "skipped",
	"created", "starting", "unknown",
}

// statusesOf are the statuses of rows as they may be shown, sorted.
func statusesOf(rows []row) []string {
	set := map[string]bool{}
	for i := range rows {
		switch status := rows[i].status; {
		case status == "":
			set["none"] = true
		case slices.Contains(knownStatuses, strings.ToLower(status)) &&
			(status == strings.ToLower(status) || status == strings.ToUpper(status)):
			set[status] = true
		default:
			set["one that is not shown here, because the survey does not know it"] = true
		}
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
	case text == "" && string(raw) == `""`:
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
func (s *survey) answerForms(context.Context) {
	if len(s.known) == 0 {
		s.report.cannotTell("no execution was listed", onSeen)
		return
	}
	rows := make([]row, 0, len(s.known))
	for _, r := range s.known {
		rows = append(rows, *r)
	}
	texts := []string{"Statuses: " + strings.Join(statusesOf(rows), ", ") + "."}
	for _, f := range fields {
		forms := map[string]bool{}
		for i := range rows {
			forms[formOf(&rows[i], f)] = true
		}
		texts = append(texts, fmt.Sprintf("%s: %s.", f, strings.Join(slices.Sorted(maps.Keys(forms)), ", ")))
	}
	s.report.add(onSeen, observed, plural(len(rows), "execution"), "%s", strings.Join(texts, " "))
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
func (s *survey) answerThrottling(context.Context) {
	text := "None."
	if len(s.transport.limits) > 0 {
		text = ""
		for _, name := range slices.Sorted(maps.Keys(s.transport.limits)) {
			text += fmt.Sprintf("%s: %s. ", name, s.transport.limits[name])
		}
	}
	text += fmt.Sprintf(" %s said that there were too many requests.", plural(s.transport.busy, "response"))
	s.report.add(onThrottle, observed, plural(s.transport.count, "response"), "%s", strings.ReplaceAll(text, "  ",
		" "))
}

package simulator

import (
	"cmp"
	"errors"
	"time"
)

// defaultSpan is the length of the window when a bound is left to the service (the API page, start_time and end_time).
const defaultSpan = 3 * 24 * time.Hour

// The forms of start_time and end_time, both UTC (API.md 1.3).
const (
	spaceLayout   = "2006-01-02 15:04:05"
	rfc3339Layout = "2006-01-02T15:04:05Z"
)

var errUnreadTime = errors.New("time in a form that is not understood")

// window is the stretch of time that a list covers.
type window struct {
	start, end               time.Time
	excludeStart, excludeEnd bool
	field                    WindowField
}

// parseWindow applies the page's rule: both bounds as given; one bound, three days from it; none, the last three days.
func parseWindow(q query, b Behaviour, now time.Time) (window, error) {
	w := window{excludeStart: b.ExcludeStart, excludeEnd: b.ExcludeEnd, field: b.Window}
	var errStart, errEnd error
	w.start, errStart = bound(q, "start_time", b)
	w.end, errEnd = bound(q, "end_time", b)
	if err := cmp.Or(errStart, errEnd); err != nil {
		w.start, w.end = time.Unix(0, 0), time.Unix(1<<40, 0)
		if b.UnreadTime == UnreadTimeUnbounded {
			err = nil
		}
		return w, err
	}
	switch {
	case w.start.IsZero() && w.end.IsZero():
		w.end = now.UTC().Truncate(time.Second)
		w.start = w.end.Add(-defaultSpan)
	case w.start.IsZero():
		w.start = w.end.Add(-defaultSpan)
	case w.end.IsZero():
		w.end = w.start.Add(defaultSpan)
	}
	return w, nil
}

// bound returns the zero time if the bound was not sent or does not count.
func bound(q query, name string, b Behaviour) (time.Time, error) {
	value, sent := q.get(name)
	if !sent {
		return time.Time{}, nil
	}
	if t, ok := b.TimeForm.parse(value); ok {
		return t, nil
	}
	if b.UnreadTime == UnreadTimeIgnored {
		return time.Time{}, nil
	}
	return time.Time{}, errUnreadTime
}

func (f TimeForm) parse(s string) (time.Time, bool) {
	for _, layout := range f.layouts() {
		// time.Parse lets fractions and short hours through that the layout does not have; formatting back does not.
		if t, err := time.Parse(layout, s); err == nil && t.Format(layout) == s {
			return t, true
		}
	}
	return time.Time{}, false
}

func (f TimeForm) layouts() []string {
	switch f {
	case SpaceTimeForm:
		return []string{spaceLayout}
	case RFC3339TimeForm:
		return []string{rfc3339Layout}
	case NoTimeForm:
		return nil
	default:
		return []string{spaceLayout, rfc3339Layout}
	}
}

func (w window) contains(e *Execution) bool {
	switch w.field {
	case WindowLastUpdate:
		return w.has(e.LastUpdate)
	case WindowEnd:
		return w.has(e.End)
	case WindowOverlap:
		stillRuns := e.End.IsZero()
		return !e.Begin.IsZero() && w.before(e.Begin) && (stillRuns || w.after(e.End))
	default:
		return w.has(e.Begin)
	}
}

func (w window) has(t time.Time) bool {
	return !t.IsZero() && w.after(t) && w.before(t)
}

func (w window) after(t time.Time) bool {
	return t.After(w.start) || t.Equal(w.start) && !w.excludeStart
}

func (w window) before(t time.Time) bool {
	return t.Before(w.end) || t.Equal(w.end) && !w.excludeEnd
}

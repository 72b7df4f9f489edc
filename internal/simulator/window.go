package simulator

import (
	"cmp"
	"time"
)

// documentedSpan is the length of a window with a missing bound (start_time and
// end_time on the API page).
const documentedSpan = 3 * 24 * time.Hour

// The forms of start_time and end_time (CLOUD.md 1.3).
const (
	spaceLayout   = "2006-01-02 15:04:05"
	rfc3339Layout = "2006-01-02T15:04:05Z"
)

// beginningOfTime and endOfTime are the edges of a window without bounds.
var (
	beginningOfTime = time.Unix(0, 0)
	endOfTime       = time.Unix(1<<40, 0)
)

// window is the time that a list covers.
type window struct {
	start, end               time.Time
	excludeStart, excludeEnd bool
	field                    WindowField
	fractions                Fractions
}

// parseWindow returns the window of a request as documented: both bounds as given,
// three days from a single bound, or the last three days.
func parseWindow(q query, b Behaviour, now time.Time) (window, error) {
	w := window{excludeStart: b.ExcludeStart, excludeEnd: b.ExcludeEnd, field: b.Window, fractions: b.Fractions}
	var errStart, errEnd error
	w.start, errStart = bound(q, "start_time", b)
	w.end, errEnd = bound(q, "end_time", b)
	if err := cmp.Or(errStart, errEnd); err != nil {
		switch b.UnreadTime {
		case UnreadTimeUnbounded:
			w.start, w.end = beginningOfTime, endOfTime
			return w, nil
		case UnreadTimeNothing:
			w.start, w.end = endOfTime, beginningOfTime
			return w, nil
		default:
			return w, err
		}
	}
	w.complete(b, now)

	return w, w.limit(b)
}

// complete sets missing bounds.
func (w *window) complete(b Behaviour, now time.Time) {
	if b.LoneBound == LoneBoundIgnored && (w.start.IsZero() || w.end.IsZero()) {
		w.start, w.end = time.Time{}, time.Time{}
	}
	switch {
	case w.start.IsZero() && w.end.IsZero():
		w.end = now.UTC().Truncate(time.Second)
		w.start = w.end.Add(-cmp.Or(b.DefaultSpan, documentedSpan))
	case w.start.IsZero() && b.LoneBound == LoneBoundOpen:
		w.start = beginningOfTime
	case w.end.IsZero() && b.LoneBound == LoneBoundOpen:
		w.end = endOfTime
	case w.start.IsZero():
		w.start = w.end.Add(-documentedSpan)
	case w.end.IsZero():
		w.end = w.start.Add(documentedSpan)
	}
}

// limit applies MaxSpan.
func (w *window) limit(b Behaviour) error {
	if b.MaxSpan == 0 || w.end.Sub(w.start) <= b.MaxSpan {
		return nil
	}
	switch b.SpanCut {
	case SpanRejected:
		return errBadParameter
	case SpanKeepsEnd:
		w.start = w.end.Add(-b.MaxSpan)
	default:
		w.end = w.start.Add(b.MaxSpan)
	}

	return nil
}

// bound returns a bound, or the zero time if it is missing or ignored.
func bound(q query, name string, b Behaviour) (time.Time, error) {
	value, sent := q.get(name)
	if !sent {
		return time.Time{}, nil
	}
	if t, ok := b.TimeForm.parse(value, b.Zone); ok {
		return t.Truncate(b.Precision), nil
	}
	if b.UnreadTime == UnreadTimeIgnored {
		return time.Time{}, nil
	}

	return time.Time{}, errBadParameter
}

// china is the offset of UTC+8. Time zone data may be missing.
const china = 8 * time.Hour

func (f TimeForm) parse(s string, zone Zone) (time.Time, bool) {
	for _, layout := range f.layouts() {
		// time.Parse accepts fractions and one-digit hours that the layout does not have.
		// Formatting the result shows the difference.
		t, err := time.Parse(layout, s)
		if err != nil || t.Format(layout) != s {
			continue
		}
		if zone == ZoneChina || zone == ZoneChinaUnlessNamed && layout == spaceLayout {
			t = t.Add(-china)
		}
		return t, true
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

func (w window) contains(r *row) bool {
	if w.field != WindowOverlap {
		return w.has(r.time(w.field.orderField(), w.fractions))
	}
	begin, end := r.time(OrderByBegin, w.fractions), r.time(OrderByEnd, w.fractions)
	stillRuns := end.IsZero()

	return !begin.IsZero() && w.before(begin) && (stillRuns || w.after(end))
}

// orderField returns the same field as an OrderField. For WindowOverlap it returns
// the field that end_time is compared with.
func (f WindowField) orderField() OrderField {
	switch f {
	case WindowLastUpdate:
		return OrderByLastUpdate
	case WindowEnd:
		return OrderByEnd
	default:
		return OrderByBegin
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

package simulator

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// encodeExecutions writes a page. It does not use encoding/json, because benchmarks of the client read lists of 100,000
// rows and must not measure the simulator.
func encodeExecutions(page []*row, workflowID, urn string, show rowStyle) []byte {
	if len(page) == 0 {
		return show.EmptyList.body()
	}
	const roughRowSize = 450
	out := make([]byte, 0, len(page)*roughRowSize)
	out = append(out, `{"executions":[`...)
	for i, r := range page {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, r.encoded(workflowID, urn, show)...)
	}

	return append(out, "]}"...)
}

// encodedRow is a row as it was written last.
type encodedRow struct {
	workflowID, urn string
	show            rowStyle
	text            []byte
}

func (r *row) encoded(workflowID, urn string, show rowStyle) []byte {
	last := r.last.Load()
	if last == nil || last.workflowID != workflowID || last.urn != urn || last.show != show {
		last = &encodedRow{workflowID, urn, show, appendRow(nil, r, workflowID, urn, show)}
		r.last.Store(last)
	}

	return last.text
}

func (e EmptyList) body() []byte {
	switch e {
	case NullList:
		return []byte(`{"executions":null}`)
	case NoList:
		return []byte(`{}`)
	default:
		return []byte(`{"executions":[]}`)
	}
}

// rowStyle is the form of rows.
type rowStyle struct {
	Behaviour
	filtered bool // whether the list is filtered by status
}

// status returns the text of a status, or "" if the row has none.
func (s rowStyle) status(status string) string {
	switch {
	case s.StatusText == StatusCapitals:
		return strings.ToUpper(status)
	case s.StatusText == StatusOmitted, s.StatusText == StatusOmittedByFilter && s.filtered:
		return ""
	default:
		return status
	}
}

// appendRow writes a FlowExecutionBrief (table 4 of the API page).
func appendRow(out []byte, r *row, workflowID, urn string, show rowStyle) []byte {
	o := object{out: append(out, '{'), raw: r.Raw}
	o.brief(r, workflowID, urn, show)

	return o.end()
}

// brief writes the fields that are common to a row of a list and the details of an execution.
func (o *object) brief(r *row, workflowID, urn string, show rowStyle) {
	o.text("workflow_id", workflowID)
	o.text("workflow_urn", urn)
	o.text("execution_id", r.ID)
	if status := show.status(r.Status); status != "" || r.Status == "" {
		o.text("status", status)
	} else {
		o.field("status", nil)
	}
	o.time("begin_time", show.Fractions.shown(r.Begin, r.exact.begin))
	if r.End.IsZero() {
		o.noEnd(show.NoEnd, show.Fractions.shown(r.Begin, r.exact.begin))
	} else {
		o.time("end_time", show.Fractions.shown(r.End, r.exact.end))
	}
	o.time("last_update_time", show.Fractions.shown(r.LastUpdate, r.exact.lastUpdate))
	o.text("created_by", r.CreatedBy)
}

// object writes a JSON object. Fields in raw replace those of the API.
type object struct {
	out     []byte
	raw     map[string]string
	begun   bool
	names   []string // fields so far; nil without raw
	scratch [64]byte
}

func (o *object) text(name, value string) { o.field(name, appendString(o.scratch[:0], value)) }

// time writes a time. It leaves out an absent one.
func (o *object) time(name string, t time.Time) {
	if t.IsZero() {
		o.field(name, nil)
		return
	}
	o.field(name, t.AppendFormat(o.scratch[:0], `"`+rfc3339Layout+`"`))
}

func (o *object) noEnd(way NoEnd, begin time.Time) {
	const name = "end_time"
	switch way {
	case NoEndEmpty:
		o.text(name, "")
	case NoEndNull:
		o.field(name, []byte("null"))
	case NoEndZeroDate:
		o.text(name, "0001-01-01T00:00:00Z")
	case NoEndBegin:
		o.time(name, begin)
	default:
		o.field(name, nil)
	}
}

// end writes the fields of raw that are not in the API, and returns the object.
func (o *object) end() []byte {
	for _, name := range slices.Sorted(maps.Keys(o.raw)) {
		if !slices.Contains(o.names, name) {
			o.field(name, nil)
		}
	}

	return append(o.out, '}')
}

// array writes a JSON array.
func array[Item any](items []Item, encode func(Item) []byte) []byte {
	out := []byte{'['}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, encode(item)...)
	}

	return append(out, ']')
}

// field writes a JSON value. It leaves out an empty one.
func (o *object) field(name string, value []byte) {
	if o.raw != nil {
		o.names = append(o.names, name)
		if raw, ok := o.raw[name]; ok {
			value = []byte(raw)
		}
	}
	if len(value) == 0 {
		return
	}
	if o.begun {
		o.out = append(o.out, ',')
	}
	o.begun = true
	o.out = append(appendString(o.out, name), ':')
	o.out = append(o.out, value...)
}

// appendString writes a JSON string. Nearly all strings need no escapes.
func appendString(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(out, encode(s)...)
		}
	}
	out = append(out, '"')
	out = append(out, s...)

	return append(out, '"')
}

package simulator

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// page writes the rows of a page as a field. A page without rows may have another
// form, or no field.
func page[Row any](o *object, name string, rows []Row, empty EmptyList, encode func(Row) []byte) {
	switch {
	case len(rows) == 0 && empty == NullList:
		o.field(name, []byte("null"))
	case len(rows) == 0 && empty == NoList:
	default:
		o.field(name, array(rows, encode))
	}
}

// executions writes a page of executions.
func (o *object) executions(q *call, w Workflow, rows []*row, empty EmptyList, filtered bool) {
	urn, show := w.urn(q.project), rowStyle{q.behaviour, filtered}
	page(o, "executions", rows, empty, func(r *row) []byte { return r.encoded(w.ID, urn, show) })
}

// encodedRow is a row as it was written last.
type encodedRow struct {
	workflowID, urn string
	show            rowStyle
	text            []byte
}

// encoded returns a row of a list, a FlowExecutionBrief (table 4 of the API page).
// It caches the text, because benchmarks of the client read lists of 100,000 rows
// and must not measure the simulator.
func (r *row) encoded(workflowID, urn string, show rowStyle) []byte {
	last := r.last.Load()
	if last == nil || last.workflowID != workflowID || last.urn != urn || last.show != show {
		o := object{raw: r.Raw}
		o.brief(r, workflowID, urn, show)
		last = &encodedRow{workflowID, urn, show, o.end()}
		r.last.Store(last)
	}

	return last.text
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

// brief writes the fields that are common to a row of a list and the details of an
// execution.
func (o *object) brief(r *row, workflowID, urn string, show rowStyle) {
	o.text("workflow_id", workflowID)
	o.text("workflow_urn", urn)
	o.text("execution_id", r.ID)
	if status := show.status(r.Status); status != "" || r.Status == "" {
		o.text("status", status)
	} else {
		o.field("status", nil)
	}
	begin := show.Fractions.shown(r.Begin)
	o.time("begin_time", begin)
	if r.End.IsZero() {
		o.noEnd(show.NoEnd, begin)
	} else {
		o.time("end_time", show.Fractions.shown(r.End))
	}
	o.time("last_update_time", show.Fractions.shown(r.LastUpdate))
	o.text("created_by", r.CreatedBy)
}

// object writes a JSON object. Fields in raw replace those of the API.
type object struct {
	out     []byte
	raw     map[string]string
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

	if len(o.out) == 0 {
		return []byte("{}")
	}

	return append(o.out, '}')
}

func (o *object) number(name string, n int64) { o.field(name, strconv.AppendInt(o.scratch[:0], n, 10)) }

// array writes a JSON array.
func array[Item any](items []Item, encode func(Item) []byte) []byte {
	const roughSize = 450 // of an execution
	out := append(make([]byte, 0, len(items)*roughSize), '[')
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
	separator := byte(',')
	if len(o.out) == 0 {
		separator = '{'
	}
	o.out = append(appendString(append(o.out, separator), name), ':')
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

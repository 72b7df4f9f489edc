package simulator

import "strconv"

// Behaviour holds one switch for each thing that the documentation of ListWorkflowExecutions leaves open (API.md 10).
// The zero value is the most plausible service.
type Behaviour struct {
	Order  Order      // of the rows in a list
	Offset OffsetMode // what the undocumented offset does

	TimeForm   TimeForm   // the forms of start_time and end_time that are understood
	UnreadTime UnreadTime // what happens to a bound in another form

	ExcludeStart, ExcludeEnd bool        // whether rows exactly on a bound are left out
	Window                   WindowField // what the bounds are compared with

	DefaultLimit int // rows on a page when limit is not sent; 0 means 200
	PageCap      int // most rows on a page; 0 means 200, as documented

	EmptyList    EmptyList // how a list without rows is written
	IgnoreStatus bool      // whether the status filter has no effect
	NoEnd        NoEnd     // how the end_time of a row without one is written
}

// Order is the order of rows in a list.
type Order int

// The orders. Unordered is a fixed shuffle that depends on execution IDs and not on times.
const (
	NewestFirst Order = iota
	OldestFirst
	Unordered
)

func (o Order) String() string { return name(int(o), "newest-first", "oldest-first", "unordered") }

// OffsetMode is what the service does with the query parameter offset, which API Explorer knows and the page does not.
type OffsetMode int

// The modes. A rejected offset is answered with 400, whatever its value.
const (
	OffsetHonoured OffsetMode = iota
	OffsetIgnored
	OffsetRejected
)

func (m OffsetMode) String() string { return name(int(m), "honoured", "ignored", "rejected") }

// TimeForm is the set of forms in which start_time and end_time are understood, always UTC (API.md 1.3).
type TimeForm int

// The forms: either, "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ssZ", or none at all.
const (
	AnyTimeForm TimeForm = iota
	SpaceTimeForm
	RFC3339TimeForm
	NoTimeForm
)

func (f TimeForm) String() string { return name(int(f), "any", "space", "rfc3339", "none") }

// UnreadTime is what happens to a bound in a form that the service does not understand.
type UnreadTime int

// Either the request is answered with 400 FGS.3002, or this bound counts as not sent, or the window is all of time.
const (
	UnreadTimeRejected UnreadTime = iota
	UnreadTimeIgnored
	UnreadTimeUnbounded
)

func (u UnreadTime) String() string { return name(int(u), "rejected", "ignored", "unbounded") }

// WindowField is the field of an execution that start_time and end_time are compared with.
type WindowField int

// The fields. WindowOverlap lists runs of which any moment lies in the window; one without an end still runs.
const (
	WindowBegin WindowField = iota
	WindowLastUpdate
	WindowEnd
	WindowOverlap
)

func (f WindowField) String() string {
	return name(int(f), "begin", "last-update", "end", "overlap")
}

// EmptyList is how a list without rows is written.
type EmptyList int

// The ways: {"executions":[]}, {"executions":null} and {}.
const (
	EmptyArray EmptyList = iota
	NullList
	NoList
)

func (e EmptyList) String() string { return name(int(e), "array", "null", "missing") }

// NoEnd is how the end_time of an execution that has none is written (API.md 1.4).
type NoEnd int

// The ways: no such field, "", null, "0001-01-01T00:00:00Z", and the begin_time again as in the page's example.
const (
	NoEndOmitted NoEnd = iota
	NoEndEmpty
	NoEndNull
	NoEndZeroDate
	NoEndBegin
)

func (n NoEnd) String() string {
	return name(int(n), "omitted", "empty", "null", "zero-date", "begin")
}

func name(i int, names ...string) string {
	if i < 0 || i >= len(names) {
		return strconv.Itoa(i)
	}
	return names[i]
}

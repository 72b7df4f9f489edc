package simulator

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Behaviour holds one switch for each thing that the documentation of ListWorkflowExecutions leaves open (API.md 10).
// The zero value is the most plausible service.
type Behaviour struct {
	// The order of rows on a page.
	Order   Order       // the direction, or none
	OrderBy OrderField  // the field that rows are sorted by
	Missing MissingRows // where rows are placed that lack this field
	Running RunningRows // where rows are placed whose status is running
	Shuffle Shuffle     // what differs from one request to the next

	// The offset, which is undocumented.
	Offset       OffsetMode
	OffsetCap    int          // largest offset that is honoured; 0 means any
	OffsetBeyond OffsetBeyond // how an offset beyond OffsetCap is answered

	// How start_time and end_time are written.
	TimeForm   TimeForm   // the forms that are understood
	UnreadTime UnreadTime // what happens to a bound in another form
	Zone       Zone       // the time zone that bounds are read in

	// What start_time and end_time select.
	Window                   WindowField   // the field that the bounds are compared with
	ExcludeStart, ExcludeEnd bool          // whether rows exactly on a bound are left out
	Fractions                Fractions     // whether rows keep fractions of a second
	Precision                time.Duration // bounds are rounded down to a multiple of this; 0 means that they are not
	MaxSpan                  time.Duration // longest window, also if both bounds are given; 0 means any
	SpanCut                  SpanCut       // what happens to a window longer than MaxSpan
	LoneBound                LoneBound     // what one bound without the other selects
	DefaultSpan              time.Duration // length of the window of a request without bounds; 0 means three days

	// The number of rows on a page.
	DefaultLimit int // when limit is not sent; 0 means 200
	PageCap      int // at most; 0 means 200, as documented

	// The filter by status.
	IgnoreStatus bool       // the filter has no effect
	StatusCase   bool       // the filter takes a status in any letter case
	StatusText   StatusText // how the status of a row is written

	// How workflows are found.
	WorkflowIDCase bool // the workflow ID in the path is taken in any letter case
	NoSuchWorkflow NoSuchWorkflow

	EmptyList EmptyList // how a list without rows is written
	NoEnd     NoEnd     // how the end_time of a row without one is written

	// The other list, executions-history, which has no filter by status.
	HistoryTotal HistoryTotal // what its total counts
	HideStatuses bool         // whether rows of undocumented statuses are in executions-history alone

	// The Date header of each response. Config.Now is the clock that everything else goes by.
	DateSkew time.Duration // how far it is ahead of the clock; negative if it is behind
	NoDate   bool          // the header is missing
}

// String names the switches that are set.
func (b Behaviour) String() string {
	var set []string
	for field, value := range reflect.ValueOf(b).Fields() {
		if !value.IsZero() {
			set = append(set, fmt.Sprintf("%s:%v", field.Name, value.Interface()))
		}
	}
	return "{" + strings.Join(set, " ") + "}"
}

// Order is the order of rows in a list, by the field that OrderBy names.
type Order int

// The orders. Unordered is a fixed shuffle that depends on execution IDs and not on times.
const (
	NewestFirst Order = iota // descending
	OldestFirst              // ascending
	Unordered
)

func (o Order) String() string { return name(int(o), "newest-first", "oldest-first", "unordered") }

// OrderField is the field of an execution that rows are sorted by. Unordered rows are sorted by none.
type OrderField int

// The fields.
const (
	OrderByBegin OrderField = iota
	OrderByLastUpdate
	OrderByEnd
	OrderByID
)

func (f OrderField) String() string { return name(int(f), "begin", "last-update", "end", "id") }

// MissingRows is where a list has the rows that lack the field that it is sorted by.
type MissingRows int

// The places. MissingOldest sorts a missing time before any other time.
const (
	MissingOldest MissingRows = iota
	MissingFirst
	MissingLast
)

func (m MissingRows) String() string { return name(int(m), "oldest", "first", "last") }

// RunningRows is where a list has the rows whose status is running.
type RunningRows int

// The places: among the others, before them, or after them.
const (
	RunningInOrder RunningRows = iota
	RunningFirst
	RunningLast
)

func (r RunningRows) String() string { return name(int(r), "in-order", "first", "last") }

// Shuffle is what has another order in each response, as that of a service with several replicas does.
type Shuffle int

// The degrees: nothing; rows that are equal in the field that they are sorted by; all rows.
const (
	ShuffleNone Shuffle = iota
	ShuffleTies
	ShuffleAll
)

func (s Shuffle) String() string { return name(int(s), "none", "ties", "all") }

// OffsetMode is what the service does with the query parameter offset, which API Explorer knows and the page does not.
type OffsetMode int

// The modes. A rejected offset is answered with 400, whatever its value.
const (
	OffsetHonoured OffsetMode = iota
	OffsetIgnored
	OffsetRejected
)

func (m OffsetMode) String() string { return name(int(m), "honoured", "ignored", "rejected") }

// OffsetBeyond is how an offset beyond the largest one that is honoured is answered.
type OffsetBeyond int

// The answers: the page at the largest offset, the first page, no rows, and 400.
const (
	OffsetLastPage OffsetBeyond = iota
	OffsetFirstPage
	OffsetNoRows
	OffsetBadRequest
)

func (o OffsetBeyond) String() string {
	return name(int(o), "last-page", "first-page", "no-rows", "rejected")
}

// TimeForm is the set of forms in which start_time and end_time are understood (API.md 1.3).
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

// Zone is the time zone that bounds are read in. Rows show their times in UTC all the same.
type Zone int

// The zones: UTC, UTC+8 for a bound whose form names no zone, and UTC+8 for any bound, whatever zone it names.
const (
	ZoneUTC Zone = iota
	ZoneChinaUnlessNamed
	ZoneChina
)

func (z Zone) String() string { return name(int(z), "utc", "china-unless-named", "china") }

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

// Fractions is whether an execution keeps the fractions of a second that its times were added with. Rows show whole
// seconds.
type Fractions int

// The ways. With FractionsCut times are cut when they are stored. With the others bounds and order go by the exact
// times, and rows show them cut or rounded to the nearest second.
const (
	FractionsCut Fractions = iota
	FractionsHidden
	FractionsRounded
)

func (f Fractions) String() string { return name(int(f), "cut", "hidden", "rounded") }

// SpanCut is what happens to a window longer than MaxSpan.
type SpanCut int

// The ways: its newer part is left out, its older part is left out, or the request is answered with 400.
const (
	SpanKeepsStart SpanCut = iota
	SpanKeepsEnd
	SpanRejected
)

func (c SpanCut) String() string { return name(int(c), "keeps-start", "keeps-end", "rejected") }

// LoneBound is what one bound without the other selects.
type LoneBound int

// The ways: three days from or up to it, as documented; everything on its side; and as if it had not been sent.
const (
	LoneBoundThreeDays LoneBound = iota
	LoneBoundOpen
	LoneBoundIgnored
)

func (l LoneBound) String() string { return name(int(l), "three-days", "open", "ignored") }

// StatusText is how the status of a row is written.
type StatusText int

// The ways: as it is, in capitals, not at all in a list filtered by status, and never.
const (
	StatusPlain StatusText = iota
	StatusCapitals
	StatusOmittedByFilter
	StatusOmitted
)

func (s StatusText) String() string {
	return name(int(s), "plain", "capitals", "omitted-by-filter", "omitted")
}

// NoSuchWorkflow is how a question about an unknown workflow is answered.
type NoSuchWorkflow int

// The ways: 404 and a list without rows.
const (
	WorkflowNotFound NoSuchWorkflow = iota
	WorkflowEmpty
)

func (n NoSuchWorkflow) String() string { return name(int(n), "not-found", "empty") }

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

// HistoryTotal is what the total of executions-history counts.
type HistoryTotal int

// The ways: the rows that match, all rows of the workflow, and the rows on the page.
const (
	TotalMatching HistoryTotal = iota
	TotalOfWorkflow
	TotalOfPage
)

func (h HistoryTotal) String() string { return name(int(h), "matching", "of-workflow", "of-page") }

func name(i int, names ...string) string {
	if i < 0 || i >= len(names) {
		return strconv.Itoa(i)
	}
	return names[i]
}

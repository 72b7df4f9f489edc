package simulator

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Behaviour has one switch for each question that the documentation leaves open
// (CLOUD.md 10). The switches apply to ListWorkflowExecutions, except where they
// name another list. The zero value is the most plausible service.
//
// The command simulator has an option for each switch. The tags are its
// descriptions; quotes mark the option's value.
type Behaviour struct {
	Order   Order       `usage:"order of rows"`
	OrderBy OrderField  `usage:"field that rows are sorted by"`
	Missing MissingRows `usage:"place of rows that lack this field"`
	Running RunningRows `usage:"place of running rows"`
	Shuffle Shuffle     `usage:"what has another order in each response"`

	// The offset, which is undocumented.
	Offset       OffsetMode   `usage:"what offset does"`
	OffsetCap    int          `usage:"largest 'offset' that is honoured; 0 means any"`
	OffsetBeyond OffsetBeyond `usage:"response to an offset beyond -offset-cap"`

	// How start_time and end_time are written.
	TimeForm   TimeForm   `usage:"form of bounds that is understood"`
	UnreadTime UnreadTime `usage:"bounds in another form are"`
	Zone       Zone       `usage:"time zone that bounds are read in"`

	// What start_time and end_time select.
	Window       WindowField   `usage:"what bounds apply to"`
	ExcludeStart bool          `usage:"leave out rows exactly on start_time"`
	ExcludeEnd   bool          `usage:"leave out rows exactly on end_time"`
	Fractions    Fractions     `usage:"fractions of a second in times of executions are"`
	Precision    time.Duration `usage:"'time' to a multiple of which bounds are rounded down"`
	MaxSpan      time.Duration `usage:"longest 'time' from start_time to end_time; 0 means any"`
	SpanCut      SpanCut       `usage:"a window longer than -max-span"`
	LoneBound    LoneBound     `usage:"what one bound without the other selects"`
	DefaultSpan  time.Duration `usage:"'time' that a list without bounds covers; 0 means three days"`

	// The number of rows on a page, also of ListWorkflow.
	DefaultLimit int `usage:"'rows' on a page when limit is not sent; 0 means 200"`
	PageCap      int `usage:"most 'rows' on a page; 0 means 200"`

	// The filter by status.
	IgnoreStatus bool       `usage:"ignore the status filter"`
	StatusCase   bool       `usage:"ignore the letter case of the status filter"`
	StatusText   StatusText `usage:"how the status of a row is written"`

	// How workflows are found.
	WorkflowIDCase bool           `usage:"ignore the letter case of workflow IDs"`
	NoSuchWorkflow NoSuchWorkflow `usage:"response about an unknown workflow"`

	// ListWorkflow.
	WorkflowName   NameMatch     `usage:"what the filter by name does"`
	WorkflowTotal  WorkflowTotal `usage:"what the total of workflows counts"`
	WorkflowOffset OffsetMode    `usage:"what offset does in lists of workflows"`
	WorkflowOrder  WorkflowOrder `usage:"order of workflows"`
	NoStream       bool          `usage:"leave out enable_stream_response of workflows"` // as in the page's example

	EmptyList EmptyList `usage:"how no rows are written"` // also by ListWorkflow
	NoEnd     NoEnd     `usage:"how the end of a running execution is written"`

	// The other list, executions-history, which has no filter by status.
	HistoryTotal HistoryTotal `usage:"what the total of executions-history counts"`
	HideStatuses bool         `usage:"show undocumented statuses in executions-history alone"`

	// The Date header of each response. Everything else uses the clock Config.Now.
	DateSkew time.Duration `usage:"'time' by which the Date header is ahead of the clock"`
	NoDate   bool          `usage:"leave out the Date header"`
}

// String returns the names of the switches that are set.
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

// The orders. Unordered is a fixed order that depends on execution IDs and not on
// times.
const (
	NewestFirst Order = iota // descending
	OldestFirst              // ascending
	Unordered
)

func (o Order) String() string { return name(int(o), "newest-first", "oldest-first", "unordered") }

// OrderField is the field of an execution by which rows are sorted. It does not
// apply to Unordered.
type OrderField int

// The fields.
const (
	OrderByBegin OrderField = iota
	OrderByLastUpdate
	OrderByEnd
	OrderByID
)

func (f OrderField) String() string { return name(int(f), "begin", "last-update", "end", "id") }

// MissingRows is the place of rows that lack the sort field.
type MissingRows int

// The places. MissingOldest sorts a missing time before all other times.
const (
	MissingOldest MissingRows = iota
	MissingFirst
	MissingLast
)

func (m MissingRows) String() string { return name(int(m), "oldest", "first", "last") }

// RunningRows is the place of rows whose status is running.
type RunningRows int

// The places: among the others, before them, or after them.
const (
	RunningInOrder RunningRows = iota
	RunningFirst
	RunningLast
)

func (r RunningRows) String() string { return name(int(r), "in-order", "first", "last") }

// Shuffle is the part of the rows whose order differs in each response, as with a
// service that has several replicas.
type Shuffle int

// The degrees: no rows, rows with equal sort fields, and all rows.
const (
	ShuffleNone Shuffle = iota
	ShuffleTies
	ShuffleAll
)

func (s Shuffle) String() string { return name(int(s), "none", "ties", "all") }

// OffsetMode is the effect of the query parameter offset, which API Explorer has
// and the API page does not.
type OffsetMode int

// The modes. OffsetRejected responds with 400 to any offset.
const (
	OffsetHonoured OffsetMode = iota
	OffsetIgnored
	OffsetRejected
)

func (m OffsetMode) String() string { return name(int(m), "honoured", "ignored", "rejected") }

// OffsetBeyond is the response to an offset beyond OffsetCap.
type OffsetBeyond int

// The responses: the page at the largest offset, the first page, no rows, and 400.
const (
	OffsetLastPage OffsetBeyond = iota
	OffsetFirstPage
	OffsetNoRows
	OffsetBadRequest
)

func (o OffsetBeyond) String() string {
	return name(int(o), "last-page", "first-page", "no-rows", "rejected")
}

// TimeForm is the set of forms of start_time and end_time that the service accepts
// (CLOUD.md 1.3).
type TimeForm int

// The forms: both, "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ssZ", and none.
const (
	AnyTimeForm TimeForm = iota
	SpaceTimeForm
	RFC3339TimeForm
	NoTimeForm
)

func (f TimeForm) String() string { return name(int(f), "any", "space", "rfc3339", "none") }

// UnreadTime is the effect of a bound in a form that the service does not accept.
type UnreadTime int

// The effects: 400 with FGS.3002, a bound that counts as not sent, a window that
// covers all time, and one that covers none.
const (
	UnreadTimeRejected UnreadTime = iota
	UnreadTimeIgnored
	UnreadTimeUnbounded
	UnreadTimeNothing
)

func (u UnreadTime) String() string {
	return name(int(u), "rejected", "ignored", "unbounded", "nothing")
}

// Zone is the time zone in which the service reads bounds. Rows always show times
// in UTC.
type Zone int

// The zones: UTC, UTC+8 for a bound without a zone, and UTC+8 for every bound.
const (
	ZoneUTC Zone = iota
	ZoneChinaUnlessNamed
	ZoneChina
)

func (z Zone) String() string { return name(int(z), "utc", "china-unless-named", "china") }

// WindowField is the field of an execution that the service compares with
// start_time and end_time.
type WindowField int

// The fields. WindowOverlap selects executions that ran at any time in the window.
// An execution without an end still runs.
const (
	WindowBegin WindowField = iota
	WindowLastUpdate
	WindowEnd
	WindowOverlap
)

func (f WindowField) String() string {
	return name(int(f), "begin", "last-update", "end", "overlap")
}

// Fractions is the use of fractions of a second in the times of executions. Rows
// show whole seconds.
type Fractions int

// The ways. FractionsCut truncates times when an execution is stored. With the
// others, bounds and order use the exact times, and rows show them truncated or
// rounded to the nearest second.
const (
	FractionsCut Fractions = iota
	FractionsHidden
	FractionsRounded
)

func (f Fractions) String() string { return name(int(f), "cut", "hidden", "rounded") }

// SpanCut is the effect of a window longer than MaxSpan.
type SpanCut int

// The effects: the newer part is ignored, the older part is ignored, and 400.
const (
	SpanKeepsStart SpanCut = iota
	SpanKeepsEnd
	SpanRejected
)

func (c SpanCut) String() string { return name(int(c), "keeps-start", "keeps-end", "rejected") }

// LoneBound is the selection by one bound without the other.
type LoneBound int

// The selections: three days from or up to the bound, as documented; everything on
// its side; and the default window.
const (
	LoneBoundThreeDays LoneBound = iota
	LoneBoundOpen
	LoneBoundIgnored
)

func (l LoneBound) String() string { return name(int(l), "three-days", "open", "ignored") }

// StatusText is the form of the status of a row.
type StatusText int

// The forms: unchanged, in capitals, missing in a list that is filtered by status,
// and always missing.
const (
	StatusPlain StatusText = iota
	StatusCapitals
	StatusOmittedByFilter
	StatusOmitted
)

func (s StatusText) String() string {
	return name(int(s), "plain", "capitals", "omitted-by-filter", "omitted")
}

// NoSuchWorkflow is the response for an unknown workflow.
type NoSuchWorkflow int

// The responses: 404, and a list without rows.
const (
	WorkflowNotFound NoSuchWorkflow = iota
	WorkflowEmpty
)

func (n NoSuchWorkflow) String() string { return name(int(n), "not-found", "empty") }

// NameMatch is how ListWorkflow compares names with the parameter workflow_name.
type NameMatch int

// The comparisons: names that contain the text, in the same or in any letter case;
// names that begin with it; names that are equal to it; and all names.
const (
	NameContains NameMatch = iota
	NameContainsAnyCase
	NameBegins
	NameEquals
	NameIgnored
)

func (m NameMatch) String() string {
	return name(int(m), "contains", "contains-any-case", "begins", "equals", "ignored")
}

// WorkflowTotal is what the field total of ListWorkflow counts.
type WorkflowTotal int

// The counts: the workflows that match, those of the project, those on the page,
// and none, which leaves out the field.
const (
	TotalMatching WorkflowTotal = iota
	TotalEverything
	TotalPage
	TotalMissing
)

func (t WorkflowTotal) String() string {
	return name(int(t), "matching", "everything", "page", "missing")
}

// WorkflowOrder is the order of ListWorkflow.
type WorkflowOrder int

// The orders. WorkflowsShuffled differs in each response.
const (
	WorkflowsNewestFirst WorkflowOrder = iota
	WorkflowsByName
	WorkflowsShuffled
)

func (o WorkflowOrder) String() string { return name(int(o), "newest-first", "by-name", "shuffled") }

// EmptyList is the form of a list without rows, here of executions.
type EmptyList int

// The forms: {"executions":[]}, {"executions":null} and {}.
const (
	EmptyArray EmptyList = iota
	NullList
	NoList
)

func (e EmptyList) String() string { return name(int(e), "array", "null", "missing") }

// NoEnd is the form of the end_time of an execution without an end (CLOUD.md 1.4).
type NoEnd int

// The forms: no field, "", null, "0001-01-01T00:00:00Z", and the begin_time, as in
// the example of the API page.
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

// The ways: the rows that match, all rows of the workflow, and the rows on the
// page.
const (
	HistoryTotalMatching HistoryTotal = iota
	HistoryTotalOfWorkflow
	HistoryTotalOfPage
)

func (h HistoryTotal) String() string { return name(int(h), "matching", "of-workflow", "of-page") }

// name returns the name of a value, or its number if it has none.
func name(i int, names ...string) string {
	if i < 0 || i >= len(names) {
		return strconv.Itoa(i)
	}

	return names[i]
}

package executions

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// MaxPage is the most rows that the service returns at once; a larger limit
// counts as this one (the API page).
const MaxPage = 200

// Query is one request for a page.
type Query struct {
	Status     string
	Start, End time.Time // whole seconds; zero: left to the service
	Form       Form      // of Start and End
	Limit      int
	Offset     int // 0: not sent
}

// isOpen reports whether the service chooses one of the bounds.
func (q Query) isOpen() bool { return q.Start.IsZero() != q.End.IsZero() }

func (q Query) bounded() bool { return !q.Start.IsZero() || !q.End.IsZero() }

// Page is one answer.
type Page struct {
	Rows      []Execution
	Date      time.Time // the service's clock; zero: not told
	Throttled bool      // the service asked to slow down before it answered
}

// Asker sends one request. An error that is [ErrBadRequest] means that the
// service refused the query itself; any other ends the list.
type Asker func(context.Context, Query) (Page, error)

// ErrBadRequest marks an [Asker]'s error: the service understood the request
// and calls it invalid.
var ErrBadRequest = errors.New("the service calls the request invalid")

// Question is what a practitioner wants to know.
type Question struct {
	WorkflowID string

	// Status keeps the executions of one status; empty: all.
	Status string

	// Start and End bound the window by the service's rules: without both it
	// is the last three days, with one of them three days from or up to it.
	// Fractions of a second are rounded outwards.
	Start, End time.Time

	// Limit keeps the newest that many; 0: all.
	Limit int

	// TooLong, if set, is called after each page and reports whether the list has
	// become too long to be of use: so many executions, with at least so many
	// bytes of text. If so, the list ends with a [*TooLongError]. It is not
	// called under a Limit, for which more may be read than is kept.
	TooLong func(executions, text int) bool
}

func (q Question) bounded() bool { return !q.Start.IsZero() || !q.End.IsZero() }

// Error says that a list could not be read completely.
type Error struct {
	Reason string // a sentence
	Advice string // what to do about it

	isCrowded bool // a second holds more rows than can be read
}

// Error implements error.
func (e *Error) Error() string { return e.Reason }

// TooLongError says that a list was given up because it is too long for
// whoever asked.
type TooLongError struct{ Executions int } // at least so many

// Error implements error.
func (e *TooLongError) Error() string {
	return fmt.Sprintf("the list is too long, with at least %d executions", e.Executions)
}

func contradict(format string, args ...any) error {
	return &contradiction{reason: fmt.Sprintf(format, args...)}
}

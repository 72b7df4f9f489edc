package simulator

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Execution is one execution of a workflow. Rows show whole seconds;
// [Behaviour].Fractions decides whether fractions have an effect. A zero time is
// absent.
type Execution struct {
	ID        string
	Status    string
	CreatedBy string

	Begin, End, LastUpdate time.Time

	// What only ShowWorkflowExecution shows, as JSON text. Empty means a sample; "-"
	// leaves it out.
	Input, Output string
	// Nodes are the steps of the run. Nil means a sample, in which a failed run has a
	// failed node.
	Nodes []Node

	// Raw replaces fields of the row, by API name, with JSON text, to simulate an
	// incorrect service. An empty text leaves the field out. Order, window and filter
	// still use the fields above.
	//
	//     Raw: map[string]string{"begin_time": `"soon"`, "workflow_id": `"another"`, "execution_id": ""}
	Raw map[string]string
}

// workflow has executions in insertion order, and in cached orders.
type workflow struct {
	Workflow
	number int // of workflows that were added before it

	rows   []*row
	added  int                 // rows so far, those that are gone included
	orders map[ordering][]*row // of all rows; emptied when one changes
}

// row is a stored execution. It is immutable but for its text, so that responses
// can be written without a lock.
type row struct {
	Execution // with times in UTC

	number     int // of rows that were added before it
	shuffleKey uint64
	last       atomic.Pointer[encodedRow]
}

// time returns the value of a field, or the zero time if the row lacks it.
func (r *row) time(field OrderField, fractions Fractions) time.Time {
	t := r.Begin
	switch field {
	case OrderByEnd:
		t = r.End
	case OrderByLastUpdate:
		t = r.LastUpdate
	}
	if fractions == FractionsCut {
		return wholeSecond(t)
	}

	return t
}

// shown returns a time as a row shows it.
func (f Fractions) shown(t time.Time) time.Time {
	if f == FractionsRounded {
		return t.Round(time.Second)
	}

	return wholeSecond(t)
}

// wholeSecond is faster than Truncate, which a search of 100,000 rows would show.
func wholeSecond(t time.Time) time.Time { return t.Add(-time.Duration(t.Nanosecond())) }

// AddWorkflow adds a workflow to every project, if it does not exist, and adds
// executions to it.
func (c *Cloud) AddWorkflow(id string, executions ...Execution) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workflow(id)
	for _, e := range executions {
		w.rows = append(w.rows, newRow(e, w.added))
		w.added++
	}
	w.orders = nil
}

// RemoveExecutions removes executions from a workflow, as the service does after
// some time, and returns how many existed.
func (c *Cloud) RemoveExecutions(workflowID string, executionIDs ...string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workflows[workflowID]
	if w == nil {
		return 0
	}
	before := len(w.rows)
	w.rows = slices.DeleteFunc(w.rows, func(r *row) bool { return slices.Contains(executionIDs, r.ID) })
	w.orders = nil

	return before - len(w.rows)
}

// UpdateExecution changes an execution and reports whether it exists. The function
// must not call c.
func (c *Cloud) UpdateExecution(workflowID, executionID string, change func(*Execution)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workflows[workflowID]
	if w == nil {
		return false
	}
	i := slices.IndexFunc(w.rows, func(r *row) bool { return r.ID == executionID })
	if i < 0 {
		return false
	}
	old := w.rows[i]
	e := old.Execution
	e.Raw = maps.Clone(e.Raw)
	change(&e)
	w.rows[i] = newRow(e, old.number)
	w.move(old, w.rows[i])

	return true
}

func newRow(e Execution, number int) *row {
	e.Begin, e.End, e.LastUpdate, e.Raw = e.Begin.UTC(), e.End.UTC(), e.LastUpdate.UTC(), maps.Clone(e.Raw)
	// Weaker hashes keep IDs that differ only in the last digit in order.
	sum := sha256.Sum256([]byte(e.ID))

	return &row{Execution: e, number: number, shuffleKey: binary.BigEndian.Uint64(sum[:])}
}

// page returns the workflow of a request and a page of its executions, and reports
// whether the workflow exists.
func (c *Cloud) page(q *call, query listQuery) (Workflow, []*row, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.find(q)
	if w == nil {
		return Workflow{}, nil, q.behaviour.NoSuchWorkflow == WorkflowEmpty
	}
	c.listed++

	return w.Workflow, w.page(query, q.behaviour, c.listed), true
}

// find returns the workflow of a request, or nil. The caller holds the lock.
func (c *Cloud) find(q *call) *workflow {
	id := q.vars["workflow_id"]
	if w := c.workflows[id]; w != nil || !q.behaviour.WorkflowIDCase {
		return w
	}
	for known, w := range c.workflows {
		if strings.EqualFold(known, id) {
			return w
		}
	}

	return nil
}

package simulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"maps"
	"slices"
	"sort"
	"time"
)

// Execution is one run of a workflow. Times are cut to whole seconds, as on the wire; a zero time is absent.
type Execution struct {
	ID        string
	Status    string
	CreatedBy string

	Begin, End, LastUpdate time.Time

	// Raw replaces fields of the row as it is written: API name to JSON text, for answers that no well-behaved
	// service gives. An empty text leaves the field out. Order, window and filter still go by the fields above.
	//
	//	Raw: map[string]string{"begin_time": `"soon"`, "workflow_id": `"another"`, "execution_id": ""}
	Raw map[string]string
}

// workflow holds executions so that a window of begin times is found quickly.
type workflow struct {
	byBegin  []*row // oldest first
	shuffled []*row // by shuffleKey; nil until asked for
}

// row is an execution in the store. It is replaced and never changed, so that answers can be written without a lock.
type row struct {
	Execution
	shuffleKey uint64
}

// AddWorkflow makes a workflow known, in every project, and adds executions to it. It may be called again for more.
func (c *Cloud) AddWorkflow(id string, executions ...Execution) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workflows[id]
	if w == nil {
		w = &workflow{}
		c.workflows[id] = w
	}
	for _, e := range executions {
		w.byBegin = append(w.byBegin, newRow(e))
	}
	w.reorder()
}

// RemoveExecutions takes executions out of a workflow, as the service's own purge does, and returns how many there were.
func (c *Cloud) RemoveExecutions(workflowID string, executionIDs ...string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workflows[workflowID]
	if w == nil {
		return 0
	}
	before := len(w.byBegin)
	w.byBegin = slices.DeleteFunc(w.byBegin, func(r *row) bool { return slices.Contains(executionIDs, r.ID) })
	w.shuffled = nil
	return before - len(w.byBegin)
}

// UpdateExecution changes one execution, such as a running one that ends, and reports whether it exists. The function
// must not call back into c.
func (c *Cloud) UpdateExecution(workflowID, executionID string, change func(*Execution)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workflows[workflowID]
	if w == nil {
		return false
	}
	i := slices.IndexFunc(w.byBegin, func(r *row) bool { return r.ID == executionID })
	if i < 0 {
		return false
	}
	e := w.byBegin[i].Execution
	e.Raw = maps.Clone(e.Raw)
	change(&e)
	w.byBegin[i] = newRow(e)
	w.reorder()
	return true
}

func newRow(e Execution) *row {
	for _, t := range []*time.Time{&e.Begin, &e.End, &e.LastUpdate} {
		*t = t.UTC().Truncate(time.Second)
	}
	e.Raw = maps.Clone(e.Raw)
	// A cryptographic hash, because weaker ones keep IDs that differ in the last digit in order.
	sum := sha256.Sum256([]byte(e.ID))
	return &row{Execution: e, shuffleKey: binary.BigEndian.Uint64(sum[:])}
}

func (w *workflow) reorder() {
	slices.SortStableFunc(w.byBegin, func(a, b *row) int { return a.Begin.Compare(b.Begin) })
	w.shuffled = nil
}

// page answers a question about a workflow and reports whether there is such a workflow.
func (c *Cloud) page(workflowID string, ask listQuery, order Order) ([]*row, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w, ok := c.workflows[workflowID]
	if !ok {
		return nil, false
	}
	rows, allInside := w.candidates(ask.window, order)
	skip := ask.skip
	if allInside && ask.status == "" { // every row counts, so an offset is a jump
		jump := min(skip, len(rows))
		skip = 0
		if order == NewestFirst {
			rows = rows[:len(rows)-jump]
		} else {
			rows = rows[jump:]
		}
	}

	page := make([]*row, 0, ask.limit)
	for r := range inOrder(rows, order) {
		if !ask.matches(&r.Execution) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if page = append(page, r); len(page) == ask.limit {
			break
		}
	}
	return page, true
}

// candidates returns all rows in the window, shuffled or oldest first, and reports whether there are no others among
// them.
func (w *workflow) candidates(win window, order Order) (rows []*row, allInside bool) {
	if order == Unordered {
		if w.shuffled == nil {
			w.shuffled = slices.SortedStableFunc(slices.Values(w.byBegin), func(a, b *row) int {
				return cmp.Compare(a.shuffleKey, b.shuffleKey)
			})
		}
		return w.shuffled, false
	}
	rows = w.byBegin
	if win.field != WindowBegin {
		return rows, false
	}
	rows = rows[sort.Search(len(rows), func(i int) bool { return win.after(rows[i].Begin) }):]
	rows = rows[:sort.Search(len(rows), func(i int) bool { return !win.before(rows[i].Begin) })]
	return rows, true
}

func inOrder(rows []*row, order Order) iter.Seq[*row] {
	if order != NewestFirst {
		return slices.Values(rows)
	}
	return func(yield func(*row) bool) {
		for _, r := range slices.Backward(rows) {
			if !yield(r) {
				return
			}
		}
	}
}

package functiongraph

import (
	"fmt"
	"strconv"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// Bounds on one list of workflows. An account has at most 200 of them.
const (
	workflowPage     = 200 // rows, the most that the service returns at once
	maxWorkflowPages = 100
	maxWorkflowReads = 3 // of a list that changes while it is read
)

// workflowList reads a complete list of workflows by offset.
//
// A page shorter than the limit is the last one. Each page but the first begins
// with the last row of the page before, which shows that no row has moved in
// between. The total is compared with the rows. What it counts is not documented
// in detail: it may be everything, what matches the filters, or the page.
type workflowList struct {
	filtered bool // whether the question has filters
	ask      func(filtered bool, limit, offset int) (client.List[Workflow], error)
}

// all returns the rows, without duplicates, in the order of the service.
func (l *workflowList) all() ([]Workflow, error) {
	var reason string
	for range maxWorkflowReads {
		read := workflowRead{rows: []Workflow{}, seen: map[string]bool{}, isStable: true, isPageTotal: true}
		err := l.read(&read)
		if err == nil {
			reason, err = l.doubt(&read)
		}
		switch {
		case err != nil:
			return nil, err
		case reason == "":
			return read.rows, nil
		}
	}

	return nil, &ListingError{
		Reason: fmt.Sprintf("The list was read %d times. %s", maxWorkflowReads, reason),
		Advice: "Try again when no workflows are being created or deleted, " +
			"or ask for fewer: by name, mode or enterprise_project_id.",
	}
}

// workflowRead is one read of a list from its beginning.
type workflowRead struct {
	rows []Workflow
	seen map[string]bool // IDs of rows

	end  int    // position in the list after the last row that was read
	last string // ID of that row

	total       string // of the last page; empty: there is none
	isStable    bool   // all pages have the same total
	isPageTotal bool   // the total of each page is the number of its rows
	hasMoved    bool   // a page did not begin with the last row of the page before
	isRepeated  bool   // the service returned the first page again
}

// read reads pages up to the end of the list.
func (l *workflowList) read(r *workflowRead) error {
	for range maxWorkflowPages {
		offset := max(r.end-1, 0)
		page, err := l.ask(true, workflowPage, offset)
		if err != nil {
			return err
		}
		isFirst, before := r.end == 0, len(r.rows)
		r.add(page, offset)
		isNew := len(r.rows) > before
		switch {
		case !isNew && len(page.Rows) > 1 && page.Rows[0].ID == r.rows[0].ID:
			r.isRepeated = true
			return nil
		case len(page.Rows) >= workflowPage && isNew:
		case isNew && !r.hasMoved && (!isFirst || len(r.rows) > 1) && r.totalExceeds():
			// The page may be short because the service returns fewer than 200 rows at once.
		default:
			return nil
		}
	}

	return &ListingError{
		Reason: fmt.Sprintf("There are more than %d pages of workflows.", maxWorkflowPages),
		Advice: "Ask for fewer workflows at once: by name, mode or enterprise_project_id.",
	}
}

// add adds a page.
func (r *workflowRead) add(page client.List[Workflow], offset int) {
	if r.end > 0 {
		r.hasMoved = r.hasMoved || len(page.Rows) == 0 || page.Rows[0].ID != r.last
		r.isStable = r.isStable && page.Total == r.total
	}
	r.total = page.Total
	r.isPageTotal = r.isPageTotal && page.Total == strconv.Itoa(len(page.Rows))
	for _, row := range page.Rows {
		r.last = row.ID
		if !r.seen[row.ID] {
			r.seen[row.ID] = true
			r.rows = append(r.rows, row)
		}
	}
	r.end = max(r.end, offset+len(page.Rows))
}

// totalExceeds reports whether the total is a number above that of the rows,
// duplicates included.
func (r *workflowRead) totalExceeds() bool {
	n, err := strconv.Atoi(r.total)

	return err == nil && n > r.end
}

// doubt returns why a list may be incomplete, as a sentence, or "".
func (l *workflowList) doubt(r *workflowRead) (reason string, err error) {
	counted := r.total == strconv.Itoa(len(r.rows))
	switch {
	case r.isRepeated:
		return "The service ignores offset: it returned the first page again.", nil
	case r.isStable && (counted || r.total == "" && !r.hasMoved):
		return "", nil
	case r.hasMoved || !r.isStable && !r.isPageTotal:
		return "It changed meanwhile, or the service has another order in each response.", nil
	case r.isPageTotal, r.total == strconv.Itoa(r.end): // duplicates count
		return "", nil
	case l.filtered && r.totalExceeds():
		// It may count what the filters leave out.
		everything, err := l.ask(false, 1, 0)
		if err != nil || everything.Total == r.total {
			return "", err
		}
	}

	return fmt.Sprintf("Its total is %s, and %d workflows came.", r.total, len(r.rows)), nil
}

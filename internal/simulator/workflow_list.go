package simulator

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Workflow is a workflow in a response of ListWorkflow. A zero time is absent.
type Workflow struct {
	ID   string
	Name string // empty means "flow-" and the beginning of the ID

	Description       string
	CreatedBy         string
	Created, Updated  time.Time
	StreamResponse    bool
	Mode              string // "NORMAL" or "EXPRESS"; empty: "NORMAL"
	EnterpriseProject string // ID; empty: "0", the default one

	// Raw replaces fields of the row as it is written, as [Execution].Raw does.
	Raw map[string]string
}

// PutWorkflow adds a workflow to every project, or replaces it. Its executions
// stay.
func (c *Cloud) PutWorkflow(w Workflow) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.workflow(w.ID)
	w.Name = cmp.Or(w.Name, known.Name)
	w.Raw = maps.Clone(w.Raw)
	known.Workflow = w
}

// RemoveWorkflow removes a workflow and its executions, and reports whether it
// existed.
func (c *Cloud) RemoveWorkflow(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, known := c.workflows[id]
	delete(c.workflows, id)

	return known
}

// workflow returns a workflow and adds it if it does not exist. The caller holds
// the lock.
func (c *Cloud) workflow(id string) *workflow {
	w := c.workflows[id]
	if w == nil {
		w = &workflow{Workflow: Workflow{ID: id, Name: "flow-" + id[:min(8, len(id))]}, number: c.made}
		c.made++
		c.workflows[id] = w
	}

	return w
}

// workflowQuery are the parameters of a ListWorkflow request.
type workflowQuery struct {
	name, mode, enterpriseProject string // empty: any
	skip, limit                   int
}

// listWorkflow serves GET /v2/{project_id}/fgs/workflows.
func (c *Cloud) listWorkflow(q *call) response {
	query, err := parseWorkflowQuery(q)
	if err != nil {
		return q.failAs(http.StatusBadRequest)
	}
	rows, total := c.workflowPage(query, q.behaviour)

	return success(encodeWorkflows(q, rows, total))
}

// parseWorkflowQuery reads the first value of each parameter. An empty parameter
// is invalid, as in ListWorkflowExecutions.
func parseWorkflowQuery(q *call) (workflowQuery, error) {
	var query workflowQuery
	for name, target := range map[string]*string{
		"workflow_name": &query.name, "mode": &query.mode, "enterprise_project": &query.enterpriseProject,
	} {
		value, sent := q.query.get(name)
		if sent && value == "" {
			return query, errBadParameter
		}
		*target = value
	}
	if query.mode != "" && query.mode != "NORMAL" && query.mode != "EXPRESS" {
		return query, errBadParameter
	}
	var err error
	query.skip, query.limit, err = q.paging(q.behaviour.WorkflowOffset)

	return query, err
}

func (query workflowQuery) matches(w *workflow, m NameMatch) bool {
	return m.matches(w.Name, query.name) && (query.mode == "" || query.mode == cmp.Or(w.Mode, "NORMAL")) &&
		(query.enterpriseProject == "" || query.enterpriseProject == cmp.Or(w.EnterpriseProject, "0"))
}

func (m NameMatch) matches(name, text string) bool {
	switch m {
	case NameContainsAnyCase:
		return strings.Contains(strings.ToLower(name), strings.ToLower(text))
	case NameBegins:
		return strings.HasPrefix(name, text)
	case NameEquals:
		return text == "" || name == text
	case NameIgnored:
		return true
	default:
		return strings.Contains(name, text)
	}
}

// workflowPage returns copies of the workflows on a page, and the total. A
// negative total is left out.
func (c *Cloud) workflowPage(query workflowQuery, b Behaviour) (page []Workflow, total int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var matching []*workflow
	for _, w := range c.workflows {
		if query.matches(w, b.WorkflowName) {
			matching = append(matching, w)
		}
	}
	slices.SortFunc(matching, func(v, w *workflow) int {
		if b.WorkflowOrder == WorkflowsByName {
			return cmp.Or(cmp.Compare(v.Name, w.Name), cmp.Compare(v.ID, w.ID))
		}
		return cmp.Compare(w.number, v.number)
	})
	if b.WorkflowOrder == WorkflowsShuffled {
		c.listed++
		random := rand.New(rand.NewPCG(c.listed, 0)) //nolint:gosec // data for tests, meant to be predictable
		random.Shuffle(len(matching), func(i, j int) { matching[i], matching[j] = matching[j], matching[i] })
	}
	begin := min(query.skip, len(matching))
	for _, w := range matching[begin:min(begin+query.limit, len(matching))] {
		page = append(page, w.Workflow)
	}
	switch b.WorkflowTotal {
	case TotalEverything:
		return page, len(c.workflows)
	case TotalPage:
		return page, len(page)
	case TotalMissing:
		return page, -1
	default:
		return page, len(matching)
	}
}

func encodeWorkflows(q *call, rows []Workflow, total int) []byte {
	var o object
	empty := q.behaviour.EmptyList
	if len(rows) == 0 && empty == NoList {
		return o.end()
	}
	if total >= 0 {
		o.number("total", int64(total))
	}
	o.number("size", int64(len(rows)))
	page(&o, "workflows", rows, empty, func(w Workflow) []byte { return encodeWorkflow(q, w) })

	return o.end()
}

// encodeWorkflow writes a WorkflowSimpleInfo (CLOUD.md 4.1).
func encodeWorkflow(q *call, w Workflow) []byte {
	o := object{raw: w.Raw}
	o.text("id", w.ID)
	o.text("workflow_urn", w.urn(q.project))
	o.text("name", w.Name)
	o.text("description", w.Description)
	o.time("created_time", w.Created.UTC())
	o.time("updated_time", w.Updated.UTC())
	o.text("created_by", w.CreatedBy)
	if q.behaviour.NoStream {
		o.field("enable_stream_response", nil)
	} else {
		o.field("enable_stream_response", strconv.AppendBool(nil, w.StreamResponse))
	}

	return o.end()
}

// SeedWorkflows returns n workflows, the newest last. Some names contain each
// other, and some are Chinese. The same arguments give the same workflows.
func SeedWorkflows(n int, newest time.Time, seed uint64) []Workflow {
	random := rand.New(rand.NewPCG(seed, binary.BigEndian.Uint64([]byte("workflow")))) //nolint:gosec // data for tests
	stems := []string{"orders", "orders-eu", "nightly", "nightly-report", "订单", "订单-归档", "Orders"}
	workflows := make([]Workflow, n)
	for i := range workflows {
		name := stems[i%len(stems)]
		if i >= len(stems) {
			name += "-" + strconv.Itoa(i/len(stems))
		}
		created := newest.Add(-time.Duration(n-i) * 24 * time.Hour)
		workflows[i] = Workflow{
			ID:          uuid(random),
			Name:        name,
			Description: "sample " + strconv.Itoa(i),
			CreatedBy:   "admin",
			Created:     created,
			Updated:     created.Add(time.Hour),
		}
	}

	return workflows
}

package simulator

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Data changes during a list, through the hook that tests use.
func TestChurn(t *testing.T) {
	t.Parallel()
	c := newCloud(3, Behaviour{})
	cl := inProcess(c)
	steps := []struct {
		change func()
		want   []string
	}{
		{func() {}, []string{"0", "1", "2"}},
		{func() { c.AddWorkflow(testWorkflow, Execution{ID: "between", Begin: at(1.0 / 120)}) },
			[]string{"0", "between", "1", "2"}},
		{func() { c.RemoveExecutions(testWorkflow, "1", "none") }, []string{"0", "between", "2"}},
		{func() { c.UpdateExecution(testWorkflow, "0", func(e *Execution) { e.Begin = at(2) }) },
			[]string{"between", "2", "0"}},
		{func() { c.SetBehaviour(Behaviour{Order: OldestFirst}) }, []string{"0", "2", "between"}},
	}
	c.OnRequest(func(n int, _ Request) { steps[n-1].change() })
	for i, step := range steps {
		if diff := cmp.Diff(step.want, cl.list(t).ids()); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i+1, diff)
		}
	}
}

// Cached orders follow changes of executions.
func TestChurn_orders(t *testing.T) {
	t.Parallel()
	for order := NewestFirst; order <= Unordered; order++ {
		for field := OrderByBegin; field <= OrderByID; field++ {
			b := Behaviour{Order: order, OrderBy: field, Window: WindowLastUpdate, Missing: MissingLast,
				Running: RunningFirst}
			t.Run(b.String(), func(t *testing.T) {
				t.Parallel()
				all := Seed(100, testNow, time.Minute, 1)
				changed := newCloud(0, b)
				changed.AddWorkflow(testWorkflow, all...)
				for i := range all {
					_ = inProcess(changed).list(t, "limit", "1")
					if i%3 != 0 {
						continue
					}
					changed.UpdateExecution(testWorkflow, all[i].ID, func(e *Execution) {
						e.Status, e.End, e.LastUpdate = "success", at(float64(i)/100), at(float64(i)/100)
						all[i] = *e
					})
				}
				fresh := newCloud(0, b)
				fresh.AddWorkflow(testWorkflow, all...)
				if diff := cmp.Diff(inProcess(fresh).list(t).ids(), inProcess(changed).list(t).ids()); diff != "" {
					t.Errorf("rows (-new +changed):\n%s", diff)
				}
			})
		}
	}
}

func TestChurn_unknown(t *testing.T) {
	t.Parallel()
	c := newCloud(1, Behaviour{})
	fail := func(*Execution) { t.Error("called for an execution that does not exist") }
	if c.UpdateExecution("none", "0", fail) || c.UpdateExecution(testWorkflow, "none", fail) {
		t.Error("update of an unknown execution reported as done")
	}
	if n := c.RemoveExecutions("none", "0"); n != 0 {
		t.Errorf("%d executions removed from an unknown workflow", n)
	}
}

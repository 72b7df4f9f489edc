package executions_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// tooLongCloud has 3,000 executions, and a reader of them.
func tooLongCloud(t *testing.T, behaviour simulator.Behaviour) (*simulator.Cloud, *functiongraph.Client) {
	t.Helper()
	cloud := simulator.New(simulator.Config{Behaviour: behaviour})
	cloud.AddWorkflow(testWorkflow, simulator.Seed(3000, time.Now(), time.Minute, 1)...)
	reader, err := functiongraph.New(acctest.ClientConfig(cloud.Transport()))
	if err != nil {
		t.Fatal(err)
	}
	return cloud, reader
}

func TestTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud, reader := tooLongCloud(t, simulator.Behaviour{})
		rows, err := reader.AllWorkflowExecutions(t.Context(), executions.Question{
			WorkflowID: testWorkflow,
			TooLong:    func(executions, _ int) bool { return executions > 1000 },
		})
		tooLong, ok := errors.AsType[*functiongraph.TooLongError](err)
		if !ok || rows != nil {
			t.Fatalf("got %d rows and error %v", len(rows), err)
		}
		if tooLong.Executions <= 1000 || tooLong.Executions > 1200 {
			t.Errorf("ended after %d executions, want the page that makes them more than 1000", tooLong.Executions)
		}
		if n := len(cloud.Requests()); n > 12 {
			t.Errorf("%d requests: the list was read on", n)
		}
	})
}

// Only what the list will hold counts, once, however often it comes.
func TestTooLong_counts(t *testing.T) {
	t.Parallel()
	for _, order := range []simulator.Order{simulator.NewestFirst, simulator.Unordered} {
		for _, window := range []simulator.WindowField{simulator.WindowBegin, simulator.WindowLastUpdate} {
			for _, status := range race.Choose([]string{"", "fail"}, []string{"fail"}) {
				t.Run(fmt.Sprintf("%s, %s, %q", order, window, status), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						cloud, reader := tooLongCloud(t, simulator.Behaviour{Order: order, Window: window, IgnoreStatus: true})
						cloud.OnRequest(func(int, simulator.Request) { // a second copy is not like the first
							for _, e := range simulator.Seed(20, time.Now(), time.Minute, 1) {
								cloud.UpdateExecution(testWorkflow, e.ID, func(e *simulator.Execution) {
									e.LastUpdate = e.LastUpdate.Add(time.Second)
									e.CreatedBy += "x"
								})
							}
						})
						var count, text int
						rows, err := reader.AllWorkflowExecutions(t.Context(), executions.Question{
							WorkflowID: testWorkflow,
							Status:     status,
							TooLong: func(e, t int) bool {
								count, text = e, t
								return false
							},
						})
						if err != nil {
							t.Fatal(err)
						}
						want := 0
						for _, row := range rows {
							want += len(row.WorkflowID + row.WorkflowURN + row.ExecutionID + row.Status + row.CreatedBy +
								row.BeginTime + row.EndTime + row.LastUpdateTime) // all in RFC 3339, in UTC
						}
						if count != len(rows) || text != want {
							t.Errorf("asked about %d executions with %d bytes, want %d with %d", count, text, len(rows), want)
						}
					})
				})
			}
		}
	}
}

func TestTooLong_notUnderALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, reader := tooLongCloud(t, simulator.Behaviour{Order: simulator.OldestFirst})
		rows, err := reader.AllWorkflowExecutions(t.Context(), executions.Question{
			WorkflowID: testWorkflow,
			Limit:      5,
			TooLong:    func(executions, _ int) bool { return executions > 5 },
		})
		if err != nil || len(rows) != 5 {
			t.Errorf("got %d rows and error %v", len(rows), err)
		}
	})
}

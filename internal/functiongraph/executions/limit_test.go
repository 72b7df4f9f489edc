package executions_test

import (
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

// Whatever the order, a limit keeps the newest, and is sent as the practitioner
// gives it.
func TestLimit(t *testing.T) {
	t.Parallel()
	for _, behaviour := range []simulator.Behaviour{
		{}, {Order: simulator.OldestFirst}, {Order: simulator.Unordered}, {Shuffle: simulator.ShuffleAll},
		{OrderBy: simulator.OrderByEnd, Missing: simulator.MissingLast},
		{OrderBy: simulator.OrderByLastUpdate, Running: simulator.RunningLast},
	} {
		for _, limit := range race.Choose([]int{1, 2, 5, 12, 13, 100, 199, 200}, []int{1, 13, 200}) {
			t.Run(fmt.Sprintf("%s, %d", behaviour, limit), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					cloud := simulator.New(simulator.Config{Behaviour: behaviour})
					all := simulator.Seed(300, time.Now(), 7*time.Minute, 1)
					cloud.AddWorkflow(testWorkflow, all...)
					reader, err := functiongraph.New(acctest.ClientConfig(cloud.Transport()))
					if err != nil {
						t.Fatal(err)
					}
					question := executions.Question{WorkflowID: testWorkflow, Limit: limit}
					rows, err := reader.AllWorkflowExecutions(t.Context(), question)
					if err != nil {
						t.Fatal(err)
					}
					if len(rows) != limit {
						t.Fatalf("%d rows, want %d", len(rows), limit)
					}
					for i, row := range rows {
						if row.ExecutionID != all[i].ID {
							t.Fatalf("row %d is %s, want %s", i, row.ExecutionID, all[i].ID)
						}
					}
					if got := cloud.Requests()[0].Query.Get("limit"); got != fmt.Sprint(limit) {
						t.Errorf("asked for %s first, want %d", got, limit)
					}
					if got := len(cloud.Requests()); got > 12 {
						t.Errorf("%d requests, at most 12", got)
					}
				})
			})
		}
	}
}

package listing_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Whatever the order, a limit keeps the newest. A few rows do not show which
// order that is, so it takes a second request to be sure; more rows do.
func TestLimit(t *testing.T) {
	t.Parallel()

	for _, order := range []simulator.Order{simulator.NewestFirst, simulator.OldestFirst, simulator.Unordered} {
		for limit, requests := range map[int]int{1: 2, 5: 2, 12: 2, 13: 1, 100: 1, 200: 1} {
			t.Run(fmt.Sprintf("%s, %d", order, limit), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					cloud := simulator.New(simulator.Config{Behaviour: simulator.Behaviour{Order: order}})
					all := simulator.Seed(300, time.Now(), 7*time.Minute, 1)
					cloud.AddWorkflow(testWorkflow, all...)
					reader, err := client.New(client.Config{
						Region:      simulator.DefaultRegion,
						ProjectID:   simulator.DefaultProjectID,
						Credentials: client.Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey},
						Transport:   cloud.Transport(),
					})
					if err != nil {
						t.Fatal(err)
					}
					rows, err := reader.AllWorkflowExecutions(t.Context(), testWorkflow, client.ListOptions{Limit: limit})
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
					if got := len(cloud.Requests()); order == simulator.NewestFirst && got != requests {
						t.Errorf("%d requests, want %d", got, requests)
					}
					if got := cloud.Requests()[0].Query.Get("limit"); got != fmt.Sprint(limit) {
						t.Errorf("asked for %s first, want %d", got, limit)
					}
				})
			})
		}
	}
}

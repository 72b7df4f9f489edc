//go:build unix

package provider_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Lists through a real CLI with random faults. The result is the complete list, or
// the error of the fault that outlasts the retries.
func TestAccRandomFaults(t *testing.T) {
	t.Parallel()
	for seed := range uint64(9) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, seed))
			maxRetries := random.IntN(4)
			var faults []simulator.Fault
			var last retriedFault
			requests, spent, failed := 1, map[string]int{}, false
			for range random.IntN(6) {
				last = retriedFaults[random.IntN(len(retriedFaults))]
				faults = append(faults, last.fault.On(simulator.ListWorkflowExecutions))
				if failed = requests > maxRetries || last.most > 0 && spent[last.budget] == last.most; failed {
					break
				}
				requests++
				spent[last.budget]++
			}

			srv := simulator.Start(t, simulator.Config{})
			executions := simulator.Seed(random.IntN(600), time.Now(), time.Minute, seed)
			srv.AddWorkflow("w", executions...)
			srv.Script(faults...)
			w := newWorkspace(t, readConfig(srv.URL), fmt.Sprintf("HW_MAX_RETRIES=%d", maxRetries),
				"HW_PROJECT_ID="+simulator.DefaultProjectID)
			output, err := w.Run(t, "apply", "-input=false", "-auto-approve")
			t.Logf("%d executions, max_retries %d, %d faults, given up: %t", len(executions), maxRetries,
				len(faults), failed)

			if failed {
				tries := fmt.Sprintf("Tries:      %d in", requests)
				if err == nil || !strings.Contains(output, "Error: "+last.summary) || requests > 1 &&
					!strings.Contains(strings.Join(strings.Fields(output), " "),
						strings.Join(strings.Fields(tries), " ")) {
					t.Errorf("want %q after %d tries, got %v:\n%s", last.summary, requests, err, output)
				}
				if n := len(srv.Requests()); n != requests {
					t.Errorf("%d requests, want %d", n, requests)
				}
				return
			}
			if err != nil {
				t.Fatalf("%v:\n%s", err, output)
			}
			text, err := w.Run(t, "output", "-json", "ids")
			if err != nil {
				t.Fatalf("%v:\n%s", err, text)
			}
			var ids []string
			if err := json.Unmarshal([]byte(text), &ids); err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(ids, executions, func(id string, e simulator.Execution) bool { return id == e.ID }) {
				t.Errorf("got %d executions, want %d", len(ids), len(executions))
			}
			if n, pages := len(srv.Requests()), 1+len(executions)/200; n < requests || n > requests+3*pages {
				t.Errorf("%d requests for %d executions and %d faults", n, len(executions), len(faults))
			}
		})
	}
}

// retriedFault is a fault and the number of retries after it. Resets are left out,
// because net/http repeats a GET after a reset on a reused connection, so that the
// number of requests is not predictable.
type retriedFault struct {
	fault   simulator.Fault
	budget  string
	most    int // 0: as often as max_retries allows
	summary string
}

var retriedFaults = []retriedFault{
	{fault: simulator.Status(429), summary: "Too many requests"},
	{fault: simulator.Throttled("1 second"), summary: "Too many requests"},
	{fault: simulator.Status(502), summary: "FunctionGraph failed"},
	{fault: simulator.HTML(503), summary: "FunctionGraph failed"},
	{fault: simulator.Status(500), budget: "500", most: 2, summary: "FunctionGraph failed"},
	{fault: simulator.HTML(200), budget: "200", most: 1, summary: "Unexpected response"},
	{fault: simulator.Fault{CutBody: true}, summary: "No response from FunctionGraph"},
}

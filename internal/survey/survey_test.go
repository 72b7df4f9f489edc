package survey

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const testWorkflow = "48aff955-ea10-4ffd-b426-190bc192dc14"

// sparse are executions of twelve days, about one in two hours, of which two run.
func sparse(now time.Time) []simulator.Execution { return seeded(now, 140, 2*time.Hour) }

// busy are executions of twelve days, about one in ten minutes.
func busy(now time.Time) []simulator.Execution { return seeded(now, 1700, 10*time.Minute) }

// seeded have irregular times, with a few seconds between the last update and the
// end.
func seeded(now time.Time, n int, spacing time.Duration) []simulator.Execution {
	random := rand.New(rand.NewPCG(uint64(n), 1))
	at := now.Add(-10 * time.Minute)
	all := make([]simulator.Execution, n)
	for i := range all {
		at = at.Add(-time.Duration(random.Int64N(int64(2 * spacing)))).Truncate(time.Millisecond)
		e := simulator.Execution{
			ID: fmt.Sprintf("%08x-0000-4000-8000-%012x", random.Uint32(), i), CreatedBy: "secret-creator",
			Status: []string{"success", "success", "success", "fail", "success", "timeout"}[random.IntN(6)],
			Begin:  at,
		}
		e.LastUpdate = e.Begin.Add(time.Duration(20+random.IntN(300)) * time.Second)
		e.End = e.LastUpdate.Add(time.Duration(random.IntN(8)) * time.Second)
		if i == 1 || i == 7 {
			e.Status, e.End = "running", time.Time{}
		}
		all[i] = e
	}

	return all
}

// testConfig is a client of the simulator in process.
func testConfig(cloud *simulator.Cloud) client.Config {
	return client.Config{
		Region: simulator.DefaultRegion, Transport: cloud.Transport(), MaxRetries: 5, UserAgent: "test",
		Credentials: client.Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey},
	}
}

// run surveys a service, and returns the report.
func run(t *testing.T, b simulator.Behaviour, data func(time.Time) []simulator.Execution) string {
	t.Helper()
	var report string
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{Behaviour: b})
		cloud.AddWorkflow(testWorkflow, data(time.Now())...)
		var err error
		if report, err = Run(t.Context(), testConfig(cloud), testWorkflow, io.Discard); err != nil {
			t.Fatal(err)
		}
		requests := cloud.Requests()
		if len(requests) > maxRequests {
			t.Errorf("%d requests", len(requests))
		}
		for i, r := range requests {
			if r.Method != "GET" {
				t.Errorf("request %d: %s", i, r.Method)
			}
			if i > 0 && r.Time.Sub(requests[i-1].Time) < pause {
				t.Errorf("request %d came %s after the one before", i, r.Time.Sub(requests[i-1].Time))
			}
		}
	})

	return report
}

// chosen returns the sorted names of the tests that are run: all of them, or every
// twentieth under the race detector.
func chosen[T any](tests map[string]T) []string {
	names := slices.Sorted(maps.Keys(tests))
	var some []string
	for i := 0; i < len(names); i += race.Choose(1, 20) {
		some = append(some, names[i])
	}

	return some
}

// answerIn returns what a report says to a question.
func answerIn(report, question string) string {
	_, rest, _ := strings.Cut(report, "### "+question+"\n")
	text, _, _ := strings.Cut(rest, "\n### ")

	return strings.TrimSpace(text)
}

package listing_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client/listing"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// latency is a transport that takes its time, which is virtual in a bubble.
type latency struct {
	http.RoundTripper
	each time.Duration
}

func (l latency) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(l.each)
	return l.RoundTripper.RoundTrip(req)
}

// measure reads all executions of a service and returns how many requests that
// took and how long.
func measure(t *testing.T, behaviour simulator.Behaviour, executions []simulator.Execution, each time.Duration) (requests int, took time.Duration) {
	t.Helper()

	cloud := simulator.New(simulator.Config{Behaviour: behaviour})
	cloud.AddWorkflow(testWorkflow, executions...)
	reader, err := client.New(client.Config{
		Region:      simulator.DefaultRegion,
		ProjectID:   simulator.DefaultProjectID,
		Credentials: client.Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey},
		Transport:   latency{cloud.Transport(), each},
	})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	rows, err := reader.AllWorkflowExecutions(t.Context(), testWorkflow, client.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(executions) {
		t.Errorf("%d rows, want %d", len(rows), len(executions))
	}

	return len(cloud.Requests()), time.Since(start)
}

// shapes place n executions in the last three days, at most 20 in a second.
var shapes = map[string]func(i, n int) (age time.Duration){
	"uniform": func(i, n int) time.Duration {
		return time.Duration(float64(i) / float64(n) * float64(71*time.Hour))
	},
	"dense, then nothing": func(i, _ int) time.Duration {
		return time.Duration(i) * time.Second / 2
	},
	"hourly bursts": func(i, n int) time.Duration {
		burst := i * 71 / n
		inBurst := i - (burst*n+70)/71
		return time.Duration(burst)*time.Hour + time.Duration(inBurst)*time.Second/20
	},
	"decaying": func(i, n int) time.Duration {
		// Ever fewer the older: by half every six hours or so.
		age := -math.Log1p(-float64(i)/float64(n)) * 6 * float64(time.Hour)
		return max(time.Duration(i)*time.Second/20, min(time.Duration(age), 71*time.Hour-time.Duration(n-i)*time.Second/20))
	},
	"growing": func(i, n int) time.Duration {
		age := 71*time.Hour - time.Duration(-math.Log1p(-float64(n-1-i)/float64(n))*6*float64(time.Hour))
		return max(time.Duration(i)*time.Second/20, min(age, 71*time.Hour-time.Duration(n-i)*time.Second/20))
	},
}

func shaped(shape string, n int) []simulator.Execution {
	now := time.Now()
	r := rand.New(rand.NewPCG(7, uint64(n)))
	executions := simulator.Seed(n, now, 0, 1)
	for i := range executions {
		e := &executions[i]
		e.Begin = now.Add(-shapes[shape](i, n))
		e.LastUpdate = e.Begin.Add(time.Duration(r.IntN(90)) * time.Second)
		if e.LastUpdate.After(now) {
			e.LastUpdate = now
		}
		if e.Status != "running" {
			e.End = e.LastUpdate
		}
	}

	return executions
}

// What a complete list costs, by the goals of the design.
func TestRequests(t *testing.T) {
	t.Parallel()

	for shape := range shapes {
		for _, order := range []simulator.Order{simulator.NewestFirst, simulator.OldestFirst, simulator.Unordered} {
			sizes := []int{0, 1, 199, 200, 201, 401, 1000}
			switch {
			case underRace:
			case order == simulator.NewestFirst:
				sizes = append(sizes, 5000, 20000, 100000)
			default:
				sizes = append(sizes, 5000, 20000)
			}
			for _, n := range sizes {
				t.Run(fmt.Sprintf("%s, %s, %d rows", shape, order, n), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						pages := math.Ceil(float64(n) / listing.MaxPage)
						goal := 1.5*pages + 3
						switch {
						case order == simulator.Unordered:
							goal = 4*pages + 3
						case shape == "hourly bursts":
							goal = 2*pages + 3
						}
						if n < listing.MaxPage {
							goal = 1
						}
						requests, _ := measure(t, simulator.Behaviour{Order: order}, shaped(shape, n), 0)
						t.Logf("%d requests, %.2f a page", requests, float64(requests)/max(1, pages))
						if float64(requests) > goal {
							t.Errorf("%d requests, more than %.1f", requests, goal)
						}
					})
				})
			}
		}
	}
}

// Parts are read four at a time, which has to show.
func TestReadingTime(t *testing.T) {
	t.Parallel()

	const goal = 0.40
	for shape := range shapes {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const each = 50 * time.Millisecond
				requests, took := measure(t, simulator.Behaviour{}, shaped(shape, map[bool]int{false: 20000, true: 8000}[underRace]), each)
				ratio := float64(took) / float64(time.Duration(requests)*each)
				t.Logf("%d requests in %s: %.2f of one at a time", requests, took, ratio)
				if ratio > goal {
					t.Errorf("%.2f of one request at a time, more than %.2f", ratio, goal)
				}
			})
		})
	}
}

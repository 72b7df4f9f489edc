package simulator

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSeed(t *testing.T) {
	t.Parallel()
	const n, spacing = 1000, 10 * time.Second
	executions := Seed(n, testNow, spacing, 7)
	if diff := cmp.Diff(executions, Seed(n, testNow, spacing, 7)); diff != "" {
		t.Errorf("the same seed gives other executions:\n%s", diff)
	}
	if cmp.Equal(executions, Seed(n, testNow, spacing, 8)) {
		t.Error("another seed gives the same executions")
	}

	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	ids, perStatus := map[string]bool{}, map[string]int{}
	for i, e := range executions {
		ids[e.ID] = true
		perStatus[e.Status]++
		switch {
		case !uuid.MatchString(e.ID):
			t.Errorf("ID %q is not shaped like a UUID", e.ID)
		case !e.Begin.Equal(testNow.Add(-time.Duration(i) * spacing)):
			t.Errorf("execution %d begins at %v", i, e.Begin)
		case e.End.IsZero() != (e.Status == "running"):
			t.Errorf("%s execution ends at %v", e.Status, e.End)
		case e.End.After(testNow) || e.LastUpdate.After(testNow) || e.LastUpdate.Before(e.Begin):
			t.Errorf("times out of order: %+v", e)
		case e.CreatedBy == "":
			t.Errorf("execution %d has no creator", i)
		}
	}
	if len(ids) != n {
		t.Errorf("%d different IDs, want %d", len(ids), n)
	}
	for _, status := range statuses {
		if perStatus[status] < n/32 {
			t.Errorf("%d of %d are %s", perStatus[status], n, status)
		}
	}
}

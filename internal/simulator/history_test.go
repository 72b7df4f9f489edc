package simulator

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	const path = "/v2/" + DefaultProjectID + "/fgs/workflows/" + testWorkflow + "/executions-history"
	rows := Seed(5, testNow, 24*time.Hour, 1)
	rows[0].Status = "scheduled"
	tests := map[string]struct {
		behaviour Behaviour
		params    []string
		rows      int
		want      string // in the body
	}{
		"the default window": {params: []string{"limit", "2", "offset", "1"}, rows: 2, want: `"total":4,"size":2}`},
		"of the workflow": {
			behaviour: Behaviour{HistoryTotal: HistoryTotalOfWorkflow},
			params:    []string{"limit", "100", "offset", "0"}, rows: 4, want: `"total":5,"size":4}`,
		},
		"of the page": {
			behaviour: Behaviour{HistoryTotal: HistoryTotalOfPage},
			params:    []string{"limit", "2", "offset", "0"}, rows: 2, want: `"total":2,"size":2}`,
		},
		"past the end": {params: []string{"limit", "2", "offset", "9"}, want: `{"executions":[],"total":4,"size":0}`},
		"no offset":    {params: []string{"limit", "2"}, want: "FGS.3002"},
		"no limit":     {params: []string{"offset", "0"}, want: "FGS.3002"},
		"a long page":  {params: []string{"limit", "101", "offset", "0"}, want: "FGS.3002"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Behaviour: test.behaviour})
			c.AddWorkflow(testWorkflow, rows...)
			r := inProcess(c).get(t, path, test.params...)
			if len(r.rows) != test.rows || !strings.Contains(r.body, test.want) {
				t.Errorf("got %d %s", r.status, r.body)
			}
		})
	}
}

func TestHideStatuses(t *testing.T) {
	t.Parallel()
	rows := Seed(3, testNow, time.Hour, 1)
	rows[1].Status = "scheduled"
	c := New(Config{Now: fixedClock, Behaviour: Behaviour{HideStatuses: true}})
	c.AddWorkflow(testWorkflow, rows...)
	if r := inProcess(c).list(t); r.status != http.StatusOK || len(r.rows) != 2 {
		t.Errorf("got %d %s", r.status, r.body)
	}
}

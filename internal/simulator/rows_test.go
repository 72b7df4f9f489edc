package simulator

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The names and forms in table 4 of the API page, written by hand.
func TestRow(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Projects: []Project{{ID: DefaultProjectID, Name: "cn-east-3_team"}}})
	c.AddWorkflow(testWorkflow, Execution{
		ID:         "e1",
		Status:     "success",
		CreatedBy:  "O\"Brien\\ 李雷",
		Begin:      time.Date(2026, 3, 10, 19, 0, 0, 999, time.FixedZone("", 8*3600)),
		End:        testNow.Add(-30 * time.Minute),
		LastUpdate: testNow.Add(-31 * time.Minute),
	})
	got := inProcess(c).list(t).body
	want := `{"executions":[{` +
		`"workflow_id":"48aff955-ea10-4ffd-b426-190bc192dc14",` +
		`"workflow_urn":"urn:fss:cn-east-3:0123456789abcdef0123456789abcdef:workflow:default:flow-48aff955:latest",` +
		`"execution_id":"e1","status":"success",` +
		`"begin_time":"2026-03-10T11:00:00Z","end_time":"2026-03-10T11:30:00Z",` +
		`"last_update_time":"2026-03-10T11:29:00Z",` +
		`"created_by":"O\"Brien\\ 李雷"}]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestRow_noEnd(t *testing.T) {
	t.Parallel()
	for way, want := range map[NoEnd]any{
		NoEndOmitted:  "missing",
		NoEndEmpty:    "",
		NoEndNull:     nil,
		NoEndZeroDate: "0001-01-01T00:00:00Z",
		NoEndBegin:    "2026-03-10T11:00:00Z",
	} {
		t.Run(way.String(), func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Behaviour: Behaviour{NoEnd: way}})
			c.AddWorkflow(testWorkflow, Execution{ID: "e1", Status: "running", Begin: at(1)})
			got, ok := inProcess(c).list(t).rows[0]["end_time"]
			if !ok {
				got = "missing"
			}
			if got != want {
				t.Errorf("end_time is %v, want %v", got, want)
			}
		})
	}
}

func TestRow_raw(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	c.AddWorkflow(testWorkflow, Execution{ID: "e1", Status: "fail", Begin: at(1), Raw: map[string]string{
		"workflow_id":  `"another"`,
		"workflow_urn": "",
		"execution_id": "null",
		"begin_time":   `"soon"`,
		"end_time":     "17",
		"extra":        `[1]`,
		"absent":       "",
	}})
	got := inProcess(c).list(t).body
	want := `{"executions":[{"workflow_id":"another","execution_id":null,"status":"fail","begin_time":"soon",` +
		`"end_time":17,"created_by":"","extra":[1]}]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestEmptyList(t *testing.T) {
	t.Parallel()
	for way, want := range map[EmptyList]string{
		EmptyArray: `{"executions":[]}`,
		NullList:   `{"executions":null}`,
		NoList:     `{}`,
	} {
		t.Run(way.String(), func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Behaviour: Behaviour{EmptyList: way}})
			c.AddWorkflow(testWorkflow)
			if got := inProcess(c).list(t).body; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestRow_status(t *testing.T) {
	t.Parallel()
	tests := []struct {
		way             StatusText
		plain, filtered any
	}{
		{StatusPlain, "fail", "fail"},
		{StatusCapitals, "FAIL", "FAIL"},
		{StatusOmittedByFilter, "fail", nil},
		{StatusOmitted, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.way.String(), func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Behaviour: Behaviour{StatusText: tt.way}})
			c.AddWorkflow(testWorkflow, Execution{ID: "e1", Status: "fail", Begin: at(1)})
			cl := inProcess(c)
			if got := cl.list(t).rows[0]["status"]; got != tt.plain {
				t.Errorf("status %v, want %v", got, tt.plain)
			}
			if got := cl.list(t, "status", "fail").rows[0]["status"]; got != tt.filtered {
				t.Errorf("status %v in a filtered list, want %v", got, tt.filtered)
			}
		})
	}
}

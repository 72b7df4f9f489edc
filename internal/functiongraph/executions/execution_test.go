package executions

import "testing"

// text counts a time with the least length that it can have in any form in which
// callers write it.
func TestExecution_text(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		execution Execution
		want      int
	}{
		"nothing": {Execution{}, 0},
		"texts":   {Execution{WorkflowID: "ab", WorkflowURN: "c", ExecutionID: "d", Status: "e", CreatedBy: "李"}, 8},
		"times": {Execution{
			BeginTime: "2026-03-10T12:00:00Z", EndTime: "2026-03-10T12:00:01Z", LastUpdateTime: "2026-03-10T12:00:02Z",
		}, 60},
		"longer":     {Execution{BeginTime: "2026-03-10T20:00:00.000+08:00"}, 20},
		"shorter":    {Execution{BeginTime: "2026-03-10 12:00:00"}, 20},
		"no date":    {Execution{EndTime: "0001-01-01T00:00:00Z"}, 0},
		"unreadable": {Execution{EndTime: "soon"}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.execution.readTimes()
			if got := tt.execution.text(); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

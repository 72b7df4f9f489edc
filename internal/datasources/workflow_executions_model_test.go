package datasources

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/longlist"
)

func TestExecutionFromAPI(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		execution functiongraph.WorkflowExecution
		want      executionModel
	}{
		"every field": {
			functiongraph.WorkflowExecution{
				WorkflowID: "w", WorkflowURN: "urn:fss:x", ExecutionID: "e", Status: "a new status", CreatedBy: "李雷",
				BeginTime: "2026-03-10T12:00:00Z", EndTime: "2026-03-10T12:00:01Z", LastUpdateTime: "2026-03-10T12:00:02Z",
			},
			executionModel{
				WorkflowID:     types.StringValue("w"),
				WorkflowURN:    types.StringValue("urn:fss:x"),
				ExecutionID:    types.StringValue("e"),
				Status:         types.StringValue("a new status"),
				CreatedBy:      types.StringValue("李雷"),
				BeginTime:      types.StringValue("2026-03-10T12:00:00Z"),
				EndTime:        types.StringValue("2026-03-10T12:00:01Z"),
				LastUpdateTime: types.StringValue("2026-03-10T12:00:02Z"),
			},
		},
		// The client returns "" for an absent field, null and "".
		"nothing": {},
		"zero dates": {execution: functiongraph.WorkflowExecution{
			BeginTime: "0001-01-01T00:00:00Z", EndTime: "0001-01-01 00:00:00", LastUpdateTime: "0001-01-01T08:00:00+08:00",
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, executionFromAPI(tt.execution)); diff != "" {
				t.Errorf("model (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTimeOrNull(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"2026-03-10T12:00:00Z":           "2026-03-10T12:00:00Z",
		"2026-03-10T20:00:00+08:00":      "2026-03-10T12:00:00Z",
		"2026-03-10 20:00:00+08:00":      "2026-03-10T12:00:00Z",
		"2026-03-10 12:00:00":            "2026-03-10T12:00:00Z",
		"2026-03-10T12:00:00":            "2026-03-10T12:00:00Z",
		"2026-03-10T12:00:00.120Z":       "2026-03-10T12:00:00.12Z",
		"2026-03-10T12:00:00.000Z":       "2026-03-10T12:00:00Z",
		"2026-03-10T12:00:00.123456789Z": "2026-03-10T12:00:00.123456789Z",
		"1773144000000":                  "1773144000000",
		"soon":                           "soon",
		"0000-01-01T00:00:00+23:59":      "0000-01-01T00:00:00+23:59", // another year in UTC
		"9999-12-31T23:59:59-00:01":      "9999-12-31T23:59:59-00:01",
		" 2026-03-10T12:00:00Z":          " 2026-03-10T12:00:00Z",
	}
	for value, want := range tests {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			if got := timeOrNull(value); got != types.StringValue(want) {
				t.Errorf("got %s, want %q", got, want)
			}
		})
	}
}

func TestFromAPI(t *testing.T) {
	t.Parallel()
	var m workflowExecutionsModel
	if err := m.fromAPI(nil); err != nil {
		t.Error(err)
	}
	if m.Executions == nil || len(m.Executions) != 0 {
		t.Errorf("got executions %#v, want an empty list and not null", m.Executions)
	}
	if err := m.fromAPI([]functiongraph.WorkflowExecution{{ExecutionID: "b"}, {ExecutionID: "a"}}); err != nil {
		t.Error(err)
	}
	if len(m.Executions) != 2 || m.Executions[0].ExecutionID.ValueString() != "b" {
		t.Errorf("got executions %v, want b and a: the order is the client's", m.Executions)
	}
}

// The greatest list that Terraform accepts is not refused, and one byte more is.
func TestFromAPI_tooLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20) // in memory once
	executions := slices.Repeat([]functiongraph.WorkflowExecution{{CreatedBy: long}}, 255)
	var m workflowExecutionsModel
	err := m.fromAPI(executions)
	if tooLong, ok := errors.AsType[*functiongraph.TooLongError](err); !ok || tooLong.Executions != 255 {
		t.Errorf("got %v for %d bytes", err, longlist.Size(m.Executions))
	}

	executions[0].CreatedBy = long[longlist.Size(m.Executions)-longlist.MaxSize:]
	if err := m.fromAPI(executions); err != nil {
		t.Errorf("got %v for %d bytes", err, longlist.Size(m.Executions))
	}
	executions[0].CreatedBy += "x"
	if err := m.fromAPI(executions); err == nil {
		t.Errorf("got no error for %d bytes", longlist.Size(m.Executions))
	}
}

// minSize never exceeds the real size, so that no list is refused that Terraform
// would accept.
func TestMinSize(t *testing.T) {
	t.Parallel()
	tests := map[string]functiongraph.WorkflowExecution{
		"empty": {},
		"texts": {
			WorkflowID: "w", WorkflowURN: "urn:fss:x", ExecutionID: strings.Repeat("e", 40), Status: "success",
			CreatedBy: "李雷",
		},
		"all": {
			WorkflowID: "w", WorkflowURN: "urn:fss:x", ExecutionID: "e", Status: "success", CreatedBy: "x",
			BeginTime: "2026-03-10T12:00:00Z", EndTime: "2026-03-10T12:00:01Z", LastUpdateTime: "2026-03-10T12:00:02Z",
		},
	}
	for name, e := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{1, 100} {
				var m workflowExecutionsModel
				if err := m.fromAPI(slices.Repeat([]functiongraph.WorkflowExecution{e}, n)); err != nil {
					t.Fatal(err)
				}
				text := n * len(e.WorkflowID+e.WorkflowURN+e.ExecutionID+e.Status+
					e.CreatedBy+e.BeginTime+e.EndTime+e.LastUpdateTime)
				least, size := minSize(n, text), longlist.Size(m.Executions)
				if least > size || least < size/2 {
					t.Errorf("got at least %d bytes for %d executions, which take %d", least, n, size)
				}
			}
		})
	}
}

func TestToQuestion(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		model workflowExecutionsModel
		want  executions.Question
	}{
		"nothing set": {},
		"everything set": {
			workflowExecutionsModel{
				WorkflowID: types.StringValue("w"), Status: types.StringValue("fail"), Limit: types.NumberValue(big.NewFloat(250)),
				StartTime: types.StringValue("2026-03-10T20:00:00.5+08:00"), EndTime: types.StringValue("2026-03-11T12:00:00Z"),
			},
			executions.Question{
				WorkflowID: "w", Status: "fail", Limit: 250,
				Start: time.Date(2026, 3, 10, 12, 0, 0, 5e8, time.UTC), End: time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC),
			},
		},
		"only one bound": {
			workflowExecutionsModel{EndTime: types.StringValue("2026-03-11T12:00:00Z")},
			executions.Question{End: time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := tt.model.toQuestion()
			if diags.HasError() {
				t.Error(diags)
			}
			if got.TooLong == nil || got.TooLong(700_000, 0) || !got.TooLong(700_000, 255<<20) {
				t.Error("question without a sensible TooLong")
			}
			got.TooLong = nil // cannot be compared
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("question (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateWindow(t *testing.T) {
	t.Parallel()
	at := types.StringValue
	tests := map[string]struct {
		start, end types.String
		want       string // "" for accepted
	}{
		"neither":              {start: types.StringNull(), end: types.StringNull()},
		"only start":           {start: at("2026-03-10T12:00:00Z"), end: types.StringNull()},
		"only end":             {start: types.StringNull(), end: at("2026-03-10T12:00:00Z")},
		"start unknown":        {start: types.StringUnknown(), end: at("2026-03-10T12:00:00Z")},
		"end unknown":          {start: at("2026-03-10T12:00:00Z"), end: types.StringUnknown()},
		"after":                {start: at("2026-03-10T12:00:00Z"), end: at("2026-03-10T12:00:01Z")},
		"equal":                {start: at("2026-03-10T12:00:00Z"), end: at("2026-03-10T12:00:00Z")},
		"equal in other zones": {start: at("2026-03-10T20:00:00+08:00"), end: at("2026-03-10T12:00:00Z")},
		"before, by its offset": {at("2026-03-10T12:00:00Z"), at("2026-03-10T19:59:59+08:00"),
			"Window ends before it starts (end_time)\n" +
				"Attribute end_time must not be before start_time (2026-03-10T12:00:00Z), got: 2026-03-10T19:59:59+08:00"},
		// plantimestamp() of older versions is in the year 1.
		"equal before 1970":     {start: at("0000-12-31T00:00:00Z"), end: at("0001-01-01T00:00:00Z")},
		"reversed, before 1970": {start: at("2026-03-10T12:00:00Z"), end: at("0001-01-01T00:00:00Z")},
		// The attribute's own validator refuses it.
		"not a time": {start: at("yesterday"), end: at("2026-03-10T12:00:00Z")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := workflowExecutionsModel{StartTime: tt.start, EndTime: tt.end}
			if diff := cmp.Diff(tt.want, wordings(m.validateWindow())); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseBound(t *testing.T) {
	t.Parallel()
	const wrong = "Invalid time (start_time)\nAttribute start_time "
	const early = wrong + "must not be before 1970, got: "
	noon := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	const form = wrong + `must be a time in RFC 3339 such as "2026-01-31T12:00:00Z" or "2026-01-31T20:00:00+08:00", got: `
	tests := map[string]struct {
		value types.String
		want  time.Time
		wrong string // "" for accepted
	}{
		"not set":     {value: types.StringNull()},
		"UTC":         {value: types.StringValue("2026-03-10T12:00:00Z"), want: noon},
		"offset":      {value: types.StringValue("2026-03-10T20:00:00.5+08:00"), want: noon.Add(time.Second / 2)},
		"a date":      {value: types.StringValue("2026-03-10"), wrong: form + `"2026-03-10"`},
		"no T":        {value: types.StringValue("2026-03-10 12:00:00"), wrong: form + `"2026-03-10 12:00:00"`},
		"words":       {value: types.StringValue("yesterday"), wrong: form + `"yesterday"`},
		"the year 1":  {value: types.StringValue("0001-01-01T00:00:00Z"), wrong: early + `"0001-01-01T00:00:00Z"`},
		"before 1970": {value: types.StringValue("1969-12-31T23:59:59Z"), wrong: early + `"1969-12-31T23:59:59Z"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, diags := parseBound("start_time", tt.value)
			if diff := cmp.Diff(tt.wrong, wordings(diags)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if tt.wrong == "" && !got.Equal(tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

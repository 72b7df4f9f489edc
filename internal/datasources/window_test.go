package datasources

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

func TestWindowWarning(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 12, 0, 0, 5e8, time.UTC)
	const (
		ended = "Window ended three days after start_time (start_time)\n" +
			"Only start_time is set, so the service lists the three days from it: " +
			"2026-03-01T04:00:00Z to 2026-03-04T04:00:00Z. Later executions are not in the list.\n\n" +
			"To list everything up to now, set end_time as well, for example to plantimestamp(). " +
			"To list these three days without this warning, set end_time to \"2026-03-04T04:00:00Z\"."
		future = "By the clock of this machine it is 2026-03-10T12:00:00Z, so no execution can be in the list yet.\n\n"
		start  = "Window lies in the future (start_time)\nThe service lists the executions from 2027-03-10T12:00:00Z to "
		past   = "Set start_time to a time in the past, and check its date and its offset. " +
			"To list the last three days, leave out start_time and end_time."
	)
	tests := map[string]struct {
		start, end string
		want       string // "" for no warning
	}{
		"neither":                              {},
		"only start, three days over":          {start: "2026-03-01T04:00:00Z", want: ended},
		"only start, in another zone":          {start: "2026-03-01T12:00:00.7+08:00", want: ended},
		"only start, within three days":        {start: "2026-03-09T12:00:00Z"},
		"only start, three days ago":           {start: "2026-03-07T12:00:00Z"},
		"only start, three days before a plan": {start: "2026-03-07T11:55:01Z"},
		"only start, a little longer ago": {start: "2026-03-07T11:54:59Z", want: strings.NewReplacer(
			"2026-03-01T04:00:00Z", "2026-03-07T11:54:59Z", "2026-03-04T04:00:00Z", "2026-03-10T11:54:59Z").Replace(ended)},
		"both, long ago":         {start: "2026-03-01T04:00:00Z", end: "2026-03-04T04:00:00Z"},
		"both, until the future": {start: "2026-03-01T04:00:00Z", end: "2027-03-04T04:00:00Z"},
		"both, from now":         {start: "2026-03-10T12:00:00Z", end: "2026-03-11T12:00:00Z"},
		"both, in the future": {
			"2027-03-10T12:00:00Z", "2027-03-11T12:00:00Z", start + "2027-03-11T12:00:00Z. " + future + past,
		},
		"only start, in the future": {
			start: "2027-03-10T20:00:00+08:00", want: start + "2027-03-13T12:00:00Z. " + future + past,
		},
		"only end, long ago":          {end: "2026-03-01T04:00:00Z"},
		"only end, within three days": {end: "2026-03-13T12:00:00Z"},
		"only end, more than three days": {end: "2027-03-10T12:00:00Z", want: "Window lies in the future (end_time)\n" +
			"Only end_time is set, so the service lists the three days up to it: " +
			"2027-03-07T12:00:00Z to 2027-03-10T12:00:00Z. " + future +
			"To list everything up to now, set start_time as well. To list the last three days, leave out end_time."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, _ := parseTime(tt.start)
			to, _ := parseTime(tt.end)
			got := ""
			if d := windowWarning(from, to, now); d != nil {
				got = wording(d)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("warning (-want +got):\n%s", diff)
			}
		})
	}
}

// A read that succeeds returns the warning with the list. A read that fails
// returns only the error.
func TestWorkflowExecutionsDataSource_windowWarning(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		start  string
		faults []simulator.Fault
		want   string // the summaries
	}{
		"three days over":   {start: "1999-12-01T00:00:00Z", want: "Window ended three days after start_time"},
		"in the future":     {start: "2000-01-01T00:00:01Z", want: "Window lies in the future"},
		"within three days": {start: "1999-12-31T00:00:00Z"},
		"over, and an error": {
			"1999-12-01T00:00:00Z", []simulator.Fault{simulator.Status(403).Repeat(-1)}, "Permission denied",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // it is 2000-01-01T00:00:00Z
				cloud := simulator.New(simulator.Config{})
				cloud.AddWorkflow("w")
				cloud.Script(tt.faults...)
				c, err := functiongraph.New(acctest.ClientConfig(cloud.Transport()))
				if err != nil {
					t.Fatal(err)
				}

				config := configWith(t, NewWorkflowExecutionsDataSource(),
					map[string]string{"workflow_id": "w", "start_time": tt.start})
				null := tftypes.NewValue(config.Raw.Type(), nil)
				resp := datasource.ReadResponse{State: tfsdk.State{Schema: config.Schema, Raw: null}}
				d := &workflowExecutionsDataSource{base{&ProviderData{Client: c}}}
				d.Read(t.Context(), datasource.ReadRequest{Config: config}, &resp)

				got := ""
				for _, diagnostic := range resp.Diagnostics {
					got += diagnostic.Summary()
				}
				if got != tt.want {
					t.Errorf("got diagnostics %v, want %q", resp.Diagnostics, tt.want)
				}
				if resp.State.Raw.IsNull() != resp.Diagnostics.HasError() {
					t.Errorf("got state %v", resp.State.Raw)
				}
			})
		})
	}
}

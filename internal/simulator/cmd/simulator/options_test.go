package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

func TestParseOptions(t *testing.T) {
	t.Parallel()
	got, err := parseOptions(strings.Fields(
		"-order unordered -order-by end -missing last -running first -shuffle ties -offset-cap 1000 "+
			"-offset-beyond no-rows "+
			"-zone china -fractions hidden -precision 1m -max-span 72h -span-cut keeps-end -lone-bound open "+
			"-default-span 24h -status-case -status-text capitals -workflow-id-case -no-such-workflow empty "+
			"-date-skew -30s -no-date -offset ignored -time-form rfc3339 -unread-time ignored -window overlap "+
			"-empty-list null "+
			"-no-end zero-date -exclude-start -exclude-end -ignore-status -default-limit 20 -page-cap 50 "+
			"-workflow-name begins -workflow-total page -workflow-offset ignored -workflow-order shuffled -no-stream "+
			"-latency 50ms -fault reset -fault status=503,times=2"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want := simulator.Behaviour{
		Order: simulator.Unordered, OrderBy: simulator.OrderByEnd, Missing: simulator.MissingLast,
		Running: simulator.RunningFirst, Shuffle: simulator.ShuffleTies,
		OffsetCap: 1000, OffsetBeyond: simulator.OffsetNoRows,
		Zone: simulator.ZoneChina, Fractions: simulator.FractionsHidden, Precision: time.Minute,
		MaxSpan: 72 * time.Hour, SpanCut: simulator.SpanKeepsEnd, LoneBound: simulator.LoneBoundOpen,
		DefaultSpan: 24 * time.Hour, StatusCase: true, StatusText: simulator.StatusCapitals,
		WorkflowIDCase: true, NoSuchWorkflow: simulator.WorkflowEmpty, DateSkew: -30 * time.Second, NoDate: true,
		Offset: simulator.OffsetIgnored, TimeForm: simulator.RFC3339TimeForm,
		UnreadTime: simulator.UnreadTimeIgnored, ExcludeStart: true, ExcludeEnd: true, Window: simulator.WindowOverlap,
		WorkflowName: simulator.NameBegins, WorkflowTotal: simulator.TotalPage, WorkflowOffset: simulator.OffsetIgnored,
		WorkflowOrder: simulator.WorkflowsShuffled, NoStream: true,
		DefaultLimit: 20, PageCap: 50, EmptyList: simulator.NullList, IgnoreStatus: true,
		NoEnd: simulator.NoEndZeroDate,
	}
	if diff := cmp.Diff(want, got.behaviour); diff != "" {
		t.Errorf("behaviour (-want +got):\n%s", diff)
	}
	if got.latency != 50*time.Millisecond || len(got.faults) != 2 || !got.faults[0].Reset ||
		got.faults[1].Status != 503 {
		t.Errorf("latency %v, faults %+v", got.latency, got.faults)
	}
}

func TestParseOptions_refused(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"-order sideways", "-rows -1", "-workflows -1", "-spacing -1s", "-page-cap -1", "-offset-cap -1",
		"-max-span -1h",
		"-zone mars", "-fault nonsense", "more", "-region=",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			if _, err := parseOptions(strings.Fields(args), io.Discard); err == nil {
				t.Error("accepted")
			}
		})
	}
}

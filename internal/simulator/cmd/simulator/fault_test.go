package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

func TestParseFault(t *testing.T) {
	t.Parallel()
	throttledWithHeader := simulator.Throttled("1 second")
	throttledWithHeader.Header = http.Header{"Retry-After": {"3"}}
	for s, want := range map[string]simulator.Fault{
		"status=503,times=2":                 simulator.Status(503).Repeat(2),
		"html=502,times=-1":                  simulator.HTML(502).Repeat(-1),
		"retry-after=3,throttled=1 second":   throttledWithHeader,
		"op=ListProjects,skip=2,delay=1m30s": {Operation: simulator.ListProjects, Skip: 2, Delay: 90 * time.Second},
		"op=AssumeAgency,reset":              {Operation: simulator.AssumeAgency, Reset: true},
		"hang":                               {Hang: true},
		"reset":                              {Reset: true},
		"cut":                                {CutBody: true},
	} {
		t.Run(s, func(t *testing.T) {
			t.Parallel()
			got, err := parseFault(s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("fault (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseFault_refused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "nonsense", "status", "status=abc", "status=99", "status=600", "times=-2", "skip=-1", "op=DeleteAll",
		"delay=soon", "delay=-1s", "hang=yes", "status=503,html=502", "status=503,", "Status=503",
	} {
		t.Run(s, func(t *testing.T) {
			t.Parallel()
			if f, err := parseFault(s); err == nil {
				t.Errorf("got %+v, want an error", f)
			}
		})
	}
}

func FuzzParseFault(f *testing.F) {
	for _, s := range []string{"status=503,times=2", "throttled=1 minute,retry-after=3", "html=502,cut",
		"op=ListProjects,delay=1s,hang"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fault, err := parseFault(s)
		if err != nil {
			return
		}
		// What is accepted must be servable.
		if fault.Status != 0 && (fault.Status < 200 || fault.Status > 599) || fault.Delay < 0 || fault.Skip < 0 ||
			fault.Times < -1 {
			t.Errorf("%q accepted as %+v", s, fault)
		}
	})
}

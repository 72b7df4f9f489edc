//go:build unix

package provider_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Ctrl-C ends a read at once, at any step.
func TestAccCtrlC(t *testing.T) {
	t.Parallel()
	lookup, list, assume := simulator.ListProjects, simulator.ListWorkflowExecutions,
		simulator.CreateTemporaryAccessKeyByAgency
	agency := []string{"HW_ASSUME_ROLE_AGENCY_NAME=ops", "HW_ASSUME_ROLE_DOMAIN_NAME=" + simulator.DefaultDomainName}
	tests := map[string]struct {
		fault    simulator.Fault
		slowBody bool
		env      []string
		before   []simulator.Fault
	}{
		"hung credentials": {fault: simulator.Fault{Operation: assume, Hang: true}, env: agency},
		"hung renewal": { // the keys have expired when the first page comes
			fault: simulator.Fault{Operation: assume, Hang: true, Skip: 1}, env: agency,
			before: []simulator.Fault{{Operation: list, Delay: 3 * time.Second}},
		},
		"hung lookup":              {fault: simulator.Fault{Operation: lookup, Hang: true}},
		"retry wait of the lookup": {fault: simulator.Throttled("1 minute").On(lookup)},
		"hung response":            {fault: simulator.Fault{Operation: list, Hang: true}},
		"retry wait":               {fault: simulator.Throttled("1 minute").On(list)},
		"body that does not go on": {slowBody: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stuck := make(chan struct{}, 1)
			cloud := simulator.New(simulator.Config{Agencies: []simulator.Agency{{Name: "ops"}},
				TemporaryLifetime: 3 * time.Second})
			cloud.AddWorkflow("w", simulator.Seed(300, time.Now(), time.Minute, 1)...)
			cloud.Script(tt.before...)
			cloud.Script(tt.fault)
			var seen atomic.Int32
			tell := func(r simulator.Request) {
				if r.Operation == tt.fault.Operation && int(seen.Add(1)) == tt.fault.Skip+1 {
					stuck <- struct{}{}
				}
			}
			if tt.fault.Hang {
				cloud.OnRequest(func(_ int, r simulator.Request) { tell(r) })
			} else {
				cloud.OnResponse(func(_ int, r simulator.Request) { tell(r) })
			}
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if !tt.slowBody || !strings.HasSuffix(r.URL.Path, "/executions") {
					cloud.ServeHTTP(rw, r)
					return
				}
				_, _ = rw.Write([]byte(`{"executions":[`))
				_ = http.NewResponseController(rw).Flush()
				stuck <- struct{}{}
				<-r.Context().Done()
			}))
			t.Cleanup(server.Close)

			var out bytes.Buffer
			plan := acctest.NewBinaryWorkspace(t, readConfig(server.URL), tt.env...).Command(t, &out, "plan", "-input=false")
			if err := plan.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- plan.Wait() }()
			select {
			case <-stuck:
			case err := <-ended:
				t.Fatalf("it ended before it was interrupted: %v\n%s", err, &out)
			case <-time.After(time.Minute):
				t.Fatal("nothing was asked")
			}

			// A terminal sends the signal to the whole process group.
			interrupted := time.Now()
			if err := syscall.Kill(-plan.Process.Pid, syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			select {
			case err := <-ended:
				t.Logf("it took %s", time.Since(interrupted))
				if err == nil || !strings.Contains(out.String(), "Read cancelled") {
					t.Errorf("it ended with %v and said:\n%s", err, &out)
				}
			case <-time.After(2 * time.Second):
				t.Error("still running 2 s after Ctrl-C")
			}
			if err := syscall.Kill(-plan.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
				t.Errorf("a process of its group is left: %v", err)
			}
		})
	}
}

package survey

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Nothing of the data, of the account or of errors is in the report.
func TestReportHoldsNothingOfTheAccount(t *testing.T) {
	t.Parallel()
	const planted = "hunter2"
	synctest.Test(t, func(t *testing.T) {
		s := documentedService(sparse(time.Now()))
		row, n := s.row, 0
		s.row = func(e simulator.Execution) map[string]any {
			m := row(e)
			switch n++; n % 40 {
			case 1:
				m["status"] = planted
			case 2:
				m["begin_time"] = planted
			case 3:
				m["end_time"], m["status"] = planted, "running"
			case 4:
				m["last_update_time"] = "2026-01-01T00:00:00Z " + planted
			case 5:
				m["created_by"], m["workflow_urn"] = planted, "urn:fss:"+planted
			case 6:
				m[planted] = planted
			}
			return m
		}
		s.answer = func(r *http.Request) (int, string, http.Header) {
			header := http.Header{
				"X-Ratelimit-" + planted: {"1"}, "X-Ratelimit-Limit": {planted}, "Server": {planted},
				"X-Request-Id": {planted},
			}
			if s.sent%7 == 0 {
				return 400,
					`{"error_code":"FGS.` + planted + `","error_msg":"` + planted +
						`","request_id":"` + planted + `"}`, header
			}
			if s.sent%11 == 0 {
				return 403, `{"error_code":"` + planted + `","error_msg":"` + planted + `"}`, header
			}
			status, body, _ := (&standIn{
				rows: s.rows, parse: s.parse, window: s.window, less: s.less, page: s.page, row: s.row,
			}).respond(r, time.Now())
			return status, body, header
		}
		report := strings.ToLower(s.survey(t))
		secrets := []string{
			planted, testWorkflow, "secret-creator", strings.Repeat("a1", 16), "urn:", "accesskeyofthetest",
			"secretkeyofthetest",
			"myhuaweicloud", "http://", "https://",
		}
		for _, e := range s.rows {
			secrets = append(secrets, e.ID)
		}
		for _, secret := range secrets {
			if strings.Contains(report, strings.ToLower(secret)) {
				t.Errorf("%s is in the report:\n%s", secret, report)
			}
		}
	})
}

// A survey ends with its context, at once.
func TestRun_cancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{})
		cloud.AddWorkflow(testWorkflow, sparse(time.Now())...)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		cloud.OnRequest(func(n int, _ simulator.Request) {
			if n == 9 {
				cancel()
			}
		})
		var log bytes.Buffer
		report, err := Run(ctx, testConfig(cloud), testWorkflow, &log)
		if report != "" || !errors.Is(err, context.Canceled) {
			t.Errorf("got %q and %v", report, err)
		}
		if n := len(cloud.Requests()); n != 9 || !strings.HasSuffix(log.String(), "request 9 of at most 60\n") {
			t.Errorf("%d requests; log:\n%s", n, &log)
		}
	})
}

// Credentials that need another method than GET are refused, before it is sent.
func TestRun_getAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{Agencies: []simulator.Agency{{Name: "a"}}})
		cfg := testConfig(cloud)
		cfg.Agencies = []client.Agency{{Name: "a", DomainName: simulator.DefaultDomainName}}
		var log bytes.Buffer
		if _, err := Run(t.Context(), cfg, testWorkflow, &log); !errors.Is(err, errNoGet) {
			t.Errorf("got %v", err)
		}
		for _, r := range cloud.Requests() {
			if r.Method != http.MethodGet {
				t.Errorf("%s %s", r.Method, r.Path)
			}
		}
	})
}

// A key that is rejected ends the survey after one request.
func TestRun_wrongKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{SecretKey: "another", AccessKey: simulator.DefaultAccessKey})
		_, err := Run(t.Context(), testConfig(cloud), testWorkflow, &bytes.Buffer{})
		if err == nil || len(cloud.Requests()) != 1 {
			t.Errorf("got %v after %d requests", err, len(cloud.Requests()))
		}
	})
}

package provider

import (
	"bytes"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// logOf returns the log lines of an attempt.
func logOf(t *testing.T, a client.Attempt) []map[string]any {
	t.Helper()
	var log bytes.Buffer
	logAttempt(tflogtest.RootLogger(t.Context(), &log), a)
	lines, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil {
		t.Fatal(err)
	}

	return lines
}

func TestLogAttempt(t *testing.T) {
	t.Parallel()
	attempt := client.Attempt{
		Method: "GET", Host: "fgs.test", Path: "/v2/p/x", Query: "limit=200", Number: 2, Status: 200, RequestID: "r1",
		Duration: 1500 * time.Millisecond, Bytes: 17, Body: []byte(`{"executions":[]}`),
	}
	failed := attempt
	failed.Err, failed.Wait = errors.New("broken"), 2345678*time.Microsecond
	secret := attempt
	secret.Body = nil
	debug := map[string]any{
		"@level": "debug", "@message": "HTTP request", "@module": "provider.client",
		"method": "GET", "host": "fgs.test", "path": "/v2/p/x", "query": "limit=200", "try": 2.0, "status": 200.0,
		"request_id":  "r1",
		"duration_ms": 1500.0, "bytes": 17.0,
	}
	debugFailed := maps.Clone(debug)
	debugFailed["error"], debugFailed["retry_in"] = "broken", "2.346s"
	trace := map[string]any{"@level": "trace", "@message": "HTTP response", "@module": "provider.client",
		"request_id": "r1", "body": `{"executions":[]}`}
	tests := map[string]struct {
		attempt client.Attempt
		want    []map[string]any
	}{
		"answered": {attempt, []map[string]any{debug, trace}},
		"secret":   {secret, []map[string]any{debug}},
		"failed":   {failed, []map[string]any{debugFailed, trace}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, logOf(t, tt.attempt)); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
		})
	}
}

// Not parallel, because the level is an environment variable of this process.
func TestLogAttempt_level(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_HUAWEICLOUD_FGS_CLIENT", "DEBUG")
	if lines := logOf(t, client.Attempt{}); len(lines) != 1 {
		t.Errorf("got %d lines at level DEBUG, want only the one for the request", len(lines))
	}
}

// The log contains the source of each value, and no values.
func TestSettings_log(t *testing.T) {
	t.Parallel()
	const inFile = `profile "dev" of "~/.hcloud/config.json"`
	config := `{"profiles":[{"name":"dev","mode":"AKSK","accessKeyId":"PlantedAK","secretAccessKey":"PlantedSK",` +
		`"region":"cn-north-1","projectId":"planted"}]}`
	tests := map[string]struct {
		block args
		env   environment
		want  map[string]any
	}{
		"environment": {env: enough, want: map[string]any{
			"region": "environment variable HW_REGION_NAME", "access_key": "environment variable HW_ACCESS_KEY",
			"secret_key":  "environment variable HW_SECRET_KEY",
			"credentials": "access_key", "project_id": "a lookup in IAM, at the first read",
		}},
		"profile": {block: args{"profile": "dev"}, env: enough, want: map[string]any{
			"profile": "the provider block", "region": inFile, "access_key": inFile, "secret_key": inFile,
			"project_id": inFile, "credentials": "access_key",
		}},
		"token, which leaves the keys unused": {block: args{"token": "planted", "project_id": "planted"}, env: enough,
			want: map[string]any{
				"region": "environment variable HW_REGION_NAME", "token": "the provider block",
				"project_id": "the provider block", "credentials": "token",
			}},
		"a project's name beside its ID": {block: args{"project_name": "planted"},
			env: environment{"HW_REGION_NAME": "planted", "HW_AUTH_TOKEN": "planted", "HW_PROJECT_ID": "planted"},
			want: map[string]any{
				"region": "environment variable HW_REGION_NAME", "token": "environment variable HW_AUTH_TOKEN",
				"credentials":  "token",
				"project_id":   "environment variable HW_PROJECT_ID",
				"project_name": "the provider block (not used: the project's ID is known)",
			}},
		"a project's old name beside its ID": {env: environment{"HW_REGION_NAME": "planted", "HW_AUTH_TOKEN": "planted",
			"OS_TENANT_ID": "planted", "OS_TENANT_NAME": "planted"}, want: map[string]any{
			"region": "environment variable HW_REGION_NAME", "token": "environment variable HW_AUTH_TOKEN",
			"credentials": "token",
			"tenant_id":   "environment variable OS_TENANT_ID",
			"tenant_name": "environment variable OS_TENANT_NAME (not used: the project's ID is known)",
		}},
		"metadata": {env: environment{"OS_REGION_NAME": "planted", "HW_ASSUME_ROLE_AGENCY_NAME": "planted",
			"HW_ASSUME_ROLE_DOMAIN_NAME": "planted"}, want: map[string]any{
			"region": "environment variable OS_REGION_NAME", "credentials": "the ECS metadata service",
			"project_id":                 "a lookup in IAM, at the first read",
			"assume_role[0].agency_name": "environment variable HW_ASSUME_ROLE_AGENCY_NAME",
			"assume_role[0].domain_name": "environment variable HW_ASSUME_ROLE_DOMAIN_NAME",
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := maps.Clone(tt.env)
			env["HOME"] = acctest.Home(t, map[string]string{".hcloud/config.json": config})
			s, diags := resolve(t.Context(), blockOf(t, tt.block), env.Getenv)
			if diags.HasError() || s.problems.HasError() {
				t.Fatal(diags)
			}
			var log bytes.Buffer
			s.log(tflogtest.RootLogger(t.Context(), &log))
			if strings.Contains(strings.ToLower(log.String()), "planted") {
				t.Errorf("a value is in the log: %s", &log)
			}
			lines, err := tflogtest.MultilineJSONDecode(&log)
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(tt.want, map[string]any{"@level": "debug", "@message": "Provider settings by their sources",
				"@module": "provider"})
			if diff := cmp.Diff([]map[string]any{tt.want}, lines); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProviderBlock_userAgent(t *testing.T) {
	t.Parallel()
	const own = "terraform-provider-huaweicloud-fgs/1.2.3 Terraform/1.11.4"
	tests := map[string]struct {
		environment environment
		want        string
	}{
		"alone":       {want: own},
		"before":      {environment{"HW_TF_CUSTOM_UA": "team/1"}, "team/1 " + own},
		"after":       {environment{"TF_APPEND_USER_AGENT": "ci/2"}, own + " ci/2"},
		"both, blank": {environment{"HW_TF_CUSTOM_UA": " ", "TF_APPEND_USER_AGENT": " ci/2 "}, own + " ci/2"},
		"not a header": {environment{"HW_TF_CUSTOM_UA": "a\r\nX-Other: b", "TF_APPEND_USER_AGENT": "团队c\t"},
			"aX-Other: b " + own + " c"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := userAgent("1.2.3", "1.11.4", tt.environment.Getenv); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

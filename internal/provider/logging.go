package provider

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// subsystem is the name of the logger of requests.
// TF_LOG_PROVIDER_HUAWEICLOUD_FGS_CLIENT sets its level. Terraform then shows only
// the lines that TF_LOG_PROVIDER or else TF_LOG allows.
const subsystem = "client"

// ShowsLogs reports whether Terraform shows the logs of providers. A provider has
// the environment of Terraform.
func ShowsLogs(getenv func(string) string) bool {
	return getenv("TF_LOG") != "" || getenv("TF_LOG_PROVIDER") != ""
}

// DisableLogs turns off the loggers of terraform-plugin-go, the framework and this
// provider. Otherwise they write every line, and Terraform parses each line before
// it discards it.
func DisableLogs() {
	for _, level := range []string{
		"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_HUAWEICLOUD",
	} {
		_ = os.Setenv(level, "OFF") // logs that stay on do no harm
	}
}

// logAttempt logs one attempt of a request on one line. The line contains no
// secrets: it has no headers, and the client has removed the secrets that services
// repeat.
func logAttempt(ctx context.Context, a client.Attempt) {
	ctx = tflog.NewSubsystem(ctx, subsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_HUAWEICLOUD_FGS", subsystem))
	fields := map[string]any{
		"method":      a.Method,
		"host":        a.Host,
		"path":        a.Path,
		"query":       a.Query,
		"try":         a.Number,
		"status":      a.Status,
		"request_id":  a.RequestID,
		"duration_ms": a.Duration.Milliseconds(),
		"bytes":       a.Bytes,
	}
	if a.Err != nil {
		fields["error"] = a.Err.Error()
	}
	if a.Wait > 0 {
		fields["retry_in"] = a.Wait.Round(time.Millisecond).String()
	}
	tflog.SubsystemDebug(ctx, subsystem, "HTTP request", fields)
	if a.Body == nil {
		return // there is none, or it holds credentials
	}
	tflog.SubsystemTrace(ctx, subsystem, "HTTP response", map[string]any{
		"request_id": a.RequestID,
		"body":       string(a.Body),
	})
}

// log logs the source of each setting, and no values.
func (s settings) log(ctx context.Context) {
	fields := make(map[string]any, len(s.sources))
	for argument, source := range s.sources {
		fields[argument] = source
	}
	tflog.Debug(ctx, "Provider settings by their sources", fields)
}

// userAgent returns the provider's and Terraform's names and versions. The
// vendor's HW_TF_CUSTOM_UA comes before them, and Terraform's TF_APPEND_USER_AGENT
// after them.
func userAgent(version, terraformVersion string, getenv func(string) string) string {
	parts := []string{
		getenv("HW_TF_CUSTOM_UA"),
		"terraform-provider-huaweicloud-fgs/" + version,
		"Terraform/" + terraformVersion,
		getenv("TF_APPEND_USER_AGENT"),
	}
	for i, part := range parts {
		// A header is one line of ASCII.
		parts[i] = strings.TrimSpace(strings.Map(func(r rune) rune {
			if r > unicode.MaxASCII || !unicode.IsPrint(r) {
				return -1
			}
			return r
		}, part))
	}

	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
}

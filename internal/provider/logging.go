package provider

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// subsystem is the logger of requests. TF_LOG_PROVIDER_HUAWEICLOUD_FGS_CLIENT may
// set a level for it alone; Terraform then shows of its lines what TF_LOG_PROVIDER,
// else TF_LOG, lets through.
const subsystem = "client"

// maxLoggedBody bounds what an answer's body may take of a TRACE log.
const maxLoggedBody = 4096

// logAttempt writes one line for every try of a request: enough for a ticket,
// and nothing secret: headers never get here, and the client has hidden what
// services repeat of them.
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
		"body":       string(a.Body[:min(len(a.Body), maxLoggedBody)]),
	})
}

// log says where each setting came from, never its value.
func (s settings) log(ctx context.Context) {
	fields := make(map[string]any, len(s.sources))
	for argument, source := range s.sources {
		fields[argument] = source
	}
	tflog.Debug(ctx, "Provider settings by their sources", fields)
}

// userAgent names the provider and Terraform, between the additions that the
// vendor's provider (HW_TF_CUSTOM_UA) and Terraform (TF_APPEND_USER_AGENT) have
// variables for.
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

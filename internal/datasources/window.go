package datasources

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

const (
	// serviceWindow is how much the service lists if a bound is missing.
	serviceWindow = 72 * time.Hour

	// planningTime is how long after plantimestamp() a list may be read. Within
	// it, timeadd(plantimestamp(), "-72h") still means the last three days.
	planningTime = 5 * time.Minute
)

// windowWarning explains a window that lists something else than its author can
// have meant: one that lies in the future, or one without an end of its own that
// ended in the past. It is nil for every other window. A bound that is not set
// is the zero time.
func windowWarning(start, end, now time.Time) diag.Diagnostic {
	onlyStart, onlyEnd := end.IsZero(), start.IsZero()
	switch {
	case onlyStart && onlyEnd:
		return nil
	case onlyStart:
		start = start.Truncate(time.Second)
		end = start.Add(serviceWindow)
	case onlyEnd:
		start = end.Add(-serviceWindow)
	}
	from, to, clock := utc(start), utc(end), utc(now)

	switch {
	case onlyEnd && start.After(now):
		return diag.NewAttributeWarningDiagnostic(path.Root("end_time"), "Window lies in the future", fmt.Sprintf(
			"Only end_time is set, so the service lists the three days up to it: %s to %s. "+
				"By the clock of this machine it is %s, so no execution can be in the list yet.\n\n"+
				"To list everything up to now, set start_time as well. To list the last three days, leave out end_time.",
			from, to, clock))
	case start.After(now):
		return diag.NewAttributeWarningDiagnostic(path.Root("start_time"), "Window lies in the future", fmt.Sprintf(
			"The service lists the executions from %s to %s. "+
				"By the clock of this machine it is %s, so no execution can be in the list yet.\n\n"+
				"Set start_time to a time in the past, and check its date and its offset. "+
				"To list the last three days, leave out start_time and end_time.",
			from, to, clock))
	case onlyStart && end.Before(now.Add(-planningTime)):
		const summary = "Window ended three days after start_time"
		return diag.NewAttributeWarningDiagnostic(path.Root("start_time"), summary, fmt.Sprintf(
			"Only start_time is set, so the service lists the three days from it: %s to %s. "+
				"Later executions are not in the list.\n\n"+
				"To list everything up to now, set end_time as well, for example to plantimestamp(). "+
				"To list these three days without this warning, set end_time to %q.",
			from, to, to))
	default:
		return nil
	}
}

// utc is a time as the warnings show it, in RFC 3339.
func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

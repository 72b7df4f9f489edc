package datasources

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

const (
	// serviceWindow is the length of the service's window if a bound is missing.
	serviceWindow = 72 * time.Hour

	// planningTime is the most time that is expected between plantimestamp() and a
	// read. Within it, timeadd(plantimestamp(), "-72h") means the last three days.
	planningTime = 5 * time.Minute
)

// windowWarning warns of a window that its author cannot have intended: one in the
// future, or one that has no end_time and ended in the past. It returns nil for
// every other window. The zero time is a bound that is not set.
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

// utc formats a time for the warnings, in RFC 3339.
func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }

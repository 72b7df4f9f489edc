package survey

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// field is a time of an execution.
type field int

const (
	begin field = iota
	end
	update
)

var fields = []field{begin, end, update}

func (f field) String() string { return [...]string{"begin_time", "end_time", "last_update_time"}[f] }

// row is an execution as a response shows it.
type row struct {
	id, workflow, status string
	times                [3]time.Time // by field; zero: absent or unreadable
	raw                  map[string]json.RawMessage
}

var errNoList = errors.New("the body is not a list of executions")

// list is the body of a response.
type list struct {
	rows  []*row
	total *int64 // nil: there is none
}

func parseList(body []byte) (list, error) {
	var wire map[string]json.RawMessage
	var rows []map[string]json.RawMessage
	if json.Unmarshal(body, &wire) != nil && json.Unmarshal(body, &rows) != nil {
		return list{}, errNoList
	}
	raw, isThere := wire["executions"]
	if isThere && json.Unmarshal(raw, &rows) != nil || !isThere && len(wire) > 0 {
		return list{}, errNoList
	}
	var l list
	if json.Unmarshal(wire["total"], &l.total) != nil {
		l.total = nil
	}
	for _, raw := range rows {
		r := &row{
			id: textOf(raw["execution_id"]), workflow: textOf(raw["workflow_id"]),
			status: textOf(raw["status"]), raw: raw,
		}
		for _, f := range fields {
			r.times[f], _ = executions.ParseTime(textOf(raw[f.String()])) // zero if it cannot be read
		}
		l.rows = append(l.rows, r)
	}

	return l, nil
}

func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}

	return text
}

// finalStatuses are those of executions that do not change any more.
var finalStatuses = []string{"success", "fail", "timeout", "cancel"}

func (r *row) isRunning() bool { return strings.EqualFold(r.status, "running") }

// isSettled reports whether an execution ended before a time, so that all its
// times are known.
func (r *row) isSettled(before time.Time) bool {
	b, e, u := r.times[begin], r.times[end], r.times[update]
	if b.IsZero() || e.IsZero() || u.IsZero() || e.Before(b) || r.id == "" {
		return false
	}
	isFinal := slices.Contains(finalStatuses, strings.ToLower(r.status)) || r.status == "" && e.After(b)

	return isFinal && r.last().Before(before)
}

func (r *row) first() time.Time {
	return slices.MinFunc(r.times[:], time.Time.Compare)
}

func (r *row) last() time.Time {
	return slices.MaxFunc(r.times[:], time.Time.Compare)
}

// gap is the least distance between two times of a row.
func (r *row) gap() time.Duration {
	b, e, u := r.times[begin], r.times[end], r.times[update]

	return min(e.Sub(b).Abs(), u.Sub(b).Abs(), e.Sub(u).Abs())
}

// isWhole reports whether no time of a row shows a fraction of a second.
func (r *row) isWhole() bool {
	return !slices.ContainsFunc(r.times[:], func(t time.Time) bool { return t.Nanosecond() != 0 })
}

func idsOf(rows []*row) []string {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}

	return ids
}

// setOf is the set of the IDs of rows.
func setOf(rows []*row) map[string]bool {
	set := make(map[string]bool, len(rows))
	for _, r := range rows {
		set[r.id] = true
	}

	return set
}

// isSameSet reports whether two pages show the same executions.
func isSameSet(a, b []*row) bool {
	x, y := idsOf(a), idsOf(b)
	slices.Sort(x)
	slices.Sort(y)

	return slices.Equal(x, y)
}

// later and earlier return one of two times.
func later(a, b time.Time) time.Time   { return slices.MaxFunc([]time.Time{a, b}, time.Time.Compare) }
func earlier(a, b time.Time) time.Time { return slices.MinFunc([]time.Time{a, b}, time.Time.Compare) }

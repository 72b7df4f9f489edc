package listing

import "time"

// horizon is the newest second that has not been seen.
func (l *list) horizon() time.Time {
	var horizon time.Time
	for _, p := range l.unseen {
		horizon = later(horizon, p.to)
	}

	return horizon
}

func (l *list) countNewerThan(t time.Time) int {
	count := 0
	for _, row := range l.rows {
		if floorSecond(row.begin).After(t) && !l.otherStatus(row) {
			count++
		}
	}

	return count
}

// isEnough reports whether the newest executions are known, as many as were
// asked for. Whatever field bounds apply to, it is never before begin_time, so
// that nothing unseen is newer than the newest unseen second.
func (l *list) isEnough() bool {
	return l.question.Limit > 0 && l.countNewerThan(l.horizon()) >= l.question.Limit
}

package simulator

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Seed returns n executions, newest first and exactly spacing apart. The first
// begins at newest, and no time is after newest. About one in sixteen still runs
// and has no End. The same arguments give the same executions.
func Seed(n int, newest time.Time, spacing time.Duration, seed uint64) []Execution {
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // data for tests, meant to be predictable
	creators := []string{"admin", "ci-deployer", "ops-oncall", "data_pipeline", "李雷"}
	executions := make([]Execution, n)
	for i := range executions {
		e := Execution{
			ID:        uuid(random),
			Status:    seedStatuses[random.IntN(len(seedStatuses))],
			CreatedBy: creators[random.IntN(len(creators))],
			Begin:     newest.Add(-time.Duration(i) * spacing),
		}
		took := time.Duration(2+random.IntN(240)) * time.Second
		e.LastUpdate = earlier(newest, e.Begin.Add(took))
		if e.Status != "running" {
			// The last update can be shortly before the end (CLOUD.md 1.4).
			e.End = earlier(newest, e.LastUpdate.Add(time.Duration(random.IntN(3))*time.Second))
		}
		executions[i] = e
	}

	return executions
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}

	return b
}

// seedStatuses are the statuses of sixteen executions.
var seedStatuses = slices.Concat(
	slices.Repeat([]string{"success"}, 10), slices.Repeat([]string{"fail"}, 3), []string{"timeout", "cancel", "running"})

// uuid returns a version 4 UUID.
func uuid(random *rand.Rand) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], random.Uint64())
	binary.BigEndian.PutUint64(b[8:], random.Uint64())
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80

	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

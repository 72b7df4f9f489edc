package executions_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// FuzzAll responds to every request with data of the fuzzer: full and short pages
// in any order, of any time, with and without IDs, refusals and dates. The list
// must end without a panic, in an error or in sorted rows without duplicates.
func FuzzAll(f *testing.F) {
	f.Add([]byte("\x01full pages of one second"), uint8(0))
	f.Add([]byte("\x02\x03\x05 refusals and short pages"), uint8(7))
	f.Add([]byte{0, 200, 1, 200, 2, 200, 3, 200, 4, 10}, uint8(0xff))

	f.Fuzz(func(t *testing.T, data []byte, flags uint8) {
		now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
		next := func() byte {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return b
		}
		errBroken := errors.New("broken")
		requests := 0
		var mu sync.Mutex // guards requests and data
		getPage := func(_ context.Context, q executions.Query) (executions.Page, error) {
			mu.Lock()
			defer mu.Unlock()
			if requests++; requests > 2000 {
				return executions.Page{}, errBroken
			}
			kind := next()
			switch kind % 8 {
			case 0:
				return executions.Page{}, executions.ErrBadRequest
			case 1:
				return executions.Page{Date: now}, nil
			}
			page := executions.Page{Throttled: kind&8 != 0}
			if kind&16 == 0 {
				page.Date = now
			}
			n := int(next())
			if kind&32 != 0 {
				n = q.Limit
			}
			step := int64(binary.LittleEndian.Uint16([]byte{next(), next()})) - 1<<15
			age := int64(next()) * 3600
			for i := range n {
				begin := now.Add(-time.Duration(age+int64(i)*step/16) * time.Second)
				row := executions.Execution{
					ExecutionID: fmt.Sprintf("%d-%d", begin.Unix(), i%7), Status: "success", BeginTime: begin.Format(time.RFC3339),
				}
				if kind&64 != 0 {
					row.EndTime, row.LastUpdateTime = row.BeginTime, row.BeginTime
				}
				if kind&128 != 0 && i%50 == 49 {
					row.ExecutionID = ""
				}
				page.Rows = append(page.Rows, row)
			}
			return page, nil
		}

		options := executions.Options{WorkflowID: "w"}
		if flags&1 != 0 {
			options.Start = now.Add(-5 * 24 * time.Hour)
		}
		if flags&2 != 0 {
			options.End = now.Add(-time.Hour)
		}
		if flags&4 != 0 {
			options.Status = "success"
		}
		options.Limit = int(flags>>3) * 17

		rows, err := executions.All(t.Context(), &executions.Facts{}, getPage, options)
		if err != nil {
			if rows != nil {
				t.Error("an error comes with rows")
			}
			return
		}
		seen := map[string]bool{}
		for i, row := range rows {
			if row.ExecutionID != "" && seen[row.ExecutionID] {
				t.Errorf("%s is there twice", row.ExecutionID)
			}
			seen[row.ExecutionID] = true
			if i > 0 && rows[i-1].BeginTime < row.BeginTime {
				t.Errorf("row %d is newer than the one before", i)
			}
		}
		if options.Limit > 0 && len(rows) > options.Limit {
			t.Errorf("%d rows, more than the limit", len(rows))
		}
	})
}

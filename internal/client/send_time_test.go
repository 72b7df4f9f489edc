package client

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestLimitTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := limitTime(t.Context(), newCall(), func(ctx context.Context, _ *call) (*Response, error) {
			<-ctx.Done()
			return nil, context.Cause(ctx)
		})
		if !errors.Is(err, errAttemptTimeout) || time.Since(start) != attemptTimeout {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
	})
}

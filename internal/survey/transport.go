package survey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// maxRequests is how many requests a survey sends, including retries and the
	// lookup of the project.
	maxRequests = 60

	// pause is the least time between two requests.
	pause = 200 * time.Millisecond

	// maxBody bounds what is kept of a response.
	maxBody = 17 << 20
)

var (
	errSpent = errors.New("the survey has used up its requests")
	errNoGet = errors.New("the survey sends GET requests alone, and these credentials have to be exchanged with " +
		"another method first: use an access key, temporary or not")
)

// exchange is one response as it came.
type exchange struct {
	status int
	header http.Header
	body   []byte
}

// transport sends requests one at a time, with a pause between them, logs
// their number and keeps the last response.
type transport struct {
	next http.RoundTripper
	log  io.Writer
	turn chan struct{} // held by the one request in flight

	// The rest belongs to the holder of turn, or to the survey while no request is
	// in flight.
	count  int
	most   int       // no request is sent beyond this one
	ended  time.Time // the last request
	last   exchange
	limits map[string]string // headers about throttling
	busy   int               // responses with the status 429
}

func newTransport(log io.Writer) *transport {
	return &transport{log: log, turn: make(chan struct{}, 1), most: maxRequests, limits: map[string]string{}}
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case t.turn <- struct{}{}:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	defer func() { <-t.turn }()
	switch {
	case r.Method != http.MethodGet:
		return nil, errNoGet
	case t.count >= min(t.most, maxRequests):
		return nil, errSpent
	}
	if err := sleep(r.Context(), time.Until(t.ended.Add(pause))); err != nil {
		return nil, err
	}
	t.count++
	fmt.Fprintf(t.log, "request %d of at most %d\n", t.count, maxRequests)
	defer func() { t.ended = time.Now() }()

	t.last = exchange{}
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	_ = resp.Body.Close() // it has been read
	t.last = exchange{resp.StatusCode, resp.Header, body}
	t.noteLimits(resp)
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failingReader{err}))

	return resp, nil
}

// failingReader returns the error that ended a body.
type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}

	return 0, io.EOF
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

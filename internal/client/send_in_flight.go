package client

import "context"

// limitInFlight waits while [maxInFlight] requests of the client are in flight.
// It comes after [Client.authorize], because retrieving credentials takes
// requests, too.
func (c *Client) limitInFlight(ctx context.Context, call *call, next handler) (*Response, error) {
	select {
	case c.inFlight <- struct{}{}:
		defer func() { <-c.inFlight }()
		return next(ctx, call)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

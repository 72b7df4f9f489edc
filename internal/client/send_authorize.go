package client

import (
	"context"
	"errors"
)

// errOutdatedKey means that a request was not sent because its credentials must
// not be used any more. Others can be had.
var errOutdatedKey = errors.New("the credentials are outdated")

// authorize gets the credentials of an attempt, and gets others when those have
// expired before the request was sent.
func (c *Client) authorize(ctx context.Context, call *call, next handler) (*Response, error) {
	for {
		var err error
		if call.key, err = c.keyFor(ctx, call.request); err != nil {
			return nil, err
		}
		resp, err := next(ctx, call)
		if !errors.Is(err, errOutdatedKey) {
			return resp, err
		}
	}
}

func (c *Client) keyFor(ctx context.Context, r *request) (key, error) {
	switch {
	case r.unsigned && r.gate != nil:
		return key{gate: r.gate}, nil
	case r.unsigned:
		return key{gate: &gate{open: true}}, nil // it has no credentials that could be wrong
	case r.access != nil:
		return r.access.key(ctx, r)
	case r.keys != nil:
		return r.keys.get(ctx)
	default:
		return c.keys.get(ctx)
	}
}

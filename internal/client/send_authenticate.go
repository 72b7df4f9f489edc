package client

import "context"

// authenticate signs an attempt, or adds the token. It comes last of what changes
// the header, and once for each attempt, because a signature expires.
func authenticate(ctx context.Context, call *call, next handler) (*Response, error) {
	switch {
	case call.unsigned:
	case call.key.Token != "":
		call.http.Header.Set(headerAuthToken, call.key.Token)
	default:
		sign(call.http, call.body, call.key.Credentials, call.sent)
	}

	return next(ctx, call)
}

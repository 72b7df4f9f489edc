package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Session is one read of a project's services. It is safe for concurrent use.
type Session struct {
	client    *Client
	region    *region
	projectID string
	sent      sentSecrets // of all requests of the session
}

// Session begins a read in a region; "" is the region of the configuration. It
// looks up the project unless that is configured. The error is an [*APIError], a
// [*ProjectError], [ErrNoCredentials] or a [*CredentialsError].
func (c *Client) Session(ctx context.Context, region string) (*Session, error) {
	r, err := c.region(region)
	if err != nil {
		return nil, err
	}
	projectID, err := c.projectID(ctx, r)
	if err != nil {
		return nil, err
	}

	return &Session{client: c, region: r, projectID: projectID}, nil
}

// Hide returns a text without the secrets of the session's requests and without
// unprintable characters. Use it for texts that may quote a response.
func (s *Session) Hide(text string) string { return s.sent.shown(text) }

// Request is one request to FunctionGraph.
type Request struct {
	Operation Operation

	// Path is the list of segments below v2/{project_id}/fgs, not escaped.
	Path []string

	// Query holds the parameters, not escaped.
	Query url.Values

	// Header are further headers by their names.
	Header map[string]string

	// Sensitive keeps the body of a successful response out of logs and errors.
	Sensitive bool
}

// Reply is the value of a response.
type Reply[T any] struct {
	Value T

	// Date is the service's clock by the Date header; zero: there is none.
	Date time.Time

	// Throttled reports whether the service asked to slow down before it
	// responded.
	Throttled bool
}

// Get sends a request to FunctionGraph and returns the value that decode reads
// from the response. An error of decode makes the response malformed. Get retries
// by the policy in retry.go. The error is an [*APIError], [ErrNoCredentials] or a
// [*CredentialsError].
func Get[T any](ctx context.Context, s *Session, r Request, decode func(*Response) (T, error)) (Reply[T], error) {
	value, resp, err := do(ctx, s.client, &request{
		service:   serviceNameFunctionGraph,
		operation: r.Operation,
		method:    http.MethodGet,
		base:      s.region.endpoints.functionGraph,
		path:      append([]string{"v2", s.projectID, "fgs"}, r.Path...),
		query:     r.Query,
		header:    r.Header,
		sensitive: r.Sensitive,
		region:    s.region.name,
		projectID: s.projectID,
		access:    s.region.access,

		recordSecrets:     s.sent.add,
		projectConfigured: s.client.isProjectConfigured(s.region),
	}, decode)
	if err != nil {
		return Reply[T]{}, err
	}

	return Reply[T]{Value: value, Date: resp.date, Throttled: resp.throttled}, nil
}

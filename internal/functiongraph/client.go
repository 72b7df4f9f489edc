// Package functiongraph reads from Huawei Cloud FunctionGraph. Each operation has
// a file of its own, with its path, its query, its rows and how they are decoded.
// Package client sends the requests, and package executions reads complete lists
// of executions. The package does not depend on Terraform.
package functiongraph

import (
	"errors"
	"sync"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// Client reads from FunctionGraph. It is safe for concurrent use. All reads of a
// region share what they learn of its service.
type Client struct {
	*client.Client

	mu    sync.Mutex
	facts map[string]*executions.Facts // by region
}

// New returns a client. It sends no request. The error says which setting is
// invalid.
func New(cfg client.Config) (*Client, error) {
	c, err := client.New(cfg)
	if err != nil {
		return nil, err
	}

	return &Client{Client: c, facts: map[string]*executions.Facts{}}, nil
}

// factsOf returns what is known of the service in a region.
func (c *Client) factsOf(region string) *executions.Facts {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.facts[region] == nil {
		c.facts[region] = &executions.Facts{}
	}

	return c.facts[region]
}

// withoutSecrets returns err, or a copy of a [*ListingError] that quotes no secret
// that the service repeated.
func withoutSecrets(err error, session *client.Session) error {
	refused, ok := errors.AsType[*ListingError](err)
	if !ok {
		return err
	}

	return &ListingError{Reason: session.Hide(refused.Reason), Advice: session.Hide(refused.Advice)}
}

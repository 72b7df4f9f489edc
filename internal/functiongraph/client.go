// Package functiongraph reads from Huawei Cloud FunctionGraph. Each operation has
// a file of its own, with its path, its query, its rows and how they are decoded.
// Package client sends the requests, and package executions reads complete lists
// of executions. The package does not depend on Terraform.
package functiongraph

import (
	"context"
	"errors"
	"sync"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// Client reads from FunctionGraph in one region. It is safe for concurrent use.
type Client struct {
	*client.Client
	region string
	facts  *sync.Map // of *executions.Facts by region
}

// New returns a client. It sends no request. The error says which setting is
// invalid.
func New(cfg client.Config) (*Client, error) {
	c, err := client.New(cfg)
	if err != nil {
		return nil, err
	}

	return &Client{Client: c, region: c.Region(), facts: &sync.Map{}}, nil
}

// InRegion returns a client for another region. It shares everything with c: the
// credentials, the connections and what reads learn of the service.
func (c *Client) InRegion(region string) *Client {
	return &Client{Client: c.Client, region: region, facts: c.facts}
}

// Region returns the region of the client.
func (c *Client) Region() string { return c.region }

// session begins a read in the client's region.
func (c *Client) session(ctx context.Context) (*client.Session, error) {
	return c.Session(ctx, c.region)
}

// factsOfRegion returns what is known of the service in the client's region.
func (c *Client) factsOfRegion() *executions.Facts {
	facts, _ := c.facts.LoadOrStore(c.region, &executions.Facts{})

	return facts.(*executions.Facts) //nolint:forcetypeassert // nothing else is stored
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

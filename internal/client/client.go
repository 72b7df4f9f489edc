// Package client reads workflow executions from Huawei Cloud FunctionGraph.
//
// It knows nothing of Terraform. A request passes through small steps, each in
// a file of its own:
//
//	request.go      what is asked, and its canonical address
//	credentials.go  the keys
//	gate.go         one request at a time until the key has proved good
//	sign.go         SDK-HMAC-SHA256, anew for every try
//	attempt.go      the steps in order: send, read, classify, retry or return
//	errors.go       what kept a request from a usable answer
//	retry.go        whether and when to try again
//
// The project of a region comes from projects.go and one page of executions
// from workflow_executions.go. Package listing makes complete lists of pages.
package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"sync"
)

// maxInFlight bounds the requests of one client at any time.
const maxInFlight = 10

// Config is what a [Client] is made of.
type Config struct {
	// Region is used where a call names none.
	Region string

	// Cloud is the domain of all default endpoints; empty: [DefaultCloud].
	Cloud string

	// AuthURL is IAM's address, for the project lookup and for credentials.
	// Empty: the endpoint "iam", else the region's default.
	AuthURL string

	// Endpoints are custom addresses by the name of the service, without the
	// version: "fgs", "iam" and "sts".
	Endpoints map[string]string

	// ProjectID is the project of Region. Empty: it is looked up.
	ProjectID string

	// ProjectName is looked up for Region instead of the region's own name.
	ProjectName string

	// DomainID is the account of Credentials. It goes with the requests for an
	// agency, where IAM and STS work without it too.
	DomainID string

	// Credentials are where the chain begins: [Credentials] that are known,
	// [OIDC] or [Metadata]. Nil: there are none.
	Credentials CredentialsProvider

	// Agencies are assumed in this order, each with the credentials of the one
	// before. The last one's read.
	Agencies []Agency

	// MetadataURL replaces the fixed address of the ECS metadata service.
	MetadataURL string

	// MaxRetries bounds the tries of one request after the first.
	MaxRetries int

	// UserAgent is sent as it is.
	UserAgent string

	// Insecure turns the check of the services' certificates off.
	Insecure bool

	// RootCAs, if set, replace the authorities that this machine trusts.
	RootCAs *x509.CertPool

	// ClientCertificate, if set, is shown to services that ask for one.
	ClientCertificate *tls.Certificate

	// Observe, if set, is told of every try, with the context of the read it
	// belongs to. It is never given a key, a token or a header.
	Observe func(context.Context, Attempt)

	// Transport, if set, replaces the network.
	Transport http.RoundTripper
}

// Client reads from the services of one cloud with one set of credentials. It
// is safe for concurrent use; what it learns and looks up is shared by all who
// use it. Making one sends nothing.
type Client struct {
	cfg      Config
	http     *http.Client
	gate     *gate
	inFlight chan struct{}
	retry    retryPolicy

	mu      sync.Mutex
	regions map[string]*region
}

// New returns a client, or an error for an endpoint that is no URL.
func New(cfg Config) (*Client, error) {
	if cfg.Region == "" {
		return nil, errors.New("the region must not be empty")
	}
	if _, err := endpointsFor(cfg, cfg.Region); err != nil {
		return nil, err
	}
	if cfg.Credentials == nil {
		cfg.Credentials = Credentials{}
	}
	if cfg.Observe == nil {
		cfg.Observe = func(context.Context, Attempt) {}
	}
	transport := cfg.Transport
	if transport == nil {
		transport = newTransport(cfg.Insecure)
	}

	return &Client{
		cfg: cfg,
		http: &http.Client{
			Transport: transport,
			// A signature fits one host and one path: it must not travel.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		gate:     newGate(),
		inFlight: make(chan struct{}, maxInFlight),
		retry:    newRetryPolicy(cfg.MaxRetries),
		regions:  map[string]*region{},
	}, nil
}

func newTransport(insecure bool) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented to be one
	transport.MaxIdleConnsPerHost = maxInFlight
	transport.MaxConnsPerHost = maxInFlight
	if insecure {
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // what the argument is for
	}

	return transport
}

// Region returns the region that is used where a call names none.
func (c *Client) Region() string { return c.cfg.Region }

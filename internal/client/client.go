// Package client is how requests reach Huawei Cloud and how responses come back.
// It knows no operation of FunctionGraph and nothing of Terraform: packages like
// functiongraph begin a [Session] and call [Get].
//
// A request passes through small steps, each in a file of its own:
//
//	session.go      a read of one project, and what its requests have in common
//	operation.go    the names of operations, for errors
//	request.go      what is asked, and its canonical address
//	credentials*.go the ways to come by keys and tokens, one kind a file
//	keyring.go      keeps keys and renews them
//	gate.go         one request at a time until the key has proved good
//	sign.go         SDK-HMAC-SHA256, anew for every try
//	secrets.go      what must not be shown, however a service repeats it
//	attempt.go      the steps in order: send, read, classify, retry or return
//	decode*.go      read the JSON of a response, strictly and within bounds
//	errors.go       what kept a request from a usable response
//	retry.go        whether and when to try again
//
// The project of a region comes from projects.go.
package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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

	// AuthURL is IAM's address for the project lookup and the exchange of tokens.
	// Empty: the endpoint "iam", else the region's default. Agencies are assumed at
	// the endpoint "iam", else here.
	AuthURL string

	// Endpoints are custom addresses by the name of the service, without the
	// version: "fgs", "iam" and "sts".
	Endpoints map[string]string

	// ProjectID is the project of Region. Empty: it is looked up.
	ProjectID string

	// ProjectName is looked up for Region instead of the region's own name.
	ProjectName string

	// DomainID is the account of Credentials. It goes with the requests for an
	// agency, where IAM and STS work without it too. DomainID or DomainName, its
	// name, lets a token be exchanged without the ID of a project.
	DomainID, DomainName string

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

	// Sources says where arguments of the provider block were set that are not set
	// in the block itself, for example "auth_url" by "environment variable
	// OS_AUTH_URL". Errors name them. It never holds a value.
	Sources map[string]string

	// UserAgent is sent as it is.
	UserAgent string

	// Insecure turns the check of the services' certificates off.
	Insecure bool

	// RootCAs, if set, replace the authorities that this machine trusts.
	RootCAs *x509.CertPool

	// ClientCertificate, if set, is shown to services that ask for one.
	ClientCertificate *tls.Certificate

	// Proxy chooses the proxy of a request, as in [http.Transport]. Nil:
	// [http.ProxyFromEnvironment].
	Proxy func(*http.Request) (*url.URL, error)

	// Observe, if set, is told of every try, with the context of the read it
	// belongs to. It is never given a key, a token or a header.
	Observe func(context.Context, Attempt)

	// Transport, if set, replaces the network.
	Transport http.RoundTripper

	// WrapTransport, if set, is given what sends requests, Transport or the network,
	// and returns what is used instead. It sees every try, those for credentials and
	// projects included.
	WrapTransport func(http.RoundTripper) http.RoundTripper
}

// Client reads from the services of one cloud with one set of credentials. It
// is safe for concurrent use; what it learns and looks up is shared by all who
// use it. Making one sends nothing.
type Client struct {
	cfg      Config
	home     *region // the region of the configuration
	metadata *url.URL
	keys     *keyring
	http     *http.Client
	direct   *http.Client // through no proxy
	inFlight chan struct{}
	retry    retryPolicy

	mu      sync.Mutex
	regions map[string]*region
	gates   map[Credentials]*gate

	heard     sync.Map // the hosts that have sent a response
	exchanges *gate    // of the configured token at IAM
}

// New returns a client, or an error for an endpoint that is no URL.
func New(cfg Config) (*Client, error) {
	if cfg.Region == "" {
		return nil, errors.New("the region must not be empty")
	}
	if cfg.Credentials == nil {
		cfg.Credentials = Credentials{}
	}
	if cfg.Observe == nil {
		cfg.Observe = func(context.Context, Attempt) {}
	}
	if cfg.Proxy == nil {
		cfg.Proxy = http.ProxyFromEnvironment
	}
	if cfg.MetadataURL == "" {
		cfg.MetadataURL = defaultMetadataURL
	}
	c := &Client{
		cfg:      cfg,
		http:     newHTTPClient(cfg, cfg.Proxy),
		direct:   newHTTPClient(cfg, nil),
		inFlight: make(chan struct{}, maxInFlight),
		retry:    newRetryPolicy(cfg.MaxRetries),
		regions:  map[string]*region{},
		gates:    map[Credentials]*gate{},
	}
	var err error
	if c.metadata, err = ParseEndpoint(cfg.MetadataURL); err != nil {
		return nil, fmt.Errorf("the address of the metadata service %w", err)
	}
	c.keys = c.newKeyring(cfg.Credentials)
	c.exchanges = c.newExchangeGate()
	if c.home, err = c.region(cfg.Region); err != nil {
		return nil, err
	}
	account := cfg.DomainID
	for _, agency := range cfg.Agencies {
		c.keys = c.newKeyring(assumed{Agency: agency, by: c.keys, domainID: account})
		account = "" // it was the account of the first keys alone
	}

	return c, nil
}

// newHTTPClient returns what sends requests, over the network unless the
// configuration replaces it.
func newHTTPClient(cfg Config, proxy func(*http.Request) (*url.URL, error)) *http.Client {
	transport := cfg.Transport
	if transport == nil {
		transport = newTransport(cfg, proxy)
	}
	if cfg.WrapTransport != nil {
		transport = cfg.WrapTransport(transport)
	}

	return &http.Client{
		Transport: transport,
		// A signature fits one host and one path: it must not travel.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func newTransport(cfg Config, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented to be one
	transport.Proxy = proxy
	transport.OnProxyConnectResponse = refusalOfProxy
	transport.MaxIdleConnsPerHost = maxInFlight
	transport.MaxConnsPerHost = maxInFlight
	transport.TLSClientConfig = &tls.Config{RootCAs: cfg.RootCAs, InsecureSkipVerify: cfg.Insecure} //nolint:gosec // what the argument is for
	if cfg.ClientCertificate != nil {
		transport.TLSClientConfig.Certificates = []tls.Certificate{*cfg.ClientCertificate}
	}

	return transport
}

// Region returns the region that is used where a call names none.
func (c *Client) Region() string { return c.cfg.Region }

// Package client sends requests to Huawei Cloud. It depends neither on the
// operations of FunctionGraph nor on Terraform: packages like functiongraph begin
// a [Session] and call [Get].
//
// A request passes through a chain of steps:
//
//	send.go         the order of the steps
//	send_*.go       one step in each file: retry, observe, authorize, classify...
//
// The steps use:
//
//	request.go      a request and its canonical address
//	sign.go         the signature of an attempt, SDK-HMAC-SHA256
//	proxy.go        the errors of proxies
//	retry.go        the policy: which failures are retried, and after which wait
//	gate.go         one request at a time until a key has proved good
//	secrets*.go     hide what a request carries in texts of the service
//	text.go         makes texts of the service safe to show
//	errors.go       the one error type of requests
//	error_body.go   reads the body of an error response
//	decode*.go      read JSON strictly and within bounds
//	sources.go      names the arguments that led to a request
//
// Around them:
//
//	session.go      a read of one project
//	operation.go    the names of operations, for errors
//	projects.go     looks up the project of a region
//	endpoints.go    the addresses of the services
//	credentials*.go the kinds of credentials, one in each file
//	keyring.go      caches credentials and renews them
//	cached_call.go  runs one call for all callers that wait for it
package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
)

// maxInFlight bounds the requests of one client that are in flight.
const maxInFlight = 10

// Config is the configuration of a [Client].
type Config struct {
	// Region is the region of sessions that name none.
	Region string

	// Cloud is the domain of all default endpoints. Empty: [DefaultCloud].
	Cloud string

	// AuthURL is the address of IAM for the project lookup and the exchange of
	// tokens. Empty: the endpoint "iam", or else the default of the region. Agencies
	// are assumed at the endpoint "iam", or else at AuthURL.
	AuthURL string

	// Endpoints are custom addresses by the name of the service: "fgs", "iam" and
	// "sts". They have no version.
	Endpoints map[string]string

	// ProjectID is the ID of the project of Region. Empty: the client looks it up.
	ProjectID string

	// ProjectName is the name of the project of Region. Empty: the name of Region.
	ProjectName string

	// DomainID and DomainName are the ID and the name of the account of Credentials.
	// Requests for an agency carry DomainID, but IAM and STS do not need it. With
	// either of them a token can be exchanged without the ID of a project.
	DomainID, DomainName string

	// Credentials are the first ones of the chain: [Credentials], [OIDC] or
	// [Metadata]. Nil: there are none.
	Credentials CredentialsProvider

	// Agencies are assumed in this order, each with the credentials of the previous
	// one. Reads use the credentials of the last one.
	Agencies []Agency

	// MetadataURL replaces the fixed address of the ECS metadata service.
	MetadataURL string

	// MaxRetries bounds the attempts of one request after the first.
	MaxRetries int

	// Sources maps arguments of the provider block that are set elsewhere to their
	// source, for example "auth_url" to "environment variable OS_AUTH_URL". Errors
	// name the sources. Values of arguments are not in it.
	Sources map[string]string

	// UserAgent is the value of the User-Agent header.
	UserAgent string

	// Insecure turns off the verification of the services' certificates.
	Insecure bool

	// RootCAs are the trusted certificate authorities. Nil: those of the system.
	RootCAs *x509.CertPool

	// ClientCertificate is presented to services that request one. Nil: none is.
	ClientCertificate *tls.Certificate

	// Proxy chooses the proxy of a request, as in [http.Transport]. Nil:
	// [http.ProxyFromEnvironment].
	Proxy func(*http.Request) (*url.URL, error)

	// Observe, if set, is called for each attempt with the context of its read. It
	// never receives a key, a token or a header.
	Observe func(context.Context, Attempt)

	// Transport, if set, sends all requests in place of the network.
	Transport http.RoundTripper

	// WrapTransport, if set, is given what sends requests, Transport or the network,
	// and returns what is used instead. It sees every try, those for credentials and
	// projects included.
	WrapTransport func(http.RoundTripper) http.RoundTripper
}

// Client sends requests to the services of one cloud with one set of
// credentials. It is safe for concurrent use. All users of a client share its
// cached credentials and projects.
type Client struct {
	cfg          Config
	home         *region // the region of the configuration
	metadata     *url.URL
	keys         *keyring
	http         *http.Client
	withoutProxy *http.Client
	handler      handler
	inFlight     chan struct{}
	retry        retryPolicy

	mu      sync.Mutex
	regions map[string]*region
	gates   map[Credentials]*gate

	responded sync.Map // the hosts that have sent a response
	exchanges *gate    // of the configured token at IAM
}

// New returns a client. It sends no request. The error says which setting is
// invalid.
func New(cfg Config) (*Client, error) {
	if cfg.Region == "" {
		return nil, errors.New("the region must not be empty")
	}
	if cfg.Credentials == nil {
		cfg.Credentials = Credentials{}
	}
	if cfg.Proxy == nil {
		cfg.Proxy = http.ProxyFromEnvironment
	}
	c := &Client{
		cfg:          cfg,
		http:         newHTTPClient(cfg, cfg.Proxy),
		withoutProxy: newHTTPClient(cfg, nil),
		inFlight:     make(chan struct{}, maxInFlight),
		retry:        newRetryPolicy(cfg.MaxRetries),
		regions:      map[string]*region{},
		gates:        map[Credentials]*gate{},
	}
	c.handler = c.newHandler()
	var err error
	if c.metadata, err = ParseEndpoint(cmp.Or(cfg.MetadataURL, defaultMetadataURL)); err != nil {
		return nil, fmt.Errorf("the address of the metadata service %w", err)
	}
	c.keys = c.newKeyring(cfg.Credentials)
	c.exchanges = c.newTokenGate()
	if c.home, err = c.region(cfg.Region); err != nil {
		return nil, err
	}
	account := cfg.DomainID
	for _, agency := range cfg.Agencies {
		c.keys = c.newKeyring(assumed{Agency: agency, by: c.keys, domainID: account})
		account = "" // later credentials belong to the account of an agency
	}

	return c, nil
}

// newHTTPClient returns an HTTP client that follows no redirects.
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
		// A signature is valid for one host and one path, so a redirect must not get it.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func newTransport(cfg Config, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // documented to be one
	transport.Proxy = proxy
	transport.OnProxyConnectResponse = proxyRefusal
	transport.MaxIdleConnsPerHost = maxInFlight
	transport.MaxConnsPerHost = maxInFlight
	transport.TLSClientConfig = &tls.Config{
		RootCAs:            cfg.RootCAs,
		InsecureSkipVerify: cfg.Insecure, //nolint:gosec // the argument insecure asks for it
	}
	if cfg.ClientCertificate != nil {
		transport.TLSClientConfig.Certificates = []tls.Certificate{*cfg.ClientCertificate}
	}

	return transport
}

// Region returns the region of sessions that name none.
func (c *Client) Region() string { return c.cfg.Region }

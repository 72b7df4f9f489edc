package client

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Failures between the client and the server: certificates, names, proxies and
// redirects. Only lost connections and busy proxies are retried.

// networkFailure is one reason for which no response arrives.
type networkFailure struct {
	// setUp causes the failure for a transport, and returns the address to read
	// from and the server that must not get a request, if there is one.
	setUp   func(t *testing.T, transport *http.Transport) (address string, untouched *wire)
	timeout time.Duration // of the read; 0: none

	class  Class
	status int
	says   string
	is     func(error) bool // what diagnostics check; nil: nothing
	tries  int              // of at most four
}

var networkFailures = map[string]networkFailure{
	"certificate has expired": {
		setUp: certificate("service.example", -2*time.Hour, -time.Hour, true),
		says:  "x509: certificate has expired or is not yet valid", is: isInvalid(x509.Expired),
	},
	"certificate not yet valid": {
		setUp: certificate("service.example", time.Hour, 2*time.Hour, true),
		says:  "x509: certificate has expired or is not yet valid", is: isInvalid(x509.Expired),
	},
	"certificate of another host": {
		setUp: certificate("other.example", -time.Hour, time.Hour, true),
		says:  "x509: certificate is valid for other.example, not service.example", is: is[x509.HostnameError],
	},
	"certificate with control characters in its name": {
		setUp: certificate("a\x1b[31mb.example", -time.Hour, time.Hour, true), says: "not service.example",
		is: is[x509.HostnameError],
	},
	"unknown authority": {
		setUp: certificate("service.example", -time.Hour, time.Hour, false),
		says:  "x509: certificate signed by unknown authority", is: is[x509.UnknownAuthorityError],
	},

	"HTTP where TLS is expected": {
		setUp: withoutTLS(says("HTTP/1.1 400 Bad Request\r\n\r\n")), says: "server gave HTTP response to HTTPS client",
	},
	"garbage for a handshake": {setUp: withoutTLS(
		says("\x00\x1b[31m"),
	), says: "tls: first record does not look like a TLS handshake"},
	"outdated version of TLS": {setUp: tlsUpTo(tls.VersionTLS11), says: "tls: protocol version not supported"},
	"handshake interrupted":   {setUp: withoutTLS(reset), tries: 4},
	"handshake hangs": {
		setUp: withoutTLS(hang), timeout: 200 * time.Millisecond, class: ClassDeadline, says: "deadline exceeded", tries: 1,
	},

	"unknown host": {
		setUp: resolving(&net.DNSError{Err: "no such host", IsNotFound: true}), says: "no such host", is: is[*net.DNSError],
	},
	"DNS fails": {
		setUp: resolving(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), says: "server misbehaving",
		is: is[*net.DNSError],
	},
	"connection refused": {
		setUp: closed, says: "connection refused", is: func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) },
	},

	"proxy says 403": {
		setUp: proxied(says("HTTP/1.1 403 Forbidden\r\n\r\n")), says: "refused to connect: HTTP 403 Forbidden",
		is: is[*ProxyError], tries: 1,
	},
	"proxy says 407": {
		setUp: proxied(says("HTTP/1.1 407 \x1b[31mWho are you?\r\nProxy-Authenticate: Basic\r\n\r\n")),
		says:  "refused to connect: HTTP 407 Proxy Authentication Required", is: is[*ProxyError], tries: 1,
	},
	"proxy says 502": {
		setUp: proxied(says("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\nhtml")),
		says:  "refused to connect: HTTP 502 Bad Gateway", is: is[*ProxyError], tries: 4,
	},
	"proxy says 503 for an hour": {
		setUp:   proxied(says("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\n\r\n")),
		timeout: time.Minute, says: "refused to connect: HTTP 503 Service Unavailable", is: is[*ProxyError], tries: 1,
	},
	"proxy says 503": {
		setUp: proxied(says("HTTP/1.1 503 Busy\r\n\r\n")), says: "refused to connect: HTTP 503 Service Unavailable",
		is: is[*ProxyError], tries: 4,
	},
	"proxy sends an unknown status": {
		setUp: proxied(says("HTTP/1.1 299 \x1b[31m\r\n\r\n")), says: "refused to connect: HTTP 299", is: is[*ProxyError],
		tries: 1,
	},
	"proxy says garbage": {setUp: proxied(says("\x1b[31m\r\n\r\n")), says: "malformed HTTP", tries: 1},
	"proxy hangs up":     {setUp: proxied(says("")), says: "EOF", tries: 4},
	"proxy resets":       {setUp: proxied(reset), says: "connection reset by peer", tries: 4},
	"proxy hangs": {
		setUp: proxied(hang), timeout: 200 * time.Millisecond, class: ClassDeadline, says: "deadline exceeded", tries: 1,
	},
	"proxy is not there": {
		setUp: noProxy, says: "proxyconnect tcp: dial tcp",
		is: func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) },
	},

	"redirect to another host": {
		setUp: redirecting("302 Found"), class: ClassMalformed, status: 302,
		says: "the response is a redirect, to http://127.0.0.1:", tries: 1,
	},
	"redirect for good": {setUp: redirecting(
		"301 Moved Permanently",
	), class: ClassMalformed, status: 301, says: "the response is a redirect", tries: 1},
	"redirect that keeps the method": {
		setUp: redirecting("307 Temporary Redirect"), class: ClassMalformed, status: 307, says: "the response is a redirect",
		tries: 1,
	},
	"redirect that keeps it for good": {setUp: redirecting(
		"308 Permanent Redirect",
	), class: ClassMalformed, status: 308, says: "the response is a redirect", tries: 1},
}

func TestNetworkFailures(t *testing.T) {
	t.Parallel()

	for name, test := range networkFailures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			transport := newTransport(Config{}, nil)
			transport.Proxy = nil
			address, untouched := test.setUp(t, transport)
			c := newTestClient(t, transport, maxRetries(3), func(cfg *Config) {
				cfg.Endpoints = map[string]string{"fgs": address}
				cfg.ProjectID = "p1"
			})
			c.retry.jitter = func(time.Duration) time.Duration { return 0 }

			var err error
			leavesNothing(t, transport, func(ctx context.Context) {
				ctx, cancel := within(ctx, test.timeout)
				defer cancel()
				_, err = listThings(ctx, c)
			})

			class, tries := test.class, max(test.tries, 1)
			if class == 0 {
				class = ClassNetwork
			}
			failed := wantClass(t, err, class)
			if failed.Attempts != tries || failed.Status != test.status || !strings.Contains(err.Error(), test.says) {
				t.Errorf(
					"got HTTP %d after %d tries: %v\nwant HTTP %d after %d with %q", failed.Status, failed.Attempts, err, test.status,
					tries, test.says,
				)
			}
			if test.is != nil && !test.is(err) {
				t.Errorf("%v is of another kind: %T", err, failed.Err)
			}
			if untouched != nil && untouched.requests.Load() > 0 {
				t.Errorf("%d requests arrived at the server that must get none", untouched.requests.Load())
			}
			wantHarmless(t, err)
		})
	}
}

// A response through a proxy is read as one without a proxy.
func TestProxy(t *testing.T) {
	t.Parallel()

	root, leaf := issue(t, "127.0.0.1", -time.Hour, time.Hour)
	server := startWire(t, ok(goodList), serving(&tls.Config{Certificates: []tls.Certificate{leaf}}))
	transport := newTransport(Config{}, nil)
	transport.TLSClientConfig = &tls.Config{RootCAs: root}
	proxy := startWire(t, func(conn net.Conn) {
		through, err := net.Dial("tcp", server.address) //nolint:noctx // it ends with the proxy
		if err != nil {
			return
		}
		defer through.Close() //nolint:errcheck // the test does not need it
		says("HTTP/1.1 200 Connection established\r\n\r\n")(conn)
		go func() { _, _ = io.Copy(through, conn) }()
		_, _ = io.Copy(conn, through)
	})
	transport.Proxy = http.ProxyURL(
		&url.URL{Scheme: "http", Host: proxy.address, User: url.UserPassword("user", "password")},
	)
	c := newTestClient(t, transport, func(cfg *Config) {
		cfg.Endpoints = map[string]string{"fgs": "https://" + server.address}
		cfg.ProjectID = "p1"
	})
	leavesNothing(t, transport, func(ctx context.Context) {
		if rows, err := listThings(ctx, c); err != nil || len(rows) != 1 {
			t.Errorf("got %v, %v", rows, err)
		}
	})
}

// hang waits until the other side gives up.
func hang(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// is reports whether an error wraps one of type E.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)

	return ok
}

func isInvalid(reason x509.InvalidReason) func(error) bool {
	return func(err error) bool {
		invalid, ok := errors.AsType[x509.CertificateInvalidError](err)

		return ok && invalid.Reason == reason
	}
}

// issue creates an authority and a certificate signed by it, for one name or
// address.
func issue(t *testing.T, name string, from, to time.Duration) (*x509.CertPool, tls.Certificate) {
	t.Helper()

	certify := func(template, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) *x509.Certificate {
		raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
		if err != nil {
			t.Fatal(err)
		}
		made, err := x509.ParseCertificate(raw)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	newKey := func() *ecdsa.PrivateKey {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	now := time.Now()
	authorityKey, key := newKey(), newKey()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority of a test"},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	authority := certify(template, template, authorityKey, authorityKey)
	template = &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: now.Add(from), NotAfter: now.Add(to), DNSNames: []string{name},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.DNSNames, template.IPAddresses = nil, []net.IP{ip}
	}
	leaf := certify(template, authority, key, authorityKey)
	pool := x509.NewCertPool()
	pool.AddCert(authority)

	return pool, tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}
}

// serving puts TLS around a listener.
func serving(config *tls.Config) func(net.Listener) net.Listener {
	return func(l net.Listener) net.Listener { return tls.NewListener(l, config) }
}

// certificate is a server with a certificate for a name, valid from and to some
// time from now, of an authority that is known or not.
func certificate(name string, from, to time.Duration, known bool) func(*testing.T, *http.Transport) (string, *wire) {
	return func(t *testing.T, transport *http.Transport) (string, *wire) {
		t.Helper()
		pool, leaf := issue(t, name, from, to)
		if !known {
			pool = x509.NewCertPool()
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool}
		w := startWire(t, ok(goodList), serving(&tls.Config{Certificates: []tls.Certificate{leaf}}))
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, w.address)
		}

		return "https://service.example", w
	}
}

// tlsUpTo is a server that supports no newer version of TLS.
func tlsUpTo(version uint16) func(*testing.T, *http.Transport) (string, *wire) {
	return func(t *testing.T, transport *http.Transport) (string, *wire) {
		t.Helper()
		pool, leaf := issue(t, "127.0.0.1", -time.Hour, time.Hour)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool}
		w := startWire(
			t, ok(goodList),
			serving(&tls.Config{Certificates: []tls.Certificate{leaf}, MinVersion: tls.VersionTLS10, MaxVersion: version}),
		)

		return "https://" + w.address, w
	}
}

// withoutTLS is a server that responds in plain text to the first byte.
func withoutTLS(respond func(net.Conn)) func(*testing.T, *http.Transport) (string, *wire) {
	return func(t *testing.T, _ *http.Transport) (string, *wire) {
		t.Helper()
		w := startWire(t, nil, func(l net.Listener) net.Listener { return blunt{l, respond} })

		return "https://" + w.address, w
	}
}

// blunt sends its response before any request has been read.
type blunt struct {
	net.Listener
	respond func(net.Conn)
}

func (b blunt) Accept() (net.Conn, error) {
	conn, err := b.Listener.Accept()
	if err != nil {
		return nil, err
	}

	return &bluntConn{Conn: conn, respond: b.respond}, nil
}

type bluntConn struct {
	net.Conn
	respond func(net.Conn)
}

func (c *bluntConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == nil {
		c.respond(c.Conn)
		_ = c.Close()
		err = io.EOF
	}

	return n, err
}

// resolving is a host whose name cannot be looked up.
func resolving(failure *net.DNSError) func(*testing.T, *http.Transport) (string, *wire) {
	return func(_ *testing.T, transport *http.Transport) (string, *wire) {
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			failure := *failure
			failure.Name = "service.example"
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &failure}
		}

		return "https://service.example", nil
	}
}

// unusedAddress returns an address on which no server listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed below
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // its error has no effect on the test

	return listener.Addr().String()
}

func closed(t *testing.T, _ *http.Transport) (string, *wire) {
	t.Helper()

	return "http://" + unusedAddress(t), nil
}

// proxied is a service behind a proxy that responds to CONNECT.
func proxied(respond func(net.Conn)) func(*testing.T, *http.Transport) (string, *wire) {
	return func(t *testing.T, transport *http.Transport) (string, *wire) {
		t.Helper()
		w := startWire(t, respond)
		transport.Proxy = http.ProxyURL(
			&url.URL{Scheme: "http", Host: w.address, User: url.UserPassword("user", testKeys.SecretKey)},
		)

		return "https://service.example", nil
	}
}

func noProxy(t *testing.T, transport *http.Transport) (string, *wire) {
	t.Helper()
	transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: unusedAddress(t)})

	return "https://service.example", nil
}

// redirecting is a server that redirects to another one.
func redirecting(status string) func(*testing.T, *http.Transport) (string, *wire) {
	return func(t *testing.T, _ *http.Transport) (string, *wire) {
		t.Helper()
		elsewhere := startWire(t, ok(goodList))
		w := startWire(
			t, says("HTTP/1.1 "+status+"\r\nLocation: http://"+elsewhere.address+"/v2/\r\nContent-Length: 0\r\n\r\n"),
		)

		return "http://" + w.address, elsewhere
	}
}

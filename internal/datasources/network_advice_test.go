package datasources

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// selfSigned returns a certificate for 127.0.0.1 and a pool that trusts it.
func selfSigned(t *testing.T, change func(*x509.Certificate)) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x2a), Subject: pkix.Name{CommonName: "127.0.0.1"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:   time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), crypto.Signer(key))
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)

	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// readFrom reads from a server with TLS and returns the diagnostic, or nil.
func readFrom(t *testing.T, config *tls.Config, trusted *x509.CertPool, scheme string) diag.Diagnostic {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"executions":[]}`)
	}))
	server.TLS = config
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	address := scheme + strings.TrimPrefix(server.URL, "https")
	c, err := functiongraph.New(client.Config{
		Region: "cn-north-4", ProjectID: "p1", Endpoints: map[string]string{"fgs": address}, RootCAs: trusted,
		Credentials: client.Credentials{AccessKey: "AK", SecretKey: "SK"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.AllWorkflowExecutions(context.Background(), executions.Question{WorkflowID: "w"}); err == nil {
		return nil
	}

	return readDiagnostic(err, testSubject)
}

// Real servers that Go does not accept by default. With the GODEBUG setting of an
// advice, the read must succeed.
func TestNetworkAdvice_realServers(t *testing.T) {
	plain, trusted := selfSigned(t, nil)
	nameOnly, trustedName := selfSigned(t, func(c *x509.Certificate) { c.IPAddresses = nil })
	negative := tls.Certificate{PrivateKey: plain.PrivateKey}
	// The serial number, 42, becomes -42. The signature is not checked before the
	// parser fails.
	negative.Certificate = [][]byte{bytes.Replace(plain.Certificate[0], []byte{2, 1, 0x2a}, []byte{2, 1, 0xd6}, 1)}

	tests := map[string]struct {
		config  *tls.Config
		trusted *x509.CertPool
		scheme  string
		want    string
		godebug string // the setting with which the read succeeds; "" if there is none
	}{
		"TLS 1.1": {
			config: &tls.Config{
				Certificates: []tls.Certificate{plain}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11,
			},
			want: "The server does not support TLS 1.2",
		},
		"RSA key exchange only": {
			config: &tls.Config{
				Certificates: []tls.Certificate{plain}, MaxVersion: tls.VersionTLS12,
				CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256},
			},
			want: "GODEBUG=tlsrsakex=1", godebug: "tlsrsakex=1",
		},
		"3DES only": {
			config: &tls.Config{
				Certificates: []tls.Certificate{plain}, MaxVersion: tls.VersionTLS12,
				CipherSuites: []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA},
			},
			want: "tls3des=1", godebug: "tlsrsakex=1,tls3des=1",
		},
		"negative serial number": {
			config: &tls.Config{ // httptest parses the certificates that it sees
				Certificates: []tls.Certificate{plain},
				GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
					return &tls.Config{Certificates: []tls.Certificate{negative}}, nil
				},
			},
			want: "GODEBUG=x509negativeserial=1",
		},
		"name in the Common Name": {
			config: &tls.Config{Certificates: []tls.Certificate{nameOnly}}, trusted: trustedName,
			want: "subject alternative name",
		},
		"http:// at a port for TLS": {
			config: &tls.Config{Certificates: []tls.Certificate{plain}}, scheme: "http",
			want: "https://",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.trusted == nil {
				test.trusted = trusted
			}
			if test.scheme == "" {
				test.scheme = "https"
			}
			got := readFrom(t, test.config, test.trusted, test.scheme)
			if got == nil || !strings.Contains(got.Detail(), test.want) {
				t.Errorf("got %v, want %q", got, test.want)
			}
			if test.godebug != "" {
				t.Setenv("GODEBUG", test.godebug)
				if got := readFrom(t, test.config, test.trusted, test.scheme); got != nil {
					t.Errorf("with GODEBUG=%s: %s", test.godebug, got.Detail())
				}
			}
		})
	}
}

func TestNetworkAdvice(t *testing.T) {
	t.Parallel()
	failed := func(text string) client.APIError { return client.APIError{Err: errors.New(text)} }
	alert := errors.New(`malformed HTTP response "\x15\x03\x01\x00\x02\x02"`)
	tests := map[string]struct {
		err    client.APIError
		want   string
		unlike string
	}{
		"TLS alert at http://": {err: client.APIError{Scheme: "http", Err: alert}, want: "expects TLS"},
		"the same at https://": {err: client.APIError{Scheme: "https", Err: alert}, unlike: "expects TLS"},
		"server that selects TLS 1.1": {
			err:  failed("tls: server selected unsupported protocol version 302"),
			want: "TLS 1.2",
		},
		"small RSA key": {
			err:  failed("crypto/rsa: 512-bit keys are insecure (see x)"),
			want: "GODEBUG=rsa1024min=0",
		},
		"SHA-1": {
			err:  failed("x509: cannot verify signature: insecure algorithm SHA1-RSA"),
			want: "SHA-1", unlike: "GODEBUG",
		},
		"SHA-1 of an unknown authority": {err: client.APIError{Err: sha1Authority()}, want: "SHA-1", unlike: "cacert_file"},
		"handshake that does not end":   {err: failed("net/http: TLS handshake timeout"), want: "GODEBUG=tlsmlkem=0"},
		"very large RSA key": {
			err:  failed("tls: server sent certificate containing RSA key larger than 8192 bits"),
			want: "tlsmaxrsasize",
		},
		"proxy that cannot reach a host": {
			err:  client.APIError{Err: &client.ProxyError{Status: 503}},
			want: "Try again later", unlike: "password",
		},
		"proxy that requires a password": {err: client.APIError{Err: &client.ProxyError{Status: 407}}, want: "password"},
		"without an error":               {err: client.APIError{}, want: "Check the network"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := networkAdvice(&test.err)
			if !strings.Contains(got, test.want) || test.unlike != "" && strings.Contains(got, test.unlike) {
				t.Errorf("got %q, want %q and not %q", got, test.want, test.unlike)
			}
		})
	}
}

// sha1Authority returns the error of package x509 for a certificate that an
// authority signed with SHA-1.
func sha1Authority() error {
	return textError{x509.UnknownAuthorityError{}, "x509: certificate signed by unknown authority " +
		`(possibly because of "x509: cannot verify signature: insecure algorithm SHA1-RSA")`}
}

type textError struct {
	error
	text string
}

func (e textError) Error() string { return e.text }

func (e textError) Unwrap() error { return e.error }

// Servers have different messages for http:// in place of https://.
func TestLacksScheme(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"Client sent an HTTP request to an HTTPS server.":                                     true,
		"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head>": true,
		"Reason: You're speaking plain HTTP to an SSL-enabled server port. " +
			"Instead use the HTTPS scheme": true,
		"This combination of host and port requires TLS. " +
			"The plain HTTP request was sent to a port with HTTPS": true,
		"Bad Request": false,
	}
	for message, want := range tests {
		message = "the body begins with: " + message
		e := &client.APIError{Class: client.ClassBadRequest, Scheme: "http", Status: 400, Message: message}
		if got := lacksScheme(e); got != want {
			t.Errorf("%s: %t, want %t", message, got, want)
		}
		e.Scheme = "https"
		if lacksScheme(e) {
			t.Errorf("%s at https://", message)
		}
	}
}

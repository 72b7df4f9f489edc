package datasources

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"regexp"
	"strings"
	"syscall"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// networkAdvice returns the next step after a request without a complete
// response.
func networkAdvice(e *client.APIError) string {
	if refused, ok := errors.AsType[*client.ProxyError](e.Err); ok {
		return proxyAdvice(refused)
	}
	if advice := tlsAdvice(e); advice != "" {
		return advice
	}
	connection, isConnection := errors.AsType[*net.OpError](e.Err)
	_, isUnknownHost := errors.AsType[*net.DNSError](e.Err)
	switch {
	case isConnection && connection.Op == "proxyconnect":
		return "The proxy itself cannot be reached. Check the proxy variables (HTTPS_PROXY, NO_PROXY)."
	case isUnknownHost:
		return "The host's name cannot be resolved. Check region, cloud, endpoints and auth_url for slips, " +
			"and the DNS of this machine."
	case errors.Is(e.Err, syscall.ECONNREFUSED):
		return "Nothing listens at this address. Check endpoints, auth_url and the proxy variables (HTTPS_PROXY, NO_PROXY)."
	case errors.Is(e.Err, context.DeadlineExceeded), errors.Is(e.Err, syscall.ETIMEDOUT):
		return "Check that this machine can reach the host, if need be through a proxy (HTTPS_PROXY)."
	default:
		return "Check the network between this machine and the host, and the proxy variables (HTTPS_PROXY, NO_PROXY)."
	}
}

// proxyAdvice returns the next step after a proxy's response to CONNECT.
func proxyAdvice(refused *client.ProxyError) string {
	if refused.IsTemporary() {
		return "The proxy could not connect to the host. Try again later, and check that the proxy can reach the host. " +
			"NO_PROXY lists hosts that are reached without a proxy."
	}

	return "Check the proxy variables (HTTPS_PROXY, NO_PROXY), with user and password if the proxy wants them, " +
		"and that it lets this machine reach the host."
}

// expectTLS is the next step after a server rejected a request without TLS.
const expectTLS = "The server at this address expects TLS. Check the port, " +
	"or write the address with https:// in endpoints or auth_url."

// wantsTLS matches the messages of servers about a request without TLS to a port
// for TLS.
var wantsTLS = regexp.MustCompile(`(?i)plain HTTP|HTTP request (was sent )?to (an )?(HTTPS|SSL|TLS)`)

// lacksScheme reports whether a request went without TLS to a server that
// expects TLS: the server says so, or sends a TLS alert.
func lacksScheme(e *client.APIError) bool {
	if e.Scheme != "http" {
		return false
	}
	if e.Err != nil {
		return strings.Contains(e.Err.Error(), `malformed HTTP response "\x15\x03`)
	}

	return e.Class == client.ClassBadRequest && e.Code == "" && wantsTLS.MatchString(e.Message)
}

// tlsAdvice returns the next step if TLS or a certificate caused a failure, else
// "".
func tlsAdvice(e *client.APIError) string {
	var unknownAuthority x509.UnknownAuthorityError
	var wrongHost x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch err := e.Err; {
	case lacksScheme(e):
		return expectTLS
	case client.LacksTLS(err):
		return "The server at this address does not use TLS. Check the port, " +
			"or write the address with http:// in endpoints or auth_url."
	case errors.As(err, &unknownAuthority) && !says(err, "insecure algorithm"):
		return "The certificate is not signed by an authority that this machine trusts. " +
			"A proxy that inspects TLS, or a private cloud, has its own: give it in cacert_file, or add it to the system's."
	case says(err, "relies on legacy Common Name field"):
		return "The server's certificate has its name in the Common Name only. " +
			"It needs a subject alternative name (SAN): replace the certificate."
	case errors.As(err, &wrongHost):
		return "The certificate is for another host. Check endpoints and auth_url."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "The certificate has expired or is not valid yet. Check the clock of this machine."
	case errors.As(err, &invalid):
		return "The server's certificate is not valid. Replace the certificate."
	}
	for _, known := range tlsFailures {
		for _, text := range known.texts {
			if says(e.Err, text) {
				return known.advice
			}
		}
	}
	if isRefusedTLS(e.Err) {
		return "The server ended the connection because of the client's certificate. Check cert and key."
	}

	return ""
}

// tlsFailures are failures of package tls that have no types. GODEBUG is named
// only where this version of Go still has the setting: nothing makes a client
// speak a TLS older than 1.2, or accept a signature with SHA-1 in a certificate.
var tlsFailures = []struct {
	texts  []string
	advice string
}{
	{
		[]string{"protocol version not supported", "unsupported protocol version"},
		"The server does not support TLS 1.2, which is the oldest version that this provider supports. Update the server.",
	},
	{
		[]string{"remote error: tls: handshake failure", "tls: server chose an unconfigured cipher suite"},
		"The server and this provider have no cipher suite in common. The server should support ECDHE key exchange. " +
			"If it supports RSA key exchange only, set the environment variable GODEBUG=tlsrsakex=1 " +
			"(and tls3des=1 if it supports 3DES only).",
	},
	{
		[]string{"x509: negative serial number"},
		"The server's certificate has a negative serial number. " +
			"Replace the certificate, or set the environment variable GODEBUG=x509negativeserial=1.",
	},
	{
		[]string{"keys are insecure"},
		"The server's certificate has an RSA key of less than 1024 bits. " +
			"Replace the certificate, or set the environment variable GODEBUG=rsa1024min=0.",
	},
	{
		[]string{"RSA key larger than"},
		"The server's certificate has a very large RSA key. " +
			"Replace the certificate, or set the environment variable GODEBUG=tlsmaxrsasize=16384.",
	},
	{
		[]string{"insecure algorithm"},
		"The server's certificate is signed with an algorithm that is not secure any more, such as SHA-1. " +
			"Replace the certificate.",
	},
	{
		[]string{"TLS handshake timeout"},
		"The server, or a firewall before it, did not complete the TLS handshake. " +
			"Check that this machine can reach the host. " +
			"A firewall that drops long handshakes is avoided with the environment variable GODEBUG=tlsmlkem=0,tlssecpmlkem=0.",
	},
}

// says reports whether an error's message contains a text.
func says(err error, text string) bool { return err != nil && strings.Contains(err.Error(), text) }

// isRefusedTLS reports whether the server ended the handshake because it requires
// a client's certificate or does not accept it. Package tls has no type for alerts
// of the server.
func isRefusedTLS(err error) bool {
	remote, ok := errors.AsType[*net.OpError](err)

	return ok && remote.Op == "remote error" && strings.Contains(remote.Err.Error(), "certificate")
}

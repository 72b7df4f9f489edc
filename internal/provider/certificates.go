package provider

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// isPEM reports whether a value is PEM, as opposed to the path of a file.
func isPEM(text string) bool { return strings.Contains(text, "-----BEGIN") }

// certificatesProblem returns what is wrong with PEM certificates, or "".
func certificatesProblem(data []byte) string {
	if !x509.NewCertPool().AppendCertsFromPEM(data) {
		return "must contain at least one certificate in PEM (-----BEGIN CERTIFICATE-----), and none can be read"
	}

	return ""
}

// privateKeyProblem returns what is wrong with a PEM private key, or "". It never
// shows any part of the key.
func privateKeyProblem(data []byte) string {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case !strings.HasSuffix(block.Type, "PRIVATE KEY"):
			continue
		case block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return "must contain an unencrypted private key, because the provider cannot ask for a password"
		default:
			return ""
		}
	}

	return "must contain a private key in PEM (-----BEGIN PRIVATE KEY-----), and none can be read"
}

// authorities returns the certificates that replace those that this machine
// trusts.
func authorities(certificates []byte) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificates)

	return pool
}

// notOfCertificate returns the problem of a private key that does not belong to a
// certificate.
func notOfCertificate(cert given, err error) string {
	return fmt.Sprintf("must be the private key of cert (%s): %s", cert.source, err)
}

// areTexts reports whether the block contains both a certificate and its key as
// PEM, so that they can be compared at validation.
func areTexts(cert, key given) bool {
	return cert.inBlock() && key.inBlock() && isPEM(cert.text) && isPEM(key.text)
}

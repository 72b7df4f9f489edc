package provider

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// isPEM tells the text of certificates and keys from the path of a file that
// holds them.
func isPEM(text string) bool { return strings.Contains(text, "-----BEGIN") }

// certificatesProblem returns what keeps PEM from being certificates, or "".
func certificatesProblem(data []byte) string {
	if !x509.NewCertPool().AppendCertsFromPEM(data) {
		return "must hold at least one certificate in PEM (-----BEGIN CERTIFICATE-----), and none can be read"
	}

	return ""
}

// privateKeyProblem returns what keeps PEM from being a private key, or "". It
// never shows any of it.
func privateKeyProblem(data []byte) string {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case !strings.HasSuffix(block.Type, "PRIVATE KEY"):
			continue
		case block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return "must hold a private key that is not encrypted, since nobody could be asked for its password"
		default:
			return ""
		}
	}

	return "must hold a private key in PEM (-----BEGIN PRIVATE KEY-----), and none can be read"
}

// authorities are the certificates in place of those that this machine trusts.
func authorities(certificates []byte) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificates)

	return pool
}

// clientCertificate puts a certificate and its private key together. The error
// holds neither.
func clientCertificate(certificate, privateKey []byte) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(certificate, privateKey)
	if err != nil {
		return nil, err
	}

	return &pair, nil
}

// notOfCertificate says that a private key does not fit a certificate.
func notOfCertificate(cert given, err error) string {
	return fmt.Sprintf("must be the private key of cert (%s): %s", cert.source, err)
}

// areTexts reports whether a certificate and its key are both written into the
// block, so that nothing else is needed to compare them.
func areTexts(cert, key given) bool {
	return cert.inBlock() && key.inBlock() && isPEM(cert.text) && isPEM(key.text)
}

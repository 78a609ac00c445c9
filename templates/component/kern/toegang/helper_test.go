package toegang

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net"
	"testing"
	"time"
)

func base64url(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// testCA is an authority that also makes certificates that are wrong.
type testCA struct {
	*testing.T
	cert *x509.Certificate
	key  crypto.Signer
}

func authority(t *testing.T) *testCA {
	t.Helper()
	ca := &testCA{T: t}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: "proef " + rand.Text()}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	made := ca.sign(template)
	ca.cert, ca.key = made.Leaf, made.PrivateKey.(crypto.Signer)
	return ca
}

func (ca *testCA) sign(template *x509.Certificate) tls.Certificate {
	ca.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		ca.Fatal(err)
	}
	template.SerialNumber = serial
	if template.NotBefore.IsZero() {
		template.NotBefore = time.Now().Add(-time.Hour)
	}
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		ca.Fatal(err)
	}
	parent, signer := ca.cert, ca.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		ca.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		ca.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

var both = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}

// issue makes a certificate for a layer, changed.
func (ca *testCA) issue(change func(*x509.Certificate), usages ...x509.ExtKeyUsage) tls.Certificate {
	ca.Helper()
	template := &x509.Certificate{DNSNames: []string{"laag"}, ExtKeyUsage: usages}
	if change != nil {
		change(template)
	}
	return ca.sign(template)
}

// under changes the names of a certificate.
func under(hosts ...string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.DNSNames = nil
		for _, host := range hosts {
			if ip := net.ParseIP(host); ip != nil {
				c.IPAddresses = append(c.IPAddresses, ip)
			} else {
				c.DNSNames = append(c.DNSNames, host)
			}
		}
	}
}

func (ca *testCA) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	return pool
}

// Package pki makes the certificates with which a component is developed: an
// authority of its own and the certificates under it, with the subject that the
// peers of an FSC group recognise each other by. Certificates of production
// come from the trust anchor of the group and never from here.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"
)

const (
	// backdate allows for a clock that runs behind.
	backdate = time.Hour
	// maxValid is how long a certificate of the development authority lasts at
	// most: it is made anew, not renewed.
	maxValid = 365 * 24 * time.Hour
)

// Authority is a certificate authority for development.
type Authority struct {
	Certificate *x509.Certificate
	key         crypto.Signer
}

// Request says who a certificate is for. An FSC group of Dutch governments
// finds the PeerID, the OIN, in subject.serialNumber and the name of the peer in
// subject.O (FSC Core, "Group rules"; the choice is that of the group).
type Request struct {
	Name         string   // common name
	Organisation string   // name of the peer
	OIN          string   // PeerID
	Hosts        []string // names and IP addresses in the SAN
}

// NewAuthority makes an authority with a key of its own that is valid for the
// given time, at most a year.
func NewAuthority(name string, valid time.Duration) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template, err := newTemplate(pkix.Name{CommonName: name}, min(valid, maxValid))
	if err != nil {
		return nil, err
	}
	template.IsCA, template.BasicConstraintsValid, template.MaxPathLenZero = true, true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	certificate, err := sign(template, template, key.Public(), key)
	return &Authority{certificate, key}, err
}

// Issue makes a certificate for both sides of a TLS connection, valid as long
// as the authority. The key is the caller's, ECDSA or RSA; without one it gets
// a new P-256 key.
func (a *Authority) Issue(r Request, key crypto.Signer) (tls.Certificate, error) {
	if key == nil {
		var err error
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return tls.Certificate{}, err
		}
	}
	subject := pkix.Name{CommonName: r.Name, SerialNumber: r.OIN, Country: []string{"NL"}}
	if r.Organisation != "" {
		subject.Organization = []string{r.Organisation}
	}
	template, err := newTemplate(subject, time.Until(a.Certificate.NotAfter))
	if err != nil {
		return tls.Certificate{}, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	for _, host := range r.Hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	leaf, err := sign(template, a.Certificate, key.Public(), a.key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// Pool holds the authority as the only trust anchor.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Certificate)
	return pool
}

func newTemplate(subject pkix.Name, valid time.Duration) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return &x509.Certificate{SerialNumber: serial.Add(serial, big.NewInt(1)), Subject: subject, NotBefore: now.Add(-backdate), NotAfter: now.Add(valid)}, nil
}

func sign(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, fmt.Errorf("certificaat van %s: %w", template.Subject.CommonName, err)
	}
	return x509.ParseCertificate(der)
}

// DevelopmentKey is the key that belongs to a text: the same text gives the
// same key on every machine. It is no secret and protects nothing. It exists so
// that a contract of development, which names the key of the outway, has the
// same hash each time; who may use the key is decided by the certificate, which
// a new authority issues at every start.
func DevelopmentKey(text string) (*ecdsa.PrivateKey, error) {
	// About one in four billion numbers is not a key of P-256.
	for try := range 3 {
		raw, err := hkdf.Key(sha256.New, []byte(text), nil, fmt.Sprint("ontwikkelsleutel van een outway ", try), 32)
		if err != nil {
			return nil, err
		}
		if key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw); err == nil {
			return key, nil
		}
	}
	return nil, errors.New("bij deze tekst hoort geen sleutel")
}

// PublicKeyThumbprint is how a contract names the key of an outway: SHA-256 of
// the SubjectPublicKeyInfo in 64 small hexadecimal digits. It survives a new
// certificate for the same key (FSC Core, public_key_thumbprint).
func PublicKeyThumbprint(c *x509.Certificate) string { return hexSum(c.RawSubjectPublicKeyInfo) }

// KeyThumbprint is the same for a key that has no certificate yet; "" for a key
// of an unknown kind.
func KeyThumbprint(public crypto.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return ""
	}
	return hexSum(der)
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// CertificateThumbprint is how a token names a certificate: SHA-256 of its DER
// in base64url without padding (RFC 7515 section 4.1.8, x5t#S256; RFC 8705
// section 3.1, cnf). A new certificate has another one, also for the same key.
func CertificateThumbprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// PeerID is the OIN in a certificate; "" when there is none.
func PeerID(c *x509.Certificate) string { return c.Subject.SerialNumber }

package toegang

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

// minRSA is the shortest key that the guideline of the NCSC for TLS allows.
const minRSA = 2048

// readChain reads our certificate with those between it and its authority, and
// says what is wrong with it.
func readChain(text []byte, now time.Time) (chain []*x509.Certificate, wrong []string) {
	found, fault := certificates(text)
	if fault != "" {
		return nil, []string{fault}
	}
	own := found[0]
	if text := outOfDate(own, now); text != "" {
		wrong = append(wrong, text)
	}
	if len(own.DNSNames) == 0 && len(own.IPAddresses) == 0 {
		wrong = append(wrong, "noemt geen naam of adres (subjectAltName); wie de laag aanroept weigert het dan")
	}
	if key, ok := own.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < minRSA {
		wrong = append(wrong, fmt.Sprintf("heeft een RSA-sleutel van %d bits; neem er minstens %d", key.N.BitLen(), minRSA))
	}
	if wrong != nil {
		return nil, wrong
	}
	return found, nil
}

// readRoots reads the authorities of which the other layers have a certificate.
func readRoots(text []byte, now time.Time) (*x509.CertPool, []string) {
	found, fault := certificates(text)
	if fault != "" {
		return nil, []string{fault}
	}
	pool, current := x509.NewCertPool(), 0
	for _, c := range found {
		pool.AddCert(c)
		if outOfDate(c, now) == "" {
			current++
		}
	}
	if current == 0 {
		return nil, []string{"bevat alleen certificaten die verlopen zijn of nog niet gelden"}
	}
	return pool, nil
}

// certificates reads a file with nothing but certificates.
func certificates(text []byte) (found []*x509.Certificate, fault string) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return nil, "bevat een sleutel; hier horen alleen certificaten"
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if block.Type != "CERTIFICATE" || err != nil {
			return nil, "bevat iets anders dan een certificaat"
		}
		found = append(found, c)
	}
	if found == nil {
		return nil, "bevat geen certificaat in PEM"
	}
	return found, ""
}

func outOfDate(c *x509.Certificate, now time.Time) string {
	switch {
	case now.After(c.NotAfter):
		return "is verlopen op " + day(c.NotAfter)
	case now.Before(c.NotBefore):
		return "geldt pas vanaf " + day(c.NotBefore) + "; klopt de klok?"
	}
	return ""
}

// readKey reads a private key in one of the forms that are about. Nothing of it
// gets into an error.
func readKey(text []byte) (crypto.Signer, []string) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue // such as the parameters of a curve
		}
		if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
			return nil, []string{"is versleuteld met een wachtwoord; zet er een sleutel neer zonder wachtwoord die alleen het component mag lezen"}
		}
		if key, ok := parseKey(block.Bytes); ok {
			return key, nil
		}
		return nil, []string{"bevat geen sleutel die te lezen is: neem RSA of ECDSA"}
	}
	return nil, []string{"bevat geen sleutel in PEM"}
}

func parseKey(der []byte) (crypto.Signer, bool) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		signer, ok := key.(crypto.Signer)
		return signer, ok
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, true
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	return key, err == nil
}

func fits(key crypto.Signer, c *x509.Certificate) bool {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(c.PublicKey)
}

var usages = map[x509.ExtKeyUsage]string{x509.ExtKeyUsageServerAuth: "server auth", x509.ExtKeyUsageClientAuth: "client auth"}

// issued says why the other layers would not take our certificate: it must be of
// the same authority, for a server and for who calls one.
func issued(chain []*x509.Certificate, roots *x509.CertPool, ca string, now time.Time) (wrong []string) {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
		_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{usage}})
		invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
		switch {
		case err == nil:
		case ok && invalid.Reason == x509.IncompatibleUsage:
			wrong = append(wrong, "is niet voor "+usages[usage]+" (extended key usage); een laag antwoordt ermee en roept er andere mee aan")
		default:
			return []string{"is niet uitgegeven door een CA in TLS_CA (" + ca + "), of het certificaat ertussen ontbreekt; de andere lagen weigeren het dan"}
		}
	}
	return wrong
}

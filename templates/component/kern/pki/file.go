package pki

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	blockCertificate = "CERTIFICATE"
	blockKey         = "PRIVATE KEY" // PKCS #8
)

// WriteCertificate writes certificates as PEM, the leaf first.
func WriteCertificate(path string, chain ...[]byte) error {
	var text []byte
	for _, der := range chain {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: blockCertificate, Bytes: der})...)
	}
	return write(path, text, 0o644)
}

// writeKey writes a private key as PEM that only its owner may read. It never
// replaces a file: a key that is gone cannot be had back.
func writeKey(path string, key any) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- A setting or flag names the file.
	if err != nil {
		return err
	}
	return errors.Join(pem.Encode(file, &pem.Block{Type: blockKey, Bytes: der}), file.Close())
}

// Write writes a certificate and its key.
func Write(certificate, key string, c tls.Certificate) error {
	if err := writeKey(key, c.PrivateKey); err != nil {
		return err
	}
	return WriteCertificate(certificate, c.Certificate...)
}

// Read reads a certificate with the chain below it, and its key.
func Read(certificate, key string) (tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificaat %s met sleutel %s: %w", certificate, key, err)
	}
	return pair, nil
}

// ReadPool reads the trust anchors in a PEM file.
func ReadPool(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path) // #nosec G304 -- A setting or flag names the file.
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s bevat geen certificaat in PEM", path)
	}
	return pool, nil
}

// SystemPool is what this machine trusts, and the trust anchors in a PEM file
// besides. The error says what is wrong with the file, in Dutch.
func SystemPool(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path) // #nosec G304 -- A setting names the file.
	if err != nil {
		return nil, fmt.Errorf("%s is niet te lezen", path)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	found, current := 0, 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, blockKey) {
			return nil, fmt.Errorf("%s bevat een sleutel; hier horen alleen certificaten", path)
		}
		anchor, err := x509.ParseCertificate(block.Bytes)
		if block.Type != blockCertificate || err != nil {
			return nil, fmt.Errorf("%s bevat iets anders dan een certificaat in PEM", path)
		}
		found++
		if time.Now().Before(anchor.NotAfter) {
			current++
		}
		pool.AddCert(anchor)
	}
	switch {
	case found == 0:
		return nil, fmt.Errorf("%s bevat geen certificaat in PEM", path)
	case current == 0:
		return nil, fmt.Errorf("%s bevat alleen certificaten die verlopen zijn", path)
	}
	return pool, nil
}

// ReadableByAll says whether everybody on this machine can read a file. Windows has
// other permissions, of which nothing is said.
func ReadableByAll(path string) bool {
	info, err := os.Stat(path)
	return err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0
}

func write(path string, text []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, text, mode)
}

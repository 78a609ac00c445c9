package pki

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
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
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s bevat geen certificaat in PEM", path)
	}
	return pool, nil
}

func write(path string, text []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, mode)
}

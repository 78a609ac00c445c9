package pki

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func authority(t *testing.T) *Authority {
	t.Helper()
	a, err := NewAuthority("Proef", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var peer = Request{Name: "outway.test", Organisation: "Gemeente Proef", OIN: "00000099000000001000", Hosts: []string{"outway.test", "127.0.0.1"}}

func TestACertificateOfAPeer(t *testing.T) {
	a := authority(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	own, err := a.Issue(peer, nil)
	if err != nil {
		t.Fatal(err)
	}
	withRSA, err := a.Issue(peer, rsaKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []tls.Certificate{own, withRSA} {
		for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth} {
			for _, host := range peer.Hosts {
				if _, err := c.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: host, KeyUsages: []x509.ExtKeyUsage{usage}}); err != nil {
					t.Errorf("for %s: %v", host, err)
				}
			}
		}
		if _, err := c.Leaf.Verify(x509.VerifyOptions{Roots: authority(t).Pool()}); err == nil {
			t.Error("another authority with the same name vouches for it")
		}
		s := c.Leaf.Subject
		if PeerID(c.Leaf) != peer.OIN || s.SerialNumber != peer.OIN || s.Organization[0] != peer.Organisation || s.CommonName != peer.Name {
			t.Errorf("the subject is %s", s)
		}
		if c.Leaf.IsCA || c.Leaf.NotAfter.After(a.Certificate.NotAfter.Add(time.Second)) || !c.Leaf.NotBefore.Before(time.Now()) {
			t.Errorf("CA %t, from %s until %s", c.Leaf.IsCA, c.Leaf.NotBefore, c.Leaf.NotAfter)
		}
	}
	if long, err := NewAuthority("Proef", 100*maxValid); err != nil || time.Until(long.Certificate.NotAfter) > maxValid {
		t.Error("an authority of development lasts longer than a year")
	}
}

func TestTheTwoThumbprintsAreDifferentThings(t *testing.T) {
	a := authority(t)
	first, err := a.Issue(peer, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.Issue(peer, first.PrivateKey.(crypto.Signer))
	if err != nil {
		t.Fatal(err)
	}
	if PublicKeyThumbprint(first.Leaf) != PublicKeyThumbprint(again.Leaf) || CertificateThumbprint(first.Leaf) == CertificateThumbprint(again.Leaf) {
		t.Error("a renewed certificate keeps the thumbprint of its key, and not its own")
	}
	der, err := x509.MarshalPKIXPublicKey(first.Leaf.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	key, certificate := sha256.Sum256(der), sha256.Sum256(first.Certificate[0])
	if got := PublicKeyThumbprint(first.Leaf); got != hex.EncodeToString(key[:]) || KeyThumbprint(first.Leaf.PublicKey) != got {
		t.Errorf("the thumbprint of the key is %s", got)
	}
	if got := CertificateThumbprint(first.Leaf); got != base64.RawURLEncoding.EncodeToString(certificate[:]) {
		t.Errorf("the thumbprint of the certificate is %s", got)
	}
	if got := KeyThumbprint("geen sleutel"); got != "" {
		t.Errorf("what is not a key has thumbprint %s", got)
	}
}

// The value is written down: when it changes, so do all grant hashes of
// development, also those that somebody has put into a file.
func TestTheKeyOfDevelopmentIsAlwaysTheSame(t *testing.T) {
	key, err := DevelopmentKey("proef")
	if err != nil {
		t.Fatal(err)
	}
	const want = "12fce96d84cb204355d0f564d184b6c4a91515703995d2a8b3fbe71fe1f7da9e"
	if got := KeyThumbprint(key.Public()); got != want {
		t.Errorf("the key of %q has thumbprint %s, want %s", "proef", got, want)
	}
	other, err := DevelopmentKey("proef2")
	if err != nil || other.Equal(key) {
		t.Error("another text gives the same key")
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	a := authority(t)
	c, err := a.Issue(peer, nil)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key := filepath.Join(dir, "groep", "outway.pem"), filepath.Join(dir, "groep", "outway.key")
	if err := Write(certificate, key, c); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(key)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the key has mode %o", info.Mode().Perm())
	}
	back, err := Read(certificate, key)
	if err != nil || PeerID(back.Leaf) != peer.OIN {
		t.Errorf("%v %v", back.Leaf, err)
	}
	if err := writeKey(key, c.PrivateKey); err == nil {
		t.Error("a key is overwritten")
	}
	caFile, otherKey := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "other.key")
	if err := errors.Join(WriteCertificate(caFile, a.Certificate.Raw), writeKey(otherKey, a.key)); err != nil {
		t.Fatal(err)
	}
	pool, err := ReadPool(caFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := back.Leaf.Verify(x509.VerifyOptions{Roots: pool}); err != nil {
		t.Error(err)
	}
	if _, err := ReadPool(key); err == nil {
		t.Error("a key is taken for a trust anchor")
	}
	for _, missing := range []func() error{
		func() error { _, err := ReadPool(filepath.Join(dir, "x")); return err },
		func() error { _, err := Read(certificate, filepath.Join(dir, "x")); return err },
		func() error { _, err := Read(certificate, otherKey); return err },
	} {
		if missing() == nil {
			t.Error("a file that is not there, or of another, is read")
		}
	}
}

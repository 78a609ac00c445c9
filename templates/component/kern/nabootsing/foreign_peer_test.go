package nabootsing_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// What follows is a manager and an inway as somebody else might write them: it
// shares no code with the stand-in, makes its certificates with crypto/x509 and
// its tokens by hand, and knows of the signer of tokens only a bare public key.
// It takes "Bearer " as a must, gives two minutes of leeway and has codes of its
// own, as an inway of another maker was seen to do.

const (
	oinOurs    = "00000099000000001000"
	oinForeign = "00000099000000007000"
	group      = "proef.groep"
	grant      = "$1$3$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

// foreignPeer is somebody else's peer.
type foreignPeer struct {
	t            *testing.T
	ca           *x509.Certificate
	caKey        *ecdsa.PrivateKey
	signer       *rsa.PrivateKey
	manager      *httptest.Server
	inway        *httptest.Server
	thumbprint   string // of the key of the outway in the contract, hexadecimal
	change       func(claims map[string]any)
	refuse       string // OAuth error with which the manager refuses
	tokenType    string
	logDown      bool
	status       int // of the service
	mu           sync.Mutex
	tokens       int
	log          []map[string]any
	atService    []*http.Request
	bodies       []string
	outwayPEM    string // files of our outway
	outwayKeyPEM string
	caPEM        string
}

func newForeignPeer(t *testing.T) *foreignPeer {
	t.Helper()
	v := &foreignPeer{t: t, status: 200, tokenType: "Bearer"}
	var err error
	if v.caKey, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Groep"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &v.caKey.PublicKey, v.caKey)
	if err != nil {
		t.Fatal(err)
	}
	if v.ca, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	if v.signer, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	own := v.issue(oinOurs, "Onze gemeente")
	spki := sha256.Sum256(own.Leaf.RawSubjectPublicKeyInfo)
	v.thumbprint = hex.EncodeToString(spki[:])
	dir := t.TempDir()
	v.caPEM = file(t, dir, "ca.pem", "CERTIFICATE", v.ca.Raw)
	v.outwayPEM = file(t, dir, "outway.pem", "CERTIFICATE", own.Certificate[0])
	keyDER, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	v.outwayKeyPEM = file(t, dir, "outway.key", "PRIVATE KEY", keyDER)
	v.manager = v.serve(v.token, oinForeign)
	v.inway = v.serve(v.proxy, oinForeign)
	return v
}

func file(t *testing.T, dir, name, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (v *foreignPeer) issue(oin, name string) tls.Certificate {
	v.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		v.t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		Subject: pkix.Name{CommonName: "peer", Organization: []string{name}, SerialNumber: oin}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, v.ca, &key.PublicKey, v.caKey)
	if err != nil {
		v.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		v.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (v *foreignPeer) serve(h http.HandlerFunc, oin string) *httptest.Server {
	pool := x509.NewCertPool()
	pool.AddCert(v.ca)
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{v.issue(oin, "Vreemd")}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.StartTLS()
	v.t.Cleanup(s.Close)
	return s
}

// token is the manager.
func (v *foreignPeer) token(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tokens++
	peer := r.TLS.PeerCertificates[0]
	spki := sha256.Sum256(peer.RawSubjectPublicKeyInfo)
	w.Header().Set("Content-Type", "application/json")
	refuse := v.refuse
	switch {
	case refuse != "":
	case r.URL.Path != "/v1/token" || r.Method != "POST" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded":
		refuse = "invalid_request"
	case r.PostFormValue("grant_type") != "client_credentials":
		refuse = "unsupported_grant_type"
	case r.PostFormValue("client_id") != peer.Subject.SerialNumber:
		refuse = "invalid_client"
	case r.PostFormValue("scope") != grant || hex.EncodeToString(spki[:]) != v.thumbprint:
		refuse = "invalid_scope"
	}
	if refuse != "" {
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": refuse, "error_description": "nee"})
		return
	}
	certificate := sha256.Sum256(peer.Raw)
	now := time.Now().Unix()
	claims := map[string]any{"gth": grant, "gid": group, "sub": oinOurs, "iss": oinForeign, "svc": "vreemde-dienst", "aud": v.inway.URL, "nbf": now, "exp": now + 3600,
		"cnf": map[string]string{"x5t#S256": base64.RawURLEncoding.EncodeToString(certificate[:])}, "add": map[string]any{}}
	if v.change != nil {
		v.change(claims)
	}
	part := func(x any) string {
		raw, _ := json.Marshal(x)
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	signed := part(map[string]string{"alg": "RS256", "x5t#S256": "AAAA"}) + "." + part(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, v.signer, crypto.SHA256, digest[:])
	if err != nil {
		v.t.Error(err)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": signed + "." + base64.RawURLEncoding.EncodeToString(signature), "token_type": v.tokenType})
}

// proxy is the inway, with the service in it.
func (v *foreignPeer) proxy(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	deny := func(status int, code string) {
		w.Header().Set("Fsc-Error-Code", code)
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"message":"vreemd","domain":"ERROR_DOMAIN_INWAY","code":%q}`, code)
	}
	claims, err := v.verify(r)
	switch id := r.Header.Get("Fsc-Transaction-Id"); {
	case err != nil:
		v.t.Logf("the other inway denies: %v", err)
		deny(http.StatusUnauthorized, "ERROR_CODE_ACCESS_DENIED")
		return
	case claims["gid"] != group:
		deny(http.StatusForbidden, "WRONG_GROUP_ID_IN_TOKEN")
		return
	case id == "":
		deny(http.StatusBadRequest, "MISSING_LOG_RECORD_ID")
		return
	case v.logDown:
		deny(http.StatusInternalServerError, "TRANSACTION_LOG_WRITE_ERROR")
		return
	default:
		v.log = append(v.log, map[string]any{"transaction_id": id, "grant_hash": claims["gth"], "service_name": claims["svc"], "outway_peer_id": claims["sub"]})
	}
	body, _ := io.ReadAll(r.Body)
	v.atService, v.bodies = append(v.atService, r), append(v.bodies, string(body))
	w.Header().Set("X-Dienst", "vreemd")
	w.WriteHeader(v.status)
	_, _ = io.WriteString(w, `{"antwoord":"van een ander"}`)
}

func (v *foreignPeer) verify(r *http.Request) (map[string]any, error) {
	public, ok := v.bareKey().(*rsa.PublicKey)
	text, bearer := strings.CutPrefix(r.Header.Get("Fsc-Authorization"), "Bearer ")
	parts := strings.Split(text, ".")
	if !ok || !bearer || len(parts) != 3 {
		return nil, errors.New("no bearer token")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature); err != nil {
		return nil, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, err
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		return nil, err
	}
	const leeway = 120
	now := float64(time.Now().Unix())
	until, _ := claims["exp"].(float64)
	from, _ := claims["nbf"].(float64)
	if now > until+leeway || now < from-leeway {
		return nil, errors.New("not in time")
	}
	bound, _ := claims["cnf"].(map[string]any)
	certificate := sha256.Sum256(r.TLS.PeerCertificates[0].Raw)
	if bound["x5t#S256"] != base64.RawURLEncoding.EncodeToString(certificate[:]) {
		return nil, errors.New("bound to another certificate")
	}
	return claims, nil
}

// bareKey is the public key of the signer as a plugin gets it: PEM, nothing else.
func (v *foreignPeer) bareKey() any {
	der, err := x509.MarshalPKIXPublicKey(&v.signer.PublicKey)
	if err != nil {
		return nil
	}
	block, _ := pem.Decode(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil
	}
	return key
}

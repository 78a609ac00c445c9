package toegang

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// layer is the folder with the certificate of one layer.
type layer struct {
	*testing.T
	Paths
}

func newLayer(t *testing.T, ca *testCA, hosts ...string) layer {
	t.Helper()
	dir := t.TempDir()
	l := layer{t, Paths{filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"), filepath.Join(dir, "ca.crt")}}
	l.renew(ca, hosts...)
	l.trust(ca)
	return l
}

// renew does what cert-manager does: a new certificate with a new key.
func (l layer) renew(ca *testCA, hosts ...string) {
	l.Helper()
	l.put(ca.issue(under(hosts...), both...))
}

func (l layer) put(c tls.Certificate) {
	l.Helper()
	_ = os.Remove(l.Key)
	if err := pki.Write(l.Certificate, l.Key, c); err != nil {
		l.Fatal(err)
	}
}

func (l layer) trust(authorities ...*testCA) {
	l.Helper()
	var all [][]byte
	for _, ca := range authorities {
		all = append(all, ca.cert.Raw)
	}
	if err := pki.WriteCertificate(l.CA, all...); err != nil {
		l.Fatal(err)
	}
}

func (l layer) read(log *bytes.Buffer) *Certificates {
	l.Helper()
	c, err := ReadCertificates(l.Paths, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		l.Fatal(err)
	}
	c.files.every = 0
	c.files.next.Store(0)
	return c
}

// serve answers as a layer does, and gives its address.
func serve(t *testing.T, config *tls.Config) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.Proto))
	}))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: s.Config.Handler, TLSConfig: config, ErrorLog: s.Config.ErrorLog, ReadHeaderTimeout: time.Second}
	go func() { _ = srv.ServeTLS(l, "", "") }()
	t.Cleanup(func() { _ = srv.Close() })
	return "https://" + l.Addr().String()
}

func ask(t *testing.T, way http.RoundTripper, address string) error {
	t.Helper()
	client := &http.Client{Transport: way, Timeout: 5 * time.Second}
	resp, err := client.Get(address)
	if err != nil {
		return err
	}
	client.CloseIdleConnections() // the next one shakes hands again
	return resp.Body.Close()
}

func TestLayersKnowEachOther(t *testing.T) {
	ca, other := authority(t), authority(t)
	var log bytes.Buffer
	proces, interactie := newLayer(t, ca, "127.0.0.1").read(&log), newLayer(t, ca, "interactie").read(&log)
	mutual, open := serve(t, proces.Server(true)), serve(t, proces.Server(false))
	if err := ask(t, interactie.Transport(false), mutual); err != nil {
		t.Errorf("a layer does not get in: %v", err)
	}
	strangers := map[string]*tls.Config{
		"without a certificate":         {RootCAs: ca.pool(), MinVersion: tls.VersionTLS12},
		"with one of another authority": {RootCAs: ca.pool(), MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{other.issue(nil, x509.ExtKeyUsageClientAuth)}},
		"with one for servers":          {RootCAs: ca.pool(), MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{ca.issue(nil, x509.ExtKeyUsageServerAuth)}},
		"that made one itself": {RootCAs: ca.pool(), MinVersion: tls.VersionTLS12, GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			c := other.issue(nil, x509.ExtKeyUsageClientAuth)
			return &c, nil
		}},
	}
	for who, config := range strangers {
		if err := ask(t, &http.Transport{TLSClientConfig: config}, mutual); err == nil {
			t.Errorf("who comes %s gets in", who)
		}
		if err := ask(t, &http.Transport{TLSClientConfig: config}, open); err != nil {
			t.Errorf("a browser %s does not get in where it may: %v", who, err)
		}
	}
	// And the other way round: a layer calls nobody who is not of the authority.
	strange := newLayer(t, other, "127.0.0.1").read(&log)
	if err := ask(t, interactie.Transport(false), serve(t, strange.Server(false))); err == nil {
		t.Error("a layer speaks with a stranger")
	}
	elsewhere := newLayer(t, ca, "proces.elders").read(&log)
	if err := ask(t, interactie.Transport(false), serve(t, elsewhere.Server(true))); err == nil {
		t.Error("a layer speaks with another one than it called")
	}
	// A process finds itself, whatever its certificate names.
	if err := ask(t, elsewhere.Transport(true), serve(t, elsewhere.Server(true))); err != nil {
		t.Errorf("a process does not find itself: %v", err)
	}
	alone := newLayer(t, ca, "10.1.2.3")
	alone.CA = ""
	if err := ask(t, alone.read(&log).Transport(true), serve(t, alone.read(&log).Server(true))); err != nil {
		t.Errorf("a process without TLS_CA does not find itself: %v", err)
	}
}

// TestTheVersionsAndSuitesOfTheGuideline: nothing older or weaker is spoken.
func TestTheVersionsAndSuitesOfTheGuideline(t *testing.T) {
	ca := authority(t)
	var log bytes.Buffer
	l := newLayer(t, ca, "127.0.0.1")
	address := strings.TrimPrefix(serve(t, l.read(&log).Server(false)), "https://")
	for name, c := range map[string]struct {
		config *tls.Config
		ok     bool
	}{
		"TLS 1.3":          {&tls.Config{MinVersion: tls.VersionTLS13}, true},
		"TLS 1.2":          {&tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}, true},
		"TLS 1.1":          {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, false},                                                                               //nolint:gosec // it has to be refused
		"CBC":              {&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA}}, false}, //nolint:gosec // it has to be refused
		"P-521":            {&tls.Config{MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.CurveP521}}, false},
		"P-256, TLS 1.2":   {&tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.CurveP256}}, true},
		"X25519 and MLKEM": {&tls.Config{MinVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.X25519MLKEM768}}, true},
	} {
		c.config.RootCAs = ca.pool()
		conn, err := (&tls.Dialer{Config: c.config}).DialContext(t.Context(), "tcp", address)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}

// TestNewCertificatesHoldWithoutAStop, also of a new authority; wrong ones change
// nothing but the log.
func TestNewCertificatesHoldWithoutAStop(t *testing.T) {
	first, second := authority(t), authority(t)
	var log, quiet bytes.Buffer
	server, client := newLayer(t, first, "127.0.0.1"), newLayer(t, first, "interactie")
	proces, interactie := server.read(&log), client.read(&quiet)
	address := serve(t, proces.Server(true))
	shown := func() string {
		var serial string
		way := interactie.Transport(false)
		if err := ask(t, way, address); err != nil {
			t.Fatalf("refused: %v\n%s", err, log.String())
		}
		conn, err := way.DialTLSContext(context.Background(), "tcp", strings.TrimPrefix(address, "https://"))
		if err != nil {
			t.Fatal(err)
		}
		serial = conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String()
		_ = conn.Close()
		return serial
	}
	was := shown()
	server.renew(first, "127.0.0.1")
	client.renew(first, "interactie")
	now := shown()
	if now == was {
		t.Error("the old certificate is shown still")
	}
	// A new authority: everybody trusts both for a while.
	server.trust(first, second)
	client.trust(first, second)
	server.renew(second, "127.0.0.1")
	client.renew(second, "interactie")
	if again := shown(); again == now {
		t.Error("the certificate of the new authority is not shown")
	}
	server.trust(second)
	client.trust(second)
	now = shown()
	if err := ask(t, newLayer(t, first, "x").read(&quiet).Transport(false), address); err == nil {
		t.Error("the old authority is believed still")
	}
	if strings.Contains(log.String(), "level=WARN") {
		t.Error(log.String())
	}
	server.renew(first, "127.0.0.1") // no longer of the authority
	if again := shown(); again != now || !strings.Contains(log.String(), "is niet uitgegeven door een CA in TLS_CA") {
		t.Errorf("a wrong certificate holds: %s", log.String())
	}
	if err := os.Remove(server.Key); err != nil {
		t.Fatal(err)
	}
	if again := shown(); again != now || !strings.Contains(log.String(), server.Key+" is er niet") {
		t.Errorf("half a pair holds: %s", log.String())
	}
}

// TestCertificateFaultsSayWhichFileAndWhy, all at once.
func TestCertificateFaultsSayWhichFileAndWhy(t *testing.T) {
	ca, other := authority(t), authority(t)
	text := func(path string, body string) {
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		change func(l *layer)
		want   []string
	}{
		"nothing is there": {func(l *layer) { _, _ = os.Remove(l.Certificate), os.Remove(l.Key) }, []string{"TLS_CERT: %s is er niet", "TLS_KEY: %s is er niet"}},
		"no PEM":           {func(l *layer) { text(l.Certificate, "x"); text(l.Key, "y"); text(l.CA, "z") }, []string{"TLS_CERT: %s bevat geen certificaat in PEM", "TLS_KEY: %s bevat geen sleutel in PEM", "TLS_CA: %s bevat geen certificaat in PEM"}},
		"the key of another": {func(l *layer) {
			l.Key = newLayer(t, ca, "x").Key
		}, []string{"TLS_KEY: %s hoort niet bij het certificaat in "}},
		"over": {func(l *layer) {
			l.put(ca.issue(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }, both...))
		}, []string{"TLS_CERT: %s is verlopen op "}},
		"not yet": {func(l *layer) {
			l.put(ca.issue(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }, both...))
		}, []string{"TLS_CERT: %s geldt pas vanaf "}},
		"no name": {func(l *layer) {
			l.put(ca.issue(func(c *x509.Certificate) { c.DNSNames = nil }, both...))
		}, []string{"TLS_CERT: %s noemt geen naam"}},
		"for servers only":     {func(l *layer) { l.put(ca.issue(nil, x509.ExtKeyUsageServerAuth)) }, []string{"TLS_CERT: %s is niet voor client auth"}},
		"for clients only":     {func(l *layer) { l.put(ca.issue(nil, x509.ExtKeyUsageClientAuth)) }, []string{"TLS_CERT: %s is niet voor server auth"}},
		"of another authority": {func(l *layer) { l.renew(other, "x") }, []string{"TLS_CERT: %s is niet uitgegeven door een CA in TLS_CA"}},
		"a key as CA":          {func(l *layer) { l.CA = l.Key }, []string{"TLS_CA: %s bevat een sleutel; hier horen alleen certificaten"}},
		"a key as certificate": {func(l *layer) { l.Certificate = l.Key }, []string{"TLS_CERT: %s bevat een sleutel"}},
		"a password": {func(l *layer) {
			text(l.Key, string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})))
		}, []string{"TLS_KEY: %s is versleuteld met een wachtwoord"}},
		"no key in it": {func(l *layer) {
			text(l.Key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})))
		}, []string{"TLS_KEY: %s bevat geen sleutel die te lezen is"}},
		"no certificate in it": {func(l *layer) {
			text(l.Certificate, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})))
		}, []string{"TLS_CERT: %s bevat iets anders dan een certificaat"}},
		"too large": {func(l *layer) { text(l.CA, strings.Repeat("x", maxFile+1)) }, []string{"TLS_CA: %s is groter dan 1 MiB"}},
	} {
		l := newLayer(t, ca, "laag")
		c.change(&l)
		_, err := ReadCertificates(l.Paths, slog.Default())
		for _, want := range c.want {
			for setting, path := range map[string]string{"TLS_CERT": l.Certificate, "TLS_KEY": l.Key, "TLS_CA": l.CA} {
				if strings.HasPrefix(want, setting) {
					want = strings.Replace(want, "%s", path, 1)
				}
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		}
	}
}

func TestACertificateSaysWhenItEnds(t *testing.T) {
	var log bytes.Buffer
	c := newLayer(t, authority(t), "laag").read(&log)
	at := c.Expires()
	for before, want := range map[time.Duration]string{50 * time.Minute: "", 5 * time.Minute: "loopt af op", -time.Minute: "is verlopen op"} {
		if got := strings.Join(c.EndsSoon(at.Add(-before)), ""); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s before: %q", before, got)
		}
	}
	if (*Certificates)(nil).EndsSoon(at) != nil {
		t.Error("what is not there ends")
	}
}

// TestWhoWeAreIsNobodyElsesBusiness: an outway gets to see our certificate only when
// it asks for one of our authority.
func TestWhoWeAreIsNobodyElsesBusiness(t *testing.T) {
	ca, other := authority(t), authority(t)
	var log bytes.Buffer
	ours := newLayer(t, ca, "proces").read(&log)
	for want, asks := range map[bool]*testCA{true: ca, false: other} {
		var seen int
		server := other.issue(func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} }, x509.ExtKeyUsageServerAuth)
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = len(r.TLS.PeerCertificates) }))
		s.TLS = &tls.Config{Certificates: []tls.Certificate{server}, ClientAuth: tls.RequestClientCert, ClientCAs: asks.pool(), MinVersion: tls.VersionTLS12}
		s.StartTLS()
		way := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: other.pool(), GetClientCertificate: ours.Show, MinVersion: tls.VersionTLS12}}
		if err := ask(t, way, s.URL); err != nil || (seen == 1) != want {
			t.Errorf("asked by an outway of our authority %t it sees %d certificates (%v)", want, seen, err)
		}
		s.Close()
	}
}

// TestAnEarlierConnectionOpensNoDoor: who was known once cannot go on with that
// connection after its authority has been taken away.
func TestAnEarlierConnectionOpensNoDoor(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		before, after := authority(t), authority(t)
		var log bytes.Buffer
		server := newLayer(t, before, "127.0.0.1")
		proces := server.read(&log)
		address := strings.TrimPrefix(serve(t, proces.Server(true)), "https://")
		both := before.pool()
		both.AddCert(after.cert)
		stranger := &tls.Config{RootCAs: both, MinVersion: version, MaxVersion: version, ClientSessionCache: tls.NewLRUClientSessionCache(4), Certificates: []tls.Certificate{before.issue(nil, x509.ExtKeyUsageClientAuth)}}
		get := func() error {
			conn, err := (&tls.Dialer{Config: stranger}).DialContext(t.Context(), "tcp", address)
			if err != nil {
				return err
			}
			defer func() { _ = conn.Close() }()
			if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")); err != nil {
				return err
			}
			_, err = bufio.NewReader(conn).ReadString('\n')
			return err
		}
		for range 2 {
			if err := get(); err != nil {
				t.Fatalf("%s: %v", tls.VersionName(version), err)
			}
		}
		server.renew(after, "127.0.0.1")
		server.trust(after)
		proces.Look()
		if err := get(); err == nil {
			t.Errorf("%s: who is of an authority of before gets in", tls.VersionName(version))
		}
	}
}

package nabootsing

import (
	"bytes"
	"crypto/rsa"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

const peers = `
groep: proef
eigen: {oin: "00000099000000001000", naam: Eigen}
aangeboden: [{naam: eigen-diensten, protocol: PROTOCOL_TCP_HTTP_1.1}]
afgenomen:
  - {naam: eigen-diensten, aanbieder: {oin: "00000099000000001000", naam: Eigen}, grant: FSC_GRANT_HASH_EIGEN_DIENSTEN}
  - {naam: adressen, aanbieder: {oin: "00000099000000002000", naam: Ander}, grant: FSC_GRANT_HASH_ADRESSEN}
  - {naam: straten.v2, aanbieder: {oin: "00000099000000002000", naam: Ander}, grant: FSC_GRANT_HASH_STRATEN}
`

// rig is a stand-in with a layer 2 behind it and a source that remembers what
// it got.
type rig struct {
	*StandIn
	t      testing.TB
	log    *buffer
	grants map[string]string
	clock  time.Time
	down   func() // switches layer 2 off

	mu   sync.Mutex
	seen []seen
}

// seen is what arrived at a service.
type seen struct {
	service, method, target, body string
	header                        http.Header
	status                        int // that the stand-in of the source was told to give
	records                       int // in the transaction log at that moment
}

func newRig(t testing.TB, change ...func(*Options)) *rig {
	t.Helper()
	p := &rig{t: t, clock: time.Now(), log: &buffer{}}
	layer2 := httptest.NewServer(p.backend("eigen-diensten"))
	t.Cleanup(layer2.Close)
	p.down = layer2.Close
	agreed, err := fsc.Read([]byte(peers))
	if err != nil {
		t.Fatal(err)
	}
	p.grants = agreed.Grants(func(string) string { return "" }, false)
	o := Options{FSC: agreed, Grants: p.grants, Own: "eigen-diensten", ServicesURL: layer2.URL,
		Bronnen: map[string]http.Handler{"adressen": p.backend("adressen"), "straten.v2": p.backend("straten.v2")},
		Log:     slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		now:     p.now, makeKey: keys(), delay: 50 * time.Millisecond}
	for _, c := range change {
		c(&o)
	}
	if p.StandIn, err = New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// backend answers as no proxy would by itself, and remembers.
func (p *rig) backend(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		g := seen{name, r.Method, r.RequestURI, string(body), r.Header.Clone(), bron.ForcedStatus(r.Context()), len(p.Transactions())}
		p.mu.Lock()
		p.seen = append(p.seen, g)
		p.mu.Unlock()
		w.Header().Set("ETag", `"7"`)
		w.Header().Set(fsc.HeaderTransaction, r.Header.Get(fsc.HeaderTransaction)) // as some services do
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("thee"))
	})
}

func (p *rig) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.clock
}

func (p *rig) later(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock = p.clock.Add(d)
}

// arrived is what came at the services, oldest first.
func (p *rig) arrived() []seen {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]seen(nil), p.seen...)
}

// last is the last that arrived.
func (p *rig) last() seen {
	p.t.Helper()
	all := p.arrived()
	if len(all) == 0 {
		p.t.Fatal("nothing arrived at a service")
	}
	return all[len(all)-1]
}

// nothing checks that no service was called.
func (p *rig) nothing() {
	p.t.Helper()
	if n := len(p.arrived()); n > 0 {
		p.t.Errorf("%d calls arrived at a service", n)
	}
}

// call calls the outway, for a service or with a grant hash.
func (p *rig) call(service, method, path, body string, headers ...string) *http.Response {
	p.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if grant, ok := p.grants[service]; ok {
		r.Header.Set(fsc.HeaderGrant, grant)
	} else if service != "" {
		r.Header.Set(fsc.HeaderGrant, service)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	resp := w.Result()
	if resp.Header.Get(bron.HeaderStandIn) == "" {
		p.t.Error("the answer does not say that it is from a stand-in")
	}
	return resp
}

// gives checks the status of an answer that is not an error of FSC.
func (p *rig) gives(resp *http.Response, status int) {
	p.t.Helper()
	if resp.StatusCode != status || resp.Header.Get(fsc.HeaderErrorCode) != "" {
		p.t.Errorf("answered with %d %s, want %d of the service", resp.StatusCode, resp.Header.Get(fsc.HeaderErrorCode), status)
	}
}

// refuses checks an error in the form of FSC Core.
func (p *rig) refuses(resp *http.Response, status int, code, domain string) {
	p.t.Helper()
	var e struct{ Message, Domain, Code string }
	_ = json.NewDecoder(resp.Body).Decode(&e)
	if resp.StatusCode != status || resp.Header.Get(fsc.HeaderErrorCode) != code || e.Code != code || e.Domain != domain || e.Message == "" {
		p.t.Errorf("refused with %d %s %+v, want %d %s", resp.StatusCode, resp.Header.Get(fsc.HeaderErrorCode), e, status, code)
	}
	if bearer := resp.Header.Get("WWW-Authenticate") == "Bearer"; bearer != (status == 401) {
		p.t.Errorf("WWW-Authenticate is %q with status %d", resp.Header.Get("WWW-Authenticate"), status)
	}
}

// peer is the certificate with which the stand-in of our outway connects.
func (p *rig) own() tls.Certificate {
	p.t.Helper()
	c, err := p.transports[0].TLSClientConfig.GetClientCertificate(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return *c
}

// client connects to a manager or an inway directly, with a certificate or with
// none.
func (p *rig) client(certificates ...tls.Certificate) *http.Client {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.transports[0].TLSClientConfig.RootCAs}, DisableKeepAlives: true}
	if len(certificates) > 0 {
		transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &certificates[0], nil }
	}
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// keys lends RSA keys that were made once; making them takes longer than
// all tests together.
func keys() func(int) (*rsa.PrivateKey, error) {
	var mu sync.Mutex
	next := 0
	return func(bits int) (*rsa.PrivateKey, error) {
		mu.Lock()
		defer mu.Unlock()
		lent.Lock()
		defer lent.Unlock()
		for len(lent.keys) <= next {
			key, err := makeTokenKey(bits)
			if err != nil {
				return nil, err
			}
			lent.keys = append(lent.keys, key)
		}
		next++
		return lent.keys[next-1], nil
	}
}

var lent struct {
	sync.Mutex
	keys []*rsa.PrivateKey
}

// buffer is a log that several goroutines write.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

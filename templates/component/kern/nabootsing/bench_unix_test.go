//go:build unix

package nabootsing

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

// mostOfBare is what a call through the stand-in may cost of the processor, as a
// multiple of the same two hops without anything of FSC.
const mostOfBare = 1.3

// BenchmarkChain compares what a call costs through the stand-in, outway, mutual TLS
// and inway, with two reverse proxies that do nothing else, with mutual TLS in between
// too. It counts the time of the processor, client and layer 2 included, which a busy
// machine changes least: go test -bench Chain ./kern/nabootsing
func BenchmarkChain(b *testing.B) {
	layer2 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"01a2015c-799d-785d-9491-fb76c4c20dbc","naam":"een antwoord"}`)
	}))
	defer layer2.Close()
	p := newRig(b, func(o *Options) { o.ServicesURL, o.Log = layer2.URL, slog.New(slog.DiscardHandler) })
	outway := httptest.NewServer(p)
	defer outway.Close()
	bare := bareChain(b, layer2.URL)
	grant := p.grants["eigen-diensten"]
	for name, callers := range map[string]int{"one": 1, "sixteen": 16} {
		b.Run(name, func(b *testing.B) {
			ours, theirs := newLoad(b, outway.URL, grant, callers), newLoad(b, bare, grant, callers)
			ours.round()
			theirs.round()
			ours.cost, theirs.cost = cost{}, cost{}
			for b.Loop() { // by turns, so that both meet the same machine
				ours.round()
				theirs.round()
			}
			our, their := ours.cost.each(), theirs.cost.each()
			b.ReportMetric(our.cpu/1000, "nabootsing-cpu-µs")
			b.ReportMetric(their.cpu/1000, "kaal-cpu-µs")
			b.ReportMetric(our.allocs, "nabootsing-allocs")
			b.ReportMetric(their.allocs, "kaal-allocs")
			b.ReportMetric(our.cpu/their.cpu, "cpu-verhouding")
			b.ReportMetric(our.allocs/their.allocs, "allocs-verhouding")
			if ours.cost.calls > 2000 && our.cpu > mostOfBare*their.cpu {
				b.Errorf("a call costs %.2f times one through bare proxies; at most %.2f was promised", our.cpu/their.cpu, mostOfBare)
			}
		})
	}
}

// cost is what calls took.
type cost struct{ calls, cpu, allocs float64 }

func (c cost) each() cost { return cost{1, c.cpu / c.calls, c.allocs / c.calls} }

// load makes calls to one address.
type load struct {
	b              *testing.B
	address, grant string
	callers        int
	client         *http.Client
	cost           cost
}

func newLoad(b *testing.B, address, grant string, callers int) *load {
	t := &http.Transport{MaxIdleConnsPerHost: callers}
	b.Cleanup(t.CloseIdleConnections)
	return &load{b: b, address: address, grant: grant, callers: callers, client: &http.Client{Transport: t}}
}

// round makes some calls by each caller, and counts what they cost.
func (l *load) round() {
	const each = 10
	before := l.now()
	var work sync.WaitGroup
	for range l.callers {
		work.Go(func() {
			for range each {
				l.call()
			}
		})
	}
	work.Wait()
	after := l.now()
	l.cost.calls += float64(each * l.callers)
	l.cost.cpu += after.cpu - before.cpu
	l.cost.allocs += after.allocs - before.allocs
}

// call is a call as layer 4 makes them.
func (l *load) call() {
	req, err := http.NewRequest(http.MethodPost, l.address+"/v1/zaken?pageSize=20", strings.NewReader(`{"omschrijving":"een zaak","zaaktype":"verhuizing","huidigeStap":"beoordelen"}`))
	if err != nil {
		l.b.Error(err)
		return
	}
	id, _ := uuid.NewV7()
	for name, value := range map[string]string{
		fsc.HeaderGrant: l.grant, fsc.HeaderTransaction: id.String(), "Content-Type": "application/json", "Accept": "application/json",
		"Idempotency-Key": id.String(), "Authorization": "Bearer een-token", "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"Verwerking-Spoor": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
	} {
		req.Header.Set(name, value)
	}
	resp, err := l.client.Do(req)
	if err != nil {
		l.b.Error(err)
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		l.b.Error(resp.Status)
	}
}

// now is what the process has used until now.
func (l *load) now() cost {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		l.b.Fatal(err)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return cost{cpu: float64(used.Utime.Nano() + used.Stime.Nano()), allocs: float64(memory.Mallocs)}
}

// bareChain is two proxies with mutual TLS in between, and gives the address of the
// first.
func bareChain(b *testing.B, target string) string {
	ca, err := pki.NewAuthority("Kaal", time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	own, err := ca.Issue(pki.Request{Name: "kaal", Organisation: "Kaal", OIN: "00000099000000001000", Hosts: []string{loopback}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	proxy := func(target string, t *http.Transport) *httputil.ReverseProxy {
		aim, err := url.Parse(target)
		if err != nil {
			b.Fatal(err)
		}
		t.MaxIdleConnsPerHost = maxIdle
		b.Cleanup(t.CloseIdleConnections)
		return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(aim) }, Transport: t, BufferPool: &buffers}
	}
	inner := httptest.NewUnstartedServer(proxy(target, &http.Transport{}))
	inner.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{own}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ca.Pool()}
	inner.StartTLS()
	b.Cleanup(inner.Close)
	outer := httptest.NewServer(proxy(inner.URL, &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: ca.Pool(), Certificates: []tls.Certificate{own}}}))
	b.Cleanup(outer.Close)
	return outer.URL
}

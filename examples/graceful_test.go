package examples_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proef"
)

// load asks until it is told to stop, and keeps what went wrong.
type load struct {
	done   atomic.Bool
	work   sync.WaitGroup
	asked  atomic.Int64
	mu     sync.Mutex
	failed []string
}

// question is one request that must be answered with this status.
type question struct {
	method, url, body string
	status            int
}

const (
	newZaak     = `{"bsn":"999993653","verhuisdatum":"2026-11-01","nieuwAdres":{"straat":"Dorpsstraat","huisnummer":34,"postcode":"1028 BC","woonplaats":"Holysloot"},"aantalPersonen":1,"inwoning":"nee"}`
	askers      = 6
	mostAsked   = 20_000 // by each, so that a test that hangs does not ask for ever
	betweenAsks = 3 * time.Millisecond
)

func (q question) request() (*http.Request, error) {
	req, err := http.NewRequest(q.method, q.url, strings.NewReader(q.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Gebruiker-Id", "inwoner-7")
	req.Header.Set("Gebruiker-Rol", "inwoner")
	req.Header.Set("Gebruiker-BSN", "999993653")
	if q.body != "" {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	return req, nil
}

// begin has askers ask all questions in turn, half of them over connections that stay
// open, and half over a new one each time: the first must be told to go elsewhere, the
// others must not be sent here any more.
func (l *load) begin(questions ...question) {
	for i := range askers {
		l.work.Go(func() {
			client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: i%2 == 0}}
			defer client.CloseIdleConnections()
			for n := i; n < mostAsked && !l.done.Load(); n++ {
				q := questions[n%len(questions)]
				if err := put(client, q); err != nil {
					l.mu.Lock()
					l.failed = append(l.failed, fmt.Sprintf("%s %s: %v", q.method, q.url, err))
					l.mu.Unlock()
				}
				l.asked.Add(1)
				time.Sleep(betweenAsks)
			}
		})
	}
}

func put(client *http.Client, q question) error {
	req, err := q.request()
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != q.status {
		err = fmt.Errorf("%s %.200s", resp.Status, body)
	}
	return err
}

// end stops the asking and gives what went wrong.
func (l *load) end() []string {
	l.done.Store(true)
	l.work.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// cluster is a component in production's shape: a process for each part, with a
// balancer before each.
type cluster struct {
	t         *testing.T
	program   string
	dir       string
	balancers map[string]*balancer // by layer
	running   map[string]*component
	env       []string
}

// parts are the processes of a component, from the bottom up, with the offset of the
// port that others reach. The stand-in of the outway goes along with proces.
var parts = []struct {
	layers string
	offset int
	of     []int
}{{"diensten,gegevens", 3, []int{3}}, {"proces,integratie", 1, []int{1, 2}}, {"interactie", 0, []int{0}}}

func newCluster(t *testing.T, env ...string) *cluster {
	t.Helper()
	c := &cluster{t: t, program: verhuizingProgram(t), dir: t.TempDir(), balancers: map[string]*balancer{}, running: map[string]*component{}}
	for _, part := range parts {
		c.balancers[part.layers] = newBalancer(t)
	}
	c.env = append([]string{"DIENSTEN_URL=" + c.balancers["diensten,gegevens"].url(), "PROCES_URL=" + c.balancers["proces,integratie"].url(), "LOG_LEVEL=info"}, env...)
	for i := range parts {
		c.start(i)
	}
	return c
}

// start starts one more process of a part, and waits until it is sent requests.
func (c *cluster) start(i int) {
	c.t.Helper()
	part := parts[i]
	base := freePorts(c.t, 5)
	_, more := c.running[part.layers]
	p := launch(c.t, c.dir, c.program, base, part.of, []string{"--layers", part.layers}, append(c.env, fmt.Sprintf("BEHEER_POORT=%d", base+4))...)
	b := c.balancers[part.layers]
	b.add(fmt.Sprintf("127.0.0.1:%d", base+part.offset), p.url(4, "/healthz/ready"))
	want := map[bool]int{false: 1, true: 2}[more]
	for until := time.Now().Add(20 * time.Second); !b.serves(want); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			c.t.Fatalf("%s is never ready\n%s", part.layers, p.log.String())
		}
	}
	c.running[part.layers] = p
}

// replace starts another process of a part and stops the first one, as Kubernetes
// does with a new version.
func (c *cluster) replace(i int) {
	c.t.Helper()
	old := c.running[parts[i].layers]
	c.start(i)
	stopWithSignal(c.t, old)
}

// stopWithSignal does as Kubernetes: it sends SIGTERM and waits.
func stopWithSignal(t *testing.T, c *component) time.Duration {
	t.Helper()
	begin := time.Now()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-c.exited:
		if err != nil {
			t.Errorf("it did not stop cleanly: %v\n%s", err, c.log.String())
		}
	case <-time.After(40 * time.Second):
		t.Errorf("it did not stop within the 40 s that Kubernetes gives\n%s", c.log.String())
	}
	return time.Since(begin)
}

func needSignals(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: builds and runs a complete component")
	}
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no SIGTERM")
	}
}

// TestGracefulStop replaces every process of a component while others ask, over
// connections that stay open: not one request is lost. Without STOP_NA some are, so
// this test would see it.
func TestGracefulStop(t *testing.T) {
	needSignals(t)
	t.Parallel()
	replaced := func(t *testing.T, after string) (failed []string, asked int64, c *cluster) {
		env := []string{"STOP_NA=" + after, "STOP_BINNEN=20s"}
		if server := os.Getenv("TEST_DATABASE_URL"); server != "" { // as in production; on SQLite elsewhere
			env = append(env, "DATABASE_URL="+proef.FreshSchema(t, server))
		}
		c = newCluster(t, env...)
		pages, process, services := c.balancers["interactie"].url(), c.balancers["proces,integratie"].url(), c.balancers["diensten,gegevens"].url()
		var l load
		l.begin(question{"GET", pages + "/", "", 200}, question{"GET", process + "/v1/zaken", "", 200}, question{"GET", services + "/v1/verhuizingen", "", 200},
			question{"POST", process + "/v1/zaken", newZaak, 201}, question{"GET", process + "/v1/proces", "", 200})
		for i := range parts {
			time.Sleep(300 * time.Millisecond)
			c.replace(i)
		}
		time.Sleep(300 * time.Millisecond)
		return l.end(), l.asked.Load(), c
	}
	failed, asked, c := replaced(t, "1s")
	if len(failed) > 0 || asked < 200 {
		t.Errorf("%d of %d requests failed:\n%s", len(failed), asked, strings.Join(failed[:min(10, len(failed))], "\n"))
	}
	t.Logf("%d requests, %d failed", asked, len(failed))
	tellsNoPersonalData(t, c)
	for range 3 { // by chance all connections may be elsewhere
		if failed, asked, _ = replaced(t, "0s"); len(failed) > 0 {
			t.Logf("without STOP_NA: %d requests, %d failed, such as %s", asked, len(failed), failed[0])
			return
		}
	}
	t.Error("without STOP_NA nothing is lost either, so the test proves nothing")
}

// tellsNoPersonalData looks for the number of the person in all that is measured and
// logged.
func tellsNoPersonalData(t *testing.T, c *cluster) {
	t.Helper()
	for _, part := range parts {
		p := c.running[part.layers]
		for _, path := range []string{"/v1/zaken/999993653?bsn=999993653", "/999993653", "/zaken/999993653"} {
			req, err := http.NewRequest("BSN999993653", p.url(part.offset, path), strings.NewReader("999993653"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Fsc-Transaction-Id", "999993653")
			req.Header.Set("Traceparent", "00-00000000000000000000000999993653-0000000999993653-01")
			if resp, err := http.DefaultClient.Do(req); err == nil {
				_ = resp.Body.Close()
			}
		}
		measured, ctype := get(t, p.url(4, "/metrics"))
		if !strings.HasPrefix(ctype, "text/plain; version=0.0.4") || !strings.Contains(measured, "component_http_requests_total{") {
			t.Errorf("%s: %s\n%.300s", part.layers, ctype, measured)
		}
		for what, text := range map[string]string{"metrics": measured, "log": p.log.String()} {
			if strings.Contains(text, "999993653") {
				t.Errorf("the %s of %s has the number of a person:\n%s", what, part.layers, text)
			}
		}
		var health struct{ Versie, Commit, Datum, Status string }
		if body, _ := get(t, p.url(4, "/healthz/ready")); json.Unmarshal([]byte(body), &health) != nil || health.Versie != "1.2.3" || health.Commit != "0123abc" || health.Datum != "2026-11-30T12:00:00Z" || health.Status != "ok" {
			t.Errorf("%s says of itself %s", part.layers, body)
		}
	}
}

// TestStopWithAStepUnderWay stops the one process of a laptop while people start
// zaken, with no time to say so: what was accepted is answered, and what was answered
// is kept. Only who comes after that finds nobody.
func TestStopWithAStepUnderWay(t *testing.T) {
	needSignals(t)
	t.Parallel()
	program, dir, base := verhuizingProgram(t), t.TempDir(), freePorts(t, 4)
	all := []int{0, 1, 2, 3}
	c := launch(t, dir, program, base, all, nil)
	before := countZaken(t, c)
	var answered atomic.Int64
	var mu sync.Mutex
	var failed []string
	var work sync.WaitGroup
	for range askers {
		work.Go(func() {
			client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
			for range mostAsked {
				err := put(client, question{"POST", c.url(1, "/v1/zaken"), newZaak, 201})
				if errors.Is(err, syscall.ECONNREFUSED) {
					return
				}
				if err != nil {
					mu.Lock()
					failed = append(failed, err.Error())
					mu.Unlock()
					return
				}
				answered.Add(1)
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	took := stopWithSignal(t, c)
	work.Wait()
	c = launch(t, dir, program, base, all, nil)
	kept := countZaken(t, c) - before
	t.Logf("%d zaken answered, %d kept, stopped in %s", answered.Load(), kept, took.Round(time.Millisecond))
	// A connection that was made and on which nothing was read yet is closed: that
	// request was not accepted, and nothing came of it.
	if kept != int(answered.Load()) || kept == 0 {
		t.Errorf("%d zaken were answered and %d are kept; failed: %q", answered.Load(), kept, failed)
	}
	if took > 10*time.Second {
		t.Errorf("it took %s to stop", took)
	}
}

func countZaken(t *testing.T, c *component) int {
	t.Helper()
	body, _ := get(t, c.url(3, "/v1/zaken?pageSize=1"))
	var page struct{ Count int }
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		t.Fatal(err)
	}
	return page.Count
}

// Package proef runs a whole component for the tests and visits it the way
// people do: with a browser that fills in forms. In between it looks along:
// it holds every answer of the two APIs against their specification, plays the
// sources, and remembers addresses and logs to search them for personal data.
package proef

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/start"
)

// Trial is a component that runs, with everything that looks along.
type Trial struct {
	Bron *Bron

	t        *testing.T
	setup    *Setup
	env      map[string]string
	running  *start.Running
	process  *watcher
	services *watcher
	log      *sink
	shown    map[string]string // what the outway showed, per place
}

// Start runs all layers on free ports with an empty store of their own.
func Start(t *testing.T, o *Setup) *Trial {
	t.Helper()
	p := &Trial{t: t, setup: o, log: &sink{}, env: map[string]string{
		"PORT": "0", "DATA": filepath.Join(t.TempDir(), "proef.db"), "LOG_LEVEL": "debug",
	}}
	if base := os.Getenv("TEST_DATABASE_URL"); base != "" {
		p.env["DATABASE_URL"] = FreshSchema(t, base)
	}
	p.process = newWatcher(t, "proces", o.process, o.secrets)
	p.services = newWatcher(t, "diensten", o.services, o.secrets)
	p.Bron = newBron(t, o.FSC.Grants(func(string) string { return "" }, false), o.Own, o.secrets)
	p.env["PROCES_URL"] = p.process.server.URL
	p.env["OUTWAY_URL"] = p.Bron.server.URL
	p.env["DIENSTEN_URL"] = p.services.server.URL
	p.run()
	t.Cleanup(p.end)
	return p
}

// Restart stops the component and starts it again on the same store.
func (p *Trial) Restart() {
	p.t.Helper()
	p.halt()
	p.run()
}

func (p *Trial) run() {
	p.t.Helper()
	if err := p.try(); err != nil {
		p.t.Fatal(err)
	}
}

// try is run for a component that may refuse to start.
func (p *Trial) try() error {
	p.t.Helper()
	s, err := start.ReadSettings(p.setup.component, nil, func(name string) string { return p.env[name] }, p.log)
	if err != nil {
		p.t.Fatal(err)
	}
	component := p.setup.component
	// Layer 4 asks layer 2 while it starts: before anybody knows on which ports the
	// layers listen, what looks along must know where they are.
	component.Services = p.early(component.Services, p.services.relay)
	component.Integration = p.early(component.Integration, p.Bron.relay)
	if p.running, err = start.Run(p.t.Context(), s, component); err != nil {
		return err
	}
	p.process.point(p.running.URLs[start.LayerProcess])
	p.services.point(p.running.URLs[start.LayerServices])
	p.Bron.point(p.running.URLs[start.LayerIntegration])
	return nil
}

// early points a relay at a layer as soon as it is made.
func (p *Trial) early(build func(context.Context, start.Settings) (start.Layer, error), r *relay) func(context.Context, start.Settings) (start.Layer, error) {
	return func(ctx context.Context, s start.Settings) (start.Layer, error) {
		layer, err := build(ctx, s)
		if err == nil {
			server := httptest.NewServer(layer.Handler)
			p.t.Cleanup(server.Close)
			r.point(server.URL)
		}
		return layer, err
	}
}

func (p *Trial) halt() {
	p.t.Helper()
	if p.running == nil {
		return
	}
	p.readOutway()
	if err := p.running.Stop(); err != nil {
		p.t.Errorf("stoppen: %v", err)
	}
	p.running = nil
}

// end stops the component and searches what it logged.
func (p *Trial) end() {
	p.halt()
	p.findSecrets()
	if !p.t.Failed() {
		return
	}
	for line := range strings.SplitSeq(p.log.String(), "\n") {
		if strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR") {
			p.t.Log(line)
		}
	}
}

// API asks one of the APIs directly, as interactie would, and decodes the answer.
func (p *Trial) API(layer, path string, header http.Header, out any) *http.Response {
	p.t.Helper()
	base := p.process.server.URL
	if layer == start.LayerServices {
		base = p.services.server.URL
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, base+"/v1"+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	logboek.NewTrace().SetHeader(req.Header)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if out != nil {
		decode(p.t, resp, out)
	}
	return resp
}

// Content stops the component and gives everything that its store holds, as text.
func (p *Trial) Content() string {
	p.t.Helper()
	var all strings.Builder
	for _, rows := range p.tables() {
		for _, row := range rows {
			all.WriteString(row + "\n")
		}
	}
	return all.String()
}

// tables stops the component and gives the rows of each table, as text.
func (p *Trial) tables() map[string][]string {
	p.t.Helper()
	db, list := p.store()
	defer func() { _ = db.Close() }()
	all := map[string][]string{}
	for _, table := range texts(p.t, db, list) {
		all[table] = texts(p.t, db, `SELECT * FROM "`+table+`"`)
	}
	return all
}

// store stops the component and opens its store, with the question for the names
// of its tables.
func (p *Trial) store() (db *sql.DB, list string) {
	p.t.Helper()
	p.halt()
	driver, address := "sqlite", p.env["DATA"]
	list = `SELECT name FROM sqlite_master WHERE type = 'table'`
	if p.env["DATABASE_URL"] != "" {
		driver, address, list = "pgx", p.env["DATABASE_URL"], `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		p.t.Fatal(err)
	}
	return db, list
}

// texts gives each row of a query as one text.
func texts(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query) //nolint:sqlclosecheck // closed below
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, v := range values {
			if raw, ok := v.([]byte); ok {
				v = string(raw)
			}
			line = append(line, fmt.Sprint(v))
		}
		all = append(all, strings.Join(line, "\t"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// FreshSchema makes a schema of its own in a PostgreSQL of tests, and gives the
// address of it.
func FreshSchema(t testing.TB, base string) string {
	t.Helper()
	name := "proef_" + strings.ToLower(rand.Text())
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `CREATE SCHEMA `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = db.ExecContext(context.Background(), `DROP SCHEMA `+name+` CASCADE`)
		_ = db.Close()
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// sink collects the log of several goroutines.
type sink struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (s *sink) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// watcher stands before an API and holds each answer against the specification.
type watcher struct {
	*relay
	contract *rest.Contract
}

func newWatcher(t *testing.T, layer string, contract *rest.Contract, secrets []string) *watcher {
	t.Helper()
	w := &watcher{relay: newRelay(t, layer, secrets), contract: contract}
	w.check = func(resp *http.Response) error {
		if strings.HasPrefix(resp.Request.URL.Path, "/v1/") {
			if err := rest.CheckResponse(w.contract, resp.Request, resp); err != nil {
				t.Errorf("laag %s antwoordt anders dan de specificatie belooft: %v", layer, err)
			}
			// A repeated question without what the zaak does not keep is the only
			// request that may be incomplete: the answer says what to ask for.
			if resp.StatusCode == http.StatusBadRequest && !strings.HasSuffix(resp.Request.URL.Path, "/bevragingen") {
				t.Errorf("laag %s keurt een verzoek af van de laag erboven: %s %s", layer, resp.Request.Method, resp.Request.URL.Path)
			}
		}
		return nil
	}
	w.server = httptest.NewServer(w.relay)
	t.Cleanup(w.server.Close)
	return w
}

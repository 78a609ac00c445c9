package examples_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/examples/internal/specimen"
)

// zaak is what the API of the process says of one.
type zaak struct {
	ID            string
	Identificatie string
	Stap          stap
	Historie      []struct{ Stap, Titel, Tijdstip, Uitkomst string }
	Gegevens      map[string]any
}

type stap struct {
	Naam, Titel, Soort, Rol string
	Uitkomsten              []struct{ Naam string }
}

// running is the component of the week while it runs.
type running struct {
	*component
	t     *testing.T
	roles map[string]string // audience by role
}

var starting sync.Mutex

// start builds and starts the component as it is now. What it says when it does
// not start is in the failure.
func (w *week) start() *running {
	w.t.Helper()
	return w.launch(w.dir, w.program(), []int{0, 1, 2, 3}, nil, w.env...)
}

// launch starts a program that was built, in dir, and looks which roles it knows.
func (w *week) launch(dir, program string, layers []int, args []string, env ...string) *running {
	w.t.Helper()
	starting.Lock() // between finding free ports and listening, nobody else looks for some
	defer starting.Unlock()
	r := &running{component: launch(w.t, dir, program, quietPorts(w.t), layers, args, env...), t: w.t, roles: map[string]string{}}
	var proces struct {
		Rollen []struct{ Naam, Publiek string }
	}
	r.api("GET", 1, "/v1/proces", "", nil, &proces)
	for _, rol := range proces.Rollen {
		r.roles[rol.Naam] = rol.Publiek
	}
	return r
}

// quietPorts gives the first of four free ports where no system puts a connection
// by itself: beside this, whole components are tested on ports of that kind.
func quietPorts(t *testing.T) int {
	t.Helper()
search:
	for range 100 {
		base := 20_000 + 4*rand.IntN(2_500)
		for i := range 4 {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", base+i))
			if err != nil {
				continue search
			}
			_ = l.Close()
		}
		return base
	}
	t.Fatal("no free ports")
	return 0
}

// stop ends it as Ctrl-C does.
func (r *running) stop() {
	r.t.Helper()
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		r.t.Fatal(err)
	}
	select {
	case err := <-r.exited:
		if err != nil {
			r.t.Errorf("after Ctrl-C: %v\n%s", err, r.log.String())
		}
	case <-time.After(20 * time.Second):
		r.t.Fatalf("the component does not stop:\n%s", r.log.String())
	}
}

// api asks an API of the component in a role, and gives the status.
func (r *running) api(method string, layer int, path, role string, body, out any) (int, string) {
	r.t.Helper()
	status, raw := r.asks(method, layer, path, role, body)
	if status == 0 {
		r.t.Fatalf("%s %s: %s\n%s", method, path, raw, r.log.String())
	}
	if out != nil && status < 300 {
		if err := json.Unmarshal([]byte(raw), out); err != nil {
			r.t.Fatalf("%s %s: %v\n%s", method, path, err, raw)
		}
	}
	return status, raw
}

// asks is api for a goroutine: it ends no test. Without an answer the status is 0, and
// the text says why.
func (r *running) asks(method string, layer int, path, role string, body any) (int, string) {
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, err.Error()
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url(layer, path), content)
	if err != nil {
		return 0, err.Error()
	}
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		req.Header.Set("Content-Type", "application/merge-patch+json")
	}
	req.Header.Set("If-Match", "*")
	if role != "" {
		req.Header.Set("Gebruiker-Id", "week-"+role)
		req.Header.Set("Gebruiker-Rol", role)
	}
	switch r.roles[role] {
	case "inwoner":
		req.Header.Set("Gebruiker-BSN", "999993653")
	case "bedrijf":
		req.Header.Set("Gebruiker-KVK", "69599084")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(raw)
}

// employee is a role that sees every zaak; "" when there is none.
func (r *running) employee() string {
	for _, role := range slices.Sorted(maps.Keys(r.roles)) {
		if r.roles[role] == "medewerker" {
			return role
		}
	}
	return ""
}

// ids are all zaken that the store has.
func (r *running) ids() []string {
	r.t.Helper()
	var all []string
	for page := 1; ; page++ {
		var list struct{ Results []struct{ ID string } }
		if status, raw := r.api("GET", 3, fmt.Sprintf("/v1/zaken?page=%d&pageSize=100", page), "", nil, &list); status != http.StatusOK {
			r.t.Fatalf("the list of zaken: %d %.400s", status, raw)
		}
		for _, z := range list.Results {
			all = append(all, z.ID)
		}
		if len(list.Results) < 100 {
			return all
		}
	}
}

// begin starts zaken with the first form, filled in with the examples of the
// specification.
func (r *running) begin(n int) {
	r.t.Helper()
	var spec map[string]any
	r.api("GET", 1, "/v1/openapi.json", "", nil, &spec)
	var proces struct{ Stappen []stap }
	r.api("GET", 1, "/v1/proces", "", nil, &proces)
	schema := specimen.At(spec, "paths", "/zaken", "post", "requestBody", "content", "application/json", "schema")
	body, _ := specimen.Value(spec, schema).(map[string]any)
	role := proces.Stappen[0].Rol
	for range n {
		if status, raw := r.api("POST", 1, "/v1/zaken", role, body, nil); status != http.StatusCreated {
			r.t.Fatalf("a zaak cannot be begun as %s: %d %.600s\nwith %v", role, status, raw, body)
		}
	}
}

// spread brings zaken on: each one further than the one before it, so that they
// wait at as many steps as can be reached without filling in a form.
func (r *running) spread() {
	r.t.Helper()
	for i, id := range r.ids() {
		for turn := range i % 5 {
			z, ok := r.detail(id)
			if !ok || !r.advance(z, i+turn) {
				break
			}
		}
	}
}

// advance finishes the step at which a zaak is, when that takes no form.
func (r *running) advance(z zaak, choice int) bool {
	body := map[string]any{}
	switch {
	case z.Stap.Soort == "decide":
		body["uitkomst"] = z.Stap.Uitkomsten[choice%len(z.Stap.Uitkomsten)].Naam
	case z.Stap.Soort != "task":
		return false
	}
	status, _ := r.api("POST", 1, "/v1/zaken/"+z.ID+"/"+url.PathEscape(z.Stap.Naam), z.Stap.Rol, body, nil)
	return status == http.StatusOK
}

// detail is a zaak as an employee sees it.
func (r *running) detail(id string) (z zaak, ok bool) {
	status, _ := r.api("GET", 1, "/v1/zaken/"+id, r.employee(), nil, &z)
	return z, status == http.StatusOK
}

// seen is what must still be there of a zaak: its steps, one a line.
type seen struct {
	number string
	at     string // the step at which it is
	lines  []string
}

// zaken gives all zaken by their id.
func (r *running) zaken() map[string]seen {
	r.t.Helper()
	all := map[string]seen{}
	for _, id := range r.ids() {
		z, ok := r.detail(id)
		if !ok {
			r.t.Errorf("zaak %s is in the store, and the process does not show it", id)
			continue
		}
		s := seen{number: z.Identificatie, at: z.Stap.Naam}
		for _, line := range z.Historie {
			if line.Titel == "" {
				r.t.Errorf("zaak %s (%s): a line of the history has no title", z.Identificatie, id)
			}
			s.lines = append(s.lines, line.Tijdstip+" "+line.Titel+": "+line.Uitkomst)
		}
		all[id] = s
	}
	return all
}

var persona = regexp.MustCompile(`name="persoon" value="([^"]+)"`)

// page opens the page of a zaak as some persona that may see it.
func (r *running) page(id string) bool {
	r.t.Helper()
	login, _ := get(r.t, r.url(0, "/inloggen"))
	for _, chosen := range persona.FindAllStringSubmatch(login, -1) {
		jar, err := cookiejar.New(nil)
		if err != nil {
			r.t.Fatal(err)
		}
		browser := &http.Client{Jar: jar, Timeout: time.Minute}
		resp, err := browser.PostForm(r.url(0, "/inloggen"), url.Values{"persoon": {chosen[1]}, "naar": {"/zaken/" + id}})
		if err != nil {
			r.t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK && strings.HasSuffix(resp.Request.URL.Path, "/zaken/"+id) {
			return true
		}
	}
	return false
}

package examples_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/examples/internal/specimen"
)

// hammering is work on a component that goes on until it is stopped.
type hammering struct {
	t     *testing.T
	end   chan struct{}
	work  sync.WaitGroup
	mu    sync.Mutex
	count map[string]int
	wrong []string
	mixed bool
}

// listed is the first page of zaken, through layer 4.
func (r *running) listed() []zaak {
	r.t.Helper()
	var list struct{ Results []zaak }
	if status, raw := r.api("GET", 1, "/v1/zaken?pageSize=50", r.employee(), nil, &list); status != http.StatusOK || len(list.Results) == 0 {
		r.t.Fatalf("the list of zaken: %d %.400s", status, raw)
	}
	return list.Results
}

// hammer keeps a component busy: zaken are begun, listed and brought on, records made,
// changed and read. It ends by itself after some minutes.
func (w *week) hammer(r *running, collection string) *hammering {
	w.t.Helper()
	h := &hammering{t: w.t, end: make(chan struct{}), count: map[string]int{}}
	var spec map[string]any
	var proces struct{ Stappen []stap }
	r.api("GET", 1, "/v1/openapi.json", "", nil, &spec)
	r.api("GET", 1, "/v1/proces", "", nil, &proces)
	form, _ := specimen.Value(spec, specimen.At(spec, "paths", "/zaken", "post", "requestBody", "content", "application/json", "schema")).(map[string]any)
	var record map[string]any
	var ids []string
	if collection != "" {
		record = r.record("/" + collection)
	} else { // layers of two versions: a form of the one may be too new for the other
		for _, z := range r.listed() {
			ids = append(ids, z.ID)
		}
		h.mixed = true
	}
	h.work.Go(func() {
		for turn := 0; turn < 3000; turn++ {
			select {
			case <-h.end:
				return
			case <-time.After(20 * time.Millisecond):
			}
			if h.mixed && turn%40 != 0 { // what cannot be asked there is asked some times, and takes seconds
				h.advance(r, ids[turn%len(ids)], turn)
				continue
			}
			status, raw := r.asks("POST", 1, "/v1/zaken", proces.Stappen[0].Rol, form)
			h.note("begin", status, raw)
			var z zaak
			if json.Unmarshal([]byte(raw), &z) == nil && z.ID != "" {
				h.advance(r, z.ID, turn)
			}
			if h.mixed {
				continue
			}
			status, raw = r.asks("POST", 3, "/v1/"+collection, "", record)
			h.note("make a record", status, raw)
			var made struct{ ID string }
			if json.Unmarshal([]byte(raw), &made) != nil || made.ID == "" {
				continue
			}
			status, raw = r.asks("PUT", 3, "/v1/"+collection+"/"+made.ID, "", record)
			h.note("replace a record", status, raw)
			status, raw = r.asks("GET", 3, "/v1/"+collection+"?pageSize=5", "", nil)
			h.note("list", status, raw)
		}
	})
	return h
}

// advance brings a zaak on until it needs a form.
func (h *hammering) advance(r *running, id string, choice int) {
	for range 6 {
		var z zaak
		status, raw := r.asks("GET", 1, "/v1/zaken/"+id, r.employee(), nil)
		h.note("read", status, raw)
		if status != http.StatusOK || json.Unmarshal([]byte(raw), &z) != nil {
			return
		}
		body := map[string]any{}
		switch {
		case z.Stap.Soort == "decide" && len(z.Stap.Uitkomsten) > 0:
			body["uitkomst"] = z.Stap.Uitkomsten[choice%len(z.Stap.Uitkomsten)].Naam
		case z.Stap.Soort != "task" || z.Stap.Rol == "":
			return
		}
		status, raw = r.asks("POST", 1, "/v1/zaken/"+id+"/"+url.PathEscape(z.Stap.Naam), z.Stap.Rol, body)
		h.note("bring on", status, raw)
	}
}

// note counts an answer. Somebody else may have been first (409, 412), and what cannot
// be now can be tried again (503).
func (h *hammering) note(what string, status int, raw string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count[fmt.Sprint(what, " ", status)]++
	switch {
	case status >= 200 && status < 300, status == 409, status == 412:
	case status == 503 && strings.Contains(raw, "probeer het"), status == 503 && strings.Contains(raw, "Probeer het"):
	case len(h.wrong) < 10:
		h.wrong = append(h.wrong, fmt.Sprintf("%s: %d %.400s", what, status, raw))
	}
}

// stop ends it, and says what went wrong.
func (h *hammering) stop() {
	h.t.Helper()
	time.Sleep(time.Second)
	close(h.end)
	h.work.Wait()
	h.t.Log(h.count)
	for _, text := range h.wrong {
		h.t.Error(text)
	}
	if h.count["begin 201"] == 0 && !h.mixed || h.count["read 200"] == 0 {
		h.t.Error("nothing was done")
	}
}

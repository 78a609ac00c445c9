package proces

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// harness is one process with its neighbours. Between requests a Process keeps
// only which zaken it is moving.
type harness struct {
	t        *testing.T
	name     string
	store    *store
	recorder *fakeRecorder
	source   *source
	process  *Process
	contract *rest.Contract
}

func newHarness(t *testing.T, name string) *harness {
	t.Helper()
	h := &harness{t: t, name: name}
	spec := h.read(name + ".yaml")
	var err error
	h.process, err = New(Options{BPMN: h.read(name + ".bpmn"), Spec: spec, Course: course(name, nil), Logboek: &fakeRecorder{}, Marks: newStore(), Archive: newStore(), Inzage: newStore(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if h.contract, err = rest.NewContract(spec); err != nil {
		t.Fatal(err)
	}
	h.empty()
	return h
}

// empty gives the process an empty store and a source that works.
func (h *harness) empty() {
	h.store, h.source, h.recorder = newStore(), &source{found: true}, &fakeRecorder{}
	h.store.recorder, h.process.Logboek = h.recorder, h.recorder
	h.process.Zaken, h.process.Subjects, h.process.Marks, h.process.Archive, h.process.Inzage, h.process.Course = h.store, h.store, h.store, h.store, h.store, course(h.name, h.source)
	h.restart()
}

// restart makes layer 4 forget, as after a crash. Reading the specification
// anew would take most of the time of these tests and changes nothing.
func (h *harness) restart() { h.process.busy = map[string]int{} }

func (h *harness) read(name string) []byte {
	h.t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		h.t.Fatal(err)
	}
	return data
}

// resume runs the rounds that Run would, without waiting.
func (h *harness) resume(rounds int) {
	r := &resumer{Process: h.process, waits: map[string]pause{}}
	for range rounds {
		r.round(h.t.Context())
	}
}

var (
	citizen  = identity.User{ID: "burger-1", Role: "aanvrager"}
	stranger = identity.User{ID: "burger-2", Role: "aanvrager"}
	employee = identity.User{ID: "medewerker-1", Role: "behandelaar"}
	searcher = identity.User{ID: "medewerker-2", Role: "onderzoeker"}
	nobody   = identity.User{}
)

const application = `{"naam":"A. Aanvrager","adres":{"straat":"Kade","huisnummer":3,"postcode":"1234 AB","woonplaats":"Stad"}}`

type answer struct {
	status int
	header http.Header
	zaakDetail
	problem rest.Problem
	body    string
}

// call makes a request and holds the answer against the specification.
func (h *harness) call(u identity.User, method, path, body string, headers ...string) answer {
	h.t.Helper()
	base := "/v1"
	if strings.Contains(path, "/markeringen") || strings.HasPrefix(path, "/archief") || strings.HasSuffix(path, "/correcties") || path == "/inzage" {
		base = rest.InternalBase
	}
	r := httptest.NewRequest(method, base+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	u.SetHeaders(r.Header)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.process.Handler().ServeHTTP(w, r)
	resp := w.Result()
	if err := rest.CheckResponse(h.contract, r, resp); err != nil && base != rest.InternalBase {
		h.t.Errorf("%s %s: %v", method, path, err)
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	a := answer{status: w.Code, header: resp.Header, body: string(raw)}
	_ = json.Unmarshal(raw, &a.zaakDetail)
	_ = json.Unmarshal(raw, &a.problem)
	return a
}

// want makes a call that must end with a status.
func (h *harness) want(code int, u identity.User, method, path, body string, headers ...string) answer {
	h.t.Helper()
	a := h.call(u, method, path, body, headers...)
	if a.status != code {
		h.t.Fatalf("%s %s gives %d, want %d: %s", method, path, a.status, code, a.body)
	}
	return a
}

// only is the one zaak there is.
func (h *harness) only() outway.Zaak {
	h.t.Helper()
	h.store.mu.Lock()
	defer h.store.mu.Unlock()
	if len(h.store.zaken) != 1 {
		h.t.Fatalf("there are %d zaken", len(h.store.zaken))
	}
	for _, z := range h.store.zaken {
		return *z
	}
	panic(errors.New("unreachable"))
}

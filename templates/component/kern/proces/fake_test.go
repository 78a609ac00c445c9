package proces

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// store is layer 2 in memory, with its promises: one transaction per status,
// versions, and keys that make a repetition harmless.
type store struct {
	mu        sync.Mutex
	zaken     map[string]*outway.Zaak
	statuses  map[string][]outway.StatusRecord
	records   map[string]*outway.Subject
	keys      map[string]string
	prints    map[string]string // per key the fingerprint of what was asked with it
	sent      []string          // everything that was written, as JSON
	corrected map[string][]inzage.Correction
	recorder  *fakeRecorder
	approved  []outway.Approval
	calls     int
	slow      time.Duration // how long a change takes
	failAt    int           // the call at which it breaks off; 0 for never
	after     bool          // break off after doing what was asked: the answer gets lost
}

func newStore() *store {
	return &store{zaken: map[string]*outway.Zaak{}, statuses: map[string][]outway.StatusRecord{},
		records: map[string]*outway.Subject{}, keys: map[string]string{}, prints: map[string]string{}, corrected: map[string][]inzage.Correction{}}
}

// crash counts a call; at the chosen one the work is cut off.
func (s *store) crash(done bool) error {
	if !done {
		s.calls++
	}
	if s.failAt > 0 && s.calls >= s.failAt && (done == s.after || s.calls > s.failAt) {
		return &outway.Fault{Kind: outway.FaultConnection, Service: "diensten"}
	}
	return nil
}

func status(code int) error {
	return &outway.Fault{Kind: outway.FaultService, Service: "diensten", Status: code}
}

func next(version string) string {
	n, _ := strconv.Atoi(strings.Trim(version, `"`))
	return strconv.Quote(strconv.Itoa(n + 1))
}

func (s *store) write(v any) {
	raw, _ := json.Marshal(v)
	s.sent = append(s.sent, string(raw))
}

// claim takes a key for something new, and gives what came of it before.
func (s *store) claim(scope string, key outway.Key, id string) (earlier string, err error) {
	if key.ID == "" {
		return "", nil
	}
	earlier = s.keys[scope+key.ID]
	if earlier == "" {
		s.keys[scope+key.ID], s.prints[scope+key.ID] = id, key.Fingerprint
	} else if s.prints[scope+key.ID] != key.Fingerprint {
		return "", &outway.Fault{Kind: outway.FaultService, Service: "diensten", Status: http.StatusConflict, Reused: true, Made: earlier}
	}
	return earlier, nil
}

// written writes the lines of a series; without them nothing of it is done.
func (s *store) written(lines ...logboek.Verwerking) error {
	if s.recorder == nil || s.recorder.along(lines) == nil {
		return nil
	}
	return &outway.Fault{Kind: outway.FaultRecording, Service: "diensten"}
}

func (s *store) Opened(_ context.Context, key outway.Key, lines ...logboek.Verwerking) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.written(lines...); err != nil {
		return "", err
	}
	if err := s.crash(false); err != nil {
		return "", err
	}
	if s.keys["zaak"+key.ID] == "" {
		return "", status(http.StatusNotFound)
	}
	return s.claim("zaak", key, "")
}

func (s *store) createZaak(n outway.NewZaak, key outway.Key) (outway.Zaak, bool, error) {
	s.write(n)
	made := uuid.NewString()
	id, err := s.claim("zaak", key, made)
	if err != nil {
		return outway.Zaak{}, false, err
	}
	if id == "" {
		id = made
		s.zaken[id] = &outway.Zaak{ID: id, Identificatie: fmt.Sprintf("ZAAK-%d", len(s.zaken)+1), Omschrijving: n.Omschrijving, Zaaktype: n.Zaaktype,
			Startdatum: "2026-11-23", CurrentStep: n.CurrentStep, Subject: n.Subject, Initiator: n.Initiator, Representative: n.Representative, Began: n.Process, ChangedAt: time.Now(), Version: `"1"`}
		s.statuses[id] = []outway.StatusRecord{{Statustype: n.CurrentStep, DatumStatusGezet: time.Now(), SetBy: n.SetBy}}
	}
	return *s.zaken[id], id != made, nil
}

func (s *store) Zaak(_ context.Context, id string) (outway.Zaak, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.crash(false); err != nil {
		return outway.Zaak{}, err
	}
	if z, ok := s.zaken[id]; ok {
		return *z, s.crash(true)
	}
	return outway.Zaak{}, status(http.StatusNotFound)
}

func (s *store) Zaken(_ context.Context, f outway.Filter) (p outway.ZakenPage, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.crash(false); err != nil {
		return p, err
	}
	for _, z := range s.zaken {
		if (f.Initiator == "" || f.Initiator == z.Initiator) && (f.Representative == "" || f.Representative == z.Representative) && (f.Steps == nil || slices.Contains(f.Steps, z.CurrentStep)) && (!f.Open || z.Open()) {
			p.Zaken = append(p.Zaken, *z)
		}
	}
	p.Count, p.Exact = len(p.Zaken), true
	return p, s.crash(true)
}

func (s *store) Statuses(_ context.Context, id string) ([]outway.StatusRecord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.crash(false); err != nil {
		return nil, err
	}
	return slices.Clone(s.statuses[id]), s.crash(true)
}

func (s *store) setStatus(id, version string, n outway.NewStatus, key outway.Key) (row outway.StatusRecord, repeated bool, err error) {
	s.write(n)
	z := s.zaken[id]
	row = outway.StatusRecord{Statustype: n.Statustype, DatumStatusGezet: time.Now(), Outcome: n.Outcome,
		Statustoelichting: n.Statustoelichting, SetBy: n.SetBy}
	if s.keys[id+key.ID] != "" {
		_, err := s.claim(id, key, "")
		return row, true, err
	}
	switch {
	case !z.Open(), z.Stopped():
		return row, false, status(http.StatusConflict)
	case z.Version != version:
		return row, false, status(http.StatusPreconditionFailed)
	}
	z.Version, z.CurrentStep, z.ChangedAt = next(z.Version), n.Statustype, time.Now()
	if n.Resultaat != "" {
		z.Resultaat, z.Einddatum = n.Resultaat, "2026-11-23"
	}
	s.statuses[id] = append(s.statuses[id], row)
	_, _ = s.claim(id, key, "x")
	return row, false, nil
}

// SetStatus moves a zaak behind the back of layer 4.
func (s *store) SetStatus(_ context.Context, id, version string, n outway.NewStatus, key outway.Key) (outway.StatusRecord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, _, err := s.setStatus(id, version, n, key)
	return row, err
}

func (s *store) createSubject(v any, key outway.Key) (outway.Subject, error) {
	s.write(v)
	made := uuid.NewString()
	id, err := s.claim("record", key, made)
	if err != nil {
		return outway.Subject{}, err
	}
	if id == "" {
		id = made
		s.records[id] = &outway.Subject{ID: id, Version: `"1"`, Data: merged(json.RawMessage(`{"id":"`+id+`"}`), v)}
	}
	return *s.records[id], nil
}

func (s *store) Subject(_ context.Context, id string) (outway.Subject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.crash(false); err != nil {
		return outway.Subject{}, err
	}
	return *s.records[id], s.crash(true)
}

func (s *store) updateSubject(id, version string, patch any) (outway.Subject, error) {
	s.write(patch)
	o := s.records[id]
	if o.Version != version {
		return outway.Subject{}, status(http.StatusPreconditionFailed)
	}
	o.Version, o.Data = next(o.Version), merged(o.Data, patch)
	return *o, nil
}

// UpdateSubject and CreateZaak do so behind the back of layer 4.
func (s *store) UpdateSubject(_ context.Context, id, version string, patch any) (outway.Subject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.updateSubject(id, version, patch)
}

func (s *store) CreateZaak(_ context.Context, n outway.NewZaak, key outway.Key) (outway.Zaak, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	z, _, err := s.createZaak(n, key)
	return z, err
}

func (s *store) Look(_ context.Context, k outway.Look) (f outway.Found, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	z, there := s.zaken[k.Zaak]
	if there {
		if err := s.written(k.Lines...); err != nil {
			return f, err
		}
	}
	if err := s.crash(false); err != nil {
		return f, err
	}
	if !there {
		return f, status(http.StatusNotFound)
	}
	f.Zaak, f.Statuses, f.Corrections = *z, slices.Clone(s.statuses[k.Zaak]), slices.Clone(s.corrected[k.Zaak])
	of := func(want, is string) bool { return want == "" || want == is }
	if f.Asked = k.WithSubject && z.Subject != "" && of(k.Zaaktype, z.Zaaktype) && of(k.Initiator, z.Initiator) && of(k.Representative, z.Representative); f.Asked {
		o := *s.records[z.Subject]
		f.Subject = &o
	}
	if s.keys[k.Zaak+k.Key.ID] != "" && k.Key.ID != "" {
		_, err := s.claim(k.Zaak, k.Key, "")
		f.Done, f.Reused = err == nil, err != nil
	}
	return f, s.crash(true)
}

// Do does all of it or nothing.
func (s *store) Do(_ context.Context, w outway.Work) (d outway.Done, err error) {
	time.Sleep(s.slow)
	s.mu.Lock()
	defer s.mu.Unlock()
	undo := s.copied()
	if err = s.crash(false); err != nil {
		return d, err
	}
	if d, err = s.work(w); err != nil {
		undo()
		if outway.CauseOf(err) == outway.CauseRecording {
			s.calls-- // nothing was done
		}
		return outway.Done{}, err
	}
	return d, s.crash(true)
}

func (s *store) work(w outway.Work) (d outway.Done, err error) {
	id, version, repeated := w.Zaak, w.Version, false
	if w.Record != nil {
		o, err := s.createSubject(w.Record, w.RecordKey)
		if err != nil {
			return d, err
		}
		d.Subject, w.Open.Subject = &o, o.ID
	}
	if w.Open != nil {
		z, before, err := s.createZaak(*w.Open, w.OpenKey)
		if err != nil {
			return d, err
		}
		id, version, repeated, d.All = z.ID, `"1"`, before, true
		d.Set = []outway.StatusRecord{s.statuses[id][0]}
	}
	if w.Move != nil {
		row, before, err := s.setStatus(id, version, *w.Move, w.MoveKey)
		if err != nil {
			return d, err
		}
		repeated, d.Set = before, append(d.Set, row)
	}
	if w.Change != nil && !repeated {
		o, err := s.updateSubject(w.Subject, w.SubjectTag, w.Change)
		if err != nil {
			return d, err
		}
		d.Subject = &o
	}
	if d.Zaak, d.Repeated = *s.zaken[id], repeated; repeated {
		d.Set, d.All = slices.Clone(s.statuses[id]), true
	}
	ends := slices.Clone(w.Ends)
	for i := range ends {
		ends[i].Zaak = id
	}
	return d, s.written(append(slices.Clone(w.Lines), ends...)...)
}

// copied remembers how the store is, for when a transaction does not end.
func (s *store) copied() (undo func()) {
	zaken, records := map[string]outway.Zaak{}, map[string]outway.Subject{}
	for id, z := range s.zaken {
		zaken[id] = *z
	}
	for id, o := range s.records {
		records[id] = *o
	}
	statuses, keys, prints, lines := maps.Clone(s.statuses), maps.Clone(s.keys), maps.Clone(s.prints), s.recorder.all()
	sent := len(s.sent)
	return func() {
		s.zaken, s.records = map[string]*outway.Zaak{}, map[string]*outway.Subject{}
		for id, z := range zaken {
			s.zaken[id] = &z
		}
		for id, o := range records {
			s.records[id] = &o
		}
		s.statuses, s.keys, s.prints = statuses, keys, prints
		s.sent = s.sent[:sent]
		s.recorder.restore(lines)
	}
}

func (s *store) Verwerkingen(_ context.Context, zaak string, page, size int) (p outway.VerwerkingenPage, err error) {
	for _, l := range s.recorder.all() {
		if l.Zaak == zaak {
			p.Verwerkingen = append(p.Verwerkingen, l)
		}
	}
	p.Count = len(p.Verwerkingen)
	from := min((page-1)*size, p.Count)
	p.Verwerkingen = p.Verwerkingen[from:min(from+size, p.Count)]
	return p, nil
}

func merged(old json.RawMessage, patch any) json.RawMessage {
	var to, from map[string]any
	_ = json.Unmarshal(old, &to)
	raw, _ := json.Marshal(patch)
	_ = json.Unmarshal(raw, &from)
	for k, v := range from {
		if v == nil {
			delete(to, k)
		} else {
			to[k] = v
		}
	}
	raw, _ = json.Marshal(to)
	return raw
}

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

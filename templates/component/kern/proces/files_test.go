package proces

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// shelf is layer 2 as far as files go.
type shelf struct {
	mu      sync.Mutex
	files   map[string]outway.StoredFile
	content map[string]string
	refuse  int
	last    outway.Upload
}

func (s *shelf) StoreFile(_ context.Context, u outway.Upload, content io.Reader) (value.Attachment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = u
	raw, err := io.ReadAll(content)
	if s.refuse != 0 {
		return value.Attachment{}, status(s.refuse)
	}
	f := value.Attachment{ID: uuid.NewString(), Name: u.Name, Mediatype: u.Mediatype, Size: int64(len(raw))}
	s.files[f.ID], s.content[f.ID] = outway.StoredFile{File: f, Owner: u.Owner}, string(raw)
	return f, err
}

func (s *shelf) File(_ context.Context, id string) (outway.StoredFile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[id]
	if !ok {
		return f, status(http.StatusNotFound)
	}
	return f, nil
}

func (s *shelf) FileContent(_ context.Context, id string) (*outway.Stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &outway.Stream{Header: http.Header{}, Body: io.NopCloser(strings.NewReader(s.content[id]))}, nil
}

func (s *shelf) DropFile(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.files, id)
	return nil
}

// withFiles is the process of which both forms may have a file.
func withFiles(t *testing.T) (*harness, *shelf) {
	t.Helper()
	h := &harness{t: t, name: "aanvraag"}
	spec := h.read("aanvraag.yaml")
	for _, indent := range []string{"                ", "            "} {
		opmerking := []byte("\n" + indent + "opmerking: ")
		spec = bytes.ReplaceAll(spec, opmerking, append([]byte("\n"+indent+"bijlage: {nullable: true, type: object, allOf: [{$ref: '#/components/schemas/Bestand'}], title: Bijlage, description: Bijlage.}"), opmerking...))
	}
	spec = bytes.Replace(spec, []byte("  schemas:\n"), []byte(`  schemas:
    Bestand:
      type: object
      nullable: true
      required: [id]
      properties:
        id: {type: string, format: uuid}
        naam: {type: string}
        mediatype: {type: string}
        grootte: {type: integer}
`), 1)
	s := &shelf{files: map[string]outway.StoredFile{}, content: map[string]string{}}
	var err error
	if h.contract, err = rest.NewContract(spec); err != nil {
		t.Fatal(err)
	}
	h.process, err = New(Options{BPMN: h.read("aanvraag.bpmn"), Spec: spec, Course: course(h.name, nil), Files: s, Logboek: &fakeRecorder{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	h.empty()
	return h, s
}

// intern makes a call below /intern.
func (h *harness) intern(want int, u identity.User, method, path, body string, headers ...string) *http.Response {
	h.t.Helper()
	r := httptest.NewRequest(method, "/intern"+path, strings.NewReader(body))
	u.SetHeaders(r.Header)
	r.Header.Set("Content-Type", "application/pdf")
	r.Header.Set("Content-Disposition", `attachment; filename="bewijs.pdf"`)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.process.Handler().ServeHTTP(w, r)
	if w.Code != want {
		h.t.Errorf("%s %s gives %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	return w.Result()
}

func (h *harness) uploaded(u identity.User) (a value.Attachment) {
	h.t.Helper()
	if err := json.NewDecoder(h.intern(201, u, "POST", "/bestanden", "inhoud").Body).Decode(&a); err != nil {
		h.t.Fatal(err)
	}
	return a
}

func filing(file string) string {
	return strings.TrimSuffix(application, "}") + `,"bijlage":{"id":"` + file + `","naam":"verzonnen","grootte":1}}`
}

// TestAFileIsOfWhoSentIt until a form that names it is stored, and then of who may
// see the zaak.
func TestAFileIsOfWhoSentIt(t *testing.T) {
	h, s := withFiles(t)
	h.intern(401, nobody, "POST", "/bestanden", "inhoud")
	file := h.uploaded(citizen)
	if s.last.Owner != citizen.ID || s.last.Name != "bewijs.pdf" || s.last.Anonymous || s.last.Key != "" {
		t.Errorf("layer 2 got %+v", s.last)
	}
	h.intern(200, citizen, "GET", "/bestanden/"+file.ID, "")
	for _, u := range []identity.User{stranger, employee} {
		h.intern(404, u, "GET", "/bestanden/"+file.ID, "")
		h.intern(404, u, "DELETE", "/bestanden/"+file.ID, "")
	}
	h.intern(404, citizen, "GET", "/bestanden/..%2f..", "")
	for u, id := range map[identity.User]string{stranger: file.ID, citizen: uuid.NewString()} {
		a := h.want(400, u, "POST", "/zaken", filing(id))
		if len(a.problem.Errors) != 1 || a.problem.Errors[0].Location.Pointer != "/bijlage" {
			t.Errorf("the problem is %s", a.body)
		}
	}
	z := h.want(201, citizen, "POST", "/zaken", filing(file.ID))
	if !strings.Contains(h.store.sent[0], `"bijlage":{"id":"`+file.ID+`"}`) {
		t.Errorf("layer 2 got %s", h.store.sent[0])
	}
	at := "/zaken/" + z.ID + "/bestanden/bijlage"
	for _, u := range []identity.User{citizen, employee} {
		if raw, _ := io.ReadAll(h.intern(200, u, "GET", at, "").Body); string(raw) != "inhoud" {
			t.Errorf("%s gets %q", u.ID, raw)
		}
	}
	h.intern(404, stranger, "GET", at, "")
	h.intern(401, nobody, "GET", at, "")
	for _, field := range []string{"naam", "adres", "id", "onbekend"} {
		h.intern(404, citizen, "GET", "/zaken/"+z.ID+"/bestanden/"+field, "")
	}
	names := map[string]int{}
	for _, line := range h.recorder.lines {
		names[line.Name+" "+line.Zaak]++
	}
	if names["Bestand bekijken "+z.ID] < 2 || names["Bestand meesturen "] < 1 {
		t.Errorf("the log of processing has %v", names)
	}
}

// A form that is filled in again may name the file that is stored; the file of
// another zaak it may not.
func TestAStoredFileMayStay(t *testing.T) {
	h, s := withFiles(t)
	file := h.uploaded(citizen)
	z := h.want(201, citizen, "POST", "/zaken", filing(file.ID))
	path := "/zaken/" + z.ID
	z = h.want(200, employee, "GET", path, "")
	z = h.want(200, employee, "POST", path+"/beoordelen", `{"uitkomst":"aanvullen","toelichting":"Welk huis?"}`, "If-Match", z.header.Get("ETag"))
	s.mu.Lock()
	stored := s.files[file.ID] // somebody who does the step for the person who sent it
	stored.Owner = "iemand-anders"
	s.files[file.ID] = stored
	s.files["0198f7a0-0000-7000-8000-00000000000c"] = outway.StoredFile{Owner: "iemand-anders"}
	s.mu.Unlock()
	const rest = `"adres":{"straat":"Kade","huisnummer":4,"postcode":"1234 AB","woonplaats":"Stad"}}`
	h.want(400, citizen, "POST", path+"/aanvullen", `{"bijlage":{"id":"0198f7a0-0000-7000-8000-00000000000c"},`+rest, "If-Match", z.header.Get("ETag"))
	h.want(200, citizen, "POST", path+"/aanvullen", `{"bijlage":{"id":"`+file.ID+`"},`+rest, "If-Match", z.header.Get("ETag"))
}

// The same form twice names the same file, by now in a record: that is no reason
// to refuse the second.
func TestAFormWithAFileMayBeRepeated(t *testing.T) {
	h, s := withFiles(t)
	key := uuid.NewString()
	var a value.Attachment
	if err := json.NewDecoder(h.intern(201, citizen, "POST", "/bestanden", "inhoud", "Idempotency-Key", key).Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	one := s.last.Key
	h.intern(201, stranger, "POST", "/bestanden", "inhoud", "Idempotency-Key", key, "Bestand-Anoniem", "ja")
	if one == "" || one == key || one == s.last.Key || !s.last.Anonymous {
		t.Errorf("the keys are %q and %q", one, s.last.Key)
	}
	first := h.want(201, citizen, "POST", "/zaken", filing(a.ID), "Idempotency-Key", key)
	s.mu.Lock()
	bound := s.files[a.ID]
	bound.Bound = true
	s.files[a.ID] = bound
	s.mu.Unlock()
	if again := h.want(201, citizen, "POST", "/zaken", filing(a.ID), "Idempotency-Key", key); again.ID != first.ID {
		t.Error("the second makes another zaak")
	}
}

func TestWhatIsWrongWithAFileIsSaid(t *testing.T) {
	h, s := withFiles(t)
	for from, want := range map[int]int{400: 400, 413: 413, 415: 415, 422: 422, 429: 429, 503: 503, 404: 404} {
		s.refuse = from
		var p rest.Problem
		if err := json.NewDecoder(h.intern(want, citizen, "POST", "/bestanden", "inhoud").Body).Decode(&p); err != nil || p.Detail == "" {
			t.Errorf("%d: %+v %v", from, p, err)
		}
	}
}

package register

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// fileAPI serves files on a new database.
func fileAPI(t *testing.T, change func(*Files)) func(want int, method, path string, body io.Reader, headers ...string) *http.Response {
	t.Helper()
	db, err := opslag.Open(t.Context(), "", filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context(), fstest.MapFS{}); err != nil {
		t.Fatal(err)
	}
	f := Files{Store: opslag.NewFiles(db, opslag.Limits{PerHour: 3}), Most: 1000, Kinds: []string{"pdf", "tekst"},
		Log: Log{Logboek: opslag.NewLogboek(db), Key: testKey, Activity: logboek.Activity{Title: "Proef", URI: "urn:uuid:8c5c6e3a-9d1f-5b6a-8f5c-2a1b3c4d5e6f"}}}
	if change != nil {
		change(&f)
	}
	mux := http.NewServeMux()
	for _, route := range f.Internal() {
		mux.Handle(route.Method+" /intern"+route.Pattern, route.Handler)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return func(want int, method, path string, body io.Reader, headers ...string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/intern/bestanden"+path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "bewijs é.pdf"}))
		for _, h := range headers {
			name, v, _ := strings.Cut(h, ": ")
			r.Header.Set(name, v)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		if resp.StatusCode != want {
			text, _ := io.ReadAll(resp.Body)
			t.Errorf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, want, text)
		}
		return resp
	}
}

func stored(t *testing.T, resp *http.Response) (a value.Attachment) {
	t.Helper()
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAFileIsStoredReadAndRemoved(t *testing.T) {
	call := fileAPI(t, nil)
	a := stored(t, call(201, "POST", "", strings.NewReader("%PDF-1.4"), "Content-Type: application/octet-stream", "Bestand-Eigenaar: p-1"))
	if a.Name != "bewijs é.pdf" || a.Mediatype != "application/pdf" || a.Size != 8 {
		t.Errorf("%+v", a)
	}
	var f opslag.StoredFile
	if err := json.NewDecoder(call(200, "GET", "/"+a.ID, nil).Body).Decode(&f); err != nil || f.Owner != "p-1" || f.Bound || f.File != a {
		t.Errorf("%+v %v", f, err)
	}
	resp := call(200, "GET", "/"+a.ID+"/inhoud", nil)
	content, err := io.ReadAll(resp.Body)
	if err != nil || string(content) != "%PDF-1.4" || resp.Header.Get("Content-Type") != binary || resp.ContentLength != 8 {
		t.Errorf("%q %v %v", content, err, resp.Header)
	}
	call(204, "DELETE", "/"+a.ID, nil)
	call(404, "GET", "/"+a.ID, nil)
	call(404, "GET", "/"+a.ID+"/inhoud", nil)
}

func TestAFileMayBeSentTwice(t *testing.T) {
	call := fileAPI(t, nil)
	const key = "Idempotency-Key: 0198f7a0-0000-7000-8000-000000000001"
	one := stored(t, call(201, "POST", "", strings.NewReader("inhoud"), key))
	if two := stored(t, call(200, "POST", "", strings.NewReader("inhoud"), key)); two != one {
		t.Errorf("%+v and %+v", one, two)
	}
	if at := call(409, "POST", "", strings.NewReader("anders"), key).Header.Get("Location"); at != "/v1/bestanden/"+one.ID {
		t.Errorf("Location %q", at)
	}
}

func TestAFileThatCannotBeTakenIsRefusedWithASentence(t *testing.T) {
	call := fileAPI(t, nil)
	large := strings.Repeat("x", 1001)
	call(413, "POST", "", strings.NewReader(large))
	call(413, "POST", "", io.MultiReader(strings.NewReader(large))) // of a size that nobody said
	call(400, "POST", "", strings.NewReader(""))
	call(400, "POST", "", strings.NewReader("x"), "Content-Disposition: attachment")
	call(400, "POST", "", strings.NewReader("x"), `Content-Disposition: attachment; filename=".."; filename*=UTF-8''%00`)
	const anonymous = "Bestand-Anoniem: ja"
	call(415, "POST", "", strings.NewReader("<html><script>"), anonymous)
	call(415, "POST", "", strings.NewReader("MZ\x90\x00\x03\x00"), anonymous)
	call(201, "POST", "", strings.NewReader("%PDF-1.4"), anonymous)
	call(201, "POST", "", strings.NewReader("gewone tekst"), anonymous)
	call(201, "POST", "", strings.NewReader("gewone tekst"), anonymous)
	call(429, "POST", "", strings.NewReader("gewone tekst"), anonymous)
	call(201, "POST", "", strings.NewReader("MZ\x90\x00\x03\x00"))
}

func TestKindsAreRecognisedByWhatIsInThem(t *testing.T) {
	for _, c := range []struct{ begin, name, want string }{
		{"%PDF-1.7", "x", "pdf"}, {"\xff\xd8\xff\xe0", "x.pdf", "afbeelding"}, {"\x00\x00\x00\x18ftypheic\x00", "IMG_1.HEIC", "afbeelding"},
		{"PK\x03\x04", "brief.docx", "kantoor"}, {"PK\x03\x04", "brief.jar", ""}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "brief.doc", "kantoor"},
		{"hallo", "x.txt", "tekst"}, {"hallo", "LEESMIJ", "tekst"}, {"<svg onload=x>", "x.SVG", ""}, {"echo", "x.bat", ""}, {"<!DOCTYPE html>", "x.txt", ""}, {"<?xml version=\"1.0\"?><svg>", "x.svg", ""}, {"MZ\x90\x00\x03", "foto.jpg", ""},
	} {
		if got := kindOf([]byte(c.begin), c.name); got != c.want {
			t.Errorf("%q (%s) is %q, want %q", c.begin, c.name, got, c.want)
		}
	}
}

// What a scanner refuses, or did not look at, nobody ever sees.
func TestAScannerLooksFirst(t *testing.T) {
	clean, away, seen := true, error(nil), ""
	var store *opslag.Files
	call := fileAPI(t, func(f *Files) {
		store = f.Store
		f.Scan = func(_ context.Context, content io.Reader, size int64) (bool, error) {
			raw, _ := io.ReadAll(content)
			if seen = string(raw); int64(len(raw)) != size {
				t.Errorf("%d bytes of %d", len(raw), size)
			}
			return clean, away
		}
	})
	for _, c := range []struct {
		clean bool
		away  error
		want  int
	}{{true, nil, 201}, {false, nil, 422}, {true, io.ErrUnexpectedEOF, 503}, {false, io.ErrUnexpectedEOF, 503}} {
		clean, away, seen = c.clean, c.away, ""
		call(c.want, "POST", "", strings.NewReader("inhoud"))
		if seen != "inhoud" {
			t.Errorf("the scanner saw %q", seen)
		}
	}
	if n, err := store.Count(t.Context()); err != nil || n != 1 {
		t.Errorf("%d files are there, want 1: %v", n, err)
	}
}

// The operations of the specification read the body themselves.
func TestBytesAreNotReadByTheContract(t *testing.T) {
	const spec = `{"openapi":"3.0.3","info":{"title":"x","version":"1.0.0"},"servers":[{"url":"https://x.test/v1"}],"paths":{"/bestanden":{"post":{
		"requestBody":{"required":true,"content":{"application/octet-stream":{"schema":{"type":"string","format":"binary"}}}},
		"responses":{"201":{"description":"x"}}}}}}`
	var got int64
	handler, err := rest.NewServer(rest.Options{Spec: []byte(spec), Log: slog.New(slog.DiscardHandler), Routes: []rest.Route{{Method: "POST", Pattern: "/bestanden",
		Handler: rest.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
			got, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(201)
			return nil
		})}}})
	if err != nil {
		t.Fatal(err)
	}
	for mediatype, want := range map[string]int{"application/octet-stream": 201, "application/json": 415, "": 415} {
		r := httptest.NewRequest("POST", "/v1/bestanden", bytes.NewReader(make([]byte, 5<<20)))
		r.Header.Set("Content-Type", mediatype)
		w := httptest.NewRecorder()
		got = 0
		handler.ServeHTTP(w, r)
		if w.Code != want || want == 201 && got != 5<<20 {
			t.Errorf("%q: %d, %d bytes", mediatype, w.Code, got)
		}
	}
}

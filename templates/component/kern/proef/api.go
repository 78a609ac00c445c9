package proef

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// api is layer 2 on a database with the invented records.
type api struct {
	*testing.T
	handler  http.Handler
	contract *rest.Contract
	what     string // what a call is for, when its address does not say it
}

// API tries layer 2 by itself: an invented record of each collection goes through
// its whole life, a zaak is opened and closed, and every answer is held against
// openapi.yaml in this folder. Create is the function that main.go hands over.
func API(t *testing.T, create func(*opslag.Database, register.Log) register.API) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { apiOn(t, "", create) })
	if base := os.Getenv("TEST_DATABASE_URL"); base != "" {
		t.Run("postgres", func(t *testing.T) { apiOn(t, FreshSchema(t, base), create) })
	}
}

func apiOn(t *testing.T, databaseURL string, create func(*opslag.Database, register.Log) register.API) {
	t.Helper()
	db, err := opslag.Open(t.Context(), databaseURL, filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context(), os.DirFS("../1-gegevens/migraties")); err != nil {
		t.Fatal(err)
	}
	zaken, book := opslag.NewZaken(db, ""), opslag.NewLogboek(db)
	key := logboek.Key("een sleutel voor deze tests")
	log := register.Log{Logboek: book, Key: key,
		Activity: logboek.Activity{Title: "Proef", URI: "urn:uuid:0198f7a0-0000-7000-8000-0000000000aa"}}
	parts := create(db, log)
	archive := register.NewArchive(db, parts, register.ArchiveOptions{Zaaktype: "proef"}, log)
	if err := parts.Check(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < 2 && parts.Seed != nil; n++ { // the second time there is nothing to do
		if _, err := parts.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	spec, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a := &api{T: t}
	if a.contract, err = rest.NewContract(spec); err != nil {
		t.Fatalf("2-diensten/openapi.yaml: %v", err)
	}
	routes := parts.Routes(zaken, book, archive, key)
	if parts.Files() {
		files := register.Files{Store: opslag.NewFiles(db, opslag.Limits{}), Log: log, Most: 1 << 20}
		routes = append(routes, files.Routes()...)
	}
	a.handler, err = rest.NewServer(rest.Options{File: "2-diensten/openapi.yaml", Contract: a.contract, Routes: routes, Ready: db.Ready, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range parts.Collections {
		a.lists(c.Path)
		a.life(c)
	}
	a.zaken()
}

// call makes a request and holds the answer against openapi.yaml.
func (a *api) call(want int, method, path, mediatype string, body any, version string) map[string]any {
	a.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		a.Fatal(err)
	}
	r := httptest.NewRequest(method, "/v1"+path, strings.NewReader(string(raw)))
	r.Header.Set("Content-Type", mediatype)
	if version != "" {
		r.Header.Set("If-Match", `"`+version+`"`)
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	if w.Code != want {
		a.Fatalf("%s%s %s: status %d, verwacht %d: %s", a.what, method, path, w.Code, want, w.Body)
	}
	if err := rest.CheckResponse(a.contract, r, w.Result()); err != nil {
		a.Errorf("%s %s antwoordt anders dan 2-diensten/openapi.yaml belooft: %v", method, path, err)
	}
	var v map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			a.Error(err)
		}
	}
	return v
}

const (
	plain = "application/json"
	patch = "application/merge-patch+json"
)

// life takes an invented record of a collection through its whole life. What is
// kept for ever stays at the end of it.
func (a *api) life(c register.Collection) {
	a.Helper()
	name := c.Path
	found, _ := a.call(200, "GET", "/"+name, plain, nil, "")["results"].([]any)
	if len(found) == 0 {
		a.Fatalf("%s: er zijn geen verzonnen gegevens om mee te beginnen", name)
	}
	record := a.call(200, "GET", "/"+name+"/"+found[0].(map[string]any)["id"].(string), plain, nil, "")
	for _, own := range []string{"id", "aangemaaktOp", "gewijzigdOp"} {
		delete(record, own)
	}
	for field := range record { // a file is of one record only
		if described, _ := a.contract.Field(http.MethodPost, "/"+name, field); described.File {
			record[field] = a.file()
		}
	}
	at := "/" + name + "/" + a.call(201, "POST", "/"+name, plain, record, "")["id"].(string)
	a.call(200, "PUT", at, plain, record, "1")
	a.call(412, "PUT", at, plain, record, "1")
	changed := a.call(200, "PATCH", at, patch, record, "2")
	for field := range record {
		if changed[field] == nil {
			a.Errorf("%s: veld %s raakt zoek", name, field)
		}
	}
	version := 3
	for _, field := range a.contract.BodyFields(http.MethodPost, "/"+name) {
		for _, value := range a.taken(name, field) {
			a.what = fmt.Sprintf("%s: veld %s wordt %v; 2-diensten/openapi.yaml neemt dat aan, maar misschien een CHECK in 1-gegevens/migraties niet: ", name, field, value)
			a.call(200, "PATCH", at, patch, map[string]any{field: value}, strconv.Itoa(version))
			version++
		}
	}
	a.what = ""
	a.call(400, "PATCH", at, patch, map[string]any{"bestaat-niet": 1}, strconv.Itoa(version))
	a.call(428, "DELETE", at, plain, nil, "")
	if c.Permanent() {
		a.call(409, "DELETE", at, plain, nil, strconv.Itoa(version))
		return
	}
	a.call(204, "DELETE", at, plain, nil, strconv.Itoa(version))
	a.call(404, "GET", at, plain, nil, "")
}

// file sends a small file and gives it as a record names it.
func (a *api) file() map[string]any {
	a.Helper()
	r := httptest.NewRequest(http.MethodPost, "/v1/bestanden", strings.NewReader("Een proef."))
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("Content-Disposition", `attachment; filename="proef.txt"`)
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	var made map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
		a.Fatalf("POST /bestanden: status %d: %s", w.Code, w.Body)
	}
	if err := rest.CheckResponse(a.contract, r, w.Result()); err != nil {
		a.Errorf("POST /bestanden antwoordt anders dan 2-diensten/openapi.yaml belooft: %v", err)
	}
	read := httptest.NewRequest(http.MethodGet, "/v1/bestanden/"+fmt.Sprint(made["id"]), nil)
	w = httptest.NewRecorder()
	a.handler.ServeHTTP(w, read)
	if w.Code != http.StatusOK || w.Body.String() != "Een proef." {
		a.Errorf("GET /bestanden/{id}: status %d: %s", w.Code, w.Body)
	}
	return map[string]any{"id": made["id"]}
}

// taken are values of a field that the specification takes and a rule of the
// database may not: each choice, and nothing where nothing is allowed.
func (a *api) taken(name, field string) (values []any) {
	described, _ := a.contract.Field(http.MethodPost, "/"+name, field)
	changed, known := a.contract.Field(http.MethodPatch, "/"+name+"/{id}", field)
	if !known {
		a.Errorf("veld %s: staat in 2-diensten/openapi.yaml bij POST /%s en ontbreekt bij PATCH", field, name)
		return nil
	}
	nullable := changed.Nullable
	changed.Required, changed.Nullable = described.Required, described.Nullable
	for _, what := range described.Differing("2-diensten/openapi.yaml bij POST", changed, "2-diensten/openapi.yaml bij PATCH") {
		a.Errorf("veld %s van %s: %s", field, name, what)
	}
	if nullable == described.Required {
		a.Errorf("veld %s van %s: is verplicht (required) of heeft bij PATCH nullable: true, het een of het ander; kijk in 2-diensten/openapi.yaml", field, name)
		return nil
	}
	for _, choice := range described.Choices {
		values = append(values, choice)
	}
	if !described.Required {
		values = append(values, nil)
	}
	return values
}

// zaken opens a zaak and closes it.
func (a *api) zaken() {
	a.Helper()
	zaak := a.call(201, "POST", "/zaken", plain, map[string]string{"omschrijving": "Een proef", "zaaktype": "proef", "huidigeStap": "begin"}, "")
	at := "/zaken/" + zaak["id"].(string)
	a.call(201, "POST", at+"/statussen", plain, map[string]string{"statustype": "eind", "resultaat": "klaar"}, "1")
	a.call(409, "POST", at+"/statussen", plain, map[string]string{"statustype": "verder"}, "2")
	a.call(409, "DELETE", at, plain, nil, "2") // no term has passed
	a.call(200, "GET", at+"/statussen", plain, nil, "")
	a.call(200, "GET", at, plain, nil, "")
	a.call(200, "GET", "/zaken?sort=-gewijzigdOp", plain, nil, "")
}
